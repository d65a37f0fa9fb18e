// A file's bytes from the fuzzer: whatever they are, every view lies within bounds and the account adds up.
#include <array>
#include <cstdlib>

#include "capture/capture_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const bedrail::Bytes bytes = std::as_bytes(std::span(data, size));
  auto reader = bedrail::open_capture(bytes, "fuzz", 7);
  if (!reader) return reader.error().message.empty() ? (std::abort(), 0) : 0;
  std::array<bedrail::RawPacket, 5> batch;
  std::uint64_t packets = 0, sum = 0, wire = 0;
  while (const std::size_t count = (*reader)->read(batch)) {
    for (const bedrail::RawPacket& packet : std::span(batch).first(count)) {
      if (packet.frame != ++packets || packet.file != 7 || packet.data.size() > packet.wire_length)
        std::abort();
      wire += packet.wire_length;
      for (const std::byte b : packet.data) sum += static_cast<unsigned>(b);
    }
  }
  const bedrail::CaptureSummary& summary = (*reader)->summary();
  if (summary.packets != packets || summary.bytes != wire || summary.sha256.size() != 64) std::abort();
  if (summary.size != size || (*reader)->position() != size) std::abort();
  static volatile std::uint64_t sink;
  sink = sum;
  return 0;
}
