#pragma once

#include "base/bytes.h"
#include "capture/raw_packet.h"
#include "net/flow_key.h"

namespace bedrail {

/// What a frame carries, once its headers are read down to the innermost IP packet. Views into the frame:
/// they die with it. Plain data, no allocation.
struct Packet {
  enum class Content : std::uint8_t {
    kNothing,  ///< malformed or a link type we do not read: see `anomaly`
    kEther,    ///< a frame dissected by EtherType or LLC/SNAP: `ether_type`, `payload`
    kIp,       ///< an IP packet whose transport is not TCP or UDP: `ip_protocol`, `payload`
    kTcp,
    kUdp,
    kFragment,  ///< an IP fragment that completes nothing (yet)
  };
  Content content = Content::kNothing;
  bool has_mac = false;
  bool has_ip = false;
  /// The innermost IP packet came out of a tunnel (GRE, VXLAN, IP in IP, ...): its MACs are of the inner
  /// frame, or none.
  bool tunnelled = false;
  /// True where the frame was sent to a link-layer group address.
  bool link_group = false;
  MacAddress source_mac, destination_mac;
  std::uint16_t vlan = 0;  ///< innermost 802.1Q id, 0 without
  /// EtherType; for LLC frames 0x0000-0x05ff never occurs: SNAP with Cisco's OUI 00000c gives its protocol id
  /// (CDP: 0x2000), plain LLC gives the two SAP bytes (STP: 0x4242) as number.
  std::uint16_t ether_type = 0;
  IpAddress source, destination;
  std::uint8_t ip_protocol = 0, ttl = 0;
  std::uint16_t source_port = 0, destination_port = 0;
  // TCP
  std::uint8_t tcp_flags = 0;
  std::uint16_t window = 0;
  std::uint32_t sequence = 0, acknowledgement = 0;
  Bytes tcp_options;
  // IP fragments: where in the datagram `payload` belongs, in bytes
  std::uint16_t fragment_offset = 0;
  bool more_fragments = false;
  std::uint32_t fragment_id = 0;
  /// The innermost payload that was captured ...
  Bytes payload;
  /// ... and how long it was on the wire: more than `payload.size()` where the capture was cut.
  std::uint32_t payload_length = 0;
  /// The innermost IP packet's length on the wire (link payload length where there is no IP).
  std::uint32_t ip_length = 0;
  /// Name of what was wrong, "" where nothing: "ipv4-bad-header-length", "tcp-truncated", ...
  std::string_view anomaly;
};

namespace tcp_flag {
inline constexpr std::uint8_t kFin = 0x01, kSyn = 0x02, kRst = 0x04, kPsh = 0x08, kAck = 0x10, kUrg = 0x20;
}

/// Reads a frame's headers into `out` (all fields reset). Ethernet II and LLC/SNAP, 802.1Q/ad, MPLS, PPPoE,
/// GRE, ERSPAN I-III, VXLAN, GENEVE, IP in IP, Linux cooked, 802.11, raw IP: at most 16 headers deep.
/// Fragments come out as kFragment with `payload` the fragment's data: give the frame to a Defragmenter
/// first.
void decode(const RawPacket& raw, Packet& out);

}  // namespace bedrail
