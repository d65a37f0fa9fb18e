#include "base/hkdf.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <string>

namespace bedrail {
namespace {

bool hmac(Bytes key, Bytes text, Sha256Digest& out) {
  unsigned int length = 0;
  unsigned char digest[EVP_MAX_MD_SIZE] = {};
  const auto* data = reinterpret_cast<const unsigned char*>(text.data());
  if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), data, text.size(), digest, &length) ==
          nullptr ||
      length != out.size())
    return false;
  std::transform(digest, digest + out.size(), out.begin(), [](unsigned char c) { return std::byte{c}; });
  return true;
}

}  // namespace

Sha256Digest hkdf_extract(Bytes salt, Bytes secret) {
  Sha256Digest out{};
  if (!hmac(salt, secret, out)) return {};
  return out;
}

bool hkdf_expand(const Sha256Digest& key, Bytes info, std::span<std::byte> out) {
  Sha256Digest block{};
  if (out.size() > block.size()) return false;
  std::string text(as_text(info));
  text.push_back('\1');
  if (!hmac(key, as_bytes(text), block)) return false;
  std::copy_n(block.begin(), out.size(), out.begin());
  return true;
}

bool hkdf_expand_label(const Sha256Digest& key, std::string_view label, std::span<std::byte> out) {
  constexpr std::string_view kPrefix = "tls13 ";
  std::string info;
  info.push_back('\0');
  info.push_back(static_cast<char>(out.size()));
  info.push_back(static_cast<char>(kPrefix.size() + label.size()));
  info.append(kPrefix).append(label).push_back('\0');
  return hkdf_expand(key, as_bytes(info), out);
}

}  // namespace bedrail
