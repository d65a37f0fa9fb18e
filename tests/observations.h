#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include "model/observation.h"

// Short ways to write observations in tests. Statements are numbered: `n` is the sequence, the frame and the
// second.

namespace bedrail::test {

inline PacketRef ref(std::uint64_t n) {
  return {n, {static_cast<std::int64_t>(n) * kNanosecondsPerSecond}, n, 0};
}
inline IpAddress ip(std::string_view text) { return parse_ip(text).value(); }
inline MacAddress mac(std::string_view text) { return parse_mac(text).value(); }
/// 00:00:5e:00:53:xx, the documentation range of RFC 7042.
inline MacAddress mac(unsigned last) {
  MacAddress out = mac("00:00:5e:00:53:00");
  out.octets[5] = static_cast<std::uint8_t>(last);
  return out;
}

inline Observation observed(std::uint64_t n, Party who, decltype(Observation::body) body,
                            std::string_view protocol = "test") {
  Observation out;
  out.where = ref(n);
  out.who = std::move(who);
  out.protocol = protocol;
  out.body = std::move(body);
  return out;
}
inline Party at_ip(std::string_view address) {
  Party out;
  out.ip = ip(address);
  return out;
}
inline Party at_mac(const MacAddress& address) {
  Party out;
  out.mac = address;
  out.mac_declared = true;
  return out;
}

inline Observation bound(std::uint64_t n, std::string_view address, unsigned to,
                         std::string_view how = "arp") {
  Party who;
  who.ip = ip(address);
  who.mac = mac(to);
  return observed(n, who, AddressBound{ip(address), mac(to), how, 0}, how);
}
inline Observation clue(std::uint64_t n, std::string_view address, std::string_view key, std::string value,
                        Role role = Role::kSelf) {
  return observed(n, at_ip(address), Clue{key, std::move(value), role}, key.substr(0, key.find('.')));
}

/// A conversation that the server answered. Change what the test is about.
struct Talk {
  std::string client, server;
  std::uint16_t port = 80;
  std::string_view protocol = "http";
  unsigned client_mac = 0, server_mac = 0;  ///< 0: not on an Ethernet frame
  std::uint8_t client_ttl = 64, server_ttl = 64;
  Transport transport = Transport::kTcp;
  ConnectionSeen::State state = ConnectionSeen::State::kClosed;
  std::uint64_t to_server = 5, to_client = 4;
  bool directed = true;
};

inline Observation talk(std::uint64_t n, const Talk& t) {
  ConnectionSeen seen;
  seen.key.client = {ip(t.client), static_cast<std::uint16_t>(40000 + n % 1000)};
  seen.key.server = {ip(t.server), t.port};
  seen.key.transport = t.transport;
  if (t.client_mac != 0) seen.client_mac = mac(t.client_mac);
  if (t.server_mac != 0) seen.server_mac = mac(t.server_mac);
  seen.client_ttl = t.client_ttl;
  seen.server_ttl = t.server_ttl;
  seen.first = ref(n);
  if (t.to_server > 0 && t.to_client > 0) seen.reply = ref(n + 1);
  seen.server_began = t.to_server == 0;
  seen.directed = t.directed;
  seen.last = ref(n + 1).time;
  seen.packets_to_server = t.to_server;
  seen.packets_to_client = t.to_client;
  seen.bytes_to_server = t.to_server * 100;
  seen.bytes_to_client = t.to_client * 1000;
  seen.protocol = t.protocol;
  seen.state = t.state;
  return observed(n, at_ip(t.client), seen, t.protocol);
}

}  // namespace bedrail::test
