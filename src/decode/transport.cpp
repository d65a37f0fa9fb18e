// TCP (RFC 9293) and UDP (RFC 768) headers; what else IP carries is given by its protocol number.
#include "decode/layers.h"

namespace bedrail::layers {
namespace {

constexpr std::uint8_t kIpInIp = 4, kTcp = 6, kUdp = 17, kIpv6InIp = 41, kGre = 47, kEtherIp = 97;

void finish_ip(Walk& walk, const Rest& rest) {
  walk.out.content = Packet::Content::kIp;
  walk.out.payload = rest.data;
  walk.out.payload_length = rest.wire;
}

void tcp(Walk& walk, Rest rest) {
  Packet& out = walk.out;
  if (!rest.has(20)) {
    finish_ip(walk, rest);
    return walk.odd("tcp-truncated");
  }
  const FixedBytes<20> header(rest.data);
  const std::size_t length = std::size_t{header.u8<12>() & 0xf0U} / 4;
  if (length < 20) {
    finish_ip(walk, rest);
    return walk.odd("tcp-bad-header-length");
  }
  out.content = Packet::Content::kTcp;
  out.source_port = header.be16<0>();
  out.destination_port = header.be16<2>();
  out.sequence = header.be32<4>();
  out.acknowledgement = header.be32<8>();
  out.tcp_flags = header.u8<13>();
  out.window = header.be16<14>();
  if (length > rest.wire) {
    return walk.odd("tcp-bad-header-length");
  }
  const std::size_t captured = std::min(length, rest.data.size());
  out.tcp_options = rest.data.subspan(20, captured - 20);
  rest.wire -= static_cast<std::uint32_t>(length);
  out.payload = rest.data.subspan(captured);
  out.payload_length = rest.wire;
}

void udp(Walk& walk, Rest rest) {
  Packet& out = walk.out;
  if (!rest.has(8)) {
    finish_ip(walk, rest);
    return walk.odd("udp-truncated");
  }
  const FixedBytes<8> header(rest.data);
  out.content = Packet::Content::kUdp;
  out.source_port = header.be16<0>();
  out.destination_port = header.be16<2>();
  const std::uint16_t length = header.be16<4>();
  if (length != 0 && length < 8) walk.odd("udp-bad-length");
  if (length > rest.wire) walk.odd("udp-longer-than-packet");
  if (length >= 8) rest.limit(length);
  rest.drop(8);
  out.payload = rest.data;
  out.payload_length = rest.wire;
  (void)udp_tunnel(walk, rest);
}

}  // namespace

void transport(Walk& walk, std::uint8_t protocol, Rest rest) {
  walk.out.ip_protocol = protocol;
  switch (protocol) {
    case kTcp:
      return tcp(walk, rest);
    case kUdp:
      return udp(walk, rest);
    case kGre:
      if (gre(walk, rest)) return;
      break;
    case kIpInIp:
    case kIpv6InIp:
    case kEtherIp:
      if (ip_in_ip(walk, protocol, rest)) return;
      break;
    default:
      break;
  }
  finish_ip(walk, rest);
}

}  // namespace bedrail::layers
