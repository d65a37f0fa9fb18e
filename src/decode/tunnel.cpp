// What carries other packets: MPLS (RFC 3032), PPPoE (RFC 2516), GRE (RFC 2784, 2890, 2637), ERSPAN, VXLAN
// (RFC 7348), GENEVE (RFC 8926), IP in IP (RFC 2003), EtherIP (RFC 3378). Mirrored hospital traffic arrives
// so.
#include "decode/layers.h"

namespace bedrail::layers {
namespace {

constexpr std::uint16_t kTransparentEthernet = 0x6558, kErspan = 0x88be, kErspan3 = 0x22eb, kPpp = 0x880b;
constexpr std::uint16_t kIpv4 = 0x0800, kIpv6 = 0x86dd;

/// Forgets the outer frame: what follows is another's.
void enter(Walk& walk, std::uint16_t vlan = 0) {
  walk.out = Packet{};
  walk.out.tunnelled = true;
  walk.out.vlan = vlan;
}

/// Reads what is inside; where that makes no sense the outer packet stands as it was.
template <typename Inner>
bool attempt(Walk& walk, std::uint16_t vlan, Inner&& inner) {
  const Packet outer = walk.out;
  enter(walk, vlan);
  inner();
  if (walk.out.content != Packet::Content::kNothing) return true;
  walk.out = outer;
  return false;
}

bool ppp(Walk& walk, Rest rest) {
  ByteReader reader(rest.data);
  if (reader.peek() == 0xff && reader.peek(1) == 0x03) reader.skip(2);
  // RFC 1661, 6.5: an odd first byte is a compressed protocol field.
  const std::uint16_t protocol = (reader.peek() & 1) != 0 ? reader.u8() : reader.be16();
  if (!reader.ok()) return false;
  rest.drop(reader.position());
  if (protocol == 0x0021) return ipv4(walk, rest), true;
  if (protocol == 0x0057) return ipv6(walk, rest), true;
  if (protocol == 0x0281) return mpls(walk, rest), true;
  return false;
}

/// ERSPAN type II has a header where GRE has a sequence number; type I has neither; type III may have a
/// second part.
bool erspan(Walk& walk, Rest rest, std::uint16_t type, bool sequenced) {
  std::uint16_t vlan = 0;
  if (type == kErspan && sequenced) {
    if (!rest.has(8)) return false;
    vlan = FixedBytes<8>(rest.data).be16<0>() & 0x0fff;
    rest.drop(8);
  } else if (type == kErspan3) {
    if (!rest.has(12)) return false;
    const FixedBytes<12> header(rest.data);
    vlan = header.be16<0>() & 0x0fff;
    const std::uint16_t last = header.be16<10>();
    const std::size_t size = (last & 1) != 0 ? 20 : 12;
    if (!rest.has(size)) return false;
    rest.drop(size);
    if ((last >> 10 & 0x1f) == 2) return attempt(walk, vlan, [&] { ip(walk, rest); });
  }
  return attempt(walk, vlan, [&] { ethernet(walk, rest); });
}

bool by_type(Walk& walk, std::uint16_t type, const Rest& rest) {
  if (type == kTransparentEthernet) return attempt(walk, 0, [&] { ethernet(walk, rest); });
  if (type == kIpv4 || type == kIpv6) return attempt(walk, 0, [&] { ether_type(walk, type, rest); });
  return false;
}

}  // namespace

bool gre(Walk& walk, Rest rest) {
  if (!walk.step() || !rest.has(4)) return false;
  const FixedBytes<4> header(rest.data);
  const std::uint16_t flags = header.be16<0>();
  const std::uint16_t type = header.be16<2>();
  const bool checksum = (flags & 0xc000) != 0, key = (flags & 0x2000) != 0, sequence = (flags & 0x1000) != 0;
  const unsigned version = flags & 7U;
  const bool acknowledgement = version == 1 && (flags & 0x0080) != 0;
  const std::size_t size =
      4 + (checksum ? 4U : 0U) + (key ? 4U : 0U) + (sequence ? 4U : 0U) + (acknowledgement ? 4U : 0U);
  // Source routes (RFC 1701) were abandoned.
  if (version > 1 || (flags & 0x4000) != 0 || !rest.has(size)) return false;
  rest.drop(size);
  if (version == 1) return type == kPpp && attempt(walk, 0, [&] { (void)ppp(walk, rest); });
  if (type == kErspan || type == kErspan3) return erspan(walk, rest, type, sequence);
  if (type == 0x8847 || type == 0x8848) return attempt(walk, 0, [&] { mpls(walk, rest); });
  return by_type(walk, type, rest);
}

bool ip_in_ip(Walk& walk, std::uint8_t protocol, Rest rest) {
  constexpr std::uint8_t kIpInIp = 4, kIpv6InIp = 41;
  if (protocol == kIpInIp) return attempt(walk, 0, [&] { ipv4(walk, rest); });
  if (protocol == kIpv6InIp) return attempt(walk, 0, [&] { ipv6(walk, rest); });
  // EtherIP: version 3, then a reserved field of zeros.
  if (!rest.has(2) || FixedBytes<2>(rest.data).be16<0>() != 0x3000) return false;
  rest.drop(2);
  return attempt(walk, 0, [&] { ethernet(walk, rest); });
}

bool udp_tunnel(Walk& walk, Rest rest) {
  // By port and content: the headers alone are too short to know them anywhere.
  const std::uint16_t port = walk.out.destination_port;
  if (port != 4789 && port != 8472 && port != 6081) return false;
  if (!rest.has(8) || !walk.step()) return false;
  const FixedBytes<8> header(rest.data);
  if (port == 6081) {
    const std::size_t size = 8 + std::size_t{header.u8<0>() & 0x3fU} * 4;
    if (header.u8<0>() >> 6 != 0 || !rest.has(size)) return false;
    rest.drop(size);
    return by_type(walk, header.be16<2>(), rest);
  }
  // The network id is valid, what is reserved is zero (a group policy may stand in between).
  if ((header.u8<0>() & 0x08) == 0 || header.u8<7>() != 0) return false;
  rest.drop(8);
  return attempt(walk, 0, [&] { ethernet(walk, rest); });
}

void mpls(Walk& walk, Rest rest) {
  for (bool bottom = false; !bottom;) {
    if (!walk.step()) return walk.odd("too-many-headers");
    if (!rest.has(4)) return walk.odd("mpls-truncated");
    bottom = (FixedBytes<4>(rest.data).u8<2>() & 1) != 0;
    rest.drop(4);
  }
  if (!rest.has(1)) return walk.odd("mpls-truncated");
  const unsigned nibble = std::to_integer<unsigned>(rest.data[0]) >> 4;
  if (nibble == 4 || nibble == 6) return ip(walk, rest);
  // A pseudowire. A control word begins with 0 (RFC 4385), as MACs may: a type that is known where a frame
  // without one has its own decides.
  const auto is_frame = [](const Rest& r) {
    if (!r.has(14)) return false;
    const std::uint16_t type = FixedBytes<14>(r.data).be16<12>();
    return type == kIpv4 || type == kIpv6 || type == 0x0806 || type == 0x8100 || type == 0x88a8 ||
           type == 0x88cc;
  };
  if (nibble == 0 && !is_frame(rest)) {
    if (!rest.has(4)) return walk.odd("mpls-truncated");
    rest.drop(4);
  }
  enter(walk);
  ethernet(walk, rest);
}

void pppoe(Walk& walk, Rest rest) {
  if (!walk.step()) return walk.odd("too-many-headers");
  if (!rest.has(6)) return walk.odd("pppoe-truncated");
  const FixedBytes<6> header(rest.data);
  const Rest whole = rest;
  rest.drop(6);
  rest.limit(header.be16<4>());
  if (header.u8<0>() != 0x11 || header.u8<1>() != 0 || !ppp(walk, rest)) finish_ether(walk, 0x8864, whole);
}

}  // namespace bedrail::layers
