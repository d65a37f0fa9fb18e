#include "base/text.h"

#include <algorithm>
#include <cstdint>

#include "base/byte_reader.h"
#include "base/utf8.h"

namespace bedrail {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

/// Appends a code point as `clean_text` shows it: controls as a space, disguises as a visible mark,
/// what cannot be seen not at all.
void append_clean(std::string& out, std::uint32_t code) {
  if (is_invisible(code)) return;
  append_utf8(out, is_control(code) ? ' ' : is_disguise(code) ? kReplacementCharacter : code);
}

template <typename Next>
std::string from_utf16(Bytes bytes, std::size_t limit, Next next) {
  std::string out;
  ByteReader reader(bytes);
  while (reader.remaining() >= 2 && out.size() + 4 <= limit) {
    std::uint32_t unit = next(reader);
    if (unit == 0) break;
    if (unit >= 0xd800 && unit < 0xdc00 && reader.remaining() >= 2) {
      const std::uint32_t low = next(reader);
      unit = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : 0xfffd;
    } else if (unit >= 0xd800 && unit < 0xe000) {
      unit = 0xfffd;
    }
    append_clean(out, unit);
  }
  return clean_text(out, limit);
}

}  // namespace

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

std::string_view trim(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r') || c == '\0'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string clean_text(std::string_view text, std::size_t limit) {
  text = trim(text);
  // Nearly all texts are plain and need no look at each character.
  if (is_printable_ascii(text)) return std::string(trim(text.substr(0, std::max<std::size_t>(limit, 4) - 3)));
  std::string out;
  out.reserve(std::min(text.size(), limit));
  while (!text.empty() && out.size() + 4 <= std::max<std::size_t>(limit, 4)) {
    const CodePoint next = decode_utf8(text);
    append_clean(out, next.value);
    text.remove_prefix(next.length);
  }
  return std::string(trim(out));
}

std::string utf16le_to_utf8(Bytes bytes, std::size_t limit) {
  return from_utf16(bytes, limit, [](ByteReader& reader) { return reader.le16(); });
}

std::string utf16be_to_utf8(Bytes bytes, std::size_t limit) {
  return from_utf16(bytes, limit, [](ByteReader& reader) { return reader.be16(); });
}

bool is_printable_ascii(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace bedrail
