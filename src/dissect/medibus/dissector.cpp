#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/hash.h"
#include "base/text.h"
#include "dissect/heard.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::string_view kClues[] = {"medibus.device", "medibus.id", "medibus.name", "medibus.revision"};

constexpr char kCommand = '\x1b', kResponse = '\x01', kEnd = '\r';
constexpr std::uint8_t kNak = 0x15, kIdentify = 0x52, kInitialise = 0x51;
/// An answer has at most 3845 bytes of data; real-time bytes may stand between any two of them.
constexpr std::size_t kTelegramLimit = 3845 + 5;
constexpr std::size_t kStreamLimit = 2 * kTelegramLimit;

/// A telegram without the real-time bytes inside it, or nothing where its sum does not fit.
struct Telegram {
  char front = 0;
  std::uint8_t code = 0;
  std::array<char, kTelegramLimit> data;
  std::size_t size = 0;
  [[nodiscard]] std::string_view text() const { return {data.data(), size}; }
};

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// `text` from its ESC or SOH up to, not with, the CR.
bool read_telegram(std::string_view text, Telegram& out) {
  out.size = 0;
  std::array<char, kTelegramLimit>& bytes = out.data;
  for (const char c : text) {
    if ((static_cast<std::uint8_t>(c) & 0x80) != 0) continue;
    if (out.size == bytes.size()) return false;
    bytes[out.size++] = c;
  }
  if (out.size < 4) return false;
  const int high = hex_digit(bytes[out.size - 2]), low = hex_digit(bytes[out.size - 1]);
  if (high < 0 || low < 0) return false;
  out.size -= 2;
  unsigned sum = 0;
  for (const char c : out.text()) sum += static_cast<std::uint8_t>(c);
  if ((sum & 0xff) != static_cast<unsigned>(high * 16 + low)) return false;
  out.front = bytes[0];
  out.code = static_cast<std::uint8_t>(bytes[1]);
  std::copy(bytes.begin() + 2, bytes.begin() + static_cast<std::ptrdiff_t>(out.size), bytes.begin());
  out.size -= 2;
  return out.code >= 0x20 || (out.front == kResponse && out.code == kNak);
}

bool is_revision(std::string_view text) {
  return text.size() == 5 && text[2] == '.' && hex_digit(text[0]) >= 0 && hex_digit(text[1]) >= 0 &&
         hex_digit(text[3]) >= 0 && hex_digit(text[4]) >= 0;
}

/// The answer to "identify": "8260'EvitaXL'05.10:04.02".
struct Identity {
  std::string_view id, name, device, medibus;
};
std::optional<Identity> read_identity(std::string_view text) {
  Identity out;
  out.id = text.substr(0, 4);
  const std::size_t end = text.find('\'', 5);
  if (text.size() < 7 || text[4] != '\'' || end == std::string_view::npos || !is_printable_ascii(out.id))
    return std::nullopt;
  out.name = trim(text.substr(5, end - 5));
  const std::string_view revisions = text.substr(end + 1);
  if (revisions.size() < 11 || revisions[5] != ':') return std::nullopt;
  out.device = revisions.substr(0, 5);
  out.medibus = revisions.substr(6, 5);
  return is_revision(out.device) && is_revision(out.medibus) ? std::optional(out) : std::nullopt;
}

/// Draeger's serial protocol of ventilators and anaesthesia machines, behind a terminal server.
class MedibusDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t start = text.find_first_of("\x1b\x01", at);
      // Between telegrams: real-time data, flow control.
      if (start == std::string_view::npos) return Progress::all(bytes);
      const std::size_t end = text.find(kEnd, start);
      if (end == std::string_view::npos) {
        if (text.size() - start <= kStreamLimit) return Progress::need(start, 0);
        out.anomaly("telegram-too-long");
        return Progress::failed();
      }
      Telegram telegram;
      if (!read_telegram(text.substr(start, end - start), telegram)) {
        out.anomaly("bad-checksum");
      } else if (telegram.front == kResponse) {
        answer(telegram, direction, out);
      } else if (telegram.code != kInitialise && telegram.code != 0x30) {
        // Both sides may begin and both say that they are there; the rest is asked by who reads the device.
        serves(opposite(direction), out);
        asked(direction, out);
      }
      at = end + 1;
    }
    return Progress::all(bytes);
  }

  bool gap(Direction, std::uint64_t, Observer&) override {
    // A telegram's end could pass for one with a wrong sum, a real-time byte for none: nothing is sure.
    return false;
  }

 private:
  void serves(Direction of, Observer& out) {
    if (!heard_.first(hash64("serves")) || of != Direction::kToClient) return;
    out.service("medibus");
    out.session({"medibus", SessionSeen::Authentication::kNone, false});
  }

  void asked(Direction direction, Observer& out) {
    if (!heard_.first(hash64("asked"))) return;
    const bool up = direction == Direction::kToServer;
    out.clue(up ? out.server() : out.client(), "medibus.device", "asked", up ? Role::kServer : Role::kClient);
  }

  void answer(const Telegram& telegram, Direction direction, Observer& out) {
    if (telegram.code == kNak || telegram.size == 0) return;
    const bool up = direction == Direction::kToServer;
    const Party who = up ? out.client() : out.server();
    const Role role = up ? Role::kClient : Role::kServer;
    serves(direction, out);
    if (heard_.first(hash64("device"))) out.clue(who, "medibus.device", "answers", role);
    if (telegram.code != kIdentify) return;
    const auto identity = read_identity(telegram.text());
    if (!identity) {
      out.anomaly("bad-identity");
      return;
    }
    if (!heard_.first(hash64(telegram.text()))) return;
    out.clue(who, "medibus.id", identity->id, role);
    out.clue(who, "medibus.name", identity->name, role);
    out.clue(who, "medibus.revision", identity->device, role);
    out.used(who, "medibus", identity->medibus);
  }

  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  if (!text.starts_with(kCommand) && !text.starts_with(kResponse)) return Recognition::kNo;
  const std::size_t end = text.find(kEnd);
  if (end == std::string_view::npos) {
    const bool open = text.size() < 2 || static_cast<std::uint8_t>(text[1]) >= 0x20 || text[1] == kNak;
    return open && text.size() <= kTelegramLimit ? Recognition::kMore : Recognition::kNo;
  }
  Telegram telegram;
  return read_telegram(text.substr(0, end), telegram) ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& medibus_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<MedibusDissector>({.name = "medibus",
                                    .title = "Draeger MEDIBUS",
                                    .layers = kLayers,
                                    .clues = kClues,
                                    .recognise = recognise,
                                    .first_bytes = FirstBytes::of("\x1b\x01")});
  return kInfo;
}

}  // namespace bedrail
