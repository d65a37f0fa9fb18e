#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dissect/stream_feeder.h"

namespace bedrail::test {

/// Drives one dissector over a conversation, as the engine does, and collects what it says.
class DissectHarness {
 public:
  using Turn = std::pair<Direction, std::string>;

  explicit DissectHarness(const DissectorInfo& info, Transport transport = Transport::kTcp,
                          std::uint16_t server_port = 0)
      : info_(&info), storage_(info.state_size + info.state_align), observer_(observations_) {
    context_.key.client = {IpAddress::v4(0x0a000001), 40000};
    context_.key.server = {IpAddress::v4(0x0a000002),
                           server_port != 0 || info.ports.empty() ? server_port : info.ports.front()};
    context_.key.transport = transport;
    context_.client_mac = MacAddress{{0x02, 0, 0, 0, 0, 1}};
    context_.server_mac = MacAddress{{0x02, 0, 0, 0, 0, 2}};
    void* place = storage_.data();
    std::size_t space = storage_.size();
    dissector_ = info.create(std::align(info.state_align, info.state_size, place, space));
  }

  /// Feeds a stream's turns; `step` cuts each into pieces of so many bytes (0: whole). False once it is done
  /// or failed.
  bool stream(const std::vector<Turn>& turns, std::size_t step = 0) {
    for (const auto& [direction, text] : turns) {
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = step == 0 ? text.size() : std::min(step, text.size() - at);
        if (!piece(direction, std::string_view(text).substr(at, size))) return false;
        at += size;
      }
    }
    return true;
  }
  bool piece(Direction direction, std::string_view bytes) {
    observer_.at({++packet_, {}, packet_, 0}, context_, info_->name);
    result_ = feeders_[static_cast<std::size_t>(direction)].feed(*dissector_, *info_, direction,
                                                                 as_bytes(bytes), observer_);
    return result_ == StreamFeeder::Result::kContinue;
  }
  bool gap(Direction direction, std::uint64_t count) {
    observer_.at({++packet_, {}, packet_, 0}, context_, info_->name);
    result_ = feeders_[static_cast<std::size_t>(direction)].gap(*dissector_, direction, count, observer_);
    return result_ == StreamFeeder::Result::kContinue;
  }
  /// One datagram or frame.
  Progress datagram(Direction direction, std::string_view bytes) {
    observer_.at({++packet_, {}, packet_, 0}, context_, info_->name);
    return dissector_->consume(direction, as_bytes(bytes), observer_);
  }
  void close() {
    observer_.at({++packet_, {}, packet_, 0}, context_, info_->name);
    dissector_->close(observer_);
  }
  FlowContext& context() { return context_; }
  [[nodiscard]] const std::vector<Observation>& observations() const { return observations_; }
  [[nodiscard]] StreamFeeder::Result result() const { return result_; }
  /// The observations as lines without the packet's number (which differs with the cutting).
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (const Observation& o : observations_) {
      const std::string line = to_line(o);
      out.push_back(line.substr(line.find(' ') + 1));
    }
    return out;
  }
  /// `lines()` in one text, each ended by a newline: easier to read where a comparison fails.
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const std::string& line : lines()) out.append(line).append(1, '\n');
    return out;
  }

 private:
  const DissectorInfo* info_;
  std::vector<std::byte> storage_;
  std::vector<Observation> observations_;
  Observer observer_;
  FlowContext context_;
  Dissector* dissector_ = nullptr;
  StreamFeeder feeders_[2];
  StreamFeeder::Result result_ = StreamFeeder::Result::kContinue;
  std::uint64_t packet_ = 0;
};

/// Bytes from hexadecimal text; white space is ignored.
inline std::string from_hex(std::string_view text) {
  std::string out;
  int high = -1;
  for (const char c : text) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) continue;
    if (high < 0) {
      high = digit;
    } else {
      out.push_back(static_cast<char>(high << 4 | digit));
      high = -1;
    }
  }
  return out;
}

}  // namespace bedrail::test
