#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& bacnet_dissector();

namespace {

using enum Direction;

const std::string kAsker = "10.0.0.1/02:00:00:00:00:01 ", kDevice = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kService = "service udp/47808 bacnet product=\"\" version=\"\" encrypted=false\n";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
/// A BVLC header before a network message or other content.
std::string bvlc(int function, const std::string& rest) {
  const std::size_t size = rest.size() + 4;
  return std::string("\x81") + static_cast<char>(function) + static_cast<char>(size >> 8) +
         static_cast<char>(size & 0xff) + rest;
}
std::string npdu(std::string_view hex) { return bvlc(10, bytes("0100") + bytes(hex)); }
/// A character string in UTF-8 that begins with its tag; at most 252 octets.
std::string text(const std::string& value) {
  return std::string("\x75") + static_cast<char>(value.size() + 1) + std::string(1, '\0') + value;
}
/// Device 4711's answer to ReadProperty.
std::string read_property(std::string_view property_hex, const std::string& value) {
  return bvlc(10, bytes("0100 30010c 0c02001267") + bytes(property_hex) + "\x3e" + value + "\x3f");
}
/// Device 4711's answer to ReadPropertyMultiple.
std::string read_multiple(const std::string& results, std::string_view head = "30010e") {
  return bvlc(10, bytes("0100") + bytes(head) + bytes("0c02001267 1e") + results + "\x1f");
}
std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(bacnet_dissector(), Transport::kUdp);
  for (const auto& [direction, datagram] : turns) harness.datagram(direction, datagram);
  return harness.text();
}
bool has(const std::string& where, const std::string& what) { return where.find(what) != std::string::npos; }
const std::string kIAm = "1000c4 02001267 2205c4 9103 2105";

}  // namespace

TEST_CASE("bacnet: a device introduces itself once with instance and vendor") {
  CHECK(said({{kToClient, npdu(kIAm)}, {kToClient, npdu(kIAm)}}) ==
        kDevice + kService + kDevice + "clue bacnet.device=\"4711\" role=server\n" + kDevice +
            "clue bacnet.vendor-id=\"5\" role=server\n");
  // Two controllers that speak from the protocol's port to all: the sender is the device.
  CHECK(has(said({{kToServer, npdu(kIAm)}}), kAsker + "clue bacnet.vendor-id=\"5\""));
  CHECK(said({{kToServer, npdu("1008")}}).empty());  // Who-Is
}

TEST_CASE("bacnet: what a router passes on is not the router's") {
  const std::string routed = bvlc(11, bytes("0108 07d1 01 0a") + bytes(kIAm));
  CHECK(said({{kToClient, routed}}) ==
        kDevice + kService + kDevice +
            "clue bacnet.routed=\"device=4711 vendor-id=5 network=2001 address=0a\" role=server\n");
  const std::string value =
      bvlc(10, bytes("0108 07d1 01 0a 30010c 0c02001267 1979 3e") + text("Maker") + "\x3f");
  CHECK_FALSE(has(said({{kToClient, value}}), "Maker"));
  CHECK(has(said({{kToClient, bvlc(11, bytes("0180 01 07d1 07d2"))}}),
            "clue bacnet.networks=\"2001,2002\" role=server\n"));
}

TEST_CASE("bacnet: a forwarded message is its first sender's") {
  const std::string forwarded = bvlc(4, bytes("0a000063 bac0 0100") + bytes(kIAm));
  const std::string lines = said({{kToServer, forwarded}});
  CHECK(has(lines, "10.0.0.99 clue bacnet.vendor-id=\"5\" role=server\n"));
  CHECK(has(lines, "10.0.0.99 service udp/47808"));
  CHECK_FALSE(has(lines, "10.0.0.1 "));
}

TEST_CASE("bacnet: properties of the device object") {
  CHECK(has(said({{kToClient, read_property("1979", text("Example Controls"))}}),
            kDevice + "clue bacnet.vendor=\"Example Controls\" role=server\n"));
  CHECK(has(said({{kToClient, read_property("194d", text("AHU-03"))}}),
            kDevice + "name kind=bacnet name=\"AHU-03\"\n"));
  CHECK(has(said({{kToClient, read_property("1a0174", text("SN7"))}}), "clue bacnet.serial=\"SN7\""));
  CHECK(has(said({{kToClient, read_property("198b", bytes("210e"))}}),
            "protocol bacnet version=\"1.14\" agreed=true"));
  // ISO 8859-1, UCS-2, a code page's ASCII half, and a set that is not read.
  CHECK(has(said({{kToClient, read_property("193a", bytes("7405 72e961"))}}),
            "clue bacnet.location=\"r\xc3\xa9"
            "a\""));
  CHECK(has(said({{kToClient, read_property("193a", bytes("7505 04 00410042"))}}),
            "clue bacnet.location=\"AB\""));
  CHECK(has(said({{kToClient, read_property("193a", bytes("7505 01 03524142"))}}),
            "clue bacnet.location=\"AB\""));
  CHECK_FALSE(has(said({{kToClient, read_property("193a", bytes("7402 414243"))}}), "location"));
  // Another object's description names no device.
  CHECK_FALSE(
      has(said({{kToClient, bvlc(10, bytes("0100 30010c 0c00000001 191c 3e") + text("Supply") + "\x3f")}}),
          "Supply"));
  const std::string many =
      read_multiple(bytes("2946 4e") + text("EX-7") + "\x4f" + bytes("292c 4e") + text("2.4") + "\x4f" +
                    bytes("2979 5e 9102 9120 5f") + bytes("294c 3901 4e") + text("element") + "\x4f");
  const std::string lines = said({{kToServer, npdu("0205010e 0c02001267 1e0946 1f")}, {kToClient, many}});
  CHECK(has(lines, "clue bacnet.model=\"EX-7\" role=server\n"));
  CHECK(has(lines, "clue bacnet.firmware=\"2.4\" role=server\n"));
  CHECK(has(lines, "session bacnet authentication=none encrypted=false"));
  CHECK_FALSE(has(lines, "element"));
  CHECK_FALSE(has(lines, "anomaly"));
}

TEST_CASE("bacnet: a first segment is read as far as it reaches, later ones are not") {
  const std::string first = bytes("0c02001267 1e 2946 4e") + text("EX-7") + bytes("4f 292c 4e 7509 00");
  CHECK(said({{kToClient, bvlc(10, bytes("0100 3c01 00 04 0e") + first)}}) ==
        kDevice + kService + kDevice + "session bacnet authentication=none encrypted=false\n" + kDevice +
            "clue bacnet.model=\"EX-7\" role=server\n");
  CHECK_FALSE(has(said({{kToClient, bvlc(10, bytes("0100 3801 01 04 0e") + first)}}), "EX-7"));
}

TEST_CASE("bacnet: kinds of object tell kinds of device") {
  const std::string cov = "1002 0900 1c02001267 2c05800003 3900 4e 0955 2e4400000000 2f 4f";
  CHECK(has(said({{kToClient, npdu(cov)}}), "clue bacnet.object-type=\"life-safety-zone\" role=server\n"));
}

TEST_CASE("bacnet: writes and passwords") {
  const std::string write = npdu("0005040f 0c00800001 1955 3e 4441a00000 3f");
  CHECK(said({{kToServer, write}, {kToServer, write}}) ==
        kAsker + "message bacnet \"WriteProperty\" status=\"\"\n");
  const std::string reinitialise = npdu("00050514 0900 1d06 00 6578 616d 70");
  const std::string accepted = said({{kToServer, reinitialise}, {kToClient, npdu("200514")}});
  CHECK(has(accepted, "message bacnet \"ReinitializeDevice\""));
  CHECK(has(accepted, "login bacnet mechanism=plain cleartext=true outcome=accepted"));
  CHECK_FALSE(has(accepted, "examp"));
  CHECK(has(said({{kToServer, reinitialise}, {kToClient, npdu("500514 9104 911a")}}), "outcome=refused"));
  CHECK_FALSE(has(said({{kToServer, reinitialise}, {kToClient, npdu("200614")}}), "login"));
  CHECK(has(said({{kToServer, bvlc(5, bytes("003c"))}}), "message bacnet \"Register-Foreign-Device\""));
}

TEST_CASE("bacnet: a command of another length than it says is read, and its answer") {
  // ReinitializeDevice with the password "letmein1"; the length ends in the midst of it.
  std::string request = npdu("0005 01 14 09 06 1d 09 00") + "letmein1";
  request[3] = 17;
  std::string answer = npdu("20 01 14");
  answer[3] = 17;
  const std::string text = said({{kToServer, request}, {kToClient, answer}});
  CHECK(has(text, "message bacnet \"ReinitializeDevice\""));
  CHECK(has(text, "anomaly bacnet wrong-length"));
  CHECK(has(text, "login bacnet mechanism=plain cleartext=true outcome=accepted"));
  CHECK_FALSE(has(text, "letmein"));
  request[3] = 3;
  CHECK_FALSE(has(said({{kToServer, request}}), "ReinitializeDevice"));
}

TEST_CASE("bacnet: malformed messages") {
  const auto only = [](const std::string& name) { return kAsker + "anomaly bacnet " + name + "\n"; };
  CHECK(said({{kToClient, npdu(kIAm).substr(0, 12)}}) == only("wrong-length") + only("malformed-apdu"));
  CHECK(said({{kToClient, bvlc(10, bytes("0150"))}}) == only("malformed-message"));
  CHECK(said({{kToClient, npdu("1000 91 00")}}) == only("malformed-apdu"));
  CHECK(said({{kToClient, npdu("90 00")}}) == only("malformed-apdu"));
  CHECK(has(said({{kToClient, npdu("30010e 0c02001267 2e")}}), only("malformed-apdu")));
  // Brackets within brackets without end.
  CHECK(has(said({{kToClient, read_multiple(bytes("2957 4e") + std::string(60, '\x0e'))}}),
            only("malformed-apdu")));
}

TEST_CASE("bacnet: recognised by its layers, control messages on its ports") {
  const auto recognised = [](const std::string& datagram, bool on_port) {
    return bacnet_dissector().recognise({kToServer, as_bytes(datagram), 40000, 47808, false, on_port});
  };
  CHECK(recognised(npdu(kIAm), false) == Recognition::kYes);
  CHECK(recognised(bvlc(0, bytes("0000")), false) == Recognition::kMaybe);
  CHECK(recognised(bvlc(0, bytes("0000")), true) == Recognition::kYes);
  CHECK(recognised(npdu(kIAm) + "x", true) == Recognition::kYes);
  CHECK(recognised(npdu(kIAm) + "x", false) == Recognition::kNo);
  CHECK(recognised(npdu(kIAm).substr(0, 12), false) == Recognition::kNo);
  CHECK(recognised(npdu("90 00"), true) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
  CHECK(recognised(bytes("810a0008 02000000"), true) == Recognition::kNo);
  CHECK(recognised(bytes("160301 0040"), true) == Recognition::kNo);
}

}  // namespace bedrail
