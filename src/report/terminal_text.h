#pragma once

#include <string>
#include <string_view>
#include <vector>

// Text measured in a terminal's columns: East Asian wide characters and emoji take two, combining marks none.

namespace bedrail::terminal {

/// Columns that `text` (UTF-8, no control characters) takes.
std::size_t width(std::string_view text);

/// `text` in at most `columns` columns; what does not fit ends with "…".
std::string fit(std::string_view text, std::size_t columns);

/// The same, filled with spaces on the right.
std::string padded(std::string_view text, std::size_t columns);

/// Broken at spaces into lines of at most `columns` columns (at least 8); longer words are cut into pieces.
/// The lines after the first start with `indent` spaces. Empty text gives one empty line.
std::vector<std::string> wrap(std::string_view text, std::size_t columns, std::size_t indent = 0);

enum class Style { kPlain, kBold, kDim, kCritical, kHigh, kMedium, kLow };

/// A severity's or risk level's style.
Style style_of(std::string_view level);
/// `text` within the escapes that switch a style on and off.
std::string styled(std::string_view text, Style style);

}  // namespace bedrail::terminal
