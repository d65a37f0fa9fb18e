#include "pipeline/workers.h"

#include <algorithm>
#include <array>

namespace bedrail {
namespace {

/// How many packets ahead the table's line and the flow are fetched.
constexpr std::size_t kLineAhead = 8, kFlowAhead = 4;

}  // namespace

void run_worker(Chunk& chunk, unsigned worker, unsigned workers, Shards& shards) {
  WorkerOutput& output = chunk.outputs[worker];
  const auto shard_of = [&](const DecodedPacket& packet) -> Shard& { return *shards[packet.hash >> 60]; };
  static_assert(kShards == 16, "the shard is the hash's highest four bits");
  const std::size_t count = output.packets.size();
  const auto packet_at = [&](std::size_t i) -> const DecodedPacket& {
    return chunk.packets[output.packets[i]];
  };
  const auto look_ahead = [&](std::size_t i) {
    if (i < count) shard_of(packet_at(i)).prefetch(packet_at(i));
    const std::size_t nearer = i - (kLineAhead - kFlowAhead);
    if (i >= kLineAhead - kFlowAhead && nearer < count)
      shard_of(packet_at(nearer)).prefetch_flow(packet_at(nearer));
  };
  for (std::size_t i = 0; i < kLineAhead; ++i) look_ahead(i);
  for (std::size_t i = 0; i < count; ++i) {
    look_ahead(i + kLineAhead);
    const DecodedPacket& packet = packet_at(i);
    shard_of(packet).packet(packet, output.observations);
    output.mark(packet_order(packet.sequence));
  }
  for (unsigned s = worker; chunk.sweep && s < kShards; s += workers) {
    shards[s]->sweep(chunk.now, output.observations);
    output.mark(sweep_order(chunk.last_sequence, s, false));
  }
  if (chunk.finished && *chunk.finished % workers == worker) {
    shards[*chunk.finished]->finish(output.observations);
    output.mark(sweep_order(chunk.last_sequence, *chunk.finished, true));
  }
}

void merge_outputs(Chunk& chunk, const ObservationSink& sink) {
  std::array<std::size_t, kShards> at = {};
  const std::size_t workers = chunk.outputs.size();
  chunk.merged.clear();
  for (;;) {
    std::size_t next = workers;
    for (std::size_t w = 0; w < workers; ++w) {
      const auto& runs = chunk.outputs[w].runs;
      if (at[w] == runs.size()) continue;
      if (next == workers || runs[at[w]].order < chunk.outputs[next].runs[at[next]].order) next = w;
    }
    if (next == workers) break;
    const WorkerOutput& output = chunk.outputs[next];
    const std::size_t begin = at[next] == 0 ? 0 : output.runs[at[next] - 1].end;
    for (std::size_t i = begin; i < output.runs[at[next]].end; ++i)
      chunk.merged.push_back(&output.observations[i]);
    ++at[next];
  }
  if (!chunk.merged.empty()) sink(chunk.merged);
}

}  // namespace bedrail
