#pragma once

#include <map>
#include <string>

#include "decode/defragmenter.h"
#include "pipeline/chunk.h"
#include "pipeline/pipeline.h"

namespace bedrail {

/// From the source to packets that know their worker, in three steps. `read` and `arrange` take the chunks in
/// the input's order, one at a time; they share nothing and may run at the same time, of different chunks.
class Dispatcher {
 public:
  Dispatcher(PacketSource& source, const PipelineLimits& limits, unsigned workers);

  /// Fills a chunk, no further than the next sweep; with one worker at most with what one read gives. Behind
  /// the last packet come empty chunks, one for each shard to end. False where it is the last.
  bool read(Chunk& chunk);
  /// Reads the packets' headers. Any chunk, at any time.
  static void decode_all(Chunk& chunk);
  /// Puts fragments together, and says which worker each packet belongs to.
  void arrange(Chunk& chunk);
  /// Adds its account to `result`.
  void report(PipelineResult& result) const;

 private:
  void read_packets(Chunk& chunk);
  void give(std::size_t place, Chunk& chunk) const;
  bool defragment(std::size_t place, Chunk& chunk);
  void note_time(Timestamp time, std::uint64_t sequence);
  void count(const Packet& packet, std::uint32_t wire_length);

  // read
  PacketSource& source_;
  bool threaded_;  ///< workers run elsewhere: views have to last as long as the chunk
  std::uint64_t sequence_ = 0, bytes_ = 0;
  unsigned finished_ = 0;  ///< shards ended
  bool ended_ = false;
  // arrange
  alignas(64) unsigned workers_;
  Defragmenter defragmenter_;
  std::uint64_t malformed_ = 0, undecoded_ = 0;
  ProtocolTotals undecoded_link_;
  Timestamp latest_;
  std::uint64_t late_ = 0;  ///< packets whose time lies well before an earlier one's
  std::map<std::string_view, std::uint64_t> anomalies_;  ///< names are the decoder's literals
};

}  // namespace bedrail
