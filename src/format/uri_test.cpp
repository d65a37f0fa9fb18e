#include "format/uri.h"

#include <doctest/doctest.h>

namespace bedrail {

TEST_CASE("uri: where an address leads") {
  const auto address = http_address("http://192.0.2.1:5357/uuid/");
  REQUIRE(address);
  CHECK(address->host == "192.0.2.1");
  CHECK(address->port == 5357);
  CHECK_FALSE(address->encrypted);
  const auto six = http_address("HTTPS://[fe80::1%eth0]/x");
  REQUIRE(six);
  CHECK(six->host == "fe80::1");
  CHECK(six->port == 443);
  CHECK(six->encrypted);
  for (const char* bad : {"", "ftp://a", "http://a:0/", "http://a:b/", "http://a:99999/", "http://[::1/"}) {
    CAPTURE(bad);
    CHECK_FALSE(http_address(bad));
  }
}

TEST_CASE("uri: what of an address may be shown") {
  CHECK(public_url("http://admin:secret@host:1/a/b?token=x#y") == "http://host:1/a/b");
  CHECK(public_url("http://host?x=a@b").empty());
  CHECK(public_url("no address").empty());
  // Found by fuzzing: an '@' before the scheme's end.
  CHECK(public_url("%@://").empty());
}

TEST_CASE("uri: percent-encoding") {
  CHECK(percent_decoded("Bed%2007%2fA%") == "Bed 07/A%");
  CHECK(percent_decoded("%zz%4") == "%zz%4");
}

}  // namespace bedrail
