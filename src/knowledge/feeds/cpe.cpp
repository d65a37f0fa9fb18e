#include "knowledge/feeds/cpe.h"

#include <algorithm>
#include <array>

namespace bedrail {
namespace {

constexpr std::size_t kParts = 11;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// The URI binding writes special characters as %xx.
std::string without_percent(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const int high = value[i] == '%' && i + 2 < value.size() ? hex_digit(value[i + 1]) : -1;
    const int low = high < 0 ? -1 : hex_digit(value[i + 2]);
    if (low < 0) {
      out += value[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace

CpeName parse_cpe(std::string_view text) {
  const bool formatted = text.starts_with("cpe:2.3:");
  if (!formatted && !text.starts_with("cpe:/")) return {};
  text.remove_prefix(formatted ? 8 : 5);
  std::array<std::string, kParts> parts;
  std::size_t at = 0;
  for (std::size_t i = 0; i < text.size() && at < kParts; ++i) {
    if (text[i] == ':')
      ++at;
    else if (text[i] == '\\' && formatted && i + 1 < text.size())
      parts[at] += text[++i];
    else
      parts[at] += text[i];
  }
  if (!formatted) std::transform(parts.begin(), parts.end(), parts.begin(), without_percent);
  return {parts[0], parts[1], parts[2], parts[3], parts[4], parts[5],
          parts[6], parts[7], parts[8], parts[9], parts[10]};
}

std::string cpe_words(std::string_view value) {
  std::string out(value);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

}  // namespace bedrail
