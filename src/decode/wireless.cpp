// IEEE 802.11: data frames that are not encrypted. Everything else of it is counted as not decoded.
#include "decode/layers.h"

namespace bedrail::layers {
namespace {

constexpr std::uint16_t kToDs = 0x0100, kFromDs = 0x0200, kProtected = 0x4000, kOrder = 0x8000;
constexpr std::uint16_t kTypeMask = 0x000c, kData = 0x0008, kQos = 0x0080, kNoData = 0x0040;

/// Where the fields up to `flags` (the second) lie in a radiotap header: present words first, then a 64-bit
/// time.
std::uint8_t radiotap_flags(ByteReader reader) {
  reader.skip(4);
  const std::uint32_t present = reader.le32();
  std::uint32_t word = present;
  for (int i = 0; i < 8 && (word & 0x80000000U) != 0; ++i) word = reader.le32();
  constexpr std::uint32_t kTime = 1, kFlags = 2;
  if ((present & kFlags) == 0) return 0;
  if ((present & kTime) != 0) {
    reader.skip((8 - reader.position() % 8) % 8);
    reader.skip(8);
  }
  return reader.u8();
}

}  // namespace

void radiotap(Walk& walk, Rest rest) {
  ByteReader reader(rest.data);
  reader.skip(2);
  const std::uint16_t length = reader.le16();
  if (!reader.ok() || length < 8 || !rest.has(length)) return walk.odd("radiotap-truncated");
  constexpr std::uint8_t kPadded = 0x20, kBadChecksum = 0x40;
  const std::uint8_t flags = radiotap_flags(ByteReader(rest.data.first(length)));
  // The card says that the frame arrived broken.
  if ((flags & kBadChecksum) != 0) return walk.odd("radio-checksum");
  rest.drop(length);
  ieee80211(walk, rest, (flags & kPadded) != 0);
}

void ieee80211(Walk& walk, Rest rest, bool padded) {
  ByteReader reader(rest.data);
  const std::uint16_t control = reader.le16();
  if ((control & kTypeMask) != kData || (control & 3) != 0 || (control & (kProtected | kNoData)) != 0) return;
  reader.skip(2);
  const MacAddress first = MacAddress::from(reader.bytes(6));
  const MacAddress second = MacAddress::from(reader.bytes(6));
  const MacAddress third = MacAddress::from(reader.bytes(6));
  reader.skip(2);
  const bool to = (control & kToDs) != 0, from = (control & kFromDs) != 0;
  const MacAddress fourth = to && from ? MacAddress::from(reader.bytes(6)) : MacAddress{};
  std::uint16_t quality = 0;
  if ((control & kQos) != 0) {
    quality = reader.le16();
    if ((control & kOrder) != 0) reader.skip(4);
  }
  if (padded) reader.skip((4 - reader.position() % 4) % 4);
  if (!reader.ok()) return walk.odd("80211-truncated");
  Packet& out = walk.out;
  out.has_mac = true;
  out.destination_mac = to ? third : first;
  out.source_mac = !from ? second : to ? fourth : third;
  rest.drop(reader.position());
  constexpr std::uint16_t kAggregate = 0x0080;
  if ((quality & kAggregate) != 0) {
    // Of an aggregate (A-MSDU) the first packet is read: receiver, sender, length, then LLC.
    if (!rest.has(14)) return walk.odd("80211-truncated");
    const FixedBytes<14> inner(rest.data);
    out.destination_mac = MacAddress::from(inner.bytes<0, 6>());
    out.source_mac = MacAddress::from(inner.bytes<6, 6>());
    rest.drop(14);
    rest.limit(inner.be16<12>());
  }
  out.link_group = out.destination_mac.is_multicast();
  llc(walk, rest);
}

}  // namespace bedrail::layers
