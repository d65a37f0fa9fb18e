#include "knowledge/feeds/fuzz_feed.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  bedrail::fuzz_feed("icsadvisories", data, size);
  return 0;
}
