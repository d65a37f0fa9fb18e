#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "captured_frames.h"
#include "frame_builder.h"

template <>
struct doctest::StringMaker<std::vector<std::string>> {
  static doctest::String convert(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += "\n  " + line;
    return text.c_str();
  }
};

/// Conversations for the pipeline's tests, packet by packet.
namespace bedrail::test {

/// One TCP connection between 10.0.0.1 (client) and 10.0.0.2, written into `frames`. Each packet is a
/// millisecond after the last one.
class Talk {
 public:
  Talk(Frames& frames, std::uint16_t client_port, std::uint16_t server_port, std::uint32_t client_isn = 1000,
       std::uint32_t server_isn = 5000)
      : frames_(frames), port_{client_port, server_port}, next_{client_isn, server_isn} {}

  Talk& open() {
    packet(0, tcp_flag::kSyn);
    ++next_[0];
    packet(1, tcp_flag::kSyn | tcp_flag::kAck);
    ++next_[1];
    return packet(0, tcp_flag::kAck);
  }
  Talk& up(std::string_view text) { return data(0, text); }
  Talk& down(std::string_view text) { return data(1, text); }
  /// Bytes that were on the wire and not captured.
  Talk& lost(unsigned side, std::uint32_t count) {
    next_[side] += count;
    return *this;
  }
  Talk& close() {
    packet(0, tcp_flag::kFin | tcp_flag::kAck);
    ++next_[0];
    packet(1, tcp_flag::kFin | tcp_flag::kAck);
    ++next_[1];
    return packet(0, tcp_flag::kAck);
  }
  Talk& packet(unsigned side, std::uint8_t flags, std::string_view text = {}) {
    const unsigned other = 1 - side;
    const std::uint32_t acknowledgement = (flags & tcp_flag::kAck) != 0 ? next_[other] : 0;
    Ipv4Options ends;
    if (side == 1) std::swap(ends.source, ends.destination);
    std::string frame = ethernet(
        0x0800, ipv4(6, tcp(port_[side], port_[other], next_[side], acknowledgement, flags, text), ends));
    if (side == 1) frame = kMacA + kMacB + frame.substr(12);
    const std::int64_t now = frames_.empty() ? 0 : frames_.back().time.nanoseconds;
    const auto size = static_cast<std::uint32_t>(frame.size());
    frames_.push_back({std::move(frame), size, LinkType::kEthernet, {now + 1'000'000}});
    return *this;
  }

 private:
  Talk& data(unsigned side, std::string_view text) {
    packet(side, tcp_flag::kAck | tcp_flag::kPsh, text);
    next_[side] += static_cast<std::uint32_t>(text.size());
    return *this;
  }
  Frames& frames_;
  std::uint16_t port_[2];
  std::uint32_t next_[2];
};

/// A datagram from 10.0.0.1 (`up`) or back, a millisecond after the last packet.
inline void datagram(Frames& frames, bool up, std::uint16_t client_port, std::uint16_t server_port,
                     std::string_view payload) {
  Ipv4Options ends;
  if (!up) std::swap(ends.source, ends.destination);
  std::string frame = ethernet(
      0x0800,
      ipv4(17, up ? udp(client_port, server_port, payload) : udp(server_port, client_port, payload), ends));
  const std::int64_t now = frames.empty() ? 0 : frames.back().time.nanoseconds;
  const auto size = static_cast<std::uint32_t>(frame.size());
  frames.push_back({std::move(frame), size, LinkType::kEthernet, {now + 1'000'000}});
}

/// The lines that hold `word`, without frame numbers.
inline std::vector<std::string> lines_with(const Ran& ran, std::string_view word) {
  std::vector<std::string> out;
  for (const std::string& line : ran.lines()) {
    if (line.find(word) != std::string::npos) out.push_back(line.substr(line.find(' ') + 1));
  }
  return out;
}

}  // namespace bedrail::test
