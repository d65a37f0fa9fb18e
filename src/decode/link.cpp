// From the link layer to the network layer: Ethernet II and 802.3, VLAN tags, Linux cooked, loopback, raw IP.
#include "decode/layers.h"

namespace bedrail {

void decode(const RawPacket& raw, Packet& out) {
  out = Packet{};
  layers::Walk walk{out};
  const auto captured = static_cast<std::uint32_t>(raw.data.size());
  layers::link(walk, raw.link, {raw.data, std::max(raw.wire_length, captured)});
}

namespace layers {
namespace {

constexpr std::uint16_t kIpv4 = 0x0800, kIpv6 = 0x86dd, kVlan = 0x8100, kServiceVlan = 0x88a8,
                        kOldServiceVlan = 0x9100;
constexpr std::uint16_t kMpls = 0x8847, kMplsMulticast = 0x8848, kPppoeSession = 0x8864;
/// IEEE 802.3: what is smaller is a length.
constexpr std::uint16_t kFirstEtherType = 0x0600;

/// "Cooked" headers tell how the packet came: 1 broadcast, 2 multicast; and the sender's address alone.
void cooked(Walk& walk, Rest rest, std::uint16_t packet_type, std::uint16_t length, Bytes address,
            std::uint16_t protocol) {
  walk.out.link_group = packet_type == 1 || packet_type == 2;
  if (length == 6) {
    walk.out.has_mac = true;
    walk.out.source_mac = MacAddress::from(address);
  }
  if (protocol == 0x0004) return llc(walk, rest);
  if (protocol < kFirstEtherType) return;
  ether_type(walk, protocol, rest);
}

void linux_cooked(Walk& walk, Rest rest) {
  if (!rest.has(16)) return walk.odd("cooked-truncated");
  const FixedBytes<16> header(rest.data);
  rest.drop(16);
  cooked(walk, rest, header.be16<0>(), header.be16<4>(), header.bytes<6, 6>(), header.be16<14>());
}

void linux_cooked2(Walk& walk, Rest rest) {
  if (!rest.has(20)) return walk.odd("cooked-truncated");
  const FixedBytes<20> header(rest.data);
  rest.drop(20);
  cooked(walk, rest, header.u8<10>(), header.u8<11>(), header.bytes<12, 6>(), header.be16<0>());
}

/// BSD loopback: an address family in the byte order of whoever captured (LINKTYPE_NULL) or the network's
/// (LOOP). Which number IPv6 has depends on the system; the packet's own first nibble does not.
void loopback(Walk& walk, Rest rest) {
  if (!rest.has(4)) return walk.odd("loopback-truncated");
  const FixedBytes<4> header(rest.data);
  rest.drop(4);
  const std::uint32_t family = std::min(header.be32<0>(), header.le32<0>());
  if (family == 2 || family == 10 || family == 24 || family == 28 || family == 30) ip(walk, rest);
}

}  // namespace

void ethernet(Walk& walk, Rest rest) {
  if (!walk.step()) return walk.odd("too-many-headers");
  if (!rest.has(14)) return walk.odd("ethernet-truncated");
  const FixedBytes<14> header(rest.data);
  Packet& out = walk.out;
  out.has_mac = true;
  out.destination_mac = MacAddress::from(header.bytes<0, 6>());
  out.source_mac = MacAddress::from(header.bytes<6, 6>());
  out.link_group = out.destination_mac.is_multicast();
  const std::uint16_t type = header.be16<12>();
  rest.drop(14);
  if (type >= kFirstEtherType) return ether_type(walk, type, rest);
  rest.limit(type);
  llc(walk, rest);
}

void ether_type(Walk& walk, std::uint16_t type, Rest rest) {
  while (type == kVlan || type == kServiceVlan || type == kOldServiceVlan) {
    if (!walk.step()) return walk.odd("too-many-headers");
    if (!rest.has(4)) return walk.odd("vlan-truncated");
    const FixedBytes<4> tag(rest.data);
    const std::uint16_t id = tag.be16<0>() & 0x0fff;
    // Id 0 carries a priority only (802.1Q, 9.6).
    if (id != 0) walk.out.vlan = id;
    type = tag.be16<2>();
    rest.drop(4);
    if (type < kFirstEtherType) {
      rest.limit(type);
      return llc(walk, rest);
    }
  }
  switch (type) {
    case kIpv4:
      return ipv4(walk, rest);
    case kIpv6:
      return ipv6(walk, rest);
    case kMpls:
    case kMplsMulticast:
      return mpls(walk, rest);
    case kPppoeSession:
      return pppoe(walk, rest);
    default:
      return finish_ether(walk, type, rest);
  }
}

void llc(Walk& walk, Rest rest) {
  if (!walk.step()) return walk.odd("too-many-headers");
  if (!rest.has(3)) return walk.odd("llc-truncated");
  const FixedBytes<3> header(rest.data);
  const std::uint16_t access_points = header.be16<0>();
  if (access_points != 0xaaaa || header.u8<2>() != 0x03) {
    // Two SAPs that read as a length or type below 0x0600 stand for nothing that is dissected.
    rest.drop(3);
    return finish_ether(walk, std::max(access_points, kFirstEtherType), rest);
  }
  if (!rest.has(8)) return walk.odd("snap-truncated");
  const FixedBytes<8> snap(rest.data);
  const std::uint32_t organisation = snap.be32<2>() & 0x00ffffff;
  const std::uint16_t protocol = snap.be16<6>();
  rest.drop(8);
  constexpr std::uint32_t kEncapsulatedEthernet = 0x000000, kBridgeTunnel = 0x0000f8, kCisco = 0x00000c;
  if ((organisation == kEncapsulatedEthernet || organisation == kBridgeTunnel) &&
      protocol >= kFirstEtherType) {
    return ether_type(walk, protocol, rest);
  }
  // Of Cisco's numbers below the types only that of its spanning trees has a reader.
  constexpr std::uint16_t kVlanTree = 0x010b;
  const bool numbered = organisation == kCisco && (protocol >= kFirstEtherType || protocol == kVlanTree);
  finish_ether(walk, numbered ? protocol : access_points, rest);
}

void link(Walk& walk, LinkType type, Rest rest) {
  switch (type) {
    case LinkType::kEthernet:
      return ethernet(walk, rest);
    case LinkType::kLinuxCooked:
      return linux_cooked(walk, rest);
    case LinkType::kLinuxCooked2:
      return linux_cooked2(walk, rest);
    case LinkType::kNull:
    case LinkType::kLoop:
      return loopback(walk, rest);
    case LinkType::kRaw:
      return ip(walk, rest);
    case LinkType::kIpv4:
      return ipv4(walk, rest);
    case LinkType::kIpv6:
      return ipv6(walk, rest);
    case LinkType::kIeee80211:
      return ieee80211(walk, rest, false);
    case LinkType::kRadiotap:
      return radiotap(walk, rest);
    case LinkType::kOther:
      return;
  }
}

}  // namespace layers
}  // namespace bedrail
