#include "dissect/dhcpv6/message.h"

#include "dissect/dhcpv6/duid.h"

namespace bedrail::dhcpv6 {
namespace {

/// RFC 6939: a hardware type and the address the relay heard the client with.
std::optional<MacAddress> client_link_address(Bytes value) {
  ByteReader reader(value);
  const std::uint16_t hardware = reader.be16();
  const Bytes address = reader.rest();
  if (hardware != 1 || address.size() != 6) return std::nullopt;
  const MacAddress mac = MacAddress::from(address);
  if (mac.is_zero() || mac.is_multicast()) return std::nullopt;
  return mac;
}

/// One envelope behind its type; `inside` is the message it carries.
std::string_view open(ByteReader& reader, Envelope& envelope, Bytes& inside) {
  reader.skip(1);
  envelope.link = IpAddress::from(reader.bytes(16));
  envelope.peer = IpAddress::from(reader.bytes(16));
  if (!reader.ok()) return "truncated";
  while (const auto found = next_option(reader)) {
    switch (found->code) {
      case option::kRelayMessage:
        inside = found->value;
        break;
      case option::kInterface:
        envelope.interface_id = found->value;
        break;
      case option::kRemote:
        envelope.remote_id = found->value;
        break;
      case option::kClientLinkAddress:
        envelope.client_mac = client_link_address(found->value);
        break;
      default:
        break;
    }
  }
  if (!reader.ok()) return "truncated-options";
  return inside.empty() ? "relay-without-message" : "";
}

}  // namespace

std::string_view read_message(Bytes datagram, Message& message) {
  Bytes bytes = datagram;
  for (unsigned depth = 0;; ++depth) {
    ByteReader reader(bytes);
    message.type = reader.u8();
    if (!is_relay(message.type)) {
      reader.skip(3);
      message.options = reader.rest();
      return reader.ok() ? "" : "truncated";
    }
    if (depth == kMaxDepth) return "relay-too-deep";
    if (depth == 0) message.envelope.forward = message.type == kRelayForward;
    message.envelope.relayed = true;
    Bytes inside;
    if (const std::string_view odd = open(reader, message.envelope, inside); !odd.empty()) return odd;
    bytes = inside;
  }
}

bool is_surely_dhcpv6(Bytes datagram) {
  ByteReader reader(datagram);
  const std::uint8_t type = reader.u8();
  if (type < kSolicit || type > kRelayReply) return false;
  reader.skip(is_relay(type) ? 33 : 3);
  bool proof = false;
  while (const auto found = next_option(reader)) {
    if (found->code == 0) return false;
    if (is_relay(type)) {
      proof |= found->code == option::kRelayMessage && found->value.size() >= 4;
    } else if (found->code == option::kClient || found->code == option::kServer) {
      if (!read_duid(found->value)) return false;
      proof = true;
    }
  }
  return reader.ok() && proof;
}

}  // namespace bedrail::dhcpv6
