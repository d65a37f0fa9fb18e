// The end of the input: subjects become devices, ledger rows connections between them.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "inventory/state.h"

namespace bedrail {
namespace {

constexpr std::size_t kPeerIds = 64;

template <typename Record>
void sort_by_first(std::vector<Record>& records) {
  std::stable_sort(records.begin(), records.end(),
                   [](const Record& a, const Record& b) { return a.first.sequence < b.first.sequence; });
}

void take_subject(const Subject& subject, DeviceFacts& device) {
  if (subject.mac) device.macs.push_back(*subject.mac);
  if (subject.ip) {
    const std::string how(subject.bindings.empty() ? "traffic" : subject.bindings.front().how);
    device.addresses.push_back({*subject.ip, subject.first->time, subject.last->time, *subject.first, how});
  }
  if (subject.mac && subject.first &&
      (!device.mac_seen || subject.first->sequence < device.mac_seen->sequence))
    device.mac_seen = subject.first;
  for (const std::uint16_t vlan : subject.vlans) {
    if (std::find(device.vlans.begin(), device.vlans.end(), vlan) == device.vlans.end())
      device.vlans.push_back(vlan);
  }
  if (subject.first && (!device.first || subject.first->sequence < device.first->sequence))
    device.first = subject.first;
  if (subject.last && (!device.last || subject.last->time > device.last->time)) device.last = subject.last;
  device.initial_ttls |= subject.initial_ttls;
  device.packets_out += subject.link_packets;
  device.bytes_out += subject.link_bytes;
}

/// From what stays the same when the network is captured again: the maker's MAC, else any MAC, else the
/// address.
std::string id_of(const DeviceFacts& device) {
  std::string key;
  for (const MacAddress& mac : device.macs) {
    if (key.empty() && !mac.is_local()) key = to_string(mac);
  }
  if (key.empty() && !device.macs.empty()) key = to_string(device.macs.front());
  if (key.empty()) key = to_string(device.addresses.front().ip);
  return fmt::format("dev-{:016x}", hash64(key));
}

/// Subjects become devices; gives each subject's device.
std::vector<std::uint32_t> make_devices(Inventory::State& state, Grouping& grouping, InventoryResult& out) {
  std::vector<std::uint32_t> device_of(state.subjects.size(), Inventory::State::kNobody);
  std::vector<std::unique_ptr<FactBook>> books;
  for (std::uint32_t i = 0; i < state.subjects.size(); ++i) {
    Subject& subject = state.subjects[i];
    if (!subject.spoke || !subject.first) continue;
    const std::uint32_t root = grouping.group[i];
    if (device_of[root] == Inventory::State::kNobody) {
      device_of[root] = static_cast<std::uint32_t>(out.devices.size());
      out.devices.emplace_back().joins = std::move(grouping.reasons[root]);
    }
    device_of[i] = device_of[root];
    DeviceFacts& device = out.devices[device_of[i]];
    take_subject(subject, device);
    device.is_router = device.is_router || grouping.router[i];
    if (!subject.facts) continue;
    // One book a device: looking facts up stays cheap, and the limit holds for the whole device.
    books.resize(out.devices.size());
    std::unique_ptr<FactBook>& book = books[device_of[i]];
    if (book == nullptr) {
      book = std::move(subject.facts);
    } else {
      state.facts_dropped += book->absorb(std::move(*subject.facts), state.limits.facts);
    }
  }
  for (std::size_t i = 0; i < books.size(); ++i) {
    if (books[i] != nullptr) books[i]->move_into(out.devices[i]);
  }
  return device_of;
}

void put_in_order(DeviceFacts& device) {
  std::sort(device.macs.begin(), device.macs.end());
  std::sort(device.vlans.begin(), device.vlans.end());
  std::stable_sort(device.addresses.begin(), device.addresses.end(),
                   [](const auto& a, const auto& b) { return a.ip < b.ip; });
  device.is_internal = !device.macs.empty() || std::any_of(device.addresses.begin(), device.addresses.end(),
                                                           [](const auto& a) { return a.ip.is_private(); });
  sort_by_first(device.names);
  sort_by_first(device.clues);
  sort_by_first(device.services);
  sort_by_first(device.logins);
  sort_by_first(device.protocols);
  sort_by_first(device.sessions);
  sort_by_first(device.messages);
  sort_by_first(device.patient_data);
  sort_by_first(device.certificates);
}

/// An end of a connection: a device, or an address from which nobody was heard (a group, a silent host).
struct End {
  std::uint32_t device = Inventory::State::kNobody;
  std::string text;
};

class ConnectionMaker {
 public:
  ConnectionMaker(const Inventory::State& state, const std::vector<std::uint32_t>& device_of,
                  InventoryResult& out)
      : state_(state), device_of_(device_of), out_(out), peers_(out.devices.size()) {}

  void run() {
    for (const Ledger::Row& row : state_.ledger.rows()) take(row);
    for (auto& [key, row] : rows_) out_.connections.push_back(std::move(row));
    for (std::size_t i = 0; i < peers_.size(); ++i) count_peers(out_.devices[i], peers_[i]);
    for (DeviceFacts& device : out_.devices) count_clients(device);
  }

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::uint16_t, std::string>;

  [[nodiscard]] End end_of(std::uint32_t subject) const {
    const std::uint32_t device = device_of_[subject];
    if (device != Inventory::State::kNobody) return {device, out_.devices[device].id};
    return {device, to_string(*state_.subjects[subject].ip)};
  }

  void take(const Ledger::Row& row) {
    const End client = end_of(row.client), server = end_of(row.server);
    const std::string transport(to_string(row.transport)), protocol(row.protocol);
    const auto [place, fresh] =
        rows_.try_emplace(Key{client.text, server.text, protocol, row.port, transport});
    ConnectionRow& to = place->second;
    if (fresh || row.first.sequence < first_of_[&to]) {
      first_of_[&to] = row.first.sequence;
      to.evidence = evidence_of(row.first, protocol.empty() ? transport : protocol, "connection", {});
    }
    if (fresh) {
      to.client = client.text;
      to.server = server.text;
      to.transport = transport;
      to.protocol = protocol;
      to.port = row.port;
      to.first = row.first.time;
      to.last = row.last;
    }
    to.count += row.count;
    to.packets += row.packets;
    to.failed += row.failed;
    to.bytes_to_server += row.bytes_to_server;
    to.bytes_to_client += row.bytes_to_client;
    to.first = std::min(to.first, row.first.time);
    to.last = std::max(to.last, row.last);
    behave(row, client, server);
  }

  void behave(const Ledger::Row& row, const End& client, const End& server) {
    const bool known_client = client.device != Inventory::State::kNobody,
               known_server = server.device != Inventory::State::kNobody;
    if (known_client) {
      out_.devices[client.device].bytes_out += row.bytes_to_server;
      out_.devices[client.device].bytes_in += row.bytes_to_client;
    }
    if (known_server) {
      out_.devices[server.device].bytes_in += row.bytes_to_server;
      out_.devices[server.device].bytes_out += row.bytes_to_client;
    }
    if (!known_client || !known_server || !row.answered || client.device == server.device) return;
    peers_[client.device].insert(server.device);
    peers_[server.device].insert(client.device);
    clients_[{server.device, row.transport, row.port}].insert(client.device);
  }

  void count_peers(DeviceFacts& device, const std::set<std::uint32_t>& peers) const {
    device.peers = peers.size();
    for (const std::uint32_t peer : peers) {
      ++(out_.devices[peer].is_internal ? device.internal_peers : device.external_peers);
      device.peer_ids.push_back(out_.devices[peer].id);
    }
    std::sort(device.peer_ids.begin(), device.peer_ids.end());
    if (device.peer_ids.size() > kPeerIds) device.peer_ids.resize(kPeerIds);
  }

  void count_clients(DeviceFacts& device) const {
    const auto index = static_cast<std::uint32_t>(&device - out_.devices.data());
    for (ServiceRecord& service : device.services) {
      const auto found = clients_.find({index, service.transport, service.port});
      if (found != clients_.end()) service.clients = found->second.size();
    }
  }

  const Inventory::State& state_;
  const std::vector<std::uint32_t>& device_of_;
  InventoryResult& out_;
  std::map<Key, ConnectionRow> rows_;
  absl::flat_hash_map<const ConnectionRow*, std::uint64_t> first_of_;  ///< the evidence's sequence, by row
  std::vector<std::set<std::uint32_t>> peers_;
  std::map<std::tuple<std::uint32_t, Transport, std::uint16_t>, std::set<std::uint32_t>> clients_;
};

void tell_limits(const Inventory::State& state, InventoryResult& out) {
  const auto tell = [&](std::uint64_t count, std::string text) {
    if (count > 0) out.notices.push_back({"table-full", std::move(text), count});
  };
  tell(state.turned_away, fmt::format("The table of addresses was full ({}): {} statements about further "
                                      "ones were not kept. Raise the limit of subjects, or "
                                      "read fewer networks at a time.",
                                      state.limits.subjects, state.turned_away));
  tell(state.facts_dropped, fmt::format("{} facts about devices that show very many of one kind were not "
                                        "kept (limit {} a device and kind).",
                                        state.facts_dropped, state.limits.facts));
  tell(state.ledger.overflow(), fmt::format("The ledger of connections was full ({} rows): {} further "
                                            "conversations are counted in totals only.",
                                            state.limits.connections, state.ledger.overflow()));
}

}  // namespace

InventoryResult Inventory::finish() {
  State& state = *state_;
  InventoryResult out;
  Grouping grouping = group_subjects(state.subjects, state.by_mac);
  out.anomalies = std::move(state.anomalies);
  out.notices = std::move(grouping.notices);
  const std::vector<std::uint32_t> device_of = make_devices(state, grouping, out);
  std::set<std::string> ids;
  for (DeviceFacts& device : out.devices) {
    put_in_order(device);
    device.id = id_of(device);
    // Two owners of one address without a MAC: the later one is told apart by when it began.
    while (!ids.insert(device.id).second)
      device.id = fmt::format("dev-{:016x}", hash64(fmt::format("{} {}", device.id, device.first->sequence)));
  }
  ConnectionMaker(state, device_of, out).run();
  tell_limits(state, out);
  std::sort(out.devices.begin(), out.devices.end(),
            [](const DeviceFacts& a, const DeviceFacts& b) { return a.id < b.id; });
  return out;
}

}  // namespace bedrail
