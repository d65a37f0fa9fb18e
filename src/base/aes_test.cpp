#include "base/aes.h"

#include <doctest/doctest.h>

#include "base/hash.h"
#include "base/hkdf.h"
#include "dissect_harness.h"

namespace bedrail {
namespace {

template <typename Array>
Array array_of(std::string_view hex) {
  const std::string text = test::from_hex(hex);
  Array out{};
  REQUIRE(text.size() == out.size());
  std::copy_n(as_bytes(text).begin(), out.size(), out.begin());
  return out;
}

}  // namespace

TEST_CASE("aes: one block (FIPS 197, C.1)") {
  CHECK(to_hex(aes128_block(array_of<AesKey>("000102030405060708090a0b0c0d0e0f"),
                            array_of<AesBlock>("00112233445566778899aabbccddeeff"))) ==
        "69c4e0d86a7b0430d8cdb78070b4c55a");
}

TEST_CASE("aes: Galois/counter mode opens what it sealed, and nothing else") {
  const std::string sealed =
      test::from_hex("0388dace60b6a392f328c2b971b2fe78 ab6e47d42cec13bdf53a67b21257bddf");
  AesBlock out{};
  out.fill(std::byte{7});
  CHECK(aes128_gcm_open({}, {}, {}, as_bytes(sealed), out));
  CHECK(out == AesBlock{});
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string forged = sealed;
    forged[i] = static_cast<char>(forged[i] ^ 1);
    CHECK_FALSE(aes128_gcm_open({}, {}, {}, as_bytes(forged), out));
  }
  CHECK_FALSE(aes128_gcm_open({}, {}, as_bytes("x"), as_bytes(sealed), out));
  CHECK_FALSE(aes128_gcm_open({}, {}, {}, as_bytes(sealed.substr(0, 15)), out));
  CHECK_FALSE(aes128_gcm_open({}, {}, {}, as_bytes(sealed), std::span<std::byte>(out).first(15)));
  // The tag of nothing at all.
  const std::string empty = test::from_hex("58e2fccefa7e3061367f1d57a4e7455a");
  CHECK(aes128_gcm_open({}, {}, {}, as_bytes(empty), {}));
}

TEST_CASE("hkdf: the first example of RFC 5869") {
  const std::string salt = test::from_hex("000102030405060708090a0b0c"), secret(22, '\x0b');
  const Sha256Digest key = hkdf_extract(as_bytes(salt), as_bytes(secret));
  CHECK(to_hex(key) == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
  std::array<std::byte, 32> out{};
  const std::string info = test::from_hex("f0f1f2f3f4f5f6f7f8f9");
  CHECK(hkdf_expand(key, as_bytes(info), out));
  CHECK(to_hex(out) == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
  std::array<std::byte, 33> more{};
  CHECK_FALSE(hkdf_expand(key, as_bytes(info), more));
}

TEST_CASE("hkdf: labels as QUIC uses them (RFC 9001, A.1)") {
  const std::string salt = test::from_hex("38762cf7f55934b34d179ae6a4c80cadccbb7f0a");
  const std::string id = test::from_hex("8394c8f03e515708");
  const Sha256Digest initial = hkdf_extract(as_bytes(salt), as_bytes(id));
  Sha256Digest client{};
  REQUIRE(hkdf_expand_label(initial, "client in", client));
  CHECK(to_hex(client) == "c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea");
  AesKey key{};
  REQUIRE(hkdf_expand_label(client, "quic key", key));
  CHECK(to_hex(key) == "1f369613dd76d5467730efcbe3b1a22d");
}

}  // namespace bedrail
