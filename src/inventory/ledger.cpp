#include "inventory/ledger.h"

#include <algorithm>

namespace bedrail {

void Ledger::add(std::uint32_t client, std::uint32_t server, const ConnectionSeen& seen) {
  const std::uint64_t what =
      std::uint64_t{seen.key.server.port} << 8 | static_cast<std::uint64_t>(seen.key.transport);
  const std::uint64_t key = hash64(seen.protocol, mix(std::uint64_t{client} << 32 | server, what));
  const auto [place, fresh] = places_.try_emplace(key, static_cast<std::uint32_t>(rows_.size()));
  if (fresh) {
    if (rows_.size() >= limit_) {
      places_.erase(place);
      ++overflow_;
      return;
    }
    rows_.push_back({client, server, seen.key.transport, seen.key.server.port, seen.protocol, 0, 0, 0, 0, 0,
                     false, seen.first, seen.last, Rhythm::from(seen.first.time)});
  }
  Row& row = rows_[place->second];
  ++row.count;
  row.rhythm.beat(seen.first.time);
  using State = ConnectionSeen::State;
  const bool failed = seen.state == State::kAttempted || seen.state == State::kRefused;
  if (failed) ++row.failed;
  row.packets += seen.packets_to_server + seen.packets_to_client;
  row.bytes_to_server += seen.bytes_to_server;
  row.bytes_to_client += seen.bytes_to_client;
  // A refusal is an answer, but nothing that the server gave.
  row.answered |= !failed && seen.packets_to_client > 0;
  if (seen.first.sequence < row.first.sequence) row.first = seen.first;
  row.last = std::max(row.last, seen.last);
}

}  // namespace bedrail
