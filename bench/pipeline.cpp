// The packet side alone, for profiles: bench_pipeline [--threads N] [--no-hash] [--inventory] CAPTURE...
#include <charconv>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "capture/merged_reader.h"
#include "inventory/inventory.h"
#include "pipeline/pipeline.h"

namespace {

class CaptureSource final : public bedrail::PacketSource {
 public:
  explicit CaptureSource(bedrail::MergedReader& reader) : reader_(reader) {}
  std::size_t read(std::span<bedrail::RawPacket> out) override { return reader_.read(out); }
  [[nodiscard]] std::shared_ptr<const void> hold() const override { return reader_.hold(); }

 private:
  bedrail::MergedReader& reader_;
};

}  // namespace

int main(int argc, char** argv) {
  using namespace bedrail;
  PipelineOptions options;
  MergedReader::Options reading;
  bool with_inventory = false;
  std::vector<std::string> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--threads" && i + 1 < argc) {
      const std::string_view number = argv[++i];
      std::from_chars(number.data(), number.data() + number.size(), options.threads);
    } else if (word == "--no-hash") {
      reading.hash = false;
    } else if (word == "--inventory") {
      with_inventory = true;
    } else {
      paths.emplace_back(word);
    }
  }
  auto reader = MergedReader::open(paths, reading);
  if (!reader) {
    std::fprintf(stderr, "bench_pipeline: %s\n", reader.error().message.c_str());
    return 1;
  }
  CaptureSource source(**reader);
  Inventory inventory;
  std::uint64_t observations = 0;
  const PipelineResult result = run_pipeline(source, options, [&](std::span<const Observation* const> batch) {
    observations += batch.size();
    if (with_inventory) inventory.add(batch);
  });
  std::printf("%llu packets, %llu observations\n", static_cast<unsigned long long>(result.packets),
              static_cast<unsigned long long>(observations));
  return 0;
}
