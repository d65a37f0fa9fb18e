// Segments from the fuzzer's bytes: whatever their order and overlap, the stream's account must add up.
#include <fuzzer/FuzzedDataProvider.h>

#include <cstdlib>

#include "flow/tcp_stream.h"

namespace {
struct Sink {
  std::uint64_t bytes = 0, gaps = 0;
  void data(bedrail::Bytes data, const bedrail::PacketRef&) { bytes += data.size(); }
  void gap(std::uint64_t count, const bedrail::PacketRef&) { gaps += count; }
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider input(data, size);
  bedrail::TcpStream stream;
  bedrail::ReassemblyLimits limits{4096, 16, 8192, 32};
  bedrail::ReassemblyCounters counters;
  Sink sink;
  const std::uint32_t start = input.ConsumeIntegral<std::uint32_t>();
  stream.start(start);
  while (input.remaining_bytes() > 0) {
    const std::uint32_t at = start + input.ConsumeIntegral<std::uint16_t>();
    if (input.ConsumeBool()) stream.acknowledged(at, {}, counters, sink);
    const std::string text = input.ConsumeRandomLengthString(512);
    const std::uint32_t cut = input.ConsumeIntegralInRange<std::uint32_t>(0, 64);
    stream.segment(at, bedrail::as_bytes(text), static_cast<std::uint32_t>(text.size()) + cut, {}, limits,
                   counters, sink);
    if (counters.held_bytes > limits.stream_bytes + 512) std::abort();
  }
  stream.flush({}, counters, sink);
  if (counters.held_bytes != 0 || stream.waiting()) std::abort();
  if (sink.bytes + sink.gaps != stream.next() - start) std::abort();
  return 0;
}
