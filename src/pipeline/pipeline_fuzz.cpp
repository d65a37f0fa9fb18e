// Any bytes as a capture file, through reader and pipeline with tables so small that every limit is met: no
// crash, and one thread and two say the same. Seeds are captures, as they are.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "capture/capture_reader.h"
#include "pipeline/pipeline.h"

namespace {

using namespace bedrail;

class ReaderSource : public PacketSource {
 public:
  explicit ReaderSource(CaptureReader& reader) : reader_(reader) {}
  std::size_t read(std::span<RawPacket> out) override { return reader_.read(out); }
  [[nodiscard]] std::shared_ptr<const void> hold() const override { return reader_.hold(); }

 private:
  CaptureReader& reader_;
};

PipelineLimits tiny() {
  PipelineLimits limits;
  limits.flows.max_flows = 3;
  limits.reassembly = {512, 4, 1024, 8};
  limits.fragments = {2, 4096};
  limits.dissection_bytes = 16 * 1024;
  limits.undecided_bytes = 64;
  limits.link_talkers = 2;
  limits.unrecognised = 2;
  return limits;
}

/// All that is said, and the account.
std::string said(Bytes capture, unsigned threads) {
  auto reader = open_capture(capture, "fuzz", 0, {.hash = false});
  if (!reader) return {};
  ReaderSource source(**reader);
  std::string text;
  const PipelineResult result = run_pipeline(source, {.threads = threads, .limits = tiny(), .dissectors = {}},
                                             [&](std::span<const Observation* const> observations) {
                                               for (const Observation* o : observations)
                                                 text.append(to_line(*o)).push_back('\n');
                                             });
  for (const auto& [name, totals] : result.protocols)
    text += name + " " + std::to_string(totals.packets) + " " + std::to_string(totals.bytes) + "\n";
  for (const UnrecognisedTraffic& row : result.unrecognised)
    text += row.client_bytes + " " + row.server_bytes + " " + std::to_string(row.bytes) + "\n";
  for (const Notice& notice : result.notices) text += notice.kind + " " + std::to_string(notice.count) + "\n";
  return text + std::to_string(result.losses.tcp_gap_bytes) + " " +
         std::to_string(result.losses.evicted_flows);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes capture = std::as_bytes(std::span(data, size));
  if (said(capture, 1) != said(capture, 2)) std::abort();
  return 0;
}
