#include "report/terminal_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/utf8.h"

namespace bedrail::terminal {
namespace {

struct Range {
  std::uint32_t first, last;
};
/// Combining and invisible characters of the scripts that names are written in.
constexpr std::array<Range, 9> kNoWidth = {{{0x0300, 0x036f},
                                            {0x0483, 0x0489},
                                            {0x0591, 0x05bd},
                                            {0x064b, 0x065f},
                                            {0x200b, 0x200f},
                                            {0x20d0, 0x20f0},
                                            {0xfe00, 0xfe0f},
                                            {0xfe20, 0xfe2f},
                                            {0xfeff, 0xfeff}}};
/// Wide and full-width blocks (Unicode TR 11), whole blocks where a few characters differ: too wide is safe.
constexpr std::array<Range, 11> kWide = {{{0x1100, 0x115f},
                                          {0x231a, 0x23ff},
                                          {0x2600, 0x27bf},
                                          {0x2b00, 0x2bff},
                                          {0x2e80, 0xa4cf},
                                          {0xa960, 0xa97f},
                                          {0xac00, 0xd7a3},
                                          {0xf900, 0xfaff},
                                          {0xfe30, 0xfe6f},
                                          {0xff00, 0xffe6},
                                          {0x1f000, 0x3fffd}}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::uint32_t code) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return code >= range.first && code <= range.last; });
}

std::size_t width_of(std::uint32_t code) {
  if (code < 0x300) return 1;
  return within(kNoWidth, code) ? 0 : within(kWide, code) ? 2 : 1;
}

/// Bytes of the front of `text` that fit into `columns`.
std::size_t bytes_within(std::string_view text, std::size_t columns) {
  std::size_t taken = 0;
  std::size_t used = 0;
  while (taken < text.size()) {
    const CodePoint next = decode_utf8(text.substr(taken));
    if (used + width_of(next.value) > columns) break;
    used += width_of(next.value);
    taken += next.length;
  }
  return taken;
}

}  // namespace

std::size_t width(std::string_view text) {
  std::size_t used = 0;
  while (!text.empty()) {
    const CodePoint next = decode_utf8(text);
    used += width_of(next.value);
    text.remove_prefix(next.length);
  }
  return used;
}

std::string fit(std::string_view text, std::size_t columns) {
  if (bytes_within(text, columns) == text.size()) return std::string(text);
  if (columns == 0) return {};
  return std::string(text.substr(0, bytes_within(text, columns - 1))) + "…";
}

std::string padded(std::string_view text, std::size_t columns) {
  std::string out = fit(text, columns);
  out.append(columns - std::min(columns, width(out)), ' ');
  return out;
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns, std::size_t indent) {
  columns = std::max<std::size_t>(columns, 8);
  indent = std::min(indent, columns / 2);
  std::vector<std::string> lines(1);
  const auto break_line = [&] { lines.emplace_back(indent, ' '); };
  bool fresh = true;
  while (!text.empty()) {
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (!fresh && width(lines.back()) + 1 + width(word) > columns) break_line(), fresh = true;
    if (!fresh) lines.back() += ' ';
    while (width(lines.back()) + width(word) > columns) {
      const std::size_t piece = bytes_within(word, columns - width(lines.back()));
      lines.back() += word.substr(0, piece);
      word.remove_prefix(piece);
      break_line();
    }
    lines.back() += word;
    fresh = false;
  }
  return lines;
}

Style style_of(std::string_view level) {
  if (level == "critical") return Style::kCritical;
  if (level == "high") return Style::kHigh;
  if (level == "medium") return Style::kMedium;
  return level == "low" ? Style::kLow : Style::kDim;
}

std::string styled(std::string_view text, Style style) {
  constexpr std::array<std::string_view, 7> kCodes = {"0", "1", "2", "1;31", "31", "33", "36"};
  if (style == Style::kPlain) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", kCodes[static_cast<std::size_t>(style)], text);
}

}  // namespace bedrail::terminal
