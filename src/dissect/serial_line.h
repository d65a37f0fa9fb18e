#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "base/hash.h"
#include "dissect/dissector.h"
#include "dissect/heard.h"

namespace bedrail {

/// What the dissectors of serial lines share: a device that is read through a terminal server. Most terminal
/// servers are asked, some connect out: the device is at either end of the connection, and only what it sends
/// tells at which. Part of a dissector's state.
class SerialLine {
 public:
  /// The device sends in the direction `from`: a service where that end is the server. A serial line knows no
  /// logins.
  void device(Direction from, std::string_view protocol, Observer& out) {
    if (known_) return;
    known_ = true;
    from_ = from;
    if (from != Direction::kToClient) return;
    out.service(protocol);
    out.session({protocol, SessionSeen::Authentication::kNone, false});
  }
  /// Whether the device sends in this direction; until that is known, servers are devices.
  [[nodiscard]] bool is_device(Direction direction) const {
    return direction == (known_ ? from_ : Direction::kToClient);
  }
  /// A clue to the device, once a flow.
  void clue(std::string_view key, std::string_view value, Observer& out) {
    if (value.empty() || !heard_.first(hash64(value, hash64(key)))) return;
    const bool client = is_device(Direction::kToServer);
    out.clue(client ? out.client() : out.server(), key, value, client ? Role::kClient : Role::kServer);
  }
  /// What the device is told to do; each time, for it may be a treatment that changes.
  void told(std::string_view what, Observer& out) const {
    const bool client = is_device(Direction::kToServer);
    out.message(client ? out.server() : out.client(), client ? out.client() : out.server(), what);
  }
  /// Patient data, named by kind, once a flow. `from` is the direction in which it was sent.
  void patient(Direction from, std::string_view message, std::string_view kinds, Observer& out) {
    if (!heard_.first(hash64(kinds, hash64("patient")))) return;
    const bool up = from == Direction::kToServer;
    out.patient_data(up ? out.client() : out.server(), up ? out.server() : out.client(), message, kinds);
  }

  /// Hands the lines at the front of `bytes` to `read`, without their ends (CR, LF or both) and without empty
  /// ones; after lost bytes the rest of a line is left out. A line of more than `limit` bytes is an anomaly.
  template <typename Read>
  Progress lines(Direction direction, Bytes bytes, std::size_t limit, Observer& out, Read&& read) {
    const std::string_view text = as_text(bytes);
    bool& lost = lost_[static_cast<std::size_t>(direction)];
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find_first_of("\r\n", at);
      if (end == std::string_view::npos) {
        if (lost) return Progress::all(bytes);
        if (text.size() - at <= limit) return Progress::need(at, 0);
        out.anomaly("line-too-long");
        lost = true;
        return Progress::all(bytes);
      }
      const std::string_view line = text.substr(at, end - at);
      at = end + 1;
      if (lost) {
        lost = false;
      } else if (line.size() > limit) {
        out.anomaly("line-too-long");
      } else if (!line.empty()) {
        read(line);
      }
    }
    return Progress::all(bytes);
  }
  /// Bytes are missing: nothing is sure before the next line.
  void lose(Direction direction) { lost_[static_cast<std::size_t>(direction)] = true; }

 private:
  Heard heard_;
  std::array<bool, 2> lost_{};
  bool known_ = false;
  Direction from_ = Direction::kToClient;
};

/// True where `text` begins as `form` says: '9' stands for a digit, 'A' for a letter, the rest for itself. A
/// shorter text is compared as far as it goes.
inline bool begins_like(std::string_view text, std::string_view form) {
  const std::size_t size = std::min(text.size(), form.size());
  for (std::size_t i = 0; i < size; ++i) {
    const char c = text[i];
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (form[i] == '9' ? !digit : form[i] == 'A' ? !letter : c != form[i]) return false;
  }
  return true;
}

}  // namespace bedrail
