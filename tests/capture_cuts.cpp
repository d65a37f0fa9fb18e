// Reads captures cut at random places, from the bytes to the finished documents, in one process, so that
// sanitizers see every capture at many places within minutes:
//   capture_cuts KNOWLEDGE SEED PLACES CAPTURE...
// One line a capture; a sanitizer's report, or a cut that gives more than the whole, ends it with a non-zero
// status.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>

#include "assess/assess.h"
#include "capture/merged_reader.h"
#include "identify/identify.h"
#include "pipeline/pipeline.h"
#include "report/csv_report.h"
#include "report/html_report.h"
#include "report/json_report.h"

namespace {

using namespace bedrail;

class Cut final : public PacketSource {
 public:
  explicit Cut(MergedReader& reader) : reader_(reader) {}
  std::size_t read(std::span<RawPacket> out) override { return reader_.read(out); }

 private:
  MergedReader& reader_;
};

struct Outcome {
  bool opened = false;
  std::uint64_t packets = 0;
};

/// All that the program does with a capture; the documents are made and thrown away.
Outcome read_all(Bytes bytes, const std::string& name, const Knowledge& knowledge, unsigned threads) {
  auto opened = open_capture(bytes, name, 0);
  if (!opened) return {};
  std::vector<std::unique_ptr<CaptureReader>> readers;
  readers.push_back(std::move(*opened));
  MergedReader reader(std::move(readers), {});
  Cut source(reader);
  Inventory inventory;
  PipelineOptions options;
  options.threads = threads;
  PipelineResult read = run_pipeline(source, options, [&](std::span<const Observation* const> observations) {
    inventory.add(observations);
  });
  InventoryResult found = inventory.finish();
  Assessment out;
  out.source.packets = read.packets;
  for (const DeviceFacts& facts : found.devices) out.devices.push_back(identify(facts, knowledge, out.as_of));
  out.connections = std::move(found.connections);
  assess(found, knowledge, out);
  if (to_json(out).empty() || to_html(out).empty() || to_csv(out).empty()) std::abort();
  return {true, read.packets};
}

bool cut_everywhere(const char* path, unsigned seed, unsigned places, const Knowledge& knowledge) {
  std::ifstream file(path, std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(file)), {});
  if (whole.empty()) {
    std::fprintf(stderr, "capture_cuts: cannot read %s\n", path);
    return false;
  }
  const Outcome all = read_all(as_bytes(whole), path, knowledge, 1);
  std::mt19937 random(seed ^ static_cast<unsigned>(whole.size()));
  std::uint64_t packets = 0, unopened = 0;
  for (unsigned i = 0; i < places; ++i) {
    const std::size_t place = 1 + random() % (whole.size() - 1);
    // A copy of its own, so that a read past the cut is a read past the memory.
    const std::string cut = whole.substr(0, place);
    const Outcome part = read_all(as_bytes(cut), path, knowledge, 1 + i % 2);
    if (part.packets > all.packets) {
      std::fprintf(stderr, "capture_cuts: %s cut at %zu gives %llu packets of %llu\n", path, place,
                   static_cast<unsigned long long>(part.packets),
                   static_cast<unsigned long long>(all.packets));
      return false;
    }
    packets += part.packets;
    unopened += part.opened ? 0 : 1;
  }
  std::printf("%s: %llu packets, %u cuts with %llu packets in all, %llu too short to open\n", path,
              static_cast<unsigned long long>(all.packets), places, static_cast<unsigned long long>(packets),
              static_cast<unsigned long long>(unopened));
  std::fflush(stdout);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) {
    std::fprintf(stderr, "usage: capture_cuts KNOWLEDGE SEED PLACES CAPTURE...\n");
    return 2;
  }
  const auto knowledge = load_knowledge(argv[1]);
  if (!knowledge) {
    std::fprintf(stderr, "capture_cuts: %s\n", knowledge.error().message.c_str());
    return 1;
  }
  bool good = true;
  for (int i = 4; i < argc; ++i) {
    const auto seed = static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10));
    good = cut_everywhere(argv[i], seed, static_cast<unsigned>(std::strtoul(argv[3], nullptr, 10)),
                          **knowledge) &&
           good;
  }
  return good ? 0 : 1;
}
