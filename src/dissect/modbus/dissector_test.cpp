#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& modbus_dissector();

namespace {

using enum Direction;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kService = kServer + "service tcp/502 modbus product=\"\" version=\"\" encrypted=false\n";
const std::string kSession = kServer + "session modbus authentication=none encrypted=false\n";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
/// An ADU of transaction 1 for a unit.
std::string adu(std::string_view pdu_hex, int unit = 1) {
  const std::string pdu = bytes(pdu_hex);
  return bytes("0001 0000 00") + static_cast<char>(pdu.size() + 1) + static_cast<char>(unit) + pdu;
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(modbus_dissector());
  harness.stream(turns, step);
  return harness.text();
}
bool has(const std::string& where, const std::string& what) { return where.find(what) != std::string::npos; }
/// Vendor "ACME", product code "GW1", revision "V2".
constexpr std::string_view kIdentity = "2b0e01010000 03 0004 41434d45 0103 475731 0202 5632";

}  // namespace

TEST_CASE("modbus: an answer shows the server, the unit, and that nobody was asked who he is") {
  const Turns turns = {{kToServer, adu("03 0000 0002")},
                       {kToClient, adu("03 04 00010002")},
                       {kToServer, adu("03 0000 0002")},
                       {kToClient, adu("03 04 00010003")}};
  const std::string lines = kService + kSession + kServer + "clue modbus.unit=\"1\" role=server\n";
  CHECK(said(turns) == lines);
  CHECK(said(turns, 1) == lines);
}

TEST_CASE("modbus: exceptions show a server, but no unit") {
  CHECK(said({{kToServer, adu("03 0000 0002")}, {kToClient, adu("83 02")}}) == kService);
}

TEST_CASE("modbus: device identification of the first unit that gives it") {
  const Turns turns = {{kToServer, adu("2b0e0100")},
                       {kToClient, adu(kIdentity) + adu("2b0e01010000 01 0003 585858", 2)}};
  const std::string lines = said(turns);
  CHECK(has(lines, kServer + "clue modbus.vendor=\"ACME\" role=server\n" + kServer +
                       "clue modbus.product-code=\"GW1\" role=server\n" + kServer +
                       "clue modbus.revision=\"V2\" role=server\n"));
  CHECK_FALSE(has(lines, "XXX"));
  CHECK(said(turns, 1) == lines);
  const std::string regular = said({{kToClient, adu("2b0e02010000 03 0401 41 0501 42 0601 43")}});
  CHECK(has(regular, "clue modbus.product=\"A\""));
  CHECK(has(regular, "clue modbus.model=\"B\""));
  CHECK(has(regular, "clue modbus.application=\"C\""));
}

TEST_CASE("modbus: a readable server id") {
  CHECK(has(said({{kToClient, adu("11 07 0a 504d3533 30 ff")}}),
            "clue modbus.server-id=\"PM530\" role=server\n"));
  CHECK_FALSE(has(said({{kToClient, adu("11 04 0a 41 00 ff")}}), "server-id"));
}

TEST_CASE("modbus: writing functions, each once") {
  const std::string write = adu("10 0000 0001 02 0001");
  CHECK(said({{kToServer, write + adu("05 0000 ff00") + write}}) ==
        kClient + "message modbus \"Write Multiple Registers\" status=\"\"\n" + kClient +
            "message modbus \"Write Single Coil\" status=\"\"\n");
  CHECK(has(said({{kToServer, adu("5a 00 02")}}), "\"Unity Programming\""));
}

TEST_CASE("modbus: malformed messages") {
  CHECK(said({{kToServer, bytes("0001 0001 0006 01 03 0000 0002")}}) ==
        kClient + "anomaly modbus bad-header\n");
  CHECK(said({{kToServer, bytes("0001 0000 00ff 01 03")}}) == kClient + "anomaly modbus bad-header\n");
  CHECK(said({{kToServer, adu("03 0000")}}) == kClient + "anomaly modbus malformed-request\n");
  CHECK(said({{kToClient, adu("03 05 0000")}}) == kClient + "anomaly modbus malformed-response\n");
  CHECK(has(said({{kToClient, adu("2b0e01010000 03 0009 41")}}), "anomaly modbus malformed-response"));
  CHECK(said({{kToServer, adu("64 00")}}).empty());  // a maker's own function
}

TEST_CASE("modbus: a gap ends it") {
  test::DissectHarness harness(modbus_dissector());
  CHECK(harness.piece(kToServer, adu("03 0000 0002")));
  CHECK_FALSE(harness.gap(kToClient, 10));
}

TEST_CASE("modbus: recognised on its port by form, elsewhere by the identification only") {
  const auto recognised = [](const std::string& text, bool on_port, Direction direction = kToServer) {
    return modbus_dissector().recognise({direction, as_bytes(text), 40000, 502, false, on_port});
  };
  CHECK(recognised(adu("03 0000 0002"), true) == Recognition::kYes);
  CHECK(recognised(adu("03 0000 0002"), false) == Recognition::kNo);
  CHECK(recognised(adu("2b0e0100"), false) == Recognition::kMaybe);
  CHECK(recognised(adu("03 0000 0002").substr(0, 9), true) == Recognition::kMore);
  CHECK(recognised(bytes("00"), true) == Recognition::kMore);
  CHECK(recognised(adu("03 04 00010002"), true, kToClient) == Recognition::kYes);
  CHECK(recognised(adu("03 00"), true) == Recognition::kNo);
  CHECK(recognised(bytes("6300 0000 0000 0000 0000"), true) == Recognition::kNo);  // EtherNet/IP
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
  CHECK(recognised(bytes("1603010040 0100003c0303"), true) == Recognition::kNo);
}

}  // namespace bedrail
