#include "base/text.h"

#include <algorithm>
#include <cstdint>

#include "base/byte_reader.h"

namespace bedrail {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

void append_utf8(std::string& out, std::uint32_t code) {
  if (code < 0x20 || code == 0x7f) {
    out.push_back(' ');
  } else if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xc0 | code >> 6));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | code >> 12));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  } else {
    out.push_back(static_cast<char>(0xf0 | code >> 18));
    out.push_back(static_cast<char>(0x80 | (code >> 12 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code >> 6 & 0x3f)));
    out.push_back(static_cast<char>(0x80 | (code & 0x3f)));
  }
}

/// The code point at the front of `text` and its length in bytes; U+FFFD and 1 where it is not valid UTF-8.
std::pair<std::uint32_t, std::size_t> decode_utf8(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = at(0);
  if (first < 0x80) return {first, 1};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return {0xfffd, 1};
  std::uint32_t code = first & (0x7f >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xc0) != 0x80) return {0xfffd, 1};
    code = code << 6 | (at(i) & 0x3f);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return {0xfffd, 1};
  // C1 controls and bidirectional overrides could disguise what a reader sees; they become visible marks.
  if ((code >= 0x80 && code < 0xa0) || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) {
    return {0xfffd, length};
  }
  return {code, length};
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
    append_utf8(out, unit);
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
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
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
  std::string out;
  out.reserve(std::min(text.size(), limit));
  while (!text.empty() && out.size() + 4 <= std::max<std::size_t>(limit, 4)) {
    const auto [code, length] = decode_utf8(text);
    append_utf8(out, code);
    text.remove_prefix(length);
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
