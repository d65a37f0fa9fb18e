#include "format/sasl.h"

#include <doctest/doctest.h>

namespace bedrail {

TEST_CASE("sasl: what a proof leaves behind") {
  const auto plain = sasl::digest_plain("AGFubmEAc2VjcmV0MTI=");  // NUL "anna" NUL "secret12"
  REQUIRE(plain);
  CHECK(plain->digest == digest_secret("anna", "secret12"));
  CHECK_FALSE(plain->secret_empty);
  CHECK_FALSE(plain->secret_is_account);
  CHECK(sasl::digest("anna", "anna").secret_is_account);
  CHECK(sasl::digest("anna", "").secret_empty);
  CHECK_FALSE(sasl::digest("", "").secret_is_account);
  CHECK(sasl::digest_login("anna", "c2VjcmV0MTI=")->digest == plain->digest);
}

TEST_CASE("sasl: what is no proof") {
  CHECK_FALSE(sasl::digest_plain("AGFubmE="));  // no password
  CHECK_FALSE(sasl::digest_plain("YW5uYQ=="));  // no NUL
  CHECK_FALSE(sasl::digest_plain("not base64!"));
  ShortText<128> text;
  CHECK(sasl::decode("YW5uYQ==", text));
  CHECK(text.view() == "anna");
  CHECK_FALSE(sasl::decode("?", text));
}

TEST_CASE("sasl: names of mechanisms") {
  CHECK(sasl::mechanism_name("plain") == "plain");
  CHECK(sasl::mechanism_name("CRAM-MD5") == "digest");
  CHECK(sasl::mechanism_name("SCRAM-SHA-256") == "scram");
  CHECK(sasl::mechanism_name("GSSAPI") == "kerberos");
  CHECK(sasl::mechanism_name("XOAUTH2") == "token");
  CHECK(sasl::mechanism_name("EXTERNAL") == "external");
  CHECK(sasl::mechanism_name("anything") == "other");
}

}  // namespace bedrail
