#include "base/sha256.h"

#include <openssl/evp.h>

#include <array>

#include "base/hash.h"

namespace bedrail {

std::string sha256_hex(Bytes bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) return {};
  return to_hex(std::as_bytes(std::span(digest.data(), length)));
}

}  // namespace bedrail
