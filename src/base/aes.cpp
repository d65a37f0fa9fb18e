#include "base/aes.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>

namespace bedrail {
namespace {

constexpr std::size_t kTag = 16;
constexpr std::size_t kMostText = 1 << 20;

struct Freed {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, Freed>;

const unsigned char* octets(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
unsigned char* octets(std::span<std::byte> bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

}  // namespace

AesBlock aes128_block(const AesKey& key, const AesBlock& block) {
  AesBlock out{};
  const Context context(EVP_CIPHER_CTX_new());
  int length = 0;
  const bool done =
      context != nullptr &&
      EVP_EncryptInit_ex(context.get(), EVP_aes_128_ecb(), nullptr, octets(Bytes(key)), nullptr) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1 &&
      EVP_EncryptUpdate(context.get(), octets(std::span<std::byte>(out)), &length, octets(Bytes(block)),
                        static_cast<int>(block.size())) == 1;
  return done ? out : AesBlock{};
}

bool aes128_gcm_open(const AesKey& key, const AesNonce& nonce, Bytes associated, Bytes sealed,
                     std::span<std::byte> out) {
  if (sealed.size() < kTag || sealed.size() > kMostText || associated.size() > kMostText) return false;
  const std::size_t size = sealed.size() - kTag;
  if (out.size() < size) return false;
  std::array<std::byte, kTag> tag{};
  std::copy_n(sealed.end() - kTag, kTag, tag.begin());
  const Context context(EVP_CIPHER_CTX_new());
  int length = 0;
  if (context == nullptr || EVP_DecryptInit_ex(context.get(), EVP_aes_128_gcm(), nullptr, octets(Bytes(key)),
                                               octets(Bytes(nonce))) != 1)
    return false;
  if (!associated.empty() && EVP_DecryptUpdate(context.get(), nullptr, &length, octets(associated),
                                               static_cast<int>(associated.size())) != 1)
    return false;
  if (size > 0 &&
      EVP_DecryptUpdate(context.get(), octets(out), &length, octets(sealed), static_cast<int>(size)) != 1)
    return false;
  unsigned char end[kTag] = {};
  const bool fits = EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTag,
                                        octets(std::span<std::byte>(tag))) == 1 &&
                    EVP_DecryptFinal_ex(context.get(), end, &length) == 1;
  if (!fits) std::fill(out.begin(), out.end(), std::byte{0});
  return fits;
}

}  // namespace bedrail
