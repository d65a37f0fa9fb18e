#pragma once

#include <cstdint>

#include "decode/defragmenter.h"
#include "flow/flow_table.h"

namespace bedrail {

/// Every bound of the packet side. Those of a shard count for each of the 16 shards; the shards' number is
/// fixed so that what a full table drops is the same with one thread and with many.
struct PipelineLimits {
  FlowLimits flows;                ///< per shard
  ReassemblyLimits reassembly;     ///< per shard and stream
  Defragmenter::Limits fragments;  ///< in all
  /// Memory for dissectors' states, per shard. Full: the dissection that was silent longest ends, its flow is
  /// counted.
  std::uint64_t dissection_bytes = std::uint64_t{24} * 1024 * 1024;
  /// Bytes kept per direction of a stream that nobody has recognised yet.
  std::uint32_t undecided_bytes = 2048;
  /// MAC addresses that speak without IP, per shard; further ones are counted only.
  std::uint32_t link_talkers = 4096;
  /// Kinds of conversations that none recognised, per shard; when there are more, the half with the fewest
  /// bytes is only counted.
  std::uint32_t unrecognised = 1024;
};

inline constexpr unsigned kShards = 16;

}  // namespace bedrail
