#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace bedrail {

/// Decodes base64 (RFC 4648, section 4; padding may be missing) into `out` and gives the decoded part of it.
/// Nothing where a character does not belong or `out` is too small. Never allocates, so that a caller can
/// wipe what it read.
std::optional<std::span<std::byte>> decode_base64(std::string_view text, std::span<std::byte> out);

}  // namespace bedrail
