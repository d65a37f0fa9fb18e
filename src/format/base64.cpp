#include "format/base64.h"

#include <cstdint>

namespace bedrail {
namespace {

/// The six bits of a digit, or -1.
int value_of(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '+') return 62;
  return c == '/' ? 63 : -1;
}

}  // namespace

std::optional<std::span<std::byte>> decode_base64(std::string_view text, std::span<std::byte> out) {
  for (int i = 0; i < 2 && !text.empty() && text.back() == '='; ++i) text.remove_suffix(1);
  if (text.size() % 4 == 1 || text.size() / 4 * 3 + 3 > out.size() + (text.size() % 4 == 0   ? 3
                                                                      : text.size() % 4 == 2 ? 2
                                                                                             : 1))
    return std::nullopt;
  std::uint32_t bits = 0;
  int held = 0;
  std::size_t size = 0;
  for (const char c : text) {
    const int value = value_of(c);
    if (value < 0) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out[size++] = static_cast<std::byte>(bits >> held & 0xff);
    }
  }
  return out.first(size);
}

}  // namespace bedrail
