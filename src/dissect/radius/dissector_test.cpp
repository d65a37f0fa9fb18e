#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& radius_dissector();

namespace {

const std::string kNas = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kDevice = "=00:11:22:aa:bb:cc ";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
std::string attribute(int type, const std::string& value) {
  return std::string{static_cast<char>(type), static_cast<char>(value.size() + 2)} + value;
}
std::string pair(const std::string& text) {
  return attribute(26, bytes("00000009 01") + static_cast<char>(text.size() + 2) + text);
}
std::string packet(int code, const std::string& attributes, int identifier = 1) {
  const std::size_t size = 20 + attributes.size();
  return std::string{static_cast<char>(code), static_cast<char>(identifier), static_cast<char>(size >> 8),
                     static_cast<char>(size & 0xff)} +
         std::string(16, 'a') + attributes;
}
std::string clue(const std::string& who, const std::string& key, const std::string& value) {
  return who + "clue radius." + key + "=\"" + value + "\" role=" + (who == kDevice ? "self" : "client") +
         "\n";
}

const std::string kWired = attribute(32, "sw-icu-1") + attribute(4, bytes("0a000001")) +
                           attribute(61, bytes("0000000f")) + attribute(87, "GigabitEthernet1/0/7") +
                           attribute(30, "02-00-00-00-00-99") + attribute(31, "00-11-22-AA-BB-CC");
const std::string kCheck = attribute(80, std::string(16, 'm'));

std::string said(const std::vector<std::pair<Direction, std::string>>& turns) {
  test::DissectHarness harness(radius_dissector(), Transport::kUdp);
  for (const auto& [direction, text] : turns) harness.datagram(direction, text);
  return harness.text();
}
Recognition recognised(const std::string& text, bool on_port = true) {
  return radius_dissector().recognise({Direction::kToServer, as_bytes(text), 40000, 1812, false, on_port});
}

}  // namespace

TEST_CASE("radius: a device behind a switch's port proves who it is with EAP") {
  const std::string identity = bytes("02 01 001a 01") + "host/pc-7.example.org";
  const std::string all =
      said({{Direction::kToServer,
             packet(1, attribute(1, "host/pc-7.example.org") + kWired + attribute(79, identity) + kCheck)},
            {Direction::kToClient, packet(11, attribute(79, bytes("01 02 0006 19 20")))},
            {Direction::kToServer, packet(1, kWired + attribute(79, bytes("02 02 0006 19 00")) + kCheck, 2)},
            {Direction::kToClient, packet(2, "", 2)}});
  CHECK(all == kNas + "name kind=radius name=\"sw-icu-1\"\n" + clue(kNas, "port-type", "ethernet") +
                   clue(kNas, "called", "02:00:00:00:00:99") +
                   clue(kDevice, "port", "sw-icu-1 GigabitEthernet1/0/7") + clue(kDevice, "access", "eap") +
                   kDevice + "name kind=radius name=\"pc-7.example.org\"\n" + kServer +
                   "service udp/1812 radius product=\"\" version=\"\" encrypted=false\n" +
                   clue(kDevice, "eap-type", "peap") + kServer +
                   "login radius mechanism=eap cleartext=false outcome=accepted secret=<unseen> empty=false "
                   "same=false\n");
}

TEST_CASE("radius: a device let in by its address, a person by a password: no name of a person") {
  const std::string by_address =
      said({{Direction::kToServer,
             packet(1, attribute(1, "001122aabbcc") + attribute(2, std::string(16, 'p')) + kWired)},
            {Direction::kToClient, packet(3, "")}});
  CHECK(by_address.find(clue(kDevice, "access", "mac-bypass")) != std::string::npos);
  CHECK(by_address.find(clue(kNas, "message-check", "absent")) != std::string::npos);
  CHECK(by_address.find("mechanism=mac-bypass cleartext=false outcome=refused") != std::string::npos);
  const std::string person =
      said({{Direction::kToServer,
             packet(1, attribute(1, "joe.doe") + attribute(2, std::string(16, 'p')) + kCheck)},
            {Direction::kToClient, packet(2, "")}});
  CHECK(person.find("mechanism=pap") != std::string::npos);
  CHECK(person.find("doe") == std::string::npos);
  // A telephone number is nobody's device.
  CHECK(said({{Direction::kToServer, packet(1, attribute(31, "4961234567890") + kCheck)}}).empty());
}

TEST_CASE("radius: a wireless network, its maker, and ways of CHAP") {
  const std::string wireless = attribute(61, bytes("00000013")) + attribute(30, "02-00-00-00-00-98:staff") +
                               attribute(31, "001122aabbcc") + attribute(4, bytes("0a000063")) + kCheck;
  const std::string all = said(
      {{Direction::kToServer, packet(1, attribute(26, bytes("000039e7 0504 6162")) + wireless +
                                            attribute(26, bytes("00000137 1934") + std::string(50, 'r')))},
       {Direction::kToClient, packet(2, "")}});
  CHECK(all == clue(kNas, "nas-ip", "10.0.0.99") + clue(kNas, "port-type", "wireless") +
                   clue(kNas, "nas-vendor", "14823") + clue(kNas, "called", "02:00:00:00:00:98") +
                   clue(kNas, "ssid", "staff") + clue(kDevice, "ssid", "staff") +
                   clue(kDevice, "access", "mschapv2") + kServer +
                   "service udp/1812 radius product=\"\" version=\"\" encrypted=false\n" + kServer +
                   "login radius mechanism=mschapv2 cleartext=false outcome=accepted secret=<unseen> "
                   "empty=false same=false\n");
}

TEST_CASE("radius: accounting gives the address, a device sensor what the device announced") {
  const std::string all = said(
      {{Direction::kToServer,
        packet(4, attribute(8, bytes("0a000777")) + attribute(31, "0011.22aa.bbcc") +
                      pair("cdp-tlv=" + bytes("0006 0013") + "Example IP Phone 88") +
                      pair("lldp-tlv=" + bytes("0006 0009") + "ExampleOS") +
                      pair("lldp-tlv=" + bytes("0005 0004") + "ph-7") +
                      pair("dhcp-option=" + bytes("003c 0008") + "MSFT 5.0") +
                      pair("dhcp-option=" + bytes("000c 0004") + "pc-8") +
                      pair("http-tlv=" + bytes("0001 0006") + "Agent/") + pair("audit-session-id=0A"))}});
  CHECK(all == clue(kNas, "nas-vendor", "9") +
                   "10.0.7.119=00:11:22:aa:bb:cc address ip=10.0.7.119 "
                   "mac=00:11:22:aa:bb:cc how=radius lease=0\n" +
                   clue(kDevice, "cdp-platform", "Example IP Phone 88") +
                   clue(kDevice, "lldp-system", "ExampleOS") + kDevice + "name kind=lldp name=\"ph-7\"\n" +
                   clue(kDevice, "dhcp-class", "MSFT 5.0") + kDevice + "name kind=dhcp name=\"pc-8\"\n" +
                   clue(kDevice, "user-agent", "Agent/"));
}

TEST_CASE("radius: malformed packets") {
  const std::string anomaly = kNas + "anomaly radius ";
  CHECK(said({{Direction::kToServer, "abc"}}) == anomaly + "truncated\n");
  CHECK(said({{Direction::kToServer, packet(4, bytes("2001"))}}) == anomaly + "bad-attribute\n");
  CHECK(said({{Direction::kToServer, packet(4, bytes("20ff61"))}}) == anomaly + "bad-attribute\n");
  CHECK(said({{Direction::kToServer, packet(4, kWired).substr(0, 30)}})
            .starts_with(anomaly + "bad-attribute\n"));
}

TEST_CASE("radius: recognised on its ports, by attributes that fill the packet") {
  CHECK(recognised(packet(1, kWired)) == Recognition::kYes);
  CHECK(recognised(packet(1, kWired), false) == Recognition::kNo);
  CHECK(recognised(packet(1, kWired) + "pad") == Recognition::kYes);
  CHECK(recognised(packet(7, kWired)) == Recognition::kNo);
  CHECK(recognised(packet(1, bytes("2001"))) == Recognition::kNo);
  CHECK(recognised(packet(1, kWired).substr(0, 40)) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n") == Recognition::kNo);
  CHECK(recognised(std::string(64, '\0')) == Recognition::kNo);
}

}  // namespace bedrail
