#include <algorithm>

#include "advisory/version.h"
#include "base/bytes.h"

// Two or three versions, one a line: an order has two sides, and passes on.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  std::string_view text = as_text(Bytes(reinterpret_cast<const std::byte*>(data), size));
  std::optional<Version> versions[3];
  for (auto& version : versions) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    version = Version::read(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  const auto& [a, b, c] = versions;
  if (a && compare(*a, *a) != Order::kEqual) __builtin_trap();
  if (!a || !b) return 0;
  if (compare(*a, *b) != reversed(compare(*b, *a))) __builtin_trap();
  (void)compare_to_prefix(*a, *b);
  if (is_leading_part(*a, *b) && is_leading_part(*b, *a)) __builtin_trap();
  if (!c) return 0;
  if (compare(*a, *b) == Order::kLess && compare(*b, *c) == Order::kLess && compare(*a, *c) != Order::kLess)
    __builtin_trap();
  if (compare(*a, *b) == Order::kEqual && compare(*a, *c) != compare(*b, *c)) __builtin_trap();
  return 0;
}
