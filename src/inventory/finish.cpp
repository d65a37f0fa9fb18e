// The end of the input: subjects become devices, ledger rows connections between them.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/parallel.h"
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

/// How it begins TCP connections is a clue like those that dissectors tell.
void tell_stack(const Subject& subject, DeviceFacts& device) {
  for (const Introduction& seen : subject.introductions) {
    std::string text = to_string(seen.start);
    const auto same = [&](const ClueRecord& clue) {
      return clue.key == "tcp.stack" && clue.value == text && clue.role == seen.role;
    };
    if (std::any_of(device.clues.begin(), device.clues.end(), same)) continue;
    device.clues.push_back(
        {"tcp.stack", std::move(text), seen.role, "tcp", seen.first, seen.last, seen.count});
  }
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
  for (std::uint32_t i = 0; i < state.subjects.size(); ++i) {
    if (device_of[i] != Inventory::State::kNobody) tell_stack(state.subjects[i], out.devices[device_of[i]]);
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

/// Ledger rows become connections between devices, or addresses from which nobody was heard (a group, a
/// silent host). An end is a device's place, or kSilent and the place of its address in `silent_`.
class ConnectionMaker {
 public:
  ConnectionMaker(const Inventory::State& state, const std::vector<std::uint32_t>& device_of,
                  InventoryResult& out)
      : state_(state), device_of_(device_of), out_(out) {}

  void run() {
    const auto& rows = state_.ledger.rows();
    out_.connections.reserve(rows.size());
    places_.reserve(rows.size());
    for (const Ledger::Row& row : rows) take(row);
    places_ = {};
    sort_rows();
    count_peers();
    count_clients();
  }

 private:
  static constexpr std::uint32_t kSilent = 0x8000'0000;
  using Ends = std::pair<std::uint32_t, std::uint32_t>;
  using Place = std::tuple<std::uint64_t, std::uint32_t, std::string_view>;  ///< ends, service, protocol
  using Client = std::tuple<std::uint32_t, Transport, std::uint16_t, std::uint32_t>;  ///< server ... client

  std::uint32_t end_of(std::uint32_t subject) {
    const std::uint32_t device = device_of_[subject];
    if (device != Inventory::State::kNobody) return device;
    const IpAddress& ip = *state_.subjects[subject].ip;
    const auto [place, fresh] =
        silent_places_.try_emplace(ip, kSilent | static_cast<std::uint32_t>(silent_.size()));
    if (fresh) silent_.push_back(ip);
    return place->second;
  }
  [[nodiscard]] std::string text_of(std::uint32_t end) const {
    return end < kSilent ? out_.devices[end].id : to_string(silent_[end ^ kSilent]);
  }

  void take(const Ledger::Row& row) {
    const std::uint32_t client = end_of(row.client), server = end_of(row.server);
    const std::uint32_t service = std::uint32_t{row.port} << 8 | static_cast<std::uint32_t>(row.transport);
    const auto [place, fresh] =
        places_.try_emplace(Place{std::uint64_t{client} << 32 | server, service, row.protocol},
                            static_cast<std::uint32_t>(out_.connections.size()));
    if (fresh) begin(row, client, server);
    ConnectionRow& to = out_.connections[place->second];
    if (fresh || row.first.sequence < first_of_[place->second]) {
      first_of_[place->second] = row.first.sequence;
      to.evidence = evidence_of(row.first, row.protocol.empty() ? to_string(row.transport) : row.protocol,
                                "connection", {});
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

  void begin(const Ledger::Row& row, std::uint32_t client, std::uint32_t server) {
    ConnectionRow& to = out_.connections.emplace_back();
    to.client = text_of(client);
    to.server = text_of(server);
    to.transport = to_string(row.transport);
    to.protocol = row.protocol;
    to.port = row.port;
    to.first = row.first.time;
    to.last = row.last;
    first_of_.push_back(row.first.sequence);
  }

  void behave(const Ledger::Row& row, std::uint32_t client, std::uint32_t server) {
    if (client < kSilent) {
      out_.devices[client].bytes_out += row.bytes_to_server;
      out_.devices[client].bytes_in += row.bytes_to_client;
    }
    if (server < kSilent) {
      out_.devices[server].bytes_in += row.bytes_to_server;
      out_.devices[server].bytes_out += row.bytes_to_client;
    }
    if (client >= kSilent || server >= kSilent || !row.answered || client == server) return;
    peers_.push_back({client, server});
    peers_.push_back({server, client});
    clients_.push_back({server, row.transport, row.port, client});
  }

  /// By the texts of both ends, protocol, port, transport. The few different texts are sorted once; the rows
  /// by the places of theirs.
  void sort_rows() {
    std::vector<ConnectionRow>& rows = out_.connections;
    std::vector<std::string_view> texts;
    texts.reserve(2 * rows.size());
    for (const ConnectionRow& row : rows) {
      for (const std::string* text : {&row.client, &row.server, &row.protocol, &row.transport}) {
        if (ranks_.try_emplace(*text, 0).second) texts.push_back(*text);
      }
    }
    std::sort(texts.begin(), texts.end());
    for (std::uint32_t i = 0; i < texts.size(); ++i) ranks_[texts[i]] = i;
    using Key = std::tuple<std::uint64_t, std::uint64_t, std::uint32_t, std::uint32_t>;
    std::vector<Key> keys;
    keys.reserve(rows.size());
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const ConnectionRow& row = rows[i];
      keys.emplace_back(ranks_[row.client] << 32 | ranks_[row.server], ranks_[row.protocol] << 32 | row.port,
                        static_cast<std::uint32_t>(ranks_[row.transport]), i);
    }
    std::sort(keys.begin(), keys.end());
    std::vector<ConnectionRow> sorted;
    sorted.reserve(rows.size());
    for (const Key& key : keys) sorted.push_back(std::move(rows[std::get<3>(key)]));
    ranks_ = {};
    rows = std::move(sorted);
  }

  template <typename T>
  static void sort_unique(std::vector<T>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
  }

  void count_peers() {
    sort_unique(peers_);
    for (const auto& [index, peer] : peers_) {
      DeviceFacts& device = out_.devices[index];
      ++device.peers;
      ++(out_.devices[peer].is_internal ? device.internal_peers : device.external_peers);
      device.peer_ids.push_back(out_.devices[peer].id);
    }
    for (DeviceFacts& device : out_.devices) {
      std::sort(device.peer_ids.begin(), device.peer_ids.end());
      if (device.peer_ids.size() <= kPeerIds) continue;
      device.peer_ids.resize(kPeerIds);
      device.peer_ids.shrink_to_fit();
    }
  }

  void count_clients() {
    sort_unique(clients_);
    for (std::uint32_t index = 0; index < out_.devices.size(); ++index) {
      for (ServiceRecord& service : out_.devices[index].services) {
        const auto first = std::lower_bound(clients_.begin(), clients_.end(),
                                            Client{index, service.transport, service.port, 0});
        const auto last = std::upper_bound(first, clients_.end(),
                                           Client{index, service.transport, service.port, UINT32_MAX});
        if (first != last) service.clients = static_cast<std::uint64_t>(last - first);
      }
    }
  }

  const Inventory::State& state_;
  const std::vector<std::uint32_t>& device_of_;
  InventoryResult& out_;
  absl::flat_hash_map<Place, std::uint32_t> places_;
  absl::flat_hash_map<IpAddress, std::uint32_t> silent_places_;
  absl::flat_hash_map<std::string_view, std::uint64_t> ranks_;  ///< of the rows' texts
  std::vector<std::uint64_t> first_of_;  ///< the evidence's sequence, by place in the connections
  std::vector<IpAddress> silent_;
  std::vector<Ends> peers_;
  std::vector<Client> clients_;
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

InventoryResult Inventory::finish(unsigned threads) {
  State& state = *state_;
  InventoryResult out;
  Grouping grouping = group_subjects(state);
  out.anomalies = std::move(state.anomalies);
  out.notices = std::move(grouping.notices);
  const std::vector<std::uint32_t> device_of = make_devices(state, grouping, out);
  parallel_for(threads, out.devices.size(), [&](std::size_t i) {
    put_in_order(out.devices[i]);
    out.devices[i].id = id_of(out.devices[i]);
  });
  std::set<std::string> ids;
  for (DeviceFacts& device : out.devices) {
    // Two owners of one address without a MAC: the later one is told apart by when it began.
    while (!ids.insert(device.id).second)
      device.id = fmt::format("dev-{:016x}", hash64(fmt::format("{} {}", device.id, device.first->sequence)));
  }
  mark_repeats(state, device_of, out.devices);
  tell_uses(state, device_of, out.devices);
  ConnectionMaker(state, device_of, out).run();
  tell_limits(state, out);
  std::sort(out.devices.begin(), out.devices.end(),
            [](const DeviceFacts& a, const DeviceFacts& b) { return a.id < b.id; });
  return out;
}

}  // namespace bedrail
