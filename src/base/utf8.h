#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bedrail {

inline constexpr std::uint32_t kReplacementCharacter = 0xfffd;

/// One code point at the front of some text.
struct CodePoint {
  std::uint32_t value = kReplacementCharacter;
  std::size_t length = 1;  ///< bytes it takes
  bool valid = false;      ///< false: not UTF-8 (RFC 3629); `value` is U+FFFD, `length` 1
};

/// The code point at the front of `text`, which is not empty. Overlong forms, surrogates and what lies above
/// U+10FFFF are not valid.
inline CodePoint decode_utf8(std::string_view text) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t first = at(0);
  if (first < 0x80) return {first, 1, true};
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return {};
  std::uint32_t code = first & (0x7f >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((at(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (at(i) & 0x3f);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  if (overlong || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return {};
  return {code, length, true};
}

/// Appends a code point (at most U+10FFFF) as UTF-8.
inline void append_utf8(std::string& out, std::uint32_t code) {
  const auto last = [&](unsigned shift) { out.push_back(static_cast<char>(0x80 | (code >> shift & 0x3f))); };
  if (code < 0x80) {
    out.push_back(static_cast<char>(code));
  } else if (code < 0x800) {
    out.push_back(static_cast<char>(0xc0 | code >> 6));
    last(0);
  } else if (code < 0x10000) {
    out.push_back(static_cast<char>(0xe0 | code >> 12));
    last(6);
    last(0);
  } else {
    out.push_back(static_cast<char>(0xf0 | code >> 18));
    last(12);
    last(6);
    last(0);
  }
}

/// C0 controls and DEL: what moves a terminal's cursor and breaks lines.
inline bool is_control(std::uint32_t code) { return code < 0x20 || code == 0x7f; }

/// C1 controls, line and paragraph separators, bidirectional embeddings, overrides and isolates: characters
/// by which captured text could pass for another in its place.
inline bool is_disguise(std::uint32_t code) {
  return (code >= 0x80 && code < 0xa0) || code == 0x061c || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

/// Characters of no width (soft hyphen, joiners, zero-width space, marks of direction, byte order mark,
/// variation selectors, tags): two texts that differ in them alone look the same.
inline bool is_invisible(std::uint32_t code) {
  return code == 0xad || code == 0x034f || (code >= 0x180b && code <= 0x180f) ||
         (code >= 0x200b && code <= 0x200f) || (code >= 0x2060 && code <= 0x2065) ||
         (code >= 0x206a && code <= 0x206f) || (code >= 0xfe00 && code <= 0xfe0f) || code == 0xfeff ||
         (code >= 0xfff9 && code <= 0xfffb) || (code >= 0xe0000 && code <= 0xe0fff);
}

}  // namespace bedrail
