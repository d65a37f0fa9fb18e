#pragma once

#include <algorithm>

#include "base/byte_reader.h"
#include "decode/packet.h"

namespace bedrail::layers {

/// What is left of a frame: the bytes that were captured and how many there were on the wire. Headers come
/// off the front; a length field of a header can only make it shorter.
struct Rest {
  Bytes data;
  std::uint32_t wire = 0;

  [[nodiscard]] bool has(std::size_t count) const { return data.size() >= count; }
  /// Takes a header off the front; the caller has checked that it is there.
  void drop(std::size_t count) {
    data = data.subspan(count);
    wire -= static_cast<std::uint32_t>(std::min<std::size_t>(count, wire));
  }
  /// Cuts what lies behind `length` bytes: padding and trailers.
  void limit(std::uint32_t length) {
    wire = std::min(wire, length);
    if (data.size() > wire) data = data.first(wire);
  }
};

/// The headers of one frame on their way inwards. Every step counts against one limit, so that no nesting of
/// tunnels costs more than a bounded time.
struct Walk {
  Packet& out;
  unsigned headers_left = 16;

  bool step() { return headers_left-- > 0; }
  /// Marks the frame as malformed; what was read so far stays.
  void odd(std::string_view name) { out.anomaly = name; }
};

// link.cpp
void link(Walk& walk, LinkType type, Rest rest);
void ethernet(Walk& walk, Rest rest);
void ether_type(Walk& walk, std::uint16_t type, Rest rest);
// wireless.cpp
void radiotap(Walk& walk, Rest rest);
void ieee80211(Walk& walk, Rest rest, bool padded);
void llc(Walk& walk, Rest rest);
// network.cpp
void ipv4(Walk& walk, Rest rest);
void ipv6(Walk& walk, Rest rest);
/// By the first nibble.
void ip(Walk& walk, Rest rest);
// transport.cpp
void transport(Walk& walk, std::uint8_t protocol, Rest rest);
// tunnel.cpp: true where something was found inside; else `out` is as it was.
bool gre(Walk& walk, Rest rest);
bool ip_in_ip(Walk& walk, std::uint8_t protocol, Rest rest);
bool udp_tunnel(Walk& walk, Rest rest);
void mpls(Walk& walk, Rest rest);
void pppoe(Walk& walk, Rest rest);

/// The frame ends here with something that is dissected by its number.
inline void finish_ether(Walk& walk, std::uint16_t type, const Rest& rest) {
  walk.out.content = Packet::Content::kEther;
  walk.out.ether_type = type;
  walk.out.payload = rest.data;
  walk.out.payload_length = walk.out.ip_length = rest.wire;
}

}  // namespace bedrail::layers
