#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& enip_dissector();

namespace {

using enum Direction;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
/// An encapsulated message; `command` in the order of the wire.
std::string message(std::string_view command, const std::string& body, int status = 0) {
  return bytes(command) + static_cast<char>(body.size() & 0xff) + static_cast<char>(body.size() >> 8) +
         bytes("01000000") + static_cast<char>(status) + bytes("000000") + "contextA" + bytes("00000000") +
         body;
}
/// Vendor 1, a controller, code 55, revision 20.11, serial 0x00c0ffee, "1756-L61".
const std::string kIdentity = bytes("0100 0e00 3700 140b 3000 eeffc000 08") + "1756-L61";
std::string list_identity() {
  const std::string item = bytes("0100 0002af12 0a000002 0000000000000000") + kIdentity + "\x03";
  return message("6300", bytes("0100 0c00") + static_cast<char>(item.size()) + '\0' + item);
}
std::string send(std::string_view cip_hex, const std::string& rest = {}) {
  const std::string cip = bytes(cip_hex) + rest;
  return message("6f00",
                 bytes("00000000 0000 0200 0000 0000 b200") + static_cast<char>(cip.size()) + '\0' + cip);
}
const std::string kRegister = message("6500", bytes("01000000"));

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(enip_dissector());
  harness.stream(turns, step);
  return harness.text();
}
std::string heard(Direction direction, const std::string& datagram) {
  test::DissectHarness harness(enip_dissector(), Transport::kUdp);
  harness.datagram(direction, datagram);
  return harness.text();
}
std::string identity_lines(const std::string& who, std::string_view service) {
  std::string lines = service.empty()
                          ? std::string()
                          : who + std::string(service) + " enip product=\"\" version=\"\" encrypted=false\n";
  for (const char* clue : {"vendor-id=\"1\"", "device-type=\"14\"", "product-code=\"1/55\"",
                           "product=\"1756-L61\"", "revision=\"20.11\"", "serial=\"00c0ffee\""})
    lines += who + "clue enip." + clue + " role=server\n";
  return lines;
}
bool has(const std::string& where, const std::string& what) { return where.find(what) != std::string::npos; }

}  // namespace

TEST_CASE("enip: an identity is told by who answers, at either end") {
  CHECK(heard(kToClient, list_identity()) == identity_lines(kServer, "service udp/44818"));
  CHECK(heard(kToServer, list_identity()) == identity_lines(kClient, ""));
  CHECK(heard(kToServer, message("6300", "")).empty());
  const Turns turns = {{kToServer, message("6300", "")}, {kToClient, list_identity() + list_identity()}};
  CHECK(said(turns) == identity_lines(kServer, "service tcp/44818"));
  CHECK(said(turns, 1) == said(turns));
}

TEST_CASE("enip: a registered session, without asking who") {
  const Turns turns = {{kToServer, kRegister}, {kToClient, kRegister}};
  CHECK(said(turns, 1) == kServer + "service tcp/44818 enip product=\"\" version=\"\" encrypted=false\n" +
                              kServer + "session enip authentication=none encrypted=false\n");
  CHECK(said({{kToServer, kRegister}, {kToClient, message("6500", bytes("01000000"), 1)}}).empty());
}

TEST_CASE("enip: the identity object read by a client") {
  const std::string ask = send("01 02 2001 2401"), answer = send("81 00 00 00", kIdentity);
  CHECK(said({{kToServer, ask}, {kToClient, answer}}, 1) == identity_lines(kServer, "service tcp/44818"));
  // Another object's attributes, or a module behind this one.
  CHECK_FALSE(has(said({{kToServer, send("01 02 2002 2401")}, {kToClient, answer}}), "clue"));
  CHECK_FALSE(has(said({{kToServer, send("52 02 2006 2401", bytes("0a05"))}, {kToClient, answer}}), "clue"));
  CHECK_FALSE(has(said({{kToServer, ask}, {kToClient, send("81 00 08 00", kIdentity)}}), "clue"));
}

TEST_CASE("enip: a client that begins with the old command") {
  const std::string text = said({{kToServer, message("0100", "")},
                                 {kToClient, message("0100", bytes("0100 0100 0400 00000000"))},
                                 {kToServer, send("01 02 2001 2401")},
                                 {kToClient, send("81 00 0000", kIdentity)}});
  CHECK(text.find("enip.product=\"1756-L61\"") != std::string::npos);
  CHECK(text.find("anomaly") == std::string::npos);
}

TEST_CASE("enip: services that change, each once") {
  const std::string write = send("4d 04 9103 746167 00 c3000100"), stop = send("07 02 208e 2401");
  CHECK(said({{kToServer, write + stop + write}}) == kClient + "message enip \"Write_Tag\" status=\"\"\n" +
                                                         kClient + "message enip \"Stop\" status=\"\"\n");
  // The same number is another service at a maker's own object.
  CHECK(said({{kToServer, send("4d 02 20a1 2401")}}).empty());
  const std::string connected =
      message("7000", bytes("00000000 0000 0200 a100 0400 01020304 b100 0800 0100 05 02 2001 2401"));
  CHECK(said({{kToServer, connected}}) == kClient + "message enip \"Reset\" status=\"\"\n");
}

TEST_CASE("enip: long messages are passed over") {
  const Turns turns = {{kToServer, message("6f00", std::string(5000, 'x')) + kRegister},
                       {kToClient, kRegister}};
  CHECK(has(said(turns, 100), "session enip"));
}

TEST_CASE("enip: malformed messages") {
  const auto only = [](const std::string& name) { return kClient + "anomaly enip " + name + "\n"; };
  CHECK(heard(kToClient, "abc") == only("truncated"));
  CHECK(heard(kToClient, list_identity().substr(0, 60)) == only("truncated"));
  CHECK(heard(kToClient, std::string(30, 'x')) == only("bad-header"));
  CHECK(said({{kToClient, message("6f00", "") + "x" + std::string(30, 'x')}}) ==
        only("malformed-item") + only("bad-header"));
  CHECK(heard(kToClient, message("6300", bytes("0100 0c00 2000 0100"))) == only("malformed-item"));
  CHECK(has(said({{kToServer, send("01 02 2001 2401")}, {kToClient, send("81000000 0100")}}),
            only("malformed-item")));
}

TEST_CASE("enip: a gap ends it") {
  test::DissectHarness harness(enip_dissector());
  CHECK(harness.piece(kToServer, kRegister));
  CHECK_FALSE(harness.gap(kToClient, 4));
}

TEST_CASE("enip: recognised by header and body") {
  const auto recognised = [](const std::string& text, bool on_port) {
    return enip_dissector().recognise({kToServer, as_bytes(text), 40000, 44818, false, on_port});
  };
  CHECK(recognised(kRegister, false) == Recognition::kYes);
  CHECK(recognised(list_identity(), false) == Recognition::kYes);
  CHECK(recognised(send("01 02 2001 2401"), false) == Recognition::kYes);
  CHECK(recognised(message("6300", ""), true) == Recognition::kYes);
  CHECK(recognised(message("6300", ""), false) == Recognition::kMaybe);
  CHECK(recognised(message("0100", ""), true) == Recognition::kYes);
  CHECK(recognised(message("0100", ""), false) == Recognition::kNo);
  CHECK(recognised(kRegister.substr(0, 20), true) == Recognition::kMore);
  CHECK(recognised(message("6500", bytes("02000000")), false) == Recognition::kNo);
  CHECK(recognised(std::string(40, 'o'), true) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true) == Recognition::kNo);
  CHECK(recognised(bytes("0001 0000 0006 01 03 0000 0002"), true) == Recognition::kNo);  // Modbus
}

}  // namespace bedrail
