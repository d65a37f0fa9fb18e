#include "format/dns_message.h"

#include <doctest/doctest.h>

#include <string>

#include "dns_builder.h"

namespace bedrail::dns {
namespace {

using test::DnsBuilder;

std::string header(const std::string& counts) { return std::string("\x12\x34\x84\x00", 4) + counts; }
const std::string kOneAnswer("\0\0\0\1\0\0\0\0", 8);

Name parse(const std::string& dotted) {
  const std::string wire = DnsBuilder::name(std::string_view(dotted));
  ByteReader reader(as_bytes(wire));
  Name name;
  CHECK(read_name(reader, name));
  return name;
}

}  // namespace

TEST_CASE("dns message: labels stay apart, dots within them too") {
  const std::string wire = DnsBuilder::name(std::vector<std::string>{"HP 1.5", "_ipp", "_tcp", "local"});
  ByteReader reader(as_bytes(wire));
  Name name;
  REQUIRE(read_name(reader, name));
  CHECK(reader.empty());
  CHECK(name.text() == "HP 1.5._ipp._tcp.local");
  CHECK(name.labels() == 4);
  CHECK(name.label(0) == "HP 1.5");
  CHECK(name.label(3) == "local");
  CHECK(name.label(4) == "");
  CHECK(name.from(1) == "_ipp._tcp.local");
  CHECK(name.is_under("LOCAL"));
  CHECK(name.is_under("_tcp.local"));
  CHECK_FALSE(name.is_under("cal"));
  CHECK(parse("A.b") == parse("a.B"));
  CHECK_FALSE(parse("a.b") == parse("a.c"));
  CHECK(parse("").text().empty());
  CHECK(parse("A.b").hash() == parse("a.B").hash());
  CHECK_FALSE(parse("a.b").hash() == parse("a.c").hash());
}

TEST_CASE("dns message: pointers lead backwards only, and not too often") {
  // "b.a" by a pointer to "a"; what follows the pointer is read next.
  const std::string good = std::string("\1a\0\1b\xc0\0", 7) + "x";
  ByteReader reader(as_bytes(good));
  reader.seek(3);
  Name name;
  REQUIRE(read_name(reader, name));
  CHECK(name.text() == "b.a");
  CHECK(reader.remaining() == 1);
  for (const std::string& bad :
       {std::string("\xc0\0", 2), std::string("\1a\xc0\0", 4), std::string("\xc0\2\0", 3),
        std::string("\x40"), std::string("\x80z\0", 3), std::string("\5ab"), std::string("\xc0")}) {
    ByteReader broken(as_bytes(bad));
    CHECK_FALSE(read_name(broken, name));
    CHECK_FALSE(broken.ok());
    CHECK(name.text().empty());
  }
  // A chain of pointers, each to the one before: 64 are followed, 65 are not.
  std::string chain("\1a\0\0", 4);
  for (unsigned at = 0; at < 65; ++at) chain += DnsBuilder::be16(0xc000 | (at == 0 ? 0 : 2 + 2 * at));
  ByteReader last(as_bytes(chain));
  last.seek(2 + 2 * 64);
  CHECK(read_name(last, name));
  ByteReader over(as_bytes(chain));
  over.seek(2 + 2 * 65);
  CHECK_FALSE(read_name(over, name));
}

TEST_CASE("dns message: names have at most 255 bytes") {
  std::string wire;
  for (unsigned i = 0; i < 3; ++i) wire += '\x3f' + std::string(63, 'a');
  const std::string fits = wire + '\x3d' + std::string(61, 'b') + '\0';
  const std::string over = wire + '\x3f' + std::string(63, 'b') + '\0';
  Name name;
  ByteReader good(as_bytes(fits));
  CHECK(read_name(good, name));
  CHECK(name.text().size() == 253);
  ByteReader bad(as_bytes(over));
  CHECK_FALSE(read_name(bad, name));
  const std::string many = DnsBuilder::name(std::vector<std::string>(127, "a"));
  ByteReader most(as_bytes(many));
  CHECK(read_name(most, name));
  CHECK(name.labels() == 127);
  const std::string too_many = DnsBuilder::name(std::vector<std::string>(128, "a"));
  ByteReader more(as_bytes(too_many));
  CHECK_FALSE(read_name(more, name));
}

TEST_CASE("dns message: questions and records with their data") {
  const std::string message =
      DnsBuilder(0x8580)
          .ask(DnsBuilder::name("www.example"), 1)
          .record(DnsBuilder::kAnswer, DnsBuilder::name("www.example"), 5, std::string("\3box\xc0\x10", 6))
          .record(DnsBuilder::kAnswer, DnsBuilder::name("box.example"), 1, std::string("\x0a\0\0\7", 4))
          .record(DnsBuilder::kAuthority, DnsBuilder::name("_h._tcp.x"), 33,
                  DnsBuilder::service(8080, "box.example"), 0x8001, 7)
          .record(DnsBuilder::kAdditional, DnsBuilder::name("t"), 16, DnsBuilder::texts({"a=b", "", "c"}))
          .text();
  MessageReader reader(as_bytes(message));
  CHECK(reader.header().id == 0x1234);
  CHECK(reader.header().response());
  CHECK(reader.header().rcode() == 0);
  Question question;
  REQUIRE(reader.next(question));
  CHECK(question.name.text() == "www.example");
  CHECK_FALSE(reader.next(question));
  Record record;
  Name name;
  REQUIRE(reader.next(record));
  REQUIRE(reader.target(record, name));
  CHECK(name.text() == "box.example");
  CHECK(reader.address(record).empty());
  REQUIRE(reader.next(record));
  CHECK(as_text(reader.address(record)) == std::string_view("\x0a\0\0\7", 4));
  CHECK_FALSE(reader.target(record, name));
  REQUIRE(reader.next(record));
  CHECK(record.section == Section::kAuthority);
  CHECK(record.record_class() == Class::kInternet);
  CHECK(record.ttl == 7);
  ServiceLocation service;
  REQUIRE(reader.service(record, service));
  CHECK(service.port == 8080);
  CHECK(service.target.text() == "box.example");
  CHECK_FALSE(reader.at_end());
  REQUIRE(reader.next(record));
  CHECK(record.section == Section::kAdditional);
  TextReader texts(reader.data(record));
  std::string_view text;
  REQUIRE(texts.next(text));
  CHECK(text == "a=b");
  REQUIRE(texts.next(text));
  CHECK(text.empty());
  REQUIRE(texts.next(text));
  CHECK(text == "c");
  CHECK_FALSE(texts.next(text));
  CHECK_FALSE(reader.next(record));
  CHECK(reader.at_end());
  CHECK(shape_of(as_bytes(message)) == Shape::kWhole);
}

TEST_CASE("dns message: records read without their questions, wrong sizes give nothing") {
  const std::string message = DnsBuilder(0x8400)
                                  .ask(DnsBuilder::name("q"), 1)
                                  .record(DnsBuilder::kAnswer, DnsBuilder::name("q"), 1, "abc")
                                  .text();
  MessageReader reader(as_bytes(message));
  Record record;
  REQUIRE(reader.next(record));
  CHECK(reader.address(record).empty());
  CHECK(reader.at_end());
  // A name that ends before its record's data does is not the record's whole data.
  const std::string loose =
      DnsBuilder(0x8400)
          .record(DnsBuilder::kAnswer, DnsBuilder::name("q"), 12, DnsBuilder::name("a") + "x")
          .text();
  MessageReader other(as_bytes(loose));
  REQUIRE(other.next(record));
  Name name;
  CHECK_FALSE(other.target(record, name));
  const std::string strings("\5ab", 3);
  TextReader texts(as_bytes(strings));
  std::string_view text;
  CHECK_FALSE(texts.next(text));
}

TEST_CASE("dns message: shape tells whole, front and none apart") {
  const std::string whole =
      DnsBuilder(0x0100).ask(DnsBuilder::name("www.example.org"), 1).ask(DnsBuilder::name("b"), 28).text();
  CHECK(shape_of(as_bytes(whole)) == Shape::kWhole);
  CHECK(shape_of(as_bytes(std::string_view(whole).substr(0, whole.size() - 1))) == Shape::kFront);
  CHECK(shape_of(as_bytes(std::string_view(whole).substr(0, 20))) == Shape::kNone);
  CHECK(shape_of(as_bytes(whole + "x")) == Shape::kFront);
  CHECK(shape_of(as_bytes(std::string_view(whole).substr(0, 11))) == Shape::kNone);
  CHECK(shape_of(as_bytes(std::string_view("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))) == Shape::kNone);
  CHECK(shape_of(as_bytes(std::string(300, '\0'))) == Shape::kNone);
  CHECK(shape_of(as_bytes(header(kOneAnswer) + std::string("\1a\0\0\1\0\7\0\0\0\0\0\0", 13))) ==
        Shape::kNone);  // class 7
  CHECK(shape_of(as_bytes(header(kOneAnswer) + std::string("\1a\0\0\1\0\1\0\0\0\0\0\0", 13))) ==
        Shape::kWhole);
  CHECK(shape_of(as_bytes(DnsBuilder(0x0140).ask(DnsBuilder::name("a"), 1).text())) ==
        Shape::kNone);  // reserved flag
  const std::string refresh = DnsBuilder(0x4000).ask(DnsBuilder::netbios("A", 0), 32).text();
  CHECK(shape_of(as_bytes(refresh)) == Shape::kNone);
  CHECK(shape_of(as_bytes(refresh), Family::kNetbios) == Shape::kWhole);
}

TEST_CASE("dns message: reverse names") {
  std::array<std::byte, 16> out{};
  CHECK(reverse_address(parse("5.1.0.10.in-addr.ARPA"), out) == 4);
  CHECK(as_text(Bytes(out).first(4)) == std::string_view("\x0a\0\1\5", 4));
  for (const char* wrong : {"1.0.10.in-addr.arpa", "256.1.0.10.in-addr.arpa", "x.1.0.10.in-addr.arpa",
                            "5.1.0.10.example.org", "9.5.1.0.10.in-addr.arpa"}) {
    CHECK(reverse_address(parse(wrong), out) == 0);
  }
  std::string nibbles = "a.1.";
  for (unsigned i = 0; i < 26; ++i) nibbles += "0.";
  CHECK(reverse_address(parse(nibbles + "8.e.F.ip6.arpa"), out) == 0);
  CHECK(reverse_address(parse(nibbles + "g.8.e.F.ip6.arpa"), out) == 0);
  CHECK(reverse_address(parse(nibbles + "0.8.e.F.ip6.arpa"), out) == 16);
  CHECK(out[0] == std::byte{0xfe});
  CHECK(out[1] == std::byte{0x80});
  CHECK(out[15] == std::byte{0x1a});
}

TEST_CASE("dns message: NetBIOS names") {
  const std::string wire = DnsBuilder::netbios("WARD-7 PC", 0x20);
  const auto name = decode_netbios_label(std::string_view(wire).substr(1, 32));
  REQUIRE(name);
  CHECK(name->text() == "WARD-7 PC");
  CHECK(name->suffix == 0x20);
  CHECK_FALSE(decode_netbios_label("CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
  CHECK_FALSE(decode_netbios_label("CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQ"));
  const auto any = decode_netbios_label("CKAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  REQUIRE(any);
  CHECK(any->text() == "*");
  CHECK(netbios_name(as_bytes(std::string_view("short"))).text().empty());
}

}  // namespace bedrail::dns
