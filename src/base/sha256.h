#pragma once

#include <string>

#include "base/bytes.h"

namespace bedrail {

/// SHA-256 (FIPS 180-4) of some bytes as 64 lower-case hexadecimal digits. Empty where the crypto library
/// fails.
std::string sha256_hex(Bytes bytes);
inline std::string sha256_hex(std::string_view text) { return sha256_hex(as_bytes(text)); }

}  // namespace bedrail
