#include "inventory/ledger.h"

#include <algorithm>

namespace bedrail {

void Ledger::add(std::uint32_t client, std::uint32_t server, const ConnectionSeen& seen) {
  const std::uint64_t key = key_of(client, server, seen);
  auto place = places_.find(key);
  if (place == places_.end()) {
    if (rows_.size() >= limit_) {
      ++overflow_;
      return;
    }
    place = places_.emplace(key, static_cast<std::uint32_t>(rows_.size())).first;
    rows_.push_back({client, server, seen.key.transport, seen.key.server.port, seen.protocol, 0, 0, 0, 0, 0,
                     false, false, seen.first, seen.last, Rhythm::from(seen.first.time)});
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
  row.directed |= !failed && seen.directed;
  if (seen.first.sequence < row.first.sequence) row.first = seen.first;
  row.last = std::max(row.last, seen.last);
}

}  // namespace bedrail
