#pragma once

#include <map>
#include <string>

#include "decode/defragmenter.h"
#include "pipeline/chunk.h"
#include "pipeline/pipeline.h"

namespace bedrail {

/// Reads, decodes and puts fragments together, in the input's order, and says which worker each packet
/// belongs to. One thread.
class Dispatcher {
 public:
  Dispatcher(PacketSource& source, const PipelineLimits& limits, unsigned workers);

  /// Fills a chunk, no further than the next sweep; with one worker at most with what one read gives. `last`
  /// is set where the input ends.
  void fill(Chunk& chunk);
  /// Adds its account to `result`.
  void report(PipelineResult& result) const;

 private:
  void read_batch(Chunk& chunk);
  void take(RawPacket raw, Chunk& chunk);
  static const Packet& decode_next(const RawPacket& raw, Chunk& chunk);
  void append(const RawPacket& raw, Chunk& chunk);
  void count(const Packet& packet, std::uint32_t wire_length);

  PacketSource& source_;
  unsigned workers_;
  bool threaded_;                     ///< workers run elsewhere: views have to last as long as the chunk
  std::shared_ptr<const void> held_;  ///< the batch's views
  Defragmenter defragmenter_;
  std::vector<RawPacket> batch_;
  std::size_t batch_size_ = 0, batch_at_ = 0;
  std::uint64_t sequence_ = 0;
  std::uint64_t packets_ = 0, bytes_ = 0, malformed_ = 0, undecoded_ = 0;
  ProtocolTotals undecoded_link_, undecoded_frames_;
  std::map<std::string_view, std::uint64_t> anomalies_;  ///< names are the decoder's literals
};

}  // namespace bedrail
