// IPv4 (RFC 791) and IPv6 (RFC 8200) headers, down to the transport or to a fragment.
#include "decode/layers.h"

namespace bedrail::layers {
namespace {

constexpr std::uint8_t kHopByHop = 0, kRouting = 43, kFragmentHeader = 44, kAuthentication = 51, kNoNext = 59,
                       kDestination = 60;
constexpr std::uint8_t kMobility = 135, kHostIdentity = 139, kShim6 = 140;

bool is_extension(std::uint8_t next) {
  return next == kHopByHop || next == kRouting || next == kDestination || next == kMobility ||
         next == kHostIdentity || next == kShim6 || next == kAuthentication || next == kFragmentHeader;
}

void fragment(Walk& walk, std::uint8_t protocol, std::uint32_t id, std::uint16_t offset, bool more,
              const Rest& rest) {
  Packet& out = walk.out;
  out.content = Packet::Content::kFragment;
  out.ip_protocol = protocol;
  out.fragment_id = id;
  out.fragment_offset = offset;
  out.more_fragments = more;
  out.payload = rest.data;
  out.payload_length = rest.wire;
}

}  // namespace

void ip(Walk& walk, Rest rest) {
  if (!rest.has(1)) return walk.odd("ip-truncated");
  const unsigned version = std::to_integer<unsigned>(rest.data[0]) >> 4;
  if (version == 4) return ipv4(walk, rest);
  if (version == 6) return ipv6(walk, rest);
  walk.odd("ip-bad-version");
}

void ipv4(Walk& walk, Rest rest) {
  if (!walk.step()) return walk.odd("too-many-headers");
  if (!rest.has(20)) return walk.odd("ipv4-truncated");
  const FixedBytes<20> header(rest.data);
  const std::uint8_t first = header.u8<0>();
  const std::size_t length = std::size_t{first & 0x0fU} * 4;
  if (first >> 4 != 4) return walk.odd("ipv4-bad-version");
  if (length < 20) return walk.odd("ipv4-bad-header-length");
  // 0: the network card was to cut the packet and fill in the length (segmentation offload).
  const std::uint32_t total = header.be16<2>() == 0 ? rest.wire : header.be16<2>();
  if (total < length) return walk.odd("ipv4-bad-total-length");
  if (total > rest.wire) walk.odd("ipv4-longer-than-frame");
  Packet& out = walk.out;
  out.has_ip = true;
  out.source = IpAddress::v4(header.be32<12>());
  out.destination = IpAddress::v4(header.be32<16>());
  out.ttl = header.u8<8>();
  rest.limit(total);
  out.ip_length = rest.wire;
  if (!rest.has(length)) {
    out.content = Packet::Content::kIp;
    out.ip_protocol = header.u8<9>();
    return walk.odd("ipv4-truncated");
  }
  rest.drop(length);
  const std::uint16_t flags = header.be16<6>();
  if ((flags & 0x3fff) != 0) {
    return fragment(walk, header.u8<9>(), header.be16<4>(), static_cast<std::uint16_t>((flags & 0x1fff) * 8),
                    (flags & 0x2000) != 0, rest);
  }
  transport(walk, header.u8<9>(), rest);
}

void ipv6(Walk& walk, Rest rest) {
  if (!walk.step()) return walk.odd("too-many-headers");
  if (!rest.has(40)) return walk.odd("ipv6-truncated");
  const FixedBytes<40> header(rest.data);
  if (header.u8<0>() >> 4 != 6) return walk.odd("ipv6-bad-version");
  Packet& out = walk.out;
  out.has_ip = true;
  out.source = IpAddress::from(header.bytes<8, 16>());
  out.destination = IpAddress::from(header.bytes<24, 16>());
  out.ttl = header.u8<7>();
  const std::uint32_t length = header.be16<4>();
  std::uint8_t next = header.u8<6>();
  rest.drop(40);
  if (length > rest.wire) walk.odd("ipv6-longer-than-frame");
  // 0: a jumbogram, or a packet that the network card was to cut.
  if (length != 0) rest.limit(length);
  out.ip_length = rest.wire + 40;
  while (is_extension(next)) {
    if (!walk.step()) return walk.odd("too-many-headers");
    if (!rest.has(8)) {
      out.content = Packet::Content::kIp;
      out.ip_protocol = next;
      return walk.odd("ipv6-extension-truncated");
    }
    const FixedBytes<8> extension(rest.data);
    const std::uint8_t kind = next;
    next = extension.u8<0>();
    if (kind == kFragmentHeader) {
      rest.drop(8);
      const std::uint16_t offset = extension.be16<2>();
      if ((offset & 0xfff9) != 0)
        return fragment(walk, next, extension.be32<4>(), offset & 0xfff8, (offset & 1) != 0, rest);
      continue;
    }
    const std::size_t size = kind == kAuthentication ? (extension.u8<1>() + std::size_t{2}) * 4
                                                     : (extension.u8<1>() + std::size_t{1}) * 8;
    if (!rest.has(size)) {
      out.content = Packet::Content::kIp;
      out.ip_protocol = next;
      return walk.odd("ipv6-extension-truncated");
    }
    rest.drop(size);
  }
  if (next == kNoNext) rest.limit(0);
  transport(walk, next, rest);
}

}  // namespace bedrail::layers
