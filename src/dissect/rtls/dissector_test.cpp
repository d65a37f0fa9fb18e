#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& rtls_dissector();

namespace {

using test::from_hex;

std::string message(const char* type, const std::string& body, bool sign = true) {
  return from_hex(type) + from_hex("0005 0100") + std::string{'\0', static_cast<char>(body.size())} +
         from_hex("02005e000001 0000") + body + (sign ? std::string(20, 'S') : std::string());
}
std::string tag(const char* mac) {
  return from_hex("02005e0000ff c0 a5 00000001") + from_hex(mac) + from_hex("0801 0010 02 0f 06 50 0000");
}

std::string said(Direction direction, const std::string& text) {
  test::DissectHarness harness(rtls_dissector(), Transport::kUdp);
  harness.datagram(direction, text);
  harness.datagram(direction, text);
  return harness.text();
}

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kEnds = kServer + "service udp/8000 rtls product=\"\" version=\"\" encrypted=false\n" +
                          kServer + "clue rtls.role=\"engine\" role=self\n" + kClient +
                          "clue rtls.role=\"access-point\" role=self\n";
const std::string kReporter = kEnds + kClient + "clue rtls.access-point=\"02:00:5e:00:00:01\" role=self\n";

}  // namespace

TEST_CASE("rtls: an access point reports a tag, alone and with others") {
  const std::string first = "=00:0c:cc:01:02:03 clue rtls.tag=\"tag\" role=self\n";
  CHECK(said(Direction::kToServer, message("0012", tag("000ccc010203"))) == kReporter + first);
  const std::string compound = from_hex("0003 0000") + message("0012", tag("000ccc010203"), false) +
                               message("0013", "station", false) +
                               message("0012", tag("000ccc010204"), false);
  CHECK(said(Direction::kToServer, message("0014", compound)) ==
        kReporter + first + "=00:0c:cc:01:02:04 clue rtls.tag=\"tag\" role=self\n");
  CHECK(said(Direction::kToServer, message("0015", "")) == kReporter);
}

TEST_CASE("rtls: the engine's messages, and answers that tell nothing") {
  CHECK(said(Direction::kToClient, message("0000", "x")) == kEnds);
  CHECK(said(Direction::kToClient, message("0010", "")).empty());
}

TEST_CASE("rtls: anomalies") {
  const auto ends = [](const std::string& text, const char* name) {
    CHECK(said(Direction::kToServer, text).ends_with(std::string("anomaly rtls ") + name + "\n"));
  };
  ends(message("0012", tag("000ccc010203")).substr(0, 30), "truncated");
  ends(message("0012", "short"), "truncated");
  ends(message("0014", from_hex("0002 0000") + message("0012", "short", false)), "truncated");
  ends(message("0042", ""), "bad-type");
}

TEST_CASE("rtls: recognised by header and length") {
  const auto recognised = [](const std::string& text, bool on_port) {
    return rtls_dissector().recognise({Direction::kToServer, as_bytes(text), 40000, 8000, false, on_port});
  };
  CHECK(recognised(message("0012", tag("000ccc010203")), false) == Recognition::kYes);
  CHECK(recognised(message("0015", "", false), false) == Recognition::kYes);
  CHECK(recognised(message("0000", "x"), false) == Recognition::kNo);
  CHECK(recognised(message("0000", "x"), true) == Recognition::kYes);
  CHECK(recognised(message("0012", "x") + "y", true) == Recognition::kNo);
  CHECK(recognised(message("0042", "x"), true) == Recognition::kNo);
  CHECK(recognised(std::string(36, '\0'), true) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n", true) == Recognition::kNo);
  CHECK(recognised(from_hex("00010100000100000000000003777777"), true) == Recognition::kNo);  // DNS
}

}  // namespace bedrail
