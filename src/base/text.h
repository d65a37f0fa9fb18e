#pragma once

#include <string>
#include <string_view>

#include "base/bytes.h"

namespace bedrail {

/// ASCII lower case; other bytes stay.
std::string to_lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);
/// Without ASCII white space and NUL at both ends.
std::string_view trim(std::string_view text);

/// Captured text made safe to keep and to show: valid UTF-8 (bytes that are not become U+FFFD; Latin-1 is not
/// guessed), control characters replaced by a space, invisible ones left out, trimmed, cut at `limit` bytes
/// on a character's boundary.
std::string clean_text(std::string_view text, std::size_t limit = 256);

/// UTF-16 (little or big endian) to UTF-8; unpaired surrogates become U+FFFD; stops at the first NUL unit.
std::string utf16le_to_utf8(Bytes bytes, std::size_t limit = 256);
std::string utf16be_to_utf8(Bytes bytes, std::size_t limit = 256);

/// True where every byte is printable ASCII (0x20..0x7e) and there is at least one.
bool is_printable_ascii(std::string_view text);

}  // namespace bedrail
