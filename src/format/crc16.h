#pragma once

#include <cstdint>
#include <string_view>

namespace bedrail {

/// CRC-16 with the polynomial 1021h, most significant bit first (CCITT), as serial devices use it with a
/// start of 0 or FFFFh.
constexpr std::uint16_t crc16_ccitt(std::string_view bytes, std::uint16_t start) {
  unsigned crc = start;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned>(static_cast<unsigned char>(c)) << 8;
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
  }
  return static_cast<std::uint16_t>(crc);
}

}  // namespace bedrail
