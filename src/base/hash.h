#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"

namespace bedrail {

/// XXH3 64-bit of some bytes: tables and deduplication, never security.
std::uint64_t hash64(Bytes bytes, std::uint64_t seed = 0);
inline std::uint64_t hash64(std::string_view text, std::uint64_t seed = 0) {
  return hash64(as_bytes(text), seed);
}

/// Mixes two 64-bit values (the finaliser of splitmix64 over their sum).
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  std::uint64_t x = a + 0x9e3779b97f4a7c15ULL + (b << 6) + (b >> 2) + b * 0xff51afd7ed558ccdULL;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

/// What remains of a password or community: a keyed 128-bit hash whose key is drawn once a process and never
/// leaves it. Good for one question only: "are these two secrets equal?". It is never written anywhere.
struct SecretDigest {
  std::uint64_t high = 0, low = 0;
  friend bool operator==(const SecretDigest&, const SecretDigest&) = default;
};

/// Digest of an account and its secret together; either may be empty.
SecretDigest digest_secret(std::string_view account, std::string_view secret);

/// Lower-case hexadecimal of bytes.
std::string to_hex(Bytes bytes);

}  // namespace bedrail
