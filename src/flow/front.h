#pragma once

#include <array>
#include <compare>
#include <cstdint>

#include "base/bytes.h"

namespace bedrail {

/// The shape of the first bytes that one end sent: what a protocol looks like, and nothing that somebody
/// wrote. Letters become 'A' or 'a', digits '9', a character of UTF-8 beyond ASCII as many 'a' as it has
/// bytes; every other byte stays. Nothing else of a payload is kept.
struct Front {
  std::array<std::uint8_t, 8> bytes = {};
  std::uint8_t length = 0;

  /// Takes the shape of the first payload that is given; further ones cost a comparison.
  void keep(Bytes payload) {
    if (length == 0) take(payload);
  }
  friend auto operator<=>(const Front&, const Front&) = default;

 private:
  void take(Bytes payload);
};

}  // namespace bedrail
