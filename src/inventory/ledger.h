#pragma once

#include <absl/container/flat_hash_map.h>

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
    PacketRef first;
    Timestamp last;
    Rhythm rhythm;  ///< of the conversations' beginnings
  };

  explicit Ledger(std::size_t limit) : limit_(limit) {}
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
