// The end of the input: subjects become devices.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/parallel.h"
#include "inventory/state.h"

namespace bedrail {
namespace {

template <typename Record>
void sort_by_first(std::vector<Record>& records) {
  std::stable_sort(records.begin(), records.end(),
                   [](const Record& a, const Record& b) { return a.first.sequence < b.first.sequence; });
}

void take_subject(const Subject& subject, DeviceFacts& device) {
  if (subject.mac) {
    device.macs.push_back(*subject.mac);
    device.macs_seen.push_back(*subject.first);
  }
  if (subject.ip) {
    const std::string how(subject.bindings.empty() ? "traffic" : subject.bindings.front().how);
    device.addresses.push_back({*subject.ip, subject.first->time, subject.last->time, *subject.first, how});
  }
  device.vlans.insert(device.vlans.end(), subject.vlans.begin(), subject.vlans.end());
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

bool is_heard(const Subject& subject) { return subject.spoke && subject.first; }

std::size_t count_devices(const Inventory::State& state, const Grouping& grouping) {
  std::vector<bool> heard(state.subjects.size());
  for (std::uint32_t i = 0; i < state.subjects.size(); ++i) {
    if (is_heard(state.subjects[i])) heard[grouping.group[i]] = true;
  }
  return static_cast<std::size_t>(std::count(heard.begin(), heard.end(), true));
}

/// Subjects become devices; gives each subject's device.
std::vector<std::uint32_t> make_devices(Inventory::State& state, Grouping& grouping, InventoryResult& out) {
  std::vector<std::uint32_t> device_of(state.subjects.size(), Inventory::State::kNobody);
  std::vector<std::unique_ptr<FactBook>> books;
  out.devices.reserve(count_devices(state, grouping));
  for (std::uint32_t i = 0; i < state.subjects.size(); ++i) {
    Subject& subject = state.subjects[i];
    if (!is_heard(subject)) continue;
    const std::uint32_t root = grouping.group[i];
    if (device_of[root] == Inventory::State::kNobody) {
      device_of[root] = static_cast<std::uint32_t>(out.devices.size());
      out.devices.emplace_back().joins = std::move(grouping.reasons[root]);
    }
    device_of[i] = device_of[root];
    DeviceFacts& device = out.devices[device_of[i]];
    take_subject(subject, device);
    if (const std::optional<CarriedAddress>& carried = grouping.router[i]) {
      device.is_router = true;
      if (!device.carried || carried->first.sequence < device.carried->first.sequence)
        device.carried = carried;
    }
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

void sort_macs(DeviceFacts& device) {
  std::vector<std::pair<MacAddress, PacketRef>> order;
  for (std::size_t i = 0; i < device.macs.size(); ++i)
    order.emplace_back(device.macs[i], device.macs_seen[i]);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < order.size(); ++i) std::tie(device.macs[i], device.macs_seen[i]) = order[i];
}

void put_in_order(DeviceFacts& device) {
  sort_macs(device);
  std::sort(device.vlans.begin(), device.vlans.end());
  device.vlans.erase(std::unique(device.vlans.begin(), device.vlans.end()), device.vlans.end());
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

/// By id; `device_of` goes with them. What is sorted is small, the devices are not.
void sort_devices(std::vector<DeviceFacts>& devices, std::vector<std::uint32_t>& device_of) {
  std::vector<std::uint32_t> order(devices.size()), place(devices.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return devices[a].id < devices[b].id; });
  for (std::uint32_t i = 0; i < order.size(); ++i) place[order[i]] = i;
  for (std::uint32_t& device : device_of) {
    if (device != Inventory::State::kNobody) device = place[device];
  }
  for (std::uint32_t i = 0; i < place.size(); ++i) {
    while (place[i] != i) {
      std::swap(devices[i], devices[place[i]]);
      std::swap(place[i], place[place[i]]);
    }
  }
}

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
  tell(state.declared.overflow(), fmt::format("The table of devices that gateways tell of was full ({}): {} "
                                              "statements about further ones were not kept. Raise the limit "
                                              "declared.",
                                              state.limits.declared, state.declared.overflow()));
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
  std::vector<std::uint32_t> device_of = make_devices(state, grouping, out);
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
  drop_borrowed_names(out.devices);
  tell_declared(state, device_of, out);
  sort_devices(out.devices, device_of);
  tell_uses(state, device_of, threads, out.devices);
  make_connections(state, device_of, threads, out);
  tell_limits(state, out);
  return out;
}

}  // namespace bedrail
