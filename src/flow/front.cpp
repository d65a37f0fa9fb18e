#include "flow/front.h"

#include <algorithm>

namespace bedrail {
namespace {

constexpr bool continues(std::uint8_t byte) { return (byte & 0xc0) == 0x80; }

/// How many bytes a character of UTF-8 that begins with `lead` has (RFC 3629, 3); 1 where none begins.
std::size_t character_bytes(std::uint8_t lead) {
  if (lead < 0xc2 || lead > 0xf4) return 1;
  return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

std::uint8_t shape_of(std::uint8_t byte) {
  if (byte >= 'a' && byte <= 'z') return 'a';
  if (byte >= 'A' && byte <= 'Z') return 'A';
  return byte >= '0' && byte <= '9' ? '9' : byte;
}

}  // namespace

void Front::take(Bytes payload) {
  length = static_cast<std::uint8_t>(std::min(payload.size(), bytes.size()));
  std::size_t character = 0;  // bytes of a character beyond ASCII that still follow
  for (std::size_t i = 0; i < length; ++i) {
    const auto byte = static_cast<std::uint8_t>(payload[i]);
    if (character > 0 && continues(byte)) {
      --character;
      bytes[i] = 'a';
      continue;
    }
    const bool begins = i + 1 < payload.size() && continues(static_cast<std::uint8_t>(payload[i + 1]));
    character = begins ? character_bytes(byte) - 1 : 0;
    bytes[i] = character > 0 ? 'a' : shape_of(byte);
  }
}

}  // namespace bedrail
