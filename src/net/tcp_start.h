#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace bedrail {

/// How a side of a TCP connection introduced itself in its SYN (RFC 9293, 3.1): systems differ in the window
/// they offer and in which options they send in which order.
struct TcpStart {
  std::uint32_t options = 0;  ///< kinds in their order, four bits each, the first lowest; at most eight
  std::uint16_t window = 0, segment_size = 0;
  std::uint8_t window_scale = 0, ttl = 0;
  bool present = false;

  friend bool operator==(const TcpStart&, const TcpStart&) = default;
};

/// From the header's window, the option bytes and the packet's TTL. Damaged options end the list.
TcpStart tcp_start_of(std::uint16_t window, Bytes options, std::uint8_t ttl);

/// "ttl=64 win=64240 mss=1460 ws=7 opt=mss,sok,ts,nop,ws": what rules are read on. `ttl` is the value that it
/// was counted down from (32, 64, 128, 255).
std::string to_string(const TcpStart& start);

}  // namespace bedrail
