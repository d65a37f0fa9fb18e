#include "base/hash.h"

#include <sys/random.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <array>

namespace bedrail {
namespace {

struct ProcessKey {
  std::uint64_t first = 0, second = 0;
};

/// Drawn at first use. Where the kernel refuses, addresses of this process stand in: the digest stays in
/// memory.
const ProcessKey& process_key() {
  static const ProcessKey key = [] {
    ProcessKey drawn;
    if (getrandom(&drawn, sizeof drawn, 0) != static_cast<ssize_t>(sizeof drawn)) {
      drawn.first = reinterpret_cast<std::uintptr_t>(&drawn);
      drawn.second = mix(drawn.first, 1);
    }
    return drawn;
  }();
  return key;
}

}  // namespace

std::uint64_t hash64(Bytes bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

SecretDigest digest_secret(std::string_view account, std::string_view secret) {
  // The account's length stands in the hashed text, so ("ab","c") and ("a","bc") differ.
  std::string joined = std::to_string(account.size());
  joined.append(1, ':').append(account).append(1, '\0').append(secret);
  const XXH128_hash_t hash = XXH3_128bits_withSeed(joined.data(), joined.size(), process_key().first);
  std::fill(joined.begin(), joined.end(), '\0');
  return {mix(hash.high64, process_key().second), mix(hash.low64, process_key().second)};
}

std::string to_hex(Bytes bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte b : bytes) {
    text.push_back(kDigits[static_cast<unsigned>(b) >> 4]);
    text.push_back(kDigits[static_cast<unsigned>(b) & 15]);
  }
  return text;
}

}  // namespace bedrail
