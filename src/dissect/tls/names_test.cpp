#include "dissect/tls/names.h"

#include <doctest/doctest.h>

namespace bedrail::tls {

TEST_CASE("tls: names of suites and what is weak in them") {
  CHECK(cipher_name(0x0000) == "TLS_NULL_WITH_NULL_NULL");
  CHECK(cipher_name(0x1301) == "TLS_AES_128_GCM_SHA256");
  CHECK(cipher_name(0xccae) == "TLS_RSA_PSK_WITH_CHACHA20_POLY1305_SHA256");
  CHECK(cipher_name(0xfefe) == "0xfefe");
  CHECK(weaknesses(cipher_name(0x0000)) == "null");
  CHECK(weaknesses(cipher_name(0x0003)) == "export,rc4");
  CHECK(weaknesses(cipher_name(0x0009)) == "des");
  CHECK(weaknesses(cipher_name(0x000a)) == "3des");
  CHECK(weaknesses(cipher_name(0x0019)) == "export,des,anonymous");
  CHECK(weaknesses(cipher_name(0x002f)).empty());
  CHECK(weaknesses(cipher_name(0xc02f)).empty());
  CHECK(weaknesses(ssl2_cipher_name(0x0700c0)) == "3des");
  CHECK(ssl2_cipher_name(0x123456) == "0x123456");
  CHECK(alert_name(40) == "handshake_failure");
  CHECK(alert_name(200) == "200");
}

TEST_CASE("tls: what can be one host's name") {
  for (const char* good : {"pump-17.ward.example", "PACS01", "xn--a_b.local"}) CHECK(is_host_like(good));
  for (const char* bad : {"", "*.example.org", "10.0.0.5", "fe80::1", "Root CA", "localhost",
                          "localhost.localdomain", ".a", "a-", "a..b"}) {
    CHECK_FALSE(is_host_like(bad));
  }
}

}  // namespace bedrail::tls
