#include "inventory/inventory.h"

#include <fmt/format.h>

#include "inventory/state.h"

namespace bedrail {

Inventory::Inventory(InventoryLimits limits) : state_(std::make_unique<State>(limits)) {}
Inventory::~Inventory() = default;

std::uint32_t Inventory::State::of_ip(const IpAddress& ip) {
  if (ip.is_unspecified()) return kNobody;
  if (const auto found = by_ip.find(ip); found != by_ip.end()) return found->second;
  if (subjects.size() >= limits.subjects) return ++turned_away, kNobody;
  const auto index = static_cast<std::uint32_t>(subjects.size());
  subjects.emplace_back().ip = ip;
  by_ip.emplace(ip, index);
  return index;
}

std::uint32_t Inventory::State::of_mac(const MacAddress& mac) {
  if (mac.is_zero() || mac.is_multicast()) return kNobody;
  if (const auto found = by_mac.find(mac); found != by_mac.end()) return found->second;
  if (subjects.size() >= limits.subjects) return ++turned_away, kNobody;
  const auto index = static_cast<std::uint32_t>(subjects.size());
  subjects.emplace_back().mac = mac;
  by_mac.emplace(mac, index);
  return index;
}

/// A MAC that the protocol itself named is the subject's own; a frame's may be a router's, so there the
/// address counts.
std::uint32_t Inventory::State::of(const Party& party) {
  if (party.mac && party.mac_declared) return of_mac(*party.mac);
  if (party.ip) return party.ip->is_unicast() ? of_ip(*party.ip) : kNobody;
  return party.mac ? of_mac(*party.mac) : kNobody;
}

void Inventory::State::bind(const AddressBound& bound, const Observation& o) {
  if (!bound.ip.is_unicast()) return;
  const std::uint32_t mac = of_mac(bound.mac);
  std::uint32_t ip = of_ip(bound.ip);
  if (mac == kNobody || ip == kNobody) return;
  const bool leased = bound.how == "dhcp" || bound.how == "dhcpv6";
  const auto other = [&](const Binding& b) { return b.mac != bound.mac; };
  // A lease to another MAC ends the former ownership: what is heard from here on is the new owner's.
  if (leased && !subjects[ip].bindings.empty() &&
      std::all_of(subjects[ip].bindings.begin(), subjects[ip].bindings.end(), other)) {
    subjects[ip].replaced = true;
    by_ip.erase(bound.ip);
    ip = of_ip(bound.ip);
    if (ip == kNobody) return;
  }
  subjects[ip].bound(bound.mac, bound.how, o.where);
  for (const std::uint32_t index : {mac, ip}) {
    subjects[index].spoke = true;
    subjects[index].seen(o.where);
    subjects[index].on_vlan(o.who.vlan);
  }
}

void Inventory::State::connection(const ConnectionSeen& seen) {
  const std::uint32_t client = of_ip(seen.key.client.ip), server = of_ip(seen.key.server.ip);
  const auto end = [&](std::uint32_t index, std::uint64_t packets, const std::optional<MacAddress>& mac,
                       std::uint8_t ttl, const std::optional<MacAddress>& peer) {
    if (index == kNobody || packets == 0) return;
    Subject& subject = subjects[index];
    if (!subject.ip->is_unicast()) return;
    subject.spoke = true;
    subject.seen(seen.first);
    if (seen.last > subject.last->time) subject.last->time = seen.last;
    subject.on_vlan(seen.key.vlan);
    if (seen.key.transport == Transport::kTcp) subject.initial_ttls |= initial_ttl_bit(ttl);
    // Both ends behind one MAC: a frame that was sent back, or addresses that were rewritten. It tells
    // nothing.
    if (!mac || mac->is_zero() || (peer && *peer == *mac)) return;
    subject.sighted(*mac, ttl, seen.first);
    if (const std::uint32_t hardware = of_mac(*mac); hardware != kNobody) {
      subjects[hardware].spoke = true;
      subjects[hardware].seen(seen.first);
      if (seen.last > subjects[hardware].last->time) subjects[hardware].last->time = seen.last;
    }
  };
  end(client, seen.packets_to_server, seen.client_mac, seen.client_ttl, seen.server_mac);
  end(server, seen.packets_to_client, seen.server_mac, seen.server_ttl, seen.client_mac);
  if (client != kNobody) subjects[client].introduced(seen.client_start, Role::kClient, seen);
  if (server != kNobody) subjects[server].introduced(seen.server_start, Role::kServer, seen);
  if (client != kNobody && server != kNobody) ledger.add(client, server, seen);
}

void Inventory::State::fact(const Observation& o, const Party& party, bool as_peer) {
  const std::uint32_t index = of(party);
  if (index == kNobody) return;
  Subject& subject = subjects[index];
  if (!subject.facts) subject.facts = std::make_unique<FactBook>();
  if (!subject.facts->add(o, as_peer, limits.facts)) ++facts_dropped;
  // Who declares a MAC speaks for itself; what is said of an address may be hearsay.
  if (party.mac && (party.mac_declared || !party.ip)) {
    subject.spoke = true;
    subject.seen(o.where);
    subject.on_vlan(party.vlan);
  }
}

void Inventory::add(const Observation& o) {
  State& state = *state_;
  if (const auto* anomaly = std::get_if<AnomalySeen>(&o.body)) {
    ++state.anomalies[fmt::format("{}/{}", anomaly->protocol, anomaly->name)];
  } else if (const auto* bound = std::get_if<AddressBound>(&o.body)) {
    state.bind(*bound, o);
  } else if (const auto* seen = std::get_if<ConnectionSeen>(&o.body)) {
    state.connection(*seen);
  } else if (const auto* link = std::get_if<LinkTraffic>(&o.body)) {
    const std::uint32_t index = o.who.mac ? state.of_mac(*o.who.mac) : State::kNobody;
    if (index == State::kNobody) return;
    Subject& subject = state.subjects[index];
    subject.spoke = true;
    subject.seen(o.where);
    if (link->last > subject.last->time) subject.last->time = link->last;
    subject.on_vlan(o.who.vlan);
    subject.link_packets += link->packets;
    subject.link_bytes += link->bytes;
  } else {
    state.fact(o, o.who, false);
    if (std::holds_alternative<MessageSeen>(o.body) || std::holds_alternative<PatientDataSeen>(o.body)) {
      state.fact(o, o.peer, true);
    }
  }
}

}  // namespace bedrail
