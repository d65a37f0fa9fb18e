#include "pipeline/pipeline.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "pipeline/dispatcher.h"
#include "pipeline/stages.h"
#include "pipeline/workers.h"

namespace bedrail {
namespace {

/// Rows of the document; who looks for what is missing begins with the largest.
constexpr std::size_t kUnrecognisedRows = 100;

/// From reading to the sink, stage by stage.
void run_stages(Dispatcher& dispatcher, Shards& shards, unsigned threads, const ObservationSink& sink) {
  // Alone, a chunk is done before the next is read.
  const std::size_t in_flight = threads == 1 ? 1 : 4 + 2 * std::size_t{threads};
  std::vector<Chunk> chunks;
  chunks.reserve(in_flight);
  for (std::size_t i = 0; i < in_flight; ++i) chunks.emplace_back(threads);
  const auto chunk = [&](std::uint64_t piece) -> Chunk& { return chunks[piece % in_flight]; };
  Stages stages(in_flight);
  stages.begin([&](std::uint64_t piece) { return dispatcher.read(chunk(piece)); });
  stages.deal(threads, [&](std::uint64_t piece) { Dispatcher::decode_all(chunk(piece)); });
  stages.share(1, [&](std::uint64_t piece, unsigned) { dispatcher.arrange(chunk(piece)); });
  stages.share(threads, [&](std::uint64_t piece, unsigned worker) {
    run_worker(chunk(piece), worker, threads, shards);
  });
  stages.share(1, [&](std::uint64_t piece, unsigned) { merge_outputs(chunk(piece), sink); });
  stages.run(threads);
}

void add(ProtocolTotals& to, const ShardCounters::Protocol& from) {
  to.flows += from.flows;
  to.packets += from.packets;
  to.bytes += from.bytes;
}

void add_nonzero(std::map<std::string, ProtocolTotals>& to, std::string_view name,
                 const ShardCounters::Protocol& from) {
  if (from.packets > 0) add(to[std::string(name)], from);
}

void report_shard(const ShardCounters& shard, std::span<const DissectorInfo* const> dissectors,
                  PipelineResult& result) {
  for (std::size_t i = 0; i < dissectors.size(); ++i)
    add_nonzero(result.protocols, dissectors[i]->name, shard.protocols[i + 1]);
  add_nonzero(result.protocols, "unknown-tcp", shard.unknown_tcp);
  add_nonzero(result.protocols, "unknown-udp", shard.unknown_udp);
  add_nonzero(result.protocols, "tcp-without-data", shard.empty_tcp);
  add_nonzero(result.protocols, "icmp", shard.icmp);
  add_nonzero(result.protocols, "other-ip", shard.other_ip);
  add_nonzero(result.protocols, "ip-fragment", shard.fragments);
  add_nonzero(result.protocols, "other-ethernet", shard.other_frames);
  result.losses.undecoded_packets += shard.other_frames.packets;
  result.losses.tcp_gap_bytes += shard.reassembly.gap_bytes;
  result.losses.evicted_flows += shard.evicted_flows;
}

void notice(PipelineResult& result, std::uint64_t count, std::string_view kind, std::string text) {
  if (count > 0) result.notices.push_back({std::string(kind), std::move(text), count});
}

void report_limits(const Shards& shards, PipelineResult& result) {
  std::uint64_t flows = 0, dissections = 0, overflowed = 0, given_up = 0, talkers = 0;
  for (const auto& shard : shards) {
    const ShardCounters& c = shard->counters();
    flows += c.evicted_flows;
    dissections += c.evicted_dissections;
    overflowed += c.overflowed;
    given_up += c.reassembly.given_up;
    talkers += c.unlisted_talkers;
  }
  notice(result, flows, "table-full",
         fmt::format("The table of conversations was full: {} conversations were ended early and may be "
                     "counted in parts. Raise the limit of "
                     "flows, or read the capture in shorter stretches.",
                     flows));
  notice(
      result, dissections, "table-full",
      fmt::format(
          "Memory for reading protocols was full: the content of {} conversations was not read to its end.",
          dissections));
  notice(result, overflowed, "message-too-long",
         fmt::format(
             "{} conversations held a message longer than its protocol's limit and were not read further.",
             overflowed));
  notice(result, given_up, "reassembly-limit",
         fmt::format("{} holes in TCP streams were given up because too much waited behind them.", given_up));
  notice(
      result, talkers, "table-full",
      fmt::format(
          "The table of devices that speak without IP was full: {} frames of further ones were only counted.",
          talkers));
}

}  // namespace

PipelineResult run_pipeline(PacketSource& source, const PipelineOptions& options,
                            const ObservationSink& sink) {
  const auto dissectors = options.dissectors.empty() ? all_dissectors() : options.dissectors;
  const auto recogniser = std::make_unique<const Recogniser>(dissectors);
  Shards shards;
  for (unsigned i = 0; i < kShards; ++i)
    shards.push_back(std::make_unique<Shard>(*recogniser, options.limits));
  const unsigned threads = std::clamp(options.threads, 1U, kShards);
  Dispatcher dispatcher(source, options.limits, threads);
  run_stages(dispatcher, shards, threads, sink);
  PipelineResult result;
  dispatcher.report(result);
  for (const auto& shard : shards) report_shard(shard->counters(), dissectors, result);
  report_limits(shards, result);
  UnrecognisedTable unrecognised = shards[0]->unrecognised();
  for (unsigned i = 1; i < kShards; ++i) unrecognised.merge(shards[i]->unrecognised());
  result.unrecognised = unrecognised.largest(kUnrecognisedRows, result.unrecognised_rest);
  return result;
}

}  // namespace bedrail
