// Decode, flow lookup, reassembly and recognition, each alone.
#include <benchmark/benchmark.h>

#include <string>

#include "flow/flow_table.h"
#include "packets.h"
#include "pipeline/recogniser.h"

namespace bedrail::bench {
namespace {

void decode_ward(benchmark::State& state) {
  const Packets packets = ward();
  Packet out;
  for (auto _ : state) {
    for (const RawPacket& raw : packets.all()) {
      decode(raw, out);
      benchmark::DoNotOptimize(out);
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * packets.all().size()));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * packets.bytes());
}
BENCHMARK(decode_ward);

ConversationKey conversation(std::uint64_t number) {
  ConversationKey key;
  key.low_low = mix(number, 1);
  key.high_low = mix(number, 2);
  key.low_port = 80;
  key.high_port = static_cast<std::uint16_t>(32768 + number % 28000);
  key.transport = Transport::kTcp;
  return key;
}

/// Lookups of flows that are there, in an order that no cache foresees.
void flow_lookup(benchmark::State& state) {
  const auto count = static_cast<std::uint64_t>(state.range(0));
  FlowTable table({.max_flows = count + 1});
  for (std::uint64_t i = 0; i < count; ++i) {
    const ConversationKey key = conversation(i);
    table.add(key, hash_of(key));
  }
  std::uint64_t next = 0;
  for (auto _ : state) {
    const ConversationKey key = conversation(mix(next++, 3) % count);
    Flow* flow = table.find(key, hash_of(key));
    if (flow == nullptr) state.SkipWithError("a flow was not found");
    benchmark::DoNotOptimize(flow);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(flow_lookup)->Arg(1000)->Arg(32000);

struct ByteCounter {
  std::uint64_t bytes = 0;
  void data(Bytes piece, const PacketRef&) { bytes += piece.size(); }
  void gap(std::uint64_t, const PacketRef&) {}
};

/// A stream of full segments of which every `range`-th comes after its successor; 0: all in order.
void reassembly(benchmark::State& state) {
  constexpr std::uint32_t kSegments = 1024, kSize = 1400;
  const std::string payload(kSize, 'x');
  std::vector<std::uint32_t> order(kSegments);
  for (std::uint32_t i = 0; i < kSegments; ++i) order[i] = i * kSize;
  const auto every = static_cast<std::uint32_t>(state.range(0));
  for (std::uint32_t i = every; every != 0 && i + 1 < kSegments; i += every)
    std::swap(order[i], order[i + 1]);
  const ReassemblyLimits limits;
  ReassemblyCounters counters;
  std::uint64_t read = 0;
  for (auto _ : state) {
    TcpStream stream;
    stream.start(0);
    ByteCounter sink;
    for (const std::uint32_t sequence : order)
      stream.segment(sequence, as_bytes(payload), kSize, {}, limits, counters, sink);
    read += sink.bytes;
  }
  if (read != state.iterations() * std::uint64_t{kSegments} * kSize) state.SkipWithError("bytes are missing");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kSegments));
  state.SetBytesProcessed(static_cast<std::int64_t>(read));
}
BENCHMARK(reassembly)->Arg(0)->Arg(64)->Arg(4);

/// First bytes that nobody knows: all who could begin so are asked.
void recognise_unknown(benchmark::State& state) {
  const Recogniser recogniser(all_dissectors());
  std::string text(64, '\0');
  std::uint64_t number = 0;
  for (auto _ : state) {
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>(mix(number, i));
    ++number;
    const Probe probe{Direction::kToServer, as_bytes(text), 40000, 47002, false, false};
    ProtocolSet candidates = recogniser.candidates(Layer::kTcp, static_cast<std::uint8_t>(text.front()));
    benchmark::DoNotOptimize(recogniser.ask(Layer::kTcp, probe, candidates, true, false));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}
BENCHMARK(recognise_unknown);

/// From frames to observations, all protocols.
void pipeline_ward(benchmark::State& state) {
  Packets packets = ward();
  std::uint64_t observations = 0;
  for (auto _ : state) {
    packets.rewind();
    run_pipeline(packets, {}, [&](std::span<const Observation* const> some) { observations += some.size(); });
  }
  if (observations == 0) state.SkipWithError("nothing was observed");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * packets.all().size()));
}
BENCHMARK(pipeline_ward);

}  // namespace
}  // namespace bedrail::bench
