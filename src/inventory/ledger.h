#pragma once

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "model/observation.h"
#include "model/rhythm.h"

namespace bedrail {

/// Who spoke with whom, how often and how much: conversations added up by (client, server, transport, port,
/// protocol). Bounded; what does not fit is added up in `overflow`.
class Ledger {
 public:
  struct Row {
    std::uint32_t client = 0, server = 0;  ///< the inventory's subjects
    Transport transport = Transport::kNone;
    std::uint16_t port = 0;
    std::string_view protocol;
    std::uint64_t count = 0, failed = 0, packets = 0, bytes_to_server = 0, bytes_to_client = 0;
    bool answered = false;  ///< the server took part at least once
    bool directed = false;  ///< at least once it was seen that the client called
    PacketRef first;
    Timestamp last;
    Rhythm rhythm;  ///< of the conversations' beginnings
  };

  explicit Ledger(std::size_t limit) : limit_(limit) {
    // Memory comes where it is first written: this saves moving the rows as they become many.
    rows_.reserve(std::min<std::size_t>(limit, 262'144));
  }
  /// One number for the row to which a conversation belongs.
  static std::uint64_t key_of(std::uint32_t client, std::uint32_t server, const ConnectionSeen& seen) {
    const std::uint64_t what =
        std::uint64_t{seen.key.server.port} << 8 | static_cast<std::uint64_t>(seen.key.transport);
    return hash64(seen.protocol, mix(std::uint64_t{client} << 32 | server, what));
  }
  /// Brings nearer what `add` will need of that row: first its place, a little later itself.
  void prefetch_place(std::uint64_t key) const { places_.prefetch(key); }
  void prefetch_row(std::uint64_t key) const {
    if (const auto found = places_.find(key); found != places_.end()) {
      const char* const row = reinterpret_cast<const char*>(&rows_[found->second]);
      for (std::size_t i = 0; i < sizeof(Row); i += 64) __builtin_prefetch(row + i, 1);
    }
  }
  void add(std::uint32_t client, std::uint32_t server, const ConnectionSeen& seen);
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  [[nodiscard]] std::uint64_t overflow() const { return overflow_; }

 private:
  std::size_t limit_;
  std::vector<Row> rows_;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> places_;
  std::uint64_t overflow_ = 0;
};

}  // namespace bedrail
