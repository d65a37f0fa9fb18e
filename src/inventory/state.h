#pragma once

#include <absl/container/flat_hash_map.h>

#include <map>
#include <string>
#include <vector>

#include "inventory/declared.h"
#include "inventory/inventory.h"
#include "inventory/ledger.h"
#include "inventory/subject.h"

namespace bedrail {

/// What the inventory has heard so far: subjects, their facts, the ledger.
struct Inventory::State {
  explicit State(InventoryLimits l) : limits(l), ledger(l.connections), declared(l.declared) {}

  static constexpr std::uint32_t kNobody = 0xffffffff;

  InventoryLimits limits;
  std::vector<Subject> subjects;
  absl::flat_hash_map<IpAddress, std::uint32_t> by_ip;  ///< the address's present owner
  absl::flat_hash_map<MacAddress, std::uint32_t> by_mac;
  Ledger ledger;
  DeclaredTable declared;
  std::map<std::string, std::uint64_t> anomalies;
  std::uint64_t turned_away = 0, facts_dropped = 0;
  /// Conversations in VLANs, by hash of their ends: the last one's VLAN and beginning. Emptied when full.
  absl::flat_hash_map<std::uint64_t, std::pair<std::uint16_t, Timestamp>> tagged;

  /// kNobody where the table is full or the address is no device's.
  std::uint32_t of_ip(const IpAddress& ip);
  std::uint32_t of_mac(const MacAddress& mac);
  std::uint32_t of(const Party& party);
  void bind(const AddressBound& bound, const Observation& observation);
  void connection(const ConnectionSeen& seen);
  /// The conversation was seen before, in another VLAN.
  bool is_copy(const ConnectionSeen& seen);
  void fact(const Observation& observation, const Party& party, bool as_peer, std::uint64_t key);
  void take(const Observation& observation, std::uint64_t key);
};

/// Which subjects are one device, and why. `group[i]` is the smallest subject of `i`'s device.
struct Grouping {
  std::vector<std::uint32_t> group;
  std::vector<std::vector<std::string>> reasons;  ///< by smallest subject
  /// By subject, of a MAC with others' addresses behind it: the first of them.
  std::vector<std::optional<CarriedAddress>> router;
  std::vector<Notice> notices;
};

/// The rules are in the room's page.
Grouping group_subjects(const Inventory::State& state);

/// Ledger rows become `out.connections`, and what the devices' behaviour is told by: peers, bytes, clients of
/// services. `device_of[subject]` is its place in `out.devices`, which are in their order already.
void make_connections(const Inventory::State& state, const std::vector<std::uint32_t>& device_of,
                      unsigned threads, InventoryResult& out);

/// Sets DeviceFacts::repeats_others; `device_of[subject]` is its place in `devices`.
void mark_repeats(const Inventory::State& state, const std::vector<std::uint32_t>& device_of,
                  std::vector<DeviceFacts>& devices);

/// A relay of logins answers as whom it relays to: takes the names that other devices go by from who shows
/// several in NTLM.
void drop_borrowed_names(std::vector<DeviceFacts>& devices);

/// Devices that others spoke of: what is said joins the device that was seen, or becomes a device that was
/// not heard. Sets DeviceFacts::speaks_for_others; those that are new stand behind the others.
void tell_declared(Inventory::State& state, const std::vector<std::uint32_t>& device_of,
                   InventoryResult& out);

/// Sets DeviceFacts::uses; `device_of[subject]` is its place in `devices`.
void tell_uses(const Inventory::State& state, const std::vector<std::uint32_t>& device_of, unsigned threads,
               std::vector<DeviceFacts>& devices);

}  // namespace bedrail
