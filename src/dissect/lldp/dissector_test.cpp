#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& lldp_dissector();

namespace {

const std::string kWho = "10.0.0.1=02:00:00:00:00:01 ";

std::string tlv(unsigned type, const std::string& value) {
  return std::string{static_cast<char>(type << 1 | value.size() >> 8),
                     static_cast<char>(value.size() & 0xff)} +
         value;
}
std::string bytes(std::string_view hex) { return test::from_hex(hex); }
std::string med(unsigned subtype, const std::string& value) {
  return tlv(127, bytes("0012bb") + static_cast<char>(subtype) + value);
}
std::string mandatory() {
  return tlv(1, bytes("04 020000000009")) +
         tlv(2,
             "\x05"
             "Gi1/0/1") +
         tlv(3, bytes("0078"));
}

std::string said(const std::string& frame) {
  test::DissectHarness harness(lldp_dissector(), Transport::kNone);
  harness.datagram(Direction::kToServer, frame);
  return harness.text();
}

}  // namespace

TEST_CASE("lldp: a switch tells name, description, capabilities and addresses") {
  const std::string frame = mandatory() + tlv(4, "uplink") + tlv(5, "sw-icu-1") +
                            tlv(6, "Some Switch\nVersion 15.2") + tlv(7, bytes("0014 0004")) +
                            tlv(8, bytes("05 01 0a000101 02 00000001 00")) +
                            tlv(8, bytes("11 02 fe800000000000000000000000000001 02 00000001 00")) +
                            tlv(8, bytes("07 06 020000000009 02 00000001 00")) +
                            tlv(127, bytes("0080c2 01 0001")) + tlv(0, "") + "padding";
  CHECK(said(frame) ==
        kWho + "clue lldp.chassis=\"02:00:00:00:00:09\" role=self\n" + kWho +
            "neighbour lldp port=\"Gi1/0/1\"\n" + kWho + "clue lldp.port-description=\"uplink\" role=self\n" +
            kWho + "name kind=lldp name=\"sw-icu-1\"\n" + kWho +
            "clue lldp.system-description=\"Some Switch Version 15.2\" role=self\n" + kWho +
            "clue lldp.capabilities=\"bridge\" role=self\n" +
            "10.0.1.1=02:00:00:00:00:01 address ip=10.0.1.1 mac=02:00:00:00:00:01 how=lldp lease=0\n"
            "fe80::1=02:00:00:00:00:01 address ip=fe80::1 mac=02:00:00:00:00:01 how=lldp lease=0\n");
}

TEST_CASE("lldp: a media endpoint's inventory and location") {
  const std::string civic = bytes("02") + '\x16' + bytes("01") + "DE" + bytes("0002") + "de" + bytes("1909") +
                            "House 7 A" + bytes("1c02") + "12";
  const std::string frame =
      tlv(1, bytes("05 01 0a000107")) + tlv(2, bytes("03 020000000007")) + tlv(3, bytes("0078")) +
      med(1, bytes("0033 03")) + med(5, "HW1") + med(6, "FW2") + med(7, "SW3") + med(8, "SN4") +
      med(9, "Maker") + med(10, "Model 5") + med(11, "ASSET6") + med(3, civic) +
      med(3,
          "\x03"
          "911555") +
      med(2, bytes("01400000")) + tlv(127, bytes("000ecf 05 02000000000a")) + tlv(0, "");
  CHECK(said(frame) == kWho + "clue lldp.chassis=\"10.0.1.7\" role=self\n" + kWho +
                           "neighbour lldp port=\"02:00:00:00:00:07\"\n" + kWho +
                           "clue lldp-med.class=\"communication-endpoint\" role=self\n" + kWho +
                           "clue lldp-med.hardware=\"HW1\" role=self\n" + kWho +
                           "clue lldp-med.firmware=\"FW2\" role=self\n" + kWho +
                           "clue lldp-med.software=\"SW3\" role=self\n" + kWho +
                           "clue lldp-med.serial=\"SN4\" role=self\n" + kWho +
                           "clue lldp-med.manufacturer=\"Maker\" role=self\n" + kWho +
                           "clue lldp-med.model=\"Model 5\" role=self\n" + kWho +
                           "clue lldp-med.asset=\"ASSET6\" role=self\n" + kWho +
                           "clue lldp-med.location=\"DE, House 7 A, room 12\" role=self\n" + kWho +
                           "clue lldp-med.location=\"911555\" role=self\n" + kWho +
                           "clue lldp.profinet-mac=\"02:00:00:00:00:0a\" role=self\n");
}

TEST_CASE("lldp: identifiers that are no text are shown in hexadecimal") {
  CHECK(said(tlv(1, bytes("07 00ff01")) +
             tlv(2,
                 "\x07"
                 "1") +
             tlv(3, bytes("0000")) + tlv(0, ""))
            .starts_with(kWho + "clue lldp.chassis=\"00ff01\" role=self\n"));
}

TEST_CASE("lldp: malformed frames are anomalies") {
  const std::string anomaly = "10.0.0.1/02:00:00:00:00:01 anomaly lldp ";
  CHECK(said(tlv(5, "name first")) == anomaly + "bad-order\n");
  CHECK(said(mandatory() + bytes("0aff") + "cut").ends_with(anomaly + "truncated-tlv\n"));
  CHECK(said(mandatory() + tlv(7, bytes("00"))).ends_with(anomaly + "short-value\n"));
  CHECK(said(mandatory() + tlv(8, bytes("09 01 0a0001"))).ends_with(anomaly + "short-value\n"));
  CHECK(said(mandatory() + tlv(8, bytes("00 01"))).ends_with(anomaly + "short-value\n"));
  CHECK(said(mandatory() + med(3, bytes("02 10 01") + "DE" + bytes("19ff")))
            .ends_with(anomaly + "short-value\n"));
  CHECK(said(mandatory() + tlv(127, bytes("0012"))).ends_with(anomaly + "short-value\n"));
  CHECK(said(mandatory() + tlv(8, bytes("05 01 7f000001 02 00000001 00")) +
             tlv(8, bytes("05 01 00000000 02 00000001 00")))
            .find("address") == std::string::npos);
}

}  // namespace bedrail
