// How each device takes part in which protocols: what it calls, what it is called for, how many, how
// regularly.
#include <algorithm>
#include <map>
#include <tuple>

#include "inventory/state.h"

namespace bedrail {
namespace {

/// A rate of less than this time is a burst's.
constexpr double kLasting = 60;

std::string_view protocol_of(const Ledger::Row& row) {
  if (!row.protocol.empty()) return row.protocol;
  return row.transport == Transport::kUdp ? "unknown-udp" : "unknown-tcp";
}

double seconds_of(const Ledger::Row& row) {
  return static_cast<double>(elapsed(row.first.time, row.last)) / static_cast<double>(kNanosecondsPerSecond);
}

class Uses {
 public:
  Uses(const Inventory::State& state, const std::vector<std::uint32_t>& device_of,
       std::vector<DeviceFacts>& devices)
      : state_(state), device_of_(device_of), devices_(devices) {}

  void run() {
    for (const Ledger::Row& row : state_.ledger.rows()) {
      // Knocking is no use of a service.
      if (row.count == row.failed || row.transport == Transport::kNone) continue;
      const std::uint32_t client = end_of(row.client), server = end_of(row.server);
      if (client == server) continue;
      take(row, client, Role::kClient);
      take(row, server, Role::kServer);
      if (row.answered) meetings_.emplace_back(protocol_of(row), server, client);
    }
    std::sort(meetings_.begin(), meetings_.end());
    meetings_.erase(std::unique(meetings_.begin(), meetings_.end()), meetings_.end());
    count_peers();
    for (auto& [key, use] : uses_) devices_[std::get<0>(key)].uses.push_back(std::move(use));
  }

 private:
  static constexpr std::uint32_t kSilent = 0x8000'0000;
  using Key = std::tuple<std::uint32_t, std::string_view, Role>;               ///< device ...
  using Meeting = std::tuple<std::string_view, std::uint32_t, std::uint32_t>;  ///< protocol, server, client

  /// A device's place, or the address's where nobody was heard from it.
  [[nodiscard]] std::uint32_t end_of(std::uint32_t subject) const {
    const std::uint32_t device = device_of_[subject];
    return device != Inventory::State::kNobody ? device : kSilent | subject;
  }

  void take(const Ledger::Row& row, std::uint32_t end, Role role) {
    if (end >= kSilent) return;
    const auto [place, fresh] = uses_.try_emplace(Key{end, protocol_of(row), role});
    UseRecord& use = place->second;
    if (fresh) {
      use.protocol = protocol_of(row);
      use.role = role;
    }
    if (fresh || row.first.sequence < use.first.sequence) use.first = row.first;
    const bool client = role == Role::kClient;
    use.bytes_out += client ? row.bytes_to_server : row.bytes_to_client;
    use.bytes_in += client ? row.bytes_to_client : row.bytes_to_server;
    if (const double lasted = seconds_of(row); lasted >= kLasting)
      use.rate = std::max(use.rate, static_cast<double>(row.packets) / lasted);
    if (client && row.rhythm.gaps > use.rhythm.gaps) use.rhythm = row.rhythm;
  }

  UseRecord* use(std::uint32_t end, std::string_view protocol, Role role) {
    const auto found = uses_.find(Key{end, protocol, role});
    return found == uses_.end() ? nullptr : &found->second;
  }

  void count_peers() {
    for (auto first = meetings_.begin(); first != meetings_.end();) {
      const auto& [protocol, server, ignored] = *first;
      const auto last = std::find_if(first, meetings_.end(), [&](const Meeting& m) {
        return std::get<0>(m) != std::get<0>(*first) || std::get<1>(m) != std::get<1>(*first);
      });
      const auto clients = static_cast<std::uint64_t>(last - first);
      if (UseRecord* offered = use(server, protocol, Role::kServer)) offered->peers = clients;
      for (auto meeting = first; meeting != last; ++meeting) {
        UseRecord* called = use(std::get<2>(*meeting), protocol, Role::kClient);
        if (called == nullptr) continue;
        ++called->peers;
        called->shared = std::max(called->shared, clients);
      }
      first = last;
    }
  }

  const Inventory::State& state_;
  const std::vector<std::uint32_t>& device_of_;
  std::vector<DeviceFacts>& devices_;
  std::map<Key, UseRecord> uses_;
  std::vector<Meeting> meetings_;
};

}  // namespace

void tell_uses(const Inventory::State& state, const std::vector<std::uint32_t>& device_of,
               std::vector<DeviceFacts>& devices) {
  Uses(state, device_of, devices).run();
}

}  // namespace bedrail
