#include "format/x509.h"

#include <doctest/doctest.h>

#include "base/hash.h"
#include "dissect_harness.h"
#include "sample_certificates.h"

namespace bedrail {
namespace {

using namespace std::string_literals;

/// A Name with one attribute of this OID (hexadecimal) and string tag.
std::string one_attribute(std::string_view oid, char tag, const std::string& value) {
  const auto element = [](char identifier, const std::string& content) {
    return std::string(1, identifier) + static_cast<char>(content.size()) + content;
  };
  return element(0x31, element(0x30, element(0x06, test::from_hex(oid)) + element(tag, value)));
}

}  // namespace

TEST_CASE("x509: a self-signed certificate with alternative names") {
  const std::string der = test::from_hex(test::kPumpCertificate);
  const auto read = x509::read_certificate(as_bytes(der));
  REQUIRE(read);
  CHECK(read->subject ==
        "CN=pump-17.ward.example,serialNumber=SN-4711,OU=\\#1 Infusion,O=Example Medical\\, Inc.,C=DE");
  CHECK(read->issuer == read->subject);
  CHECK(read->common_name == "pump-17.ward.example");
  CHECK(read->self_signed);
  CHECK(read->key == "ec-p256");
  CHECK(read->signature == "sha256-ecdsa");
  CHECK(format_rfc3339(read->not_before) == "2026-11-25T09:22:03.000000000Z");
  CHECK(format_date(read->not_after) == "2036-11-22");
  CHECK(read->dns_names == std::vector<std::string>{"pump-17.ward.example", "pump-17"});
  REQUIRE(read->ip_addresses.size() == 2);
  CHECK(to_hex(read->ip_addresses[0]) == "0a000002");
  CHECK(to_hex(read->ip_addresses[1]) == "20010db8000000000000000000000017");
}

TEST_CASE("x509: a version 1 certificate of another issuer") {
  const std::string der = test::from_hex(test::kArchiveCertificate);
  const auto read = x509::read_certificate(as_bytes(der));
  REQUIRE(read);
  CHECK(read->subject == "CN=pacs01,O=Example");
  CHECK(read->issuer == "CN=Device Root,O=Example");
  CHECK_FALSE(read->self_signed);
  CHECK(read->key == "rsa-1024");
  CHECK(read->signature == "sha1-rsa");
  CHECK(format_date(read->not_after) == "2081-08-28");
  CHECK(read->dns_names.empty());
}

TEST_CASE("x509: what is cut, prolonged or no certificate is nothing") {
  const std::string der = test::from_hex(test::kPumpCertificate);
  for (std::size_t size = 0; size < der.size(); ++size) {
    CHECK_FALSE(x509::read_certificate(as_bytes(std::string_view(der).substr(0, size))));
  }
  CHECK_FALSE(x509::read_certificate(as_bytes(der + '\0')));
  CHECK_FALSE(x509::read_certificate(as_bytes("\x30\x03\x02\x01\x05")));
}

TEST_CASE("x509: names as RFC 4514 has them") {
  CHECK(x509::name_text(as_bytes(one_attribute("550403", 0x0c, "a+b;\"<c>\\"))) ==
        "CN=a\\+b\\;\\\"\\<c\\>\\\\");
  CHECK(x509::name_text(as_bytes(one_attribute("2a030405", 0x0c, "xy"))) == "1.2.3.4.5=#0c027879");
  CHECK(x509::name_text(as_bytes(one_attribute("550403", 0x1e, std::string("\0P\0X", 4)))) == "CN=PX");
  const std::string two = one_attribute("550406", 0x13, "DE") + one_attribute("55040a", 0x13, "Example");
  CHECK(x509::name_text(as_bytes(two)) == "O=Example,C=DE");
  CHECK(x509::name_text({}).empty());
  // What names a person is left out; a device's serial number is not.
  const std::string mail = one_attribute("2a864886f70d010901", 0x16, "nurse@ward.example");
  const std::string serial = one_attribute("550405", 0x13, "SN-4711");
  CHECK(x509::name_text(as_bytes(two + mail + serial)) == "serialNumber=SN-4711,O=Example,C=DE");
  for (const std::string& oid : {"0992268993f22c640101"s, "550404"s, "55042a"s, "550441"s}) {
    CHECK(x509::name_text(as_bytes(serial + two + one_attribute(oid, 0x0c, "Nurse"))) == "O=Example,C=DE");
  }
  // Within one relative name.
  const auto pair = [](const std::string& attribute) { return attribute.substr(2); };
  const std::string joined = pair(mail) + pair(serial) + pair(one_attribute("550403", 0x0c, "pump"));
  CHECK(x509::name_text(as_bytes("\x31" + std::string(1, static_cast<char>(joined.size())) + joined)) ==
        "serialNumber=SN-4711+CN=pump");
  std::string many;
  for (int i = 0; i < 100; ++i) many += one_attribute("55040b", 0x13, std::string(50, 'u'));
  CHECK(x509::name_text(as_bytes(many)).size() <= 512);
}

}  // namespace bedrail
