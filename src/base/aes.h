#pragma once

#include <array>
#include <span>

#include "base/bytes.h"

namespace bedrail {

using AesBlock = std::array<std::byte, 16>;
using AesKey = std::array<std::byte, 16>;
using AesNonce = std::array<std::byte, 12>;

/// One block with AES-128 (FIPS 197). Zeros where the crypto library fails.
AesBlock aes128_block(const AesKey& key, const AesBlock& block);

/// Opens what AES-128-GCM sealed (RFC 5116, 5.1): `sealed` ends with its 16 bytes of tag, `out` holds what is
/// in front of them. False, with nothing to be read in `out`, where the tag does not fit.
bool aes128_gcm_open(const AesKey& key, const AesNonce& nonce, Bytes associated, Bytes sealed,
                     std::span<std::byte> out);

}  // namespace bedrail
