#include <algorithm>

#include "advisory/product_name.h"
#include "base/bytes.h"

// An alias of a maker, one of a product, a device's maker and model, an advisory's maker and product, one a
// line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  std::string_view text = as_text(Bytes(reinterpret_cast<const std::byte*>(data), size));
  std::string_view lines[8];
  for (auto& line : lines) {
    line = text.substr(0, std::min(text.find('\n'), text.size()));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  ProductAliases aliases;
  aliases.add_vendor(lines[0], lines[1], {}, size % 2 == 0);
  aliases.add_product(lines[1], lines[2], lines[3]);
  const auto device = ProductName::read(aliases, lines[4], lines[5]);
  const auto advisory = ProductName::read(aliases, lines[6], lines[7]);
  const auto match = relate(device, advisory);
  if (match.reason.empty()) __builtin_trap();
  // Without a maker nothing is certain.
  if (match.relation == ProductRelation::kSame && (device.vendors().empty() || advisory.vendors().empty()))
    __builtin_trap();
  if (match.relation == ProductRelation::kSame || match.relation == ProductRelation::kFamily) {
    const auto left = device.keys(), right = advisory.keys();
    const bool found = std::any_of(left.begin(), left.end(), [&](const std::string& key) {
      return std::binary_search(right.begin(), right.end(), key);
    });
    if (!found) __builtin_trap();
  }
  const auto range = VersionRange::read(lines[3]);
  for (const Condition& condition : range.conditions()) (void)names_model(device, condition);
  return 0;
}
