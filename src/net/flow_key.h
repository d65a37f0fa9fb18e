#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "net/address.h"

namespace bedrail {

/// What carries a conversation. Values are stable: they stand in stores and golden files.
enum class Transport : std::uint8_t { kNone = 0, kTcp = 1, kUdp = 2, kIcmp = 3, kOther = 4 };

/// "tcp", "udp", "icmp", "other" or "".
std::string_view to_string(Transport transport);

/// An address and a port; the port is 0 where the transport has none.
struct Endpoint {
  IpAddress ip;
  std::uint16_t port = 0;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// "10.0.0.5:104" or "[2001:db8::1]:104".
std::string to_string(const Endpoint& endpoint);

/// Two endpoints, a transport and the VLAN: one conversation. `client` opened it (sent the SYN or the first
/// datagram; see `flow` for the rule where the start was not captured).
struct FlowKey {
  Endpoint client, server;
  Transport transport = Transport::kNone;
  std::uint16_t vlan = 0;
  friend auto operator<=>(const FlowKey&, const FlowKey&) = default;
};

}  // namespace bedrail
