#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& phd_dissector();

namespace {

using test::from_hex;
using Turns = std::vector<test::DissectHarness::Turn>;

std::string sized(const std::string& text) {
  return std::string{static_cast<char>(text.size() >> 8), static_cast<char>(text.size())} + text;
}
std::string information(const char* type, const char* configuration) {
  return from_hex("80000000 8000 80000000 00000000") + from_hex(type) + sized(from_hex("02005e0000000007")) +
         from_hex(configuration) + from_hex("0001 01 00 0000 0000");
}
std::string request(const char* configuration = "0190") {
  const std::string protocol = from_hex("5079") + sized(information("00800000", configuration));
  return from_hex("e200") + sized(from_hex("80000000 0001") + sized(protocol));
}
std::string response() {
  return from_hex("e300") + sized(from_hex("0000 5079") + sized(information("80000000", "0000")));
}
std::string answer(const std::string& attributes) {
  return from_hex("e700") + sized(sized(from_hex("0001 0203") + sized(from_hex("0000") + attributes)));
}
std::string model() { return from_hex("0928") + sized(sized("ACME") + sized("Oxi 3")); }
std::string production() {
  return from_hex("092d") +
         sized(from_hex("0002 001a 0001 0000") + sized("SN000123") + from_hex("0005 0000") + sized("1.0.7"));
}
std::string types() { return from_hex("0a5a 0008 0001 0004 1011 0001"); }
std::string attributes() { return from_hex("0003") + sized(model() + production() + types()); }

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(phd_dissector());
  harness.stream(turns, step);
  return harness.text();
}

const std::string kAgent = "10.0.0.1/02:00:00:00:00:01 ", kManager = "10.0.0.2/02:00:00:00:00:02 ";

}  // namespace

TEST_CASE("phd: an association and what the device says of itself, however cut") {
  const Turns turns = {{Direction::kToServer, request()},
                       {Direction::kToClient, response()},
                       {Direction::kToServer, answer(attributes())},
                       {Direction::kToServer, from_hex("e40000020000")}};
  const std::string expected =
      kManager + "service tcp/6464 phd product=\"\" version=\"\" encrypted=false\n" + kManager +
      "session phd authentication=none encrypted=false\n" + kAgent + "message phd \"AARQ\" status=\"\"\n" +
      kAgent + "clue phd.system-id=\"02005e0000000007\" role=client\n" + kAgent +
      "clue phd.specialization=\"pulse-oximeter\" role=client\n" + kManager +
      "message phd \"AARE\" status=\"0\"\n" + kManager +
      "clue phd.system-id=\"02005e0000000007\" role=server\n" + kAgent +
      "clue phd.manufacturer=\"ACME\" role=client\n" + kAgent + "clue phd.model=\"Oxi 3\" role=client\n" +
      kAgent + "clue phd.serial=\"SN000123\" role=client\n" + kAgent +
      "clue phd.firmware=\"1.0.7\" role=client\n" + kAgent +
      "clue phd.specialization=\"glucose-meter\" role=client\n";
  for (const std::size_t step : {0, 1, 7}) {
    CAPTURE(step);
    CHECK(said(turns, step) == expected);
  }
}

TEST_CASE("phd: a device's own configuration says nothing of its kind") {
  CHECK(said({{Direction::kToServer, request("4000")}}).find("specialization") == std::string::npos);
}

TEST_CASE("phd: measurements and other objects are passed over") {
  const std::string other =
      from_hex("e700") + sized(sized(from_hex("0001 0203") + sized(from_hex("0001") + attributes())));
  const std::string event = from_hex("e700") + sized(sized(from_hex("0001 0101 0002 0000")));
  CHECK(said({{Direction::kToServer, other + event}}).empty());
}

TEST_CASE("phd: anomalies") {
  CHECK(said({{Direction::kToServer, from_hex("ffff0000")}}) == kAgent + "anomaly phd bad-choice\n");
  CHECK(said({{Direction::kToServer, from_hex("e200000480000001")}}) ==
        kAgent + "anomaly phd bad-association\n");
  CHECK(said({{Direction::kToServer, from_hex("e2000010800000000001000c507900ff") + std::string(4, '\0')}})
            .ends_with("anomaly phd bad-association\n"));
  CHECK(said({{Direction::kToServer, from_hex("e200000c80000000000100045079000000")}}).find("system-id") ==
        std::string::npos);
  CHECK(said({{Direction::kToServer, from_hex("e700 0004 0008 0001")}}) ==
        kAgent + "anomaly phd bad-presentation\n");
  CHECK(said({{Direction::kToServer, answer(from_hex("0005 0004") + "xxxx")}}) ==
        kAgent + "anomaly phd bad-attributes\n");
}

TEST_CASE("phd: nothing after a gap") {
  test::DissectHarness harness(phd_dissector());
  harness.piece(Direction::kToServer, request().substr(0, 20));
  CHECK_FALSE(harness.gap(Direction::kToServer, 5));
  CHECK(harness.text().empty());
}

TEST_CASE("phd: recognised by its association request") {
  const auto recognised = [](const std::string& text, bool on_port, bool midstream) {
    return phd_dissector().recognise({Direction::kToServer, as_bytes(text), 40000, 6464, midstream, on_port});
  };
  CHECK(recognised(request(), false, false) == Recognition::kYes);
  CHECK(recognised(request().substr(0, 9), false, false) == Recognition::kMore);
  CHECK(recognised(answer(attributes()), true, true) == Recognition::kYes);
  CHECK(recognised(answer(attributes()), false, true) == Recognition::kNo);
  CHECK(recognised(from_hex("e2000032800000010001002a5079"), true, false) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n", true, false) == Recognition::kNo);
  CHECK(recognised(from_hex("16030100c8010000c40303000102"), true, false) == Recognition::kNo);
}

}  // namespace bedrail
