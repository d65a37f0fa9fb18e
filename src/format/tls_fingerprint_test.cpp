#include "format/tls_fingerprint.h"

#include <doctest/doctest.h>

#include "tls_builder.h"

namespace bedrail::tls {
namespace {

/// Extensions without content but those that carry lists.
std::string extensions(const std::vector<int>& types, const std::vector<int>& groups,
                       const std::vector<int>& signatures, const std::vector<int>& versions) {
  std::string out;
  for (const int type : types) {
    switch (type) {
      case kServerName:
        out += test::server_name("example.org");
        break;
      case kAlpn:
        out += test::protocols({"h2", "http/1.1"});
        break;
      case kGroups:
        out += test::extension(type, test::counted(test::numbers(groups), 2));
        break;
      case kPointFormats:
        out += test::extension(type, std::string("\x01\0", 2));
        break;
      case kSignatureAlgorithms:
        out += test::extension(type, test::counted(test::numbers(signatures), 2));
        break;
      case kSupportedVersions:
        out += test::extension(type, test::counted(test::numbers(versions), 1));
        break;
      default:
        out += test::extension(type, "");
        break;
    }
  }
  return out;
}

ClientHello read(const std::string& body) {
  ClientHello hello;
  CHECK(read_client_hello(as_bytes(body), hello));
  return hello;
}

}  // namespace

TEST_CASE("tls: JA3 of its publication") {
  const std::string full =
      test::client_hello_body(769, {47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4},
                              extensions({0, 10, 11}, {23, 24, 25}, {}, {}));
  CHECK(ja3_text(read(full)) == "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0");
  CHECK(ja3(read(full)) == "ada70206e40642a3e4461f35503241d5");
  const std::string bare = test::client_hello_body(769, {4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99}, "");
  CHECK(ja3_text(read(bare)) == "769,4-5-10-9-100-98-3-6-19-18-99,,,");
  CHECK(ja3(read(bare)) == "de350869b8c85de67a350c8d186f11e6");
  const std::string grease =
      test::client_hello_body(769, {0x1a1a, 47}, extensions({0xfafa, 10, 0x2a2a}, {0x0a0a, 29}, {}, {}));
  CHECK(ja3_text(read(grease)) == "769,47,10,29,");
}

TEST_CASE("tls: JA3S as its publication defines it") {
  const std::string body =
      test::server_hello_body(769, 47,
                              test::extension(65281, "") + test::extension(0, "") + test::extension(11, "") +
                                  test::extension(35, "") + test::extension(5, "") + test::protocols({"h2"}));
  ServerHello hello;
  REQUIRE(read_server_hello(as_bytes(body), hello));
  CHECK(ja3s_text(hello) == "769,47,65281-0-11-35-5-16");
  CHECK(ja3s(hello) == "836ce314215654b5b1f85f97c73e506f");
}

TEST_CASE("tls: JA4 of its publication, whatever the GREASE") {
  const std::vector<int> ciphers = {0x8a8a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030,
                                    0xcca9, 0xcca8, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035};
  const std::vector<int> signatures = {0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601};
  const std::string block =
      extensions({0x1a1a, 0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002d, 0x000d, 0x0005, 0x0023,
                  0x0012, 0x002b, 0xff01, 0x000b, 0x000a, 0x0015},
                 {0x3a3a, 29, 23}, signatures, {0x6a6a, 0x0303, 0x0304});
  CHECK(ja4(read(test::client_hello_body(0x0303, ciphers, block))) == "t13d1516h2_8daaf6152771_e5627efa2ab1");
  const std::string unsigned_block = extensions(
      {0x0005, 0x000a, 0x000b, 0x0012, 0x0015, 0x0017, 0x001b, 0x0023, 0x002d, 0x0033, 0x4469, 0xff01}, {29},
      {}, {});
  // The publication's string without signature algorithms names extension 000d; its list is empty here.
  const std::string empty_list = extensions({0x000d, 0x002b}, {}, {}, {0x0304}) + unsigned_block;
  CHECK(ja4(read(test::client_hello_body(0x0303, {47}, empty_list))).ends_with("_6d807ffa2a79"));
  CHECK(ja4(read(test::client_hello_body(0x0301, {0x0a0a}, ""))) == "t10i000000_000000000000_000000000000");
  CHECK(ja4(read(test::client_hello_body(0x0301, {0x0a0a}, "")), 'q') ==
        "q10i000000_000000000000_000000000000");
}

TEST_CASE("tls: JA4 names a protocol by its ends, in hexadecimal where they are no letters") {
  const auto protocol = [](const std::string& name) {
    return ja4(read(test::client_hello_body(0x0303, {47}, test::protocols({name})))).substr(8, 2);
  };
  CHECK(protocol("http/1.1") == "h1");
  CHECK(protocol("x") == "xx");
  CHECK(protocol("\xab") == "ab");
  CHECK(protocol("\xab\xcd") == "ad");
  CHECK(protocol("0\xab") == "3b");
  CHECK(protocol("01\xab\xcd") == "3d");
  CHECK(protocol("0\xab\xcd\x31") == "01");
  CHECK(protocol("") == "00");
}

TEST_CASE("tls: hellos that are cut or whose lists reach too far are refused") {
  const std::string body = test::client_hello_body(
      0x0303, {47, 53}, extensions({0, 16, 10, 11, 13, 43}, {29}, {0x0403}, {0x0304}));
  const std::size_t bare = test::client_hello_body(0x0303, {47, 53}, "").size();
  ClientHello hello;
  CHECK(read_client_hello(as_bytes(body), hello));
  CHECK(hello.server_name == "example.org");
  CHECK(hello.highest_version == kTls13);
  for (std::size_t size = 0; size < body.size(); ++size) {
    // A hello that ends before its extensions is whole: so it was before there were any.
    ClientHello cut;
    CHECK(read_client_hello(as_bytes(body.substr(0, size)), cut) == (size == bare));
  }
  const std::string odd = test::client_hello_body(0x0303, {47}, test::extension(0, test::number(500, 2)));
  CHECK_FALSE(read_client_hello(as_bytes(odd), hello));
  ServerHello answer;
  CHECK_FALSE(read_server_hello(as_bytes(test::server_hello_body(0x0309, 47, "")), answer));
}

}  // namespace bedrail::tls
