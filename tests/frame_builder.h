#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "capture/raw_packet.h"

namespace bedrail::test {

inline std::string be16(std::size_t v) {
  return {static_cast<char>(v >> 8 & 0xff), static_cast<char>(v & 0xff)};
}
inline std::string be32(std::size_t v) { return be16(v >> 16 & 0xffff) + be16(v & 0xffff); }

inline const std::string kMacA("\x02\0\0\0\0\x0a", 6), kMacB("\x02\0\0\0\0\x0b", 6);

/// Frames for tests, put together from the inside out: `ethernet(0x0800, ipv4(17, udp(1, 2, "x")))`.
inline std::string ethernet(std::size_t type, std::string_view payload) {
  return kMacB + kMacA + be16(type) + std::string(payload);
}

struct Ipv4Options {
  std::size_t id = 1, flags = 0, source = 0x0a000001, destination = 0x0a000002, length = 0;
};
inline std::string ipv4(std::size_t protocol, std::string_view payload, const Ipv4Options& o = {}) {
  return "\x45" + std::string(1, '\0') + be16(o.length != 0 ? o.length : payload.size() + 20) + be16(o.id) +
         be16(o.flags) + "\x40" + static_cast<char>(protocol) + be16(0) + be32(o.source) +
         be32(o.destination) + std::string(payload);
}
inline const std::string kIpv6A = "\x20\x01\x0d\xb8" + std::string(11, '\0') + "\x01",
                         kIpv6B = "\x20\x01\x0d\xb8" + std::string(11, '\0') + "\x02";
inline std::string ipv6(std::size_t next, std::string_view payload) {
  return "\x60" + std::string(3, '\0') + be16(payload.size()) + static_cast<char>(next) + "\x40" + kIpv6A +
         kIpv6B + std::string(payload);
}
inline std::string udp(std::size_t source, std::size_t destination, std::string_view payload) {
  return be16(source) + be16(destination) + be16(payload.size() + 8) + be16(0) + std::string(payload);
}
inline std::string tcp(std::size_t source, std::size_t destination, std::size_t sequence,
                       std::size_t acknowledgement, std::size_t flags, std::string_view payload,
                       std::string_view options = {}) {
  return be16(source) + be16(destination) + be32(sequence) + be32(acknowledgement) +
         static_cast<char>((5 + options.size() / 4) << 4) + static_cast<char>(flags) + be16(8192) + be32(0) +
         std::string(options) + std::string(payload);
}

inline RawPacket raw(std::string_view frame, LinkType link = LinkType::kEthernet) {
  return {as_bytes(frame), static_cast<std::uint32_t>(frame.size()), link, {}, 1, 0};
}

}  // namespace bedrail::test
