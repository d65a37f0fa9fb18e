#include "inventory/conversations.h"

#include <algorithm>

namespace bedrail {

Conversations::Conversations(const Ledger& ledger, const std::vector<std::uint32_t>& end_of,
                             const absl::flat_hash_set<std::uint32_t>& clients) {
  if (clients.empty()) return;
  for (const Ledger::Row& row : ledger.rows()) {
    const std::uint32_t client = end_of[row.client];
    if (clients.contains(client)) rows_.emplace_back(client, end_of[row.server], row.protocol);
  }
  std::sort(rows_.begin(), rows_.end());
  rows_.erase(std::unique(rows_.begin(), rows_.end()), rows_.end());
}

bool Conversations::between(std::uint32_t a, std::uint32_t b) const {
  const auto called = [&](std::uint32_t client, std::uint32_t server) {
    const auto row = std::lower_bound(rows_.begin(), rows_.end(), Row{client, server, ""});
    return row != rows_.end() && std::get<0>(*row) == client && std::get<1>(*row) == server;
  };
  return called(a, b) || called(b, a);
}

bool Conversations::told(std::uint32_t client, std::uint32_t server, std::string_view protocol) const {
  return std::binary_search(rows_.begin(), rows_.end(), Row{client, server, protocol});
}

bool Conversations::share_server(std::uint32_t a, std::uint32_t b, std::string_view protocol) const {
  for (auto row = std::lower_bound(rows_.begin(), rows_.end(), Row{a, 0, ""});
       row != rows_.end() && std::get<0>(*row) == a; ++row) {
    if (std::get<2>(*row) == protocol && told(b, std::get<1>(*row), protocol)) return true;
  }
  return false;
}

}  // namespace bedrail
