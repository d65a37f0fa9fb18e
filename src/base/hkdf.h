#pragma once

#include <array>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace bedrail {

using Sha256Digest = std::array<std::byte, 32>;

/// HKDF with SHA-256 (RFC 5869, 2.2): the pseudorandom key of a salt and a secret. Zeros where the crypto
/// library fails.
Sha256Digest hkdf_extract(Bytes salt, Bytes secret);
/// RFC 5869, 2.3: fills `out` (at most 32 bytes here) from the key and `info`; false where that fails.
bool hkdf_expand(const Sha256Digest& key, Bytes info, std::span<std::byte> out);
/// HKDF-Expand-Label of TLS 1.3 with an empty context (RFC 8446, 7.1); `label` without "tls13 ".
bool hkdf_expand_label(const Sha256Digest& key, std::string_view label, std::span<std::byte> out);

}  // namespace bedrail
