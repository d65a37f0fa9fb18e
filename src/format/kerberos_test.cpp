#include "format/kerberos.h"

#include <doctest/doctest.h>

#include <vector>

namespace bedrail {

using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

std::string element(char tag, const std::string& content) {
  return std::string(1, tag) + static_cast<char>(content.size()) + content;
}
std::string number(char value) { return element('\x02', std::string(1, value)); }
std::string field(int index, const std::string& content) {
  return element(static_cast<char>(0xa0 + index), content);
}
std::string name(const std::vector<std::string>& parts) {
  std::string list;
  for (const std::string& part : parts) list += element('\x1b', part);
  return element('\x30', field(0, number(2)) + field(1, element('\x30', list)));
}
std::string closed(char type) {
  return element('\x30', field(0, number(type)) + field(2, element('\x04', "sealed")));
}
std::string ap_request(const std::vector<std::string>& service) {
  const std::string ticket =
      element('\x61', element('\x30', field(0, number(5)) + field(1, element('\x1b', "R")) +
                                          field(2, name(service)) + field(3, closed(23))));
  return element('\x6e', element('\x30', field(0, number(5)) + field(1, number(14)) +
                                             field(2, element('\x03', std::string(5, '\0'))) +
                                             field(3, ticket) + field(4, closed(18))));
}

}  // namespace

TEST_CASE("kerberos: the service of a ticket within a token") {
  const std::string token = "\x60\x7e\x06\x09krb5-oid!\x01\x00"s + ap_request({"ldap", "dc01.a.example"});
  const auto service = kerberos::service_of_token(as_bytes(token));
  CHECK(service.service() == "ldap/dc01.a.example");
  CHECK(kerberos::service_of_token(as_bytes("NTLMSSP\0\1\0\0\0and more bytes"sv)).count == 0);
  CHECK(kerberos::service_of_token(as_bytes(token.substr(0, token.size() - 1))).count == 0);
  const auto parsed = kerberos::parse(as_bytes(ap_request({"cifs", "fs"})));
  REQUIRE(parsed);
  CHECK(parsed->ticket_encryption == 23);
}

TEST_CASE("kerberos: which names are a machine's") {
  kerberos::Principal principal;
  CHECK(principal.machine().empty());
  CHECK(principal.service().empty());
  principal.count = 1;
  principal.parts[0] = "anna";
  CHECK(principal.machine().empty());
  CHECK(principal.service().empty());
  principal.parts[0] = "CT01$";
  CHECK(principal.machine() == "CT01");
  principal.parts[0] = "$";
  CHECK(principal.machine().empty());
  principal.count = 2;
  principal.parts = {"HOST", "ct01.a.example"};
  CHECK(principal.machine() == "ct01.a.example");
  CHECK(principal.service() == "HOST/ct01.a.example");
  principal.parts = {"anna", "admin"};
  CHECK(principal.machine().empty());
}

TEST_CASE("kerberos: names of encryption types, Microsoft's own numbers among them") {
  CHECK(kerberos::encryption_name(18) == "aes256");
  CHECK(kerberos::encryption_name(3) == "des");
  CHECK(kerberos::encryption_name(-133) == "rc4");
  CHECK(kerberos::encryption_name(24) == "rc4-export");
  CHECK(kerberos::encryption_name(99).empty());
}

TEST_CASE("kerberos: what is no message") {
  CHECK_FALSE(kerberos::parse({}));
  CHECK_FALSE(kerberos::parse(as_bytes("\x6a\x02\x30\x00"sv)));
  CHECK_FALSE(kerberos::begins_message(as_bytes("\x6a\x80\x30\x80"sv)));
  // A list of parts as long as it likes.
  const std::string many = ap_request(std::vector<std::string>(5, "x"));
  CHECK(kerberos::parse(as_bytes(many))->service.count == 5);
}

}  // namespace bedrail
