// The end of the input: the ledger's rows become connections between devices.
#include <algorithm>
#include <numeric>
#include <tuple>

#include "base/parallel.h"
#include "inventory/state.h"
#include "inventory/text_ranks.h"

namespace bedrail {
namespace {

constexpr std::size_t kPeerIds = 64;

/// An end is a device, or an address from which nobody was heard (a group, a silent host). It has the number
/// of its place among the ends' texts: whatever is sorted by it is sorted as the document is.
class Ends {
 public:
  Ends(const Inventory::State& state, const std::vector<std::uint32_t>& device_of,
       const std::vector<DeviceFacts>& devices)
      : devices_(devices), of_subject_(device_of) {
    // Silent ends behind the devices, as they are met; then all by their texts.
    absl::flat_hash_map<IpAddress, std::uint32_t> silent;
    for (const DeviceFacts& device : devices) texts_.push_back(device.id);
    for (std::uint32_t subject = 0; subject < of_subject_.size(); ++subject) {
      if (of_subject_[subject] != Inventory::State::kNobody || !state.subjects[subject].ip) continue;
      const auto [place, fresh] =
          silent.try_emplace(*state.subjects[subject].ip, static_cast<std::uint32_t>(texts_.size()));
      if (fresh) texts_.push_back(to_string(*state.subjects[subject].ip));
      of_subject_[subject] = place->second;
    }
    put_in_order();
  }

  /// Of a subject that the ledger knows.
  [[nodiscard]] std::uint32_t of(std::uint32_t subject) const { return of_subject_[subject]; }
  [[nodiscard]] const std::string& text(std::uint32_t end) const { return texts_[end]; }
  /// Its place among the devices; none where nobody was heard.
  [[nodiscard]] std::optional<std::uint32_t> device(std::uint32_t end) const {
    return device_[end] < devices_.size() ? std::optional(device_[end]) : std::nullopt;
  }

 private:
  void put_in_order() {
    device_.resize(texts_.size());
    std::iota(device_.begin(), device_.end(), 0U);
    std::sort(device_.begin(), device_.end(),
              [&](std::uint32_t a, std::uint32_t b) { return texts_[a] < texts_[b]; });
    std::vector<std::uint32_t> place(texts_.size());
    std::vector<std::string> sorted;
    sorted.reserve(texts_.size());
    for (const std::uint32_t from : device_) {
      place[from] = static_cast<std::uint32_t>(sorted.size());
      sorted.push_back(std::move(texts_[from]));
    }
    texts_ = std::move(sorted);
    for (std::uint32_t& end : of_subject_) {
      if (end != Inventory::State::kNobody) end = place[end];
    }
  }

  const std::vector<DeviceFacts>& devices_;
  std::vector<std::uint32_t> of_subject_;
  std::vector<std::string> texts_;     ///< ascending
  std::vector<std::uint32_t> device_;  ///< by end; a silent end's is none
};

class ConnectionMaker {
 public:
  ConnectionMaker(const Inventory::State& state, const std::vector<std::uint32_t>& device_of,
                  unsigned threads, InventoryResult& out)
      : rows_(state.ledger.rows()), threads_(threads), out_(out), ends_(state, device_of, out.devices) {}

  void run() {
    for (const Ledger::Row& row : rows_) add_bytes(row);
    sort_rows();
    count_peers();
    count_clients();
    make_rows();
  }

 private:
  /// A row of the ledger in the document's order: ends, protocol, port, transport.
  struct Place {
    std::uint64_t ends, service;
    std::uint32_t row;
    friend auto operator<=>(const Place&, const Place&) = default;
    [[nodiscard]] bool same_connection(const Place& other) const {
      return ends == other.ends && service == other.service;
    }
  };

  void add_bytes(const Ledger::Row& row) {
    if (const auto client = ends_.device(ends_.of(row.client))) {
      out_.devices[*client].bytes_out += row.bytes_to_server;
      out_.devices[*client].bytes_in += row.bytes_to_client;
    }
    if (const auto server = ends_.device(ends_.of(row.server))) {
      out_.devices[*server].bytes_in += row.bytes_to_server;
      out_.devices[*server].bytes_out += row.bytes_to_client;
    }
  }

  void sort_rows() {
    TextRanks protocols;
    for (const Ledger::Row& row : rows_) protocols.add(row.protocol);
    protocols.number();
    places_.reserve(rows_.size());
    for (std::uint32_t i = 0; i < rows_.size(); ++i) {
      const Ledger::Row& row = rows_[i];
      places_.push_back({pair_of(ends_.of(row.client), ends_.of(row.server)),
                         std::uint64_t{protocols.of(row.protocol)} << 32 | std::uint64_t{row.port} << 8 |
                             rank_of(row.transport),
                         i});
    }
    parallel_sort(threads_, places_);
  }
  static std::uint64_t pair_of(std::uint32_t high, std::uint32_t low) {
    return std::uint64_t{high} << 32 | low;
  }
  /// By its text.
  static std::uint64_t rank_of(Transport transport) {
    switch (transport) {
      case Transport::kIcmp:
        return 1;
      case Transport::kOther:
        return 2;
      case Transport::kTcp:
        return 3;
      case Transport::kUdp:
        return 4;
      case Transport::kNone:
        break;
    }
    return 0;
  }

  /// Rows of one connection (a device may have several addresses) add up.
  void make_rows() {
    std::vector<std::uint32_t> first;  // of each connection, in `places_`
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
      if (i == 0 || !places_[i].same_connection(places_[i - 1])) first.push_back(i);
    }
    out_.connections.resize(first.size());
    first.push_back(static_cast<std::uint32_t>(places_.size()));
    parallel_for(threads_, out_.connections.size(), [&](std::size_t i) {
      ConnectionRow& to = out_.connections[i];
      begin(to, rows_[places_[first[i]].row]);
      const Ledger::Row* earliest = &rows_[places_[first[i]].row];
      for (std::uint32_t at = first[i]; at < first[i + 1]; ++at) {
        const Ledger::Row& row = rows_[places_[at].row];
        if (row.first.sequence < earliest->first.sequence) earliest = &row;
        add(to, row);
      }
      to.evidence =
          evidence_of(earliest->first, to.protocol.empty() ? std::string_view(to.transport) : to.protocol,
                      "connection", {});
    });
  }
  void begin(ConnectionRow& to, const Ledger::Row& row) const {
    to.client = ends_.text(ends_.of(row.client));
    to.server = ends_.text(ends_.of(row.server));
    to.transport = to_string(row.transport);
    to.protocol = row.protocol;
    to.port = row.port;
    to.first = row.first.time;
    to.last = row.last;
  }
  static void add(ConnectionRow& to, const Ledger::Row& row) {
    to.count += row.count;
    to.packets += row.packets;
    to.failed += row.failed;
    to.directed |= row.directed;
    to.bytes_to_server += row.bytes_to_server;
    to.bytes_to_client += row.bytes_to_client;
    // The times of a capture may go back.
    to.first = std::min({to.first, row.first.time, row.last});
    to.last = std::max({to.last, row.first.time, row.last});
  }

  /// Calls `use(client end, server end, row)` for what passed between two different devices and was answered.
  template <typename Use>
  void between_devices(const Use& use) const {
    for (const Ledger::Row& row : rows_) {
      const std::uint32_t client = ends_.of(row.client), server = ends_.of(row.server);
      if (row.answered && client != server && ends_.device(client) && ends_.device(server))
        use(client, server, row);
    }
  }

  void count_peers() {
    std::vector<std::uint64_t> pairs;  // an end and its peer
    between_devices([&](std::uint32_t client, std::uint32_t server, const Ledger::Row&) {
      pairs.push_back(pair_of(client, server));
      pairs.push_back(pair_of(server, client));
    });
    parallel_sort(threads_, pairs);
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    for (const std::uint64_t pair : pairs) {
      DeviceFacts& device = out_.devices[*ends_.device(static_cast<std::uint32_t>(pair >> 32))];
      const DeviceFacts& peer = out_.devices[*ends_.device(static_cast<std::uint32_t>(pair))];
      ++device.peers;
      ++(peer.is_internal ? device.internal_peers : device.external_peers);
      if (device.peer_ids.size() < kPeerIds) device.peer_ids.push_back(peer.id);
    }
  }

  void count_clients() {
    using Client = std::tuple<std::uint64_t, std::uint32_t>;  // server's device and service, client's end
    const auto service_of = [](std::uint32_t device, Transport transport, std::uint16_t port) {
      return std::uint64_t{device} << 32 | std::uint64_t{port} << 8 | static_cast<std::uint64_t>(transport);
    };
    std::vector<Client> clients;
    between_devices([&](std::uint32_t client, std::uint32_t server, const Ledger::Row& row) {
      clients.emplace_back(service_of(*ends_.device(server), row.transport, row.port), client);
    });
    parallel_sort(threads_, clients);
    clients.erase(std::unique(clients.begin(), clients.end()), clients.end());
    for (std::uint32_t index = 0; index < out_.devices.size(); ++index) {
      for (ServiceRecord& service : out_.devices[index].services) {
        const std::uint64_t key = service_of(index, service.transport, service.port);
        const auto first = std::lower_bound(clients.begin(), clients.end(), Client{key, 0});
        const auto last = std::upper_bound(first, clients.end(), Client{key, UINT32_MAX});
        if (first != last) service.clients = static_cast<std::uint64_t>(last - first);
      }
    }
  }

  const std::vector<Ledger::Row>& rows_;
  unsigned threads_;
  InventoryResult& out_;
  Ends ends_;
  std::vector<Place> places_;
};

}  // namespace

void make_connections(const Inventory::State& state, const std::vector<std::uint32_t>& device_of,
                      unsigned threads, InventoryResult& out) {
  ConnectionMaker(state, device_of, threads, out).run();
}

}  // namespace bedrail
