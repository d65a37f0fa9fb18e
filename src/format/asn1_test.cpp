#include "format/asn1.h"

#include <doctest/doctest.h>

#include <string>

namespace bedrail {
namespace {

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values) out.push_back(static_cast<char>(value));
  return out;
}

}  // namespace

TEST_CASE("asn1: elements of one level, with short and long lengths and large tags") {
  const std::string text = bytes({0x02, 1, 5, 0x04, 0x81, 3, 'a', 'b', 'c', 0xbf, 0x81, 0x01, 2, 0x05, 0x00});
  asn1::Reader reader(as_bytes(text));
  CHECK(reader.integer() == 5);
  const auto second = reader.next();
  CHECK(second.is(asn1::kOctetString));
  CHECK(as_text(second.content) == "abc");
  CHECK(second.whole.size() == 6);
  const auto third = reader.next();
  CHECK(third.number == 129);
  CHECK(third.constructed());
  CHECK(reader.enter(third).next().is(asn1::kNull));
  CHECK(reader.ok());
  CHECK(reader.empty());
  CHECK_FALSE(reader.next().is(asn1::kNull));
  CHECK_FALSE(reader.ok());
}

TEST_CASE("asn1: what is cut, indefinite, oversized or of another type fails and stays failed") {
  const std::string cases[] = {bytes({0x02}),
                               bytes({0x02, 2, 1}),
                               bytes({0x30, 0x80, 0, 0}),
                               bytes({0x02, 0x85, 0, 0, 0, 0, 1, 1}),
                               bytes({0x02, 0x82, 1}),
                               bytes({0x1f, 0x81, 0x81, 0x81, 0x81, 0x01, 0}),
                               bytes({0x04, 1, 1}),
                               bytes({0x02, 0}),
                               bytes({0x02, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1})};
  for (const std::string& text : cases) {
    asn1::Reader reader(as_bytes(text));
    CHECK(reader.integer() == 0);
    CHECK_FALSE(reader.ok());
    CHECK(reader.next().whole.empty());
  }
}

TEST_CASE("asn1: an optional element that is not there leaves the reader where it was") {
  const std::string text = bytes({0xa0, 3, 0x02, 1, 2, 0x02, 1, 7});
  asn1::Reader reader(as_bytes(text));
  CHECK_FALSE(reader.optional(asn1::context(3, true)));
  const auto version = reader.optional(asn1::context(0, true));
  REQUIRE(version);
  CHECK(reader.enter(*version).integer() == 2);
  CHECK(reader.integer() == 7);
}

TEST_CASE("asn1: depth is bounded") {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text =
        bytes({0x30, 0x82, static_cast<int>(text.size() >> 8), static_cast<int>(text.size() & 0xff)}) + text;
  asn1::Reader reader(as_bytes(text));
  unsigned depth = 0;
  while (reader.ok() && depth < 200) {
    reader = reader.descend(asn1::kSequence);
    ++depth;
  }
  CHECK(depth == asn1::Reader::kMostDepth + 1);
}

TEST_CASE("asn1: integers") {
  CHECK(asn1::to_integer(as_bytes(bytes({0xff}))) == -1);
  CHECK(asn1::to_integer(as_bytes(bytes({0x00, 0xff}))) == 255);
  CHECK(asn1::to_integer(as_bytes(bytes({0x80, 0, 0, 0, 0, 0, 0, 0}))) == INT64_MIN);
  CHECK_FALSE(asn1::to_integer(as_bytes("")));
  CHECK(asn1::to_unsigned(as_bytes(bytes({0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}))) ==
        UINT64_MAX);
  CHECK_FALSE(asn1::to_unsigned(as_bytes(bytes({1, 0, 0, 0, 0, 0, 0, 0, 0}))));
  CHECK(asn1::integer_bits(as_bytes(bytes({0x00, 0x80, 0x00}))) == 16);
  CHECK(asn1::integer_bits(as_bytes(bytes({0x01, 0x00}))) == 9);
  CHECK(asn1::integer_bits(as_bytes(bytes({0, 0}))) == 0);
}

TEST_CASE("asn1: object identifiers") {
  CHECK(asn1::oid_text(as_bytes(bytes({0x2b, 6, 1, 2, 1, 1, 5, 0}))) == "1.3.6.1.2.1.1.5.0");
  CHECK(asn1::oid_text(as_bytes(bytes({0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11}))) ==
        "1.2.840.113549.1.1.11");
  CHECK(asn1::oid_text(as_bytes(bytes({0x88, 0x37, 3}))) == "2.999.3");
  CHECK(asn1::oid_text(as_bytes(bytes({0x2b, 0x86}))).empty());
  CHECK(asn1::oid_text(as_bytes("")).empty());
  CHECK(asn1::oid_text(as_bytes(bytes({0x2b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})))
            .empty());
  CHECK(asn1::oid_text(as_bytes(std::string(200, '\1'))).empty());
  CHECK(asn1::oid_is(as_bytes(bytes({0x2b, 6, 1})), "1.3.6.1"));
  CHECK_FALSE(asn1::oid_is(as_bytes(bytes({0x2b, 6, 1})), "1.3.6.1.2"));
  CHECK_FALSE(asn1::oid_is(as_bytes(bytes({0x2b, 6, 1, 2})), "1.3.6.1"));
  CHECK_FALSE(asn1::oid_is(as_bytes(bytes({0x2b, 6, 1})), "1.3.6.12"));
}

TEST_CASE("asn1: times") {
  const auto time = [](std::uint8_t tag, std::string_view text) {
    const std::string whole = bytes({tag, static_cast<int>(text.size())}) + std::string(text);
    const auto t = asn1::to_time(asn1::Reader(as_bytes(whole)).next());
    return t ? format_rfc3339(*t) : std::string("none");
  };
  CHECK(time(asn1::kUtcTime, "261231235959Z") == "2026-12-31T23:59:59.000000000Z");
  CHECK(time(asn1::kUtcTime, "500101000000Z") == "1950-01-01T00:00:00.000000000Z");
  CHECK(time(asn1::kUtcTime, "2612312359Z") == "2026-12-31T23:59:00.000000000Z");
  CHECK(time(asn1::kGeneralizedTime, "20500102030405.5Z") == "2050-01-02T03:04:05.000000000Z");
  CHECK(time(asn1::kGeneralizedTime, "99991231235959Z").substr(0, 4) == "2262");
  CHECK(time(asn1::kUtcTime, "261331235959Z") == "none");
  CHECK(time(asn1::kUtcTime, "2612312359") == "none");
  CHECK(time(asn1::kUtcTime, "26x231235959Z") == "none");
  CHECK(time(asn1::kOctetString, "261231235959Z") == "none");
}

TEST_CASE("asn1: strings") {
  const std::string bmp = bytes({0x1e, 4, 0, 'A', 0, 0xe4});
  CHECK(asn1::to_text(asn1::Reader(as_bytes(bmp)).next()) == "A\xc3\xa4");
  const std::string number = bytes({0x02, 1, 'A'});
  CHECK(asn1::to_text(asn1::Reader(as_bytes(number)).next()).empty());
}

TEST_CASE("asn1: a stream's first element's size") {
  CHECK(asn1::element_size(as_bytes(bytes({0x30}))) == 0);
  CHECK(asn1::element_size(as_bytes(bytes({0x30, 0x82, 1}))) == 0);
  CHECK(asn1::element_size(as_bytes(bytes({0x30, 0x82, 1, 0}))) == 260);
  CHECK_FALSE(asn1::element_size(as_bytes(bytes({0x30, 0x80}))));
}

}  // namespace bedrail
