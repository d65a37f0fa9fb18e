#include "model/declared_text.h"

#include <algorithm>

namespace bedrail {
namespace {

/// A clue holds 512 bytes; a part that was cut would be another value.
constexpr std::size_t kMost = 500;
constexpr char kSeparator = '|';

}  // namespace

void DeclaredText::add(std::string_view name, std::string_view value) {
  if (value.empty() || text_.size() + name.size() + value.size() + 2 > kMost) return;
  if (!text_.empty()) text_ += kSeparator;
  text_.append(name).append("=");
  for (const char c : value) text_ += c == kSeparator ? '/' : c;
}

std::vector<std::pair<std::string_view, std::string_view>> declared_parts(std::string_view text) {
  std::vector<std::pair<std::string_view, std::string_view>> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(kSeparator), text.size());
    const std::string_view part = text.substr(0, end);
    if (const std::size_t equals = part.find('='); equals != std::string_view::npos && equals > 0)
      out.emplace_back(part.substr(0, equals), part.substr(equals + 1));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace bedrail
