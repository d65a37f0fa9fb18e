#pragma once

#include <memory>
#include <vector>

#include "pipeline/chunk.h"
#include "pipeline/pipeline.h"
#include "pipeline/shard.h"

namespace bedrail {

using Shards = std::vector<std::unique_ptr<Shard>>;

/// A worker's share of a chunk: its packets, then, where due, its shards' sweeps and ends. Shard `s` is
/// worker `s % workers`'s.
void run_worker(Chunk& chunk, unsigned worker, unsigned workers, Shards& shards);

/// All workers' observations of a chunk in the order of the input.
void merge_outputs(Chunk& chunk, const ObservationSink& sink);

}  // namespace bedrail
