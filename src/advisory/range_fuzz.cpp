#include <algorithm>

#include "advisory/range.h"
#include "base/bytes.h"

// A range, a product's name and a device's version, one a line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  std::string_view text = as_text(Bytes(reinterpret_cast<const std::byte*>(data), size));
  std::string_view lines[3];
  for (auto& line : lines) {
    line = text.substr(0, std::min(text.find('\n'), text.size()));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  const auto range = VersionRange::read(lines[0], lines[1]);
  const auto coverage = range.covers(lines[2]);
  if (coverage.reason.empty() || range.text().empty()) __builtin_trap();
  // What was not read is never certain.
  if (!range.readable() && coverage.answer == Covered::kYes) __builtin_trap();
  (void)VersionRange::of_bounds(lines[0], lines[1], lines[2], {}).text();
  (void)VersionRange::of_cpe(lines[0], lines[1]).covers(lines[2]);
  return 0;
}
