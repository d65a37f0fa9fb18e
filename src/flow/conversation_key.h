#pragma once

#include <cstdint>

#include "base/hash.h"
#include "decode/packet.h"
#include "net/flow_key.h"

namespace bedrail {

/// What both directions of a conversation share: two endpoints in ascending order, transport and VLAN. 40
/// bytes without padding, compared and hashed as five words.
struct ConversationKey {
  std::uint64_t low_high = 0, low_low = 0, high_high = 0,
                high_low = 0;  ///< addresses, as stored in IpAddress
  std::uint16_t low_port = 0, high_port = 0;
  std::uint16_t vlan = 0;
  Transport transport = Transport::kNone;
  std::uint8_t protocol = 0;  ///< IP protocol where the transport has no ports

  friend bool operator==(const ConversationKey&, const ConversationKey&) = default;
};
static_assert(sizeof(ConversationKey) == 40);

/// The key of an IP packet (`packet.has_ip`), and whether its source is the higher endpoint.
struct KeyedPacket {
  ConversationKey key;
  bool source_is_high = false;
};

inline Transport transport_of(const Packet& packet) {
  switch (packet.content) {
    case Packet::Content::kTcp:
      return Transport::kTcp;
    case Packet::Content::kUdp:
      return Transport::kUdp;
    default:
      break;
  }
  return packet.ip_protocol == 1 || packet.ip_protocol == 58 ? Transport::kIcmp : Transport::kOther;
}

inline KeyedPacket key_of(const Packet& packet) {
  const std::uint64_t sh = packet.source.high(), sl = packet.source.low();
  const std::uint64_t dh = packet.destination.high(), dl = packet.destination.low();
  KeyedPacket out;
  out.source_is_high = sl != dl ? sl > dl : sh != dh ? sh > dh : packet.source_port > packet.destination_port;
  ConversationKey& key = out.key;
  key.transport = transport_of(packet);
  key.vlan = packet.vlan;
  if (key.transport == Transport::kIcmp || key.transport == Transport::kOther)
    key.protocol = packet.ip_protocol;
  if (out.source_is_high) {
    key.low_high = dh, key.low_low = dl, key.high_high = sh, key.high_low = sl;
    key.low_port = packet.destination_port, key.high_port = packet.source_port;
  } else {
    key.low_high = sh, key.low_low = sl, key.high_high = dh, key.high_low = dl;
    key.low_port = packet.source_port, key.high_port = packet.destination_port;
  }
  return out;
}

inline std::uint64_t hash_of(const ConversationKey& key) {
  const std::uint64_t ports = std::uint64_t{key.low_port} << 48 | std::uint64_t{key.high_port} << 32 |
                              std::uint64_t{key.vlan} << 16 | std::uint64_t(key.transport) << 8 |
                              key.protocol;
  return mix(mix(key.low_low ^ key.low_high * 0x9e3779b97f4a7c15ULL,
                 key.high_low ^ key.high_high * 0xc2b2ae3d27d4eb4fULL),
             ports);
}

/// One packet on its way from the decoder to the shard that owns its conversation.
struct DecodedPacket {
  Packet packet;
  ConversationKey key;     ///< only where `packet.has_ip`
  std::uint64_t hash = 0;  ///< of the key; of the source MAC for frames without IP
  std::uint64_t sequence = 0, frame = 0;
  Timestamp time;
  std::uint32_t file = 0;
  bool source_is_high = false;
};

}  // namespace bedrail
