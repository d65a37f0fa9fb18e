#pragma once

#include <absl/container/flat_hash_set.h>

#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "inventory/ledger.h"

namespace bedrail {

/// With whom a few ends conversed, read from the ledger once. An end is whatever the caller counts as one: a
/// group of subjects, a device.
class Conversations {
 public:
  /// `end_of[subject]`: the end that it belongs to. Only what `clients` began is kept.
  Conversations(const Ledger& ledger, const std::vector<std::uint32_t>& end_of,
                const absl::flat_hash_set<std::uint32_t>& clients);

  /// Whether one of them called the other, in any protocol, answered or not.
  [[nodiscard]] bool between(std::uint32_t a, std::uint32_t b) const;
  /// Whether `client` spoke this protocol to `server`.
  [[nodiscard]] bool told(std::uint32_t client, std::uint32_t server, std::string_view protocol) const;
  /// Whether both spoke this protocol to the same server.
  [[nodiscard]] bool share_server(std::uint32_t a, std::uint32_t b, std::string_view protocol) const;

 private:
  using Row = std::tuple<std::uint32_t, std::uint32_t, std::string_view>;  ///< client, server, protocol
  std::vector<Row> rows_;                                                  ///< ascending, each once
};

}  // namespace bedrail
