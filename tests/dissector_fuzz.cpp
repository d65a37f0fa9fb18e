// One source for all dissectors' fuzz targets: the first byte of the input chooses how the rest is cut into
// pieces, directions and gaps; then the dissector must survive, keep within its buffer and give the same
// verdict on demand.
#include <fuzzer/FuzzedDataProvider.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& BEDRAIL_FUZZED_DISSECTOR();
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  if (size < 2) return 0;
  const DissectorInfo& info = BEDRAIL_FUZZED_DISSECTOR();
  const std::uint8_t mode = data[0];
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const bool stream = info.layers.front() == Layer::kTcp && (mode & 1) == 0;
  if (info.recognise != nullptr) {
    (void)info.recognise({(mode & 2) != 0 ? Direction::kToClient : Direction::kToServer, as_bytes(text),
                          40000, 80, (mode & 4) != 0, (mode & 8) != 0});
  }
  test::DissectHarness harness(info, stream ? Transport::kTcp : Transport::kUdp);
  // Turns are separated by a marker in the data, so that a seed can hold a dialogue: "\xff\xfe" changes
  // direction.
  Direction direction = (mode & 2) != 0 ? Direction::kToClient : Direction::kToServer;
  const std::size_t step = mode >> 5 == 0 ? 0 : std::size_t{1} << (mode >> 5);
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = text.find("\xff\xfe", at);
    const bool turn = end != std::string_view::npos;
    if (!turn) end = text.size();
    const std::string piece(text.substr(at, end - at));
    if (stream) {
      if (!harness.stream({{direction, piece}}, step)) break;
      if ((mode & 16) != 0 && !harness.gap(direction, piece.size() + 1)) break;
    } else {
      (void)harness.datagram(direction, piece);
    }
    direction = opposite(direction);
    at = end + 2;
  }
  harness.close();
  return 0;
}
