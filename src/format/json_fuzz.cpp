// Any text as JSON: refused with its place, or read; cut into the elements of its list, whatever the pieces,
// and the elements of a document that parses do parse.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "format/json_items.h"
#include "format/json_reader.h"

namespace {

void require(bool held) {
  if (!held) std::abort();
}

void visit(const bedrail::JsonValue& value) {
  (void)value.path();
  if (value.is_list()) value.each([](const bedrail::JsonValue& each) { visit(each); });
  if (value.is_object()) value.members([](std::string_view, const bedrail::JsonValue& each) { visit(each); });
}

bool cut(std::string_view text, std::size_t step, std::vector<std::string>& out) {
  bedrail::JsonItems items("a", 1 << 16);
  for (std::size_t at = 0; at < text.size(); at += step) {
    const auto done = items.feed(text.substr(at, step), [&](std::string_view item, std::size_t) {
      out.emplace_back(item);
      return bedrail::Result<void>();
    });
    if (!done) return false;
  }
  return items.finish().has_value();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> whole, pieces;
  const bool taken = cut(text, text.size() + 1, whole);
  require(taken == cut(text, 3, pieces));
  require(!taken || whole == pieces);
  bedrail::JsonDocument document;
  const auto root = document.parse(text);
  if (!root) {
    require(!root.error().message.empty());
    return 0;
  }
  visit(*root);
  require(document.fault().empty());
  require(taken);
  bedrail::JsonDocument part;
  for (const std::string& item : whole) require(part.parse(item).has_value());
  return 0;
}
