#include "capture/sha256.h"

#include <openssl/evp.h>

#include <array>

#include "base/hash.h"

namespace bedrail {

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (context_ && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1) context_.reset();
}

void Sha256::update(Bytes bytes) {
  if (context_ && EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) != 1) context_.reset();
}

std::string Sha256::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (!context_ || EVP_DigestFinal_ex(context_.get(), digest.data(), &length) != 1) return {};
  context_.reset();
  return to_hex(std::as_bytes(std::span(digest.data(), length)));
}

}  // namespace bedrail
