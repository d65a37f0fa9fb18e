// Each protocol over its golden captures, from frames to observations, with that protocol's dissector alone.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <string>

#include "packets.h"

namespace bedrail::bench {
namespace {

constexpr std::size_t kPackets = 16 * 1024;  ///< of one run

void dissect(benchmark::State& state, const DissectorInfo* info, const std::shared_ptr<Packets>& packets) {
  PipelineOptions options;
  options.dissectors = std::span(&info, 1);
  const std::size_t rounds = 1 + kPackets / packets->all().size();
  std::uint64_t observations = 0;
  for (auto _ : state) {
    packets->rewind(rounds);
    run_pipeline(*packets, options, [&](std::span<const Observation* const> some) {
      for (const Observation* o : some) observations += o->protocol == info->name ? 1 : 0;
    });
  }
  state.counters["observations"] =
      static_cast<double>(observations) / static_cast<double>(state.iterations());
  const auto passes = static_cast<std::int64_t>(state.iterations() * rounds);
  state.SetItemsProcessed(passes * static_cast<std::int64_t>(packets->all().size()));
  state.SetBytesProcessed(passes * packets->bytes());
}

}  // namespace

/// One case for every folder under src/dissect with golden captures.
void register_dissectors() {
  namespace fs = std::filesystem;
  for (const DissectorInfo* info : all_dissectors()) {
    const fs::path golden = fs::path(BEDRAIL_SOURCE_DIR) / "src/dissect" / std::string(info->name) / "golden";
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(golden, error)) {
      const std::string extension = entry.path().extension().string();
      if (extension == ".pcap" || extension == ".pcapng") files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    const auto packets = std::make_shared<Packets>(files);
    if (packets->all().empty()) continue;
    benchmark::RegisterBenchmark(("dissect/" + std::string(info->name)).c_str(), dissect, info, packets);
  }
}

}  // namespace bedrail::bench

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  bedrail::bench::register_dissectors();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
