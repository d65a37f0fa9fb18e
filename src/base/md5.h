#pragma once

#include <string>

#include "base/bytes.h"

namespace bedrail {

/// MD5 (RFC 1321) of some bytes as 32 lower-case hexadecimal digits: only for fingerprints that are defined
/// with it (JA3, hassh), never for security. Empty where the crypto library refuses MD5 (a FIPS-only
/// machine).
std::string md5_hex(Bytes bytes);
inline std::string md5_hex(std::string_view text) { return md5_hex(as_bytes(text)); }

}  // namespace bedrail
