#include "inventory/inventory.h"

#include <fmt/format.h>

#include "inventory/state.h"
#include "model/declared_text.h"

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
                       std::uint8_t ttl, const std::optional<MacAddress>& peer, const PacketRef& first) {
    if (index == kNobody || packets == 0) return;
    Subject& subject = subjects[index];
    if (!subject.ip->is_unicast()) return;
    subject.spoke = true;
    subject.seen(first);
    if (seen.last > subject.last->time) subject.last->time = seen.last;
    subject.passed(seen.key.vlan, ttl);
    if (seen.key.transport == Transport::kTcp) subject.initial_ttls |= initial_ttl_bit(ttl);
    // Both ends behind one MAC: a frame that was sent back, or addresses that were rewritten. It tells
    // nothing.
    if (!mac || mac->is_zero() || (peer && *peer == *mac)) return;
    subject.sighted(*mac, ttl, first);
    if (const std::uint32_t hardware = of_mac(*mac); hardware != kNobody) {
      subjects[hardware].spoke = true;
      subjects[hardware].seen(first);
      if (seen.last > subjects[hardware].last->time) subjects[hardware].last->time = seen.last;
    }
  };
  const bool both = seen.packets_to_server > 0 && seen.packets_to_client > 0;
  end(client, seen.packets_to_server, seen.client_mac, seen.client_ttl, seen.server_mac,
      both && seen.server_began ? seen.reply : seen.first);
  end(server, seen.packets_to_client, seen.server_mac, seen.server_ttl, seen.client_mac,
      both && !seen.server_began ? seen.reply : seen.first);
  if (client != kNobody) subjects[client].introduced(seen.client_start, Role::kClient, seen);
  if (server != kNobody) subjects[server].introduced(seen.server_start, Role::kServer, seen);
  if (client != kNobody && server != kNobody && !is_copy(seen)) ledger.add(client, server, seen);
}

bool Inventory::State::is_copy(const ConnectionSeen& seen) {
  constexpr std::size_t kTagged = 65536;
  if (seen.key.vlan == 0) return false;
  const FlowKey& key = seen.key;
  const std::uint64_t ends = mix(hash_of(key.client.ip), hash_of(key.server.ip));
  const std::uint64_t ports = std::uint64_t{key.client.port} << 32 | std::uint64_t{key.server.port} << 8 |
                              static_cast<std::uint64_t>(key.transport);
  if (tagged.size() >= kTagged) tagged.clear();
  const auto [place, fresh] = tagged.try_emplace(mix(ends, ports), key.vlan, seen.first.time);
  if (fresh) return false;
  auto& [vlan, time] = place->second;
  if (is_routed_copy(vlan, time, seen.key.vlan, seen.first.time)) return true;
  vlan = seen.key.vlan;
  time = seen.first.time;
  return false;
}

void Inventory::State::fact(const Observation& o, const Party& party, bool as_peer, std::uint64_t key) {
  const std::uint32_t index = of(party);
  if (index == kNobody) return;
  if (const auto* told = std::get_if<Clue>(&o.body); told != nullptr && told->key.ends_with(kDeclaredKey))
    return declared.add(o, index);
  Subject& subject = subjects[index];
  if (!subject.facts) subject.facts = std::make_unique<FactBook>();
  if (!subject.facts->add(o, as_peer, key, limits.facts)) ++facts_dropped;
  // Who declares a MAC speaks for itself; what is said of an address may be hearsay.
  if (party.mac && (party.mac_declared || !party.ip)) {
    subject.spoke = true;
    subject.seen(o.where);
    subject.on_vlan(party.vlan);
  }
}

/// `key`: the fact's, where it is one.
void Inventory::State::take(const Observation& o, std::uint64_t key) {
  if (const auto* anomaly = std::get_if<AnomalySeen>(&o.body)) {
    ++anomalies[fmt::format("{}/{}", anomaly->protocol, anomaly->name)];
  } else if (const auto* bound = std::get_if<AddressBound>(&o.body)) {
    bind(*bound, o);
  } else if (const auto* seen = std::get_if<ConnectionSeen>(&o.body)) {
    connection(*seen);
  } else if (const auto* link = std::get_if<LinkTraffic>(&o.body)) {
    const std::uint32_t index = o.who.mac ? of_mac(*o.who.mac) : kNobody;
    if (index == kNobody) return;
    Subject& subject = subjects[index];
    subject.spoke = true;
    subject.seen(o.where);
    if (link->last > subject.last->time) subject.last->time = link->last;
    subject.on_vlan(o.who.vlan);
    subject.link_packets += link->packets;
    subject.link_bytes += link->bytes;
  } else {
    fact(o, o.who, false, key);
    if (std::holds_alternative<MessageSeen>(o.body) || std::holds_alternative<PatientDataSeen>(o.body))
      fact(o, o.peer, true, FactBook::key_of(o, true));
  }
}

namespace {

void fetch(const void* from, std::size_t size) {
  for (std::size_t i = 0; i < size; i += 64) __builtin_prefetch(static_cast<const char*>(from) + i, 1);
}

/// What an observation will need of tables that no cache holds. Each step finds what the step before it has
/// fetched, and fetches what hangs on it; the tables are only read.
class Lookahead {
 public:
  static constexpr std::size_t kSteps = 4;

  void step(std::size_t number, const Inventory::State& state, const Observation& o) {
    const auto* seen = std::get_if<ConnectionSeen>(&o.body);
    if (number == 0) return seen != nullptr ? spot(state, *seen) : spot(state, o);
    seen != nullptr ? follow(number, state, *seen) : follow(number, state, o);
  }
  [[nodiscard]] std::uint64_t key() const { return key_; }

 private:
  static constexpr std::uint32_t kNobody = Inventory::State::kNobody;

  template <typename Table, typename Key>
  static std::uint32_t find(const Inventory::State& state, const Table& table, const Key& key) {
    const auto found = table.find(key);
    if (found == table.end()) return kNobody;
    fetch(&state.subjects[found->second], sizeof(Subject));
    return found->second;
  }
  void spot(const Inventory::State& state, const ConnectionSeen& seen) {
    ends_ = {find(state, state.by_ip, seen.key.client.ip), find(state, state.by_ip, seen.key.server.ip)};
    for (const auto& mac : {seen.client_mac, seen.server_mac}) {
      if (mac) find(state, state.by_mac, *mac);
    }
  }
  void spot(const Inventory::State& state, const Observation& o) {
    key_ = FactBook::key_of(o, false);
    const bool by_mac = o.who.mac && (o.who.mac_declared || !o.who.ip);
    ends_[0] = by_mac     ? find(state, state.by_mac, *o.who.mac)
               : o.who.ip ? find(state, state.by_ip, *o.who.ip)
                          : kNobody;
  }
  void follow(std::size_t number, const Inventory::State& state, const ConnectionSeen& seen) {
    if (number == 1) {
      for (const std::uint32_t end : ends_) {
        if (end == kNobody) continue;
        __builtin_prefetch(state.subjects[end].sightings.data(), 1);
        __builtin_prefetch(state.subjects[end].introductions.data(), 1);
      }
    }
    if (ends_[0] == kNobody || ends_[1] == kNobody) return;
    if (number == 1) {
      key_ = Ledger::key_of(ends_[0], ends_[1], seen);
      state.ledger.prefetch_place(key_);
    } else if (number == 2) {
      state.ledger.prefetch_row(key_);
    }
  }
  void follow(std::size_t number, const Inventory::State& state, const Observation& o) const {
    if (ends_[0] == kNobody) return;
    const FactBook* const facts = state.subjects[ends_[0]].facts.get();
    if (facts == nullptr) return;
    if (number == 1) fetch(facts, sizeof(FactBook));
    if (number == 2) facts->prefetch_place(key_);
    if (number == 3) facts->prefetch_record(o, key_);
  }

  std::array<std::uint32_t, 2> ends_ = {kNobody,
                                        kNobody};  ///< subjects: a conversation's, or whose fact it is
  std::uint64_t key_ = 0;                          ///< the fact's, or the ledger row's
};

}  // namespace

void Inventory::add(std::span<const Observation* const> all) {
  constexpr std::size_t kApart = 4;  ///< observations between two steps: as long as memory takes
  std::array<Lookahead, 2 * Lookahead::kSteps * kApart> ahead;
  for (std::size_t i = 0; i < all.size() + Lookahead::kSteps * kApart; ++i) {
    for (std::size_t step = 0; step < Lookahead::kSteps && step * kApart <= i; ++step) {
      const std::size_t which = i - step * kApart;
      if (which < all.size()) ahead[which % ahead.size()].step(step, *state_, *all[which]);
    }
    if (i < Lookahead::kSteps * kApart) continue;
    const std::size_t now = i - Lookahead::kSteps * kApart;
    state_->take(*all[now], ahead[now % ahead.size()].key());
  }
}

}  // namespace bedrail
