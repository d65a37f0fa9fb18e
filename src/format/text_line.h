#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace bedrail {

/// A line at the front of `text` without its end ("\r\n" or "\n"), and how many bytes it takes with it.
struct TextLine {
  std::string_view text;
  std::size_t size = 0;
};

/// Nothing where the line's end is not there yet.
inline std::optional<TextLine> first_line(std::string_view text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::size_t length = end > 0 && text[end - 1] == '\r' ? end - 1 : end;
  return TextLine{text.substr(0, length), end + 1};
}

}  // namespace bedrail
