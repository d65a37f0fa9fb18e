#pragma once

#include <absl/container/flat_hash_map.h>

#include <span>
#include <vector>

#include "flow/flow.h"
#include "model/assessment.h"

namespace bedrail {

/// What none recognised, by transport, server's port and the shape of what each end sent first: one shard's
/// account. Full: the half with the fewest bytes goes into `rest`.
class UnrecognisedTable {
 public:
  struct Key {
    Transport transport = Transport::kTcp;
    std::uint16_t port = 0;  ///< the server's; 0: both ports are dynamic
    Front first[2];          ///< by Direction
    friend auto operator<=>(const Key&, const Key&) = default;
    template <typename H>
    friend H AbslHashValue(H state, const Key& key) {
      for (const Front& each : key.first)
        state = H::combine_contiguous(std::move(state), each.bytes.data(), each.bytes.size());
      return H::combine(std::move(state), key.transport, key.port);
    }
  };
  struct Row {
    std::uint64_t flows = 0, packets = 0, bytes = 0;
    PacketRef example;     ///< where the first of these conversations begins
    bool dropped = false;  ///< while the table is pruned
  };
  using Rows = absl::flat_hash_map<Key, Row>;

  explicit UnrecognisedTable(std::size_t limit) : limit_(limit) {}
  /// A conversation that has ended.
  void add(const Flow& flow);
  void merge(const UnrecognisedTable& other);
  /// The `most` rows with the most bytes, for the document; what is left out is added to `rest`.
  [[nodiscard]] std::vector<UnrecognisedTraffic> largest(std::size_t most, ProtocolTotals& rest) const;

 private:
  void prune();

  std::size_t limit_;
  Rows rows_;
  ProtocolTotals rest_;
};

}  // namespace bedrail
