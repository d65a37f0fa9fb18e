// How each device takes part in which protocols: what it calls, what it is called for, how many, how
// regularly.
#include <algorithm>

#include "base/parallel.h"
#include "inventory/state.h"
#include "inventory/text_ranks.h"

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
  Uses(const Inventory::State& state, const std::vector<std::uint32_t>& device_of, unsigned threads,
       std::vector<DeviceFacts>& devices)
      : rows_(state.ledger.rows()), device_of_(device_of), threads_(threads), devices_(devices) {}

  void run() {
    for (const Ledger::Row& row : rows_) protocols_.add(protocol_of(row));
    protocols_.number();
    for (std::uint32_t i = 0; i < rows_.size(); ++i) note(i);
    parallel_sort(threads_, parts_);
    parallel_for(threads_, devices_.size(), [&](std::size_t i) { tell(static_cast<std::uint32_t>(i)); });
    count_peers();
  }

 private:
  static constexpr std::uint32_t kSilent = 0x8000'0000;
  /// A device takes part in a row of the ledger; by device, protocol, role, in the ledger's order.
  struct Part {
    std::uint64_t use;
    std::uint32_t row;
    friend auto operator<=>(const Part&, const Part&) = default;
  };
  /// A client was answered; by protocol and server.
  struct Meeting {
    std::uint64_t service;
    std::uint32_t client;
    friend auto operator<=>(const Meeting&, const Meeting&) = default;
  };

  /// A device's place, or the address's where nobody was heard from it.
  [[nodiscard]] std::uint32_t end_of(std::uint32_t subject) const {
    const std::uint32_t device = device_of_[subject];
    return device != Inventory::State::kNobody ? device : kSilent | subject;
  }
  static std::uint64_t use_of(std::uint32_t device, std::uint32_t protocol, Role role) {
    return std::uint64_t{device} << 32 | protocol << 2 | static_cast<std::uint32_t>(role);
  }

  void note(std::uint32_t which) {
    const Ledger::Row& row = rows_[which];
    // Knocking is no use of a service.
    if (row.count == row.failed || row.transport == Transport::kNone) return;
    const std::uint32_t client = end_of(row.client), server = end_of(row.server);
    if (client == server) return;
    const std::uint32_t protocol = protocols_.of(protocol_of(row));
    if (client < kSilent) parts_.push_back({use_of(client, protocol, Role::kClient), which});
    if (server < kSilent) parts_.push_back({use_of(server, protocol, Role::kServer), which});
    if (row.answered) meetings_.push_back({std::uint64_t{protocol} << 32 | server, client});
  }

  void tell(std::uint32_t device) {
    auto part = std::lower_bound(parts_.begin(), parts_.end(), Part{use_of(device, 0, Role::kSelf), 0});
    for (std::uint64_t use = UINT64_MAX; part != parts_.end() && part->use >> 32 == device; ++part) {
      const Ledger::Row& row = rows_[part->row];
      const Role role = static_cast<Role>(part->use & 3);
      std::vector<UseRecord>& uses = devices_[device].uses;
      if (part->use != use) {
        UseRecord& fresh = uses.emplace_back();
        fresh.protocol = protocol_of(row);
        fresh.role = role;
        fresh.first = row.first;
      }
      use = part->use;
      take(row, role, uses.back());
    }
  }

  static void take(const Ledger::Row& row, Role role, UseRecord& use) {
    if (row.first.sequence < use.first.sequence) use.first = row.first;
    const bool client = role == Role::kClient;
    use.bytes_out += client ? row.bytes_to_server : row.bytes_to_client;
    use.bytes_in += client ? row.bytes_to_client : row.bytes_to_server;
    if (const double lasted = seconds_of(row); lasted >= kLasting)
      use.rate = std::max(use.rate, static_cast<double>(row.packets) / lasted);
    if (client && row.rhythm.gaps > use.rhythm.gaps) use.rhythm = row.rhythm;
  }

  /// Of those that `tell` made; null for an address from which nobody was heard.
  UseRecord* find(std::uint32_t end, std::string_view protocol, Role role) {
    if (end >= kSilent) return nullptr;
    for (UseRecord& use : devices_[end].uses) {
      if (use.role == role && use.protocol == protocol) return &use;
    }
    return nullptr;
  }

  void count_peers() {
    parallel_sort(threads_, meetings_);
    meetings_.erase(std::unique(meetings_.begin(), meetings_.end()), meetings_.end());
    for (auto first = meetings_.begin(); first != meetings_.end();) {
      const std::uint64_t service = first->service;
      const auto last =
          std::find_if(first, meetings_.end(), [&](const Meeting& m) { return m.service != service; });
      const auto clients = static_cast<std::uint64_t>(last - first);
      const std::string_view protocol = protocols_.text(static_cast<std::uint32_t>(service >> 32));
      if (UseRecord* offered = find(static_cast<std::uint32_t>(service), protocol, Role::kServer))
        offered->peers = clients;
      for (; first != last; ++first) {
        UseRecord* called = find(first->client, protocol, Role::kClient);
        if (called == nullptr) continue;
        ++called->peers;
        called->shared = std::max(called->shared, clients);
      }
    }
  }

  const std::vector<Ledger::Row>& rows_;
  const std::vector<std::uint32_t>& device_of_;
  unsigned threads_;
  std::vector<DeviceFacts>& devices_;
  TextRanks protocols_;
  std::vector<Part> parts_;
  std::vector<Meeting> meetings_;
};

}  // namespace

void tell_uses(const Inventory::State& state, const std::vector<std::uint32_t>& device_of, unsigned threads,
               std::vector<DeviceFacts>& devices) {
  Uses(state, device_of, threads, devices).run();
}

}  // namespace bedrail
