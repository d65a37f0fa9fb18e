#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& sccp_dissector();

namespace {

using enum Direction;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kService = kServer + "service tcp/2000 sccp product=\"\" version=\"\" encrypted=false\n";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
std::string padded(std::string text, std::size_t size) {
  text.resize(size);
  return text;
}
std::string message(int number, const std::string& body, const char* version = "00000000") {
  const std::size_t length = body.size() + 4;
  return std::string(1, static_cast<char>(length & 0xff)) + static_cast<char>(length >> 8) + bytes("0000") +
         bytes(version) + static_cast<char>(number & 0xff) + static_cast<char>(number >> 8) + bytes("0000") +
         body;
}
std::string registration(const std::string& name = "SEP0004F2123456") {
  return message(1, padded(name, 16) + bytes("00000000 01000000 0a000001 b3010000 03000000 00000000"));
}
const std::string kAlarm =
    message(0x20, bytes("02000000") + padded("25: Name=SEP0004F2123456 Load=8.5(2.0S) Last=Initialized", 80) +
                      bytes("00000000 00000000"));
const std::string kAccepted = message(0x81, bytes("1e000000 00000000"));

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(sccp_dissector());
  harness.stream(turns, step);
  return harness.text();
}

}  // namespace

TEST_CASE("sccp: a telephone registers by its name alone") {
  const Turns turns = {{kToServer, kAlarm + registration()},
                       {kToClient, kAccepted},
                       {kToServer, message(0, "")},
                       {kToClient, message(0x98, padded("P00308000500", 16))}};
  const std::string lines = kClient + "clue sccp.firmware=\"8.5(2.0S)\" role=client\n" + kClient +
                            "clue sccp.alarm=\"Initialized\" role=client\n" + kClient +
                            "clue sccp.mac=\"00:04:f2:12:34:56\" role=client\n" + kClient +
                            "address ip=10.0.0.1 mac=00:04:f2:12:34:56 how=sccp lease=0\n" + kClient +
                            "name kind=sccp name=\"SEP0004F2123456\"\n" + kClient +
                            "clue sccp.device-type=\"435\" role=client\n" + kService + kServer +
                            "session sccp authentication=none encrypted=false\n" + kClient +
                            "clue sccp.load=\"P00308000500\" role=client\n";
  CHECK(said(turns) == lines);
  CHECK(said(turns, 1) == lines);
}

TEST_CASE("sccp: a name without a MAC, a refusal") {
  CHECK(said({{kToServer, registration("WARD-PHONE")}}) == kClient + "name kind=sccp name=\"WARD-PHONE\"\n" +
                                                               kClient +
                                                               "clue sccp.device-type=\"435\" role=client\n");
  CHECK(said({{kToClient, message(0x9d, "no") + message(0x9d, "no")}}) ==
        kService + kServer + "message sccp \"RegisterReject\" status=\"\"\n");
}

TEST_CASE("sccp: malformed messages") {
  const auto only = [](const std::string& name) { return kClient + "anomaly sccp " + name + "\n"; };
  CHECK(said({{kToServer, bytes("00000000 00000000")}}) == only("bad-header"));
  CHECK(said({{kToServer, bytes("04000100 00000000")}}) == only("bad-header"));
  CHECK(said({{kToServer, bytes("04000000 05000000")}}) == only("bad-header"));
  CHECK(said({{kToServer, message(1, "short")}}) == only("malformed-message"));
  CHECK(said({{kToServer, registration("a\tb")}}) == only("malformed-message"));
  CHECK(said({{kToServer, message(0x20, "a")}}) == only("malformed-message"));
}

TEST_CASE("sccp: a gap ends it") {
  test::DissectHarness harness(sccp_dissector());
  CHECK(harness.piece(kToServer, kAlarm));
  CHECK_FALSE(harness.gap(kToServer, 4));
}

TEST_CASE("sccp: recognised by a registration, the rest on its port") {
  const auto recognised = [](const std::string& text, bool on_port, Direction direction = kToServer) {
    return sccp_dissector().recognise({direction, as_bytes(text), 40000, 2000, false, on_port});
  };
  CHECK(recognised(registration(), false) == Recognition::kYes);
  CHECK(recognised(registration("WARD"), false) == Recognition::kNo);
  CHECK(recognised(registration("WARD"), true) == Recognition::kYes);
  CHECK(recognised(kAlarm, true) == Recognition::kYes);
  CHECK(recognised(kAlarm, false) == Recognition::kNo);
  CHECK(recognised(kAccepted, true, kToClient) == Recognition::kYes);
  CHECK(recognised(registration().substr(0, 10), true) == Recognition::kMore);
  CHECK(recognised(bytes("0001 0000 0006 01 03 0000 0002"), true) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
  CHECK(recognised(bytes("1603010040 0100003c0303"), true) == Recognition::kNo);
}

}  // namespace bedrail
