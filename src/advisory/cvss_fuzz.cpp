#include "advisory/cvss.h"
#include "base/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  const auto cvss = Cvss::parse(as_text(Bytes(reinterpret_cast<const std::byte*>(data), size)));
  if (!cvss) return cvss.error().message.empty() ? (__builtin_trap(), 0) : 0;
  for (const double score : {cvss->base_score(), cvss->threat_score(), cvss->score()})
    if (!(score >= 0.0 && score <= 10.0)) __builtin_trap();
  // What was read is written and read again the same.
  const auto again = Cvss::parse(cvss->vector());
  if (!again || again->score() != cvss->score() || again->vector() != cvss->vector()) __builtin_trap();
  return 0;
}
