#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& cdp_dissector();

namespace {

const std::string kWho = "10.0.0.1=02:00:00:00:00:01 ";
const std::string kAnomaly = "10.0.0.1/02:00:00:00:00:01 anomaly cdp ";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
std::string be16(std::size_t value) {
  return {static_cast<char>(value >> 8), static_cast<char>(value & 0xff)};
}
std::string tlv(unsigned type, const std::string& value) {
  return be16(type) + be16(value.size() + 4) + value;
}
std::string head() { return bytes("02 b4 0000"); }

std::string said(const std::string& frame) {
  test::DissectHarness harness(cdp_dissector(), Transport::kNone);
  harness.datagram(Direction::kToServer, frame);
  return harness.text();
}

}  // namespace

TEST_CASE("cdp: a switch tells name, platform, version, port and addresses") {
  const std::string frame =
      head() + tlv(1, "sw-1.example") +
      tlv(2,
          bytes("00000002 0101cc 0004 0a000101 0208aaaa0300000086dd 0010 fe800000000000000000000000000001")) +
      tlv(3, "GigabitEthernet1/0/7") + tlv(4, bytes("00000028")) +
      tlv(5, "Some Software, Version 12.2(25)\nCompiled") + tlv(6, "some WS-C2960") + tlv(9, "domain") +
      tlv(10, bytes("0011")) + tlv(0x14, "sw-1") + tlv(0x16, bytes("00000001 0101cc 0004 0a000102")) +
      tlv(0x17, bytes("00") + "Room 5");
  CHECK(said(frame) ==
        kWho + "name kind=cdp name=\"sw-1.example\"\n" +
            "10.0.1.1=02:00:00:00:00:01 address ip=10.0.1.1 mac=02:00:00:00:00:01 how=cdp lease=0\n"
            "fe80::1=02:00:00:00:00:01 address ip=fe80::1 mac=02:00:00:00:00:01 how=cdp lease=0\n" +
            kWho + "neighbour cdp port=\"GigabitEthernet1/0/7\"\n" + kWho +
            "clue cdp.capabilities=\"switch,igmp\" role=self\n" + kWho +
            "clue cdp.version=\"Some Software, Version 12.2(25) Compiled\" role=self\n" + kWho +
            "clue cdp.platform=\"some WS-C2960\" role=self\n" + kWho + "clue cdp.vlan=\"17\" role=self\n" +
            kWho + "name kind=cdp name=\"sw-1\"\n" +
            "10.0.1.2=02:00:00:00:00:01 address ip=10.0.1.2 mac=02:00:00:00:00:01 how=cdp lease=0\n" + kWho +
            "clue cdp.location=\"Room 5\" role=self\n");
}

TEST_CASE("cdp: addresses that no device owns, and other protocols', bind nothing") {
  CHECK(said(head() + tlv(2, bytes("00000003 0101cc 0004 00000000 0101cc 0004 7f000001 010181 0003 490001")))
            .empty());
}

TEST_CASE("cdp: malformed frames are anomalies, what stood before them counts") {
  CHECK(said(bytes("02 b4 00")) == kAnomaly + "truncated-tlv\n");
  CHECK(said(bytes("07 b4 0000") + tlv(1, "x")) == kAnomaly + "bad-version\n");
  CHECK(said(head() + tlv(1, "x") + bytes("0005 00ff") + "cut") ==
        kWho + "name kind=cdp name=\"x\"\n" + kAnomaly + "truncated-tlv\n");
  CHECK(said(head() + bytes("0005 0003") + "x") == kAnomaly + "truncated-tlv\n");
  CHECK(said(head() + tlv(4, bytes("0000"))) == kAnomaly + "short-value\n");
  CHECK(said(head() + tlv(10, "")) == kAnomaly + "short-value\n");
  CHECK(said(head() + tlv(2, bytes("ffffffff 0101cc 0004 0a00"))) == kAnomaly + "short-value\n");
}

}  // namespace bedrail
