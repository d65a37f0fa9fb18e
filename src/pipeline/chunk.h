#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

#include "capture/raw_packet.h"
#include "flow/conversation_key.h"
#include "model/observation.h"
#include "pipeline/limits.h"

namespace bedrail {

/// Packets between two sweeps for ended flows: a fixed stretch of the input, so that sweeps fall on the same
/// packets whatever the number of threads and the size of the chunks.
inline constexpr std::uint64_t kSweepPackets = 1024;

/// Copies of bytes that stay where they are until `clear`; its memory is used again.
class ByteArena {
 public:
  Bytes copy(Bytes bytes) {
    if (bytes.size() > left_) next_block(bytes.size());
    std::byte* place = blocks_[block_ - 1].bytes.get() + (blocks_[block_ - 1].size - left_);
    if (!bytes.empty()) std::memcpy(place, bytes.data(), bytes.size());
    left_ -= bytes.size();
    return {place, bytes.size()};
  }
  void clear() { block_ = left_ = 0; }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size = 0;
  };
  void next_block(std::size_t wanted) {
    constexpr std::size_t kBlock = 512 * 1024;
    while (block_ < blocks_.size() && blocks_[block_].size < wanted)
      blocks_.erase(blocks_.begin() + static_cast<std::ptrdiff_t>(block_));
    if (block_ == blocks_.size()) {
      const std::size_t size = wanted > kBlock ? wanted : kBlock;
      blocks_.push_back({std::make_unique_for_overwrite<std::byte[]>(size), size});
    }
    left_ = blocks_[block_++].size;
  }
  std::vector<Block> blocks_;
  std::size_t block_ = 0, left_ = 0;
};

/// What one worker made of a chunk: observations, and which packet each run of them belongs to.
struct WorkerOutput {
  /// `order` ascends within a worker and is unique over all: the place of the packet or of the shard's sweep.
  struct Run {
    std::uint64_t order = 0;
    std::uint32_t end = 0;  ///< one past its last observation
  };
  std::vector<Observation> observations;
  std::vector<Run> runs;
  std::vector<std::uint32_t> packets;  ///< in: places in `Chunk::packets` that are this worker's

  void clear() {
    observations.clear();
    runs.clear();
    packets.clear();
  }
  /// Notes a run if anything was observed since the last one.
  void mark(std::uint64_t order) {
    const std::uint32_t size = static_cast<std::uint32_t>(observations.size());
    if (size > (runs.empty() ? 0 : runs.back().end)) runs.push_back({order, size});
  }
};

/// A stretch of the input on its way through the stages; then used again.
struct Chunk {
  // Read.
  std::vector<RawPacket> raw;
  std::size_t count = 0;             ///< of the packets that were read
  std::uint64_t last_sequence = 0;   ///< the last packet's; of those before it one less each
  Timestamp now;                     ///< of the last packet
  bool sweep = false;                ///< a sweep is due behind it
  std::optional<unsigned> finished;  ///< the input has ended: the shard to end
  ByteArena bytes;  ///< copies of what the source's views will not outlive, and of datagrams put together
  std::vector<std::shared_ptr<const void>> held;  ///< what the packets' views are into
  // Decoded: in the place of its raw packet each. Datagrams put together stand behind.
  std::vector<DecodedPacket> packets;
  // Dissected and merged.
  std::vector<WorkerOutput> outputs;
  std::vector<const Observation*> merged;  ///< the outputs' observations in the order of the input

  explicit Chunk(unsigned workers) : outputs(workers) {}
};

/// Orders of runs: a packet's, then that of the sweep behind it by shard, then that of the end of the input
/// by shard.
inline constexpr std::uint64_t kOrdersPerPacket = 2 * kShards + 1;
inline std::uint64_t packet_order(std::uint64_t sequence) { return sequence * kOrdersPerPacket; }
inline std::uint64_t sweep_order(std::uint64_t last_sequence, unsigned shard, bool finish) {
  return packet_order(last_sequence) + 1 + shard + (finish ? kShards : 0);
}

}  // namespace bedrail
