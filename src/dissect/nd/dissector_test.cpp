#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& nd_dissector();

namespace {

using test::from_hex;
constexpr std::string_view kFrameMac = "02:00:00:00:00:01";

/// A harness whose sender has this address, and (as always) the MAC 02:00:00:00:00:01.
test::DissectHarness from(std::string_view sender) {
  test::DissectHarness harness(nd_dissector(), Transport::kIcmp);
  harness.context().key.client = {*parse_ip(sender), 0};
  harness.context().key.server = {*parse_ip("ff02::1"), 0};
  harness.context().server_mac.reset();
  return harness;
}

std::string said(std::string_view sender, std::string_view hex) {
  test::DissectHarness harness = from(sender);
  CHECK(harness.datagram(Direction::kToServer, from_hex(hex)).status == Progress::Status::kDone);
  return harness.text();
}

// 2001:db8::77 and fe80::77
constexpr std::string_view kSolicitation = "87 00 0000 00000000 20010db8000000000000000000000077 ";
constexpr std::string_view kAdvertised = "20010db8000000000000000000000077 ";

}  // namespace

TEST_CASE("nd: a solicitation binds its source, not its target") {
  CHECK(said("2001:db8::5", std::string(kSolicitation) + "01 01 020000000001") ==
        "2001:db8::5=02:00:00:00:00:01 address ip=2001:db8::5 mac=02:00:00:00:00:01 how=nd lease=0\n");
  CHECK(said("2001:db8::5", kSolicitation).empty());
}

TEST_CASE("nd: duplicate address detection claims the target for the frame's MAC") {
  CHECK(said("::", kSolicitation) ==
        "2001:db8::77=02:00:00:00:00:01 address ip=2001:db8::77 mac=02:00:00:00:00:01 how=nd lease=0\n");
  // With a nonce (RFC 7527), as current systems send it.
  CHECK(said("::", std::string(kSolicitation) + "0e 01 a1a2a3a4a5a6") ==
        "2001:db8::77=02:00:00:00:00:01 address ip=2001:db8::77 mac=02:00:00:00:00:01 how=nd lease=0\n");
  CHECK(said("::", std::string(kSolicitation) + "01 01 020000000001") ==
        "/02:00:00:00:00:01 anomaly nd source-in-dad\n");
  test::DissectHarness without_mac = from("::");
  without_mac.context().client_mac.reset();
  without_mac.datagram(Direction::kToServer, from_hex(kSolicitation));
  CHECK(without_mac.text().empty());
}

TEST_CASE("nd: an advertisement binds its target") {
  const std::string solicited_override = "88 00 0000 60000000 ", plain = "88 00 0000 00000000 ",
                    router = "88 00 0000 a0000000 ";
  const std::string option = std::string(kAdvertised) + "02 01 020000000001";
  const std::string bound =
      "2001:db8::77=02:00:00:00:00:01 address ip=2001:db8::77 mac=02:00:00:00:00:01 how=nd lease=0\n";
  CHECK(said("2001:db8::77", solicited_override + option) == bound);
  CHECK(said("2001:db8::77", plain + option) == bound);
  CHECK(said("fe80::77", solicited_override + option) == bound);
  CHECK(said("fe80::77", router + option) ==
        bound + "2001:db8::77=02:00:00:00:00:01 clue nd.router=\"router\" role=self\n");
  // A proxy's or anycast.
  CHECK(said("fe80::99", plain + option).empty());
  CHECK(said("2001:db8::77", solicited_override + std::string(kAdvertised)).empty());
}

TEST_CASE("nd: an answer in the other direction is its sender's") {
  test::DissectHarness harness(nd_dissector(), Transport::kIcmp);
  harness.context().key.client = {*parse_ip("fe80::1"), 0};
  harness.context().key.server = {*parse_ip("2001:db8::77"), 0};
  harness.datagram(Direction::kToClient,
                   from_hex("88 00 0000 60000000 20010db8000000000000000000000077 02 01 020000000002"));
  CHECK(harness.text() ==
        "2001:db8::77=02:00:00:00:00:02 address ip=2001:db8::77 mac=02:00:00:00:00:02 how=nd lease=0\n");
}

TEST_CASE("nd: a MAC that is not the frame's is said") {
  CHECK(said("2001:db8::5", std::string(kSolicitation) + "01 01 0200000000aa") ==
        "2001:db8::5=02:00:00:00:00:aa address ip=2001:db8::5 mac=02:00:00:00:00:aa how=nd lease=0\n"
        "2001:db8::5/02:00:00:00:00:01 anomaly nd sender-mismatch\n");
}

TEST_CASE("nd: a router and its prefixes") {
  const std::string prefixes =
      "03 04 40 c0 00278d00 00093a80 00000000 20010db8000100000000000000000001 "  // bits behind the length do
                                                                                  // not count
      "05 01 0000 000005dc "
      "03 04 3f c0 00278d00 00093a80 00000000 fd00000000000003ffff000000000000 "
      "19 03 0000 00000708 20010db8000000000000000000000053";
  const std::string expected =
      "fe80::1=02:00:00:00:00:01 clue nd.prefix=\"2001:db8:1::/64\" role=self\n"
      "fe80::1=02:00:00:00:00:01 clue nd.prefix=\"fd00:0:0:2::/63\" role=self\n";
  const std::string bound =
      "fe80::1=02:00:00:00:00:01 address ip=fe80::1 mac=02:00:00:00:00:01 how=nd lease=0\n";
  CHECK(said("fe80::1", "86 00 0000 40 00 0708 00000000 00000000 01 01 020000000001 " + prefixes) ==
        bound + "fe80::1=02:00:00:00:00:01 clue nd.router=\"router\" role=self\n" + expected);
  CHECK(said("fe80::1", "86 00 0000 40 00 0000 00000000 00000000 01 01 020000000001 " + prefixes) ==
        bound + expected);
  CHECK(said("fe80::1", "86 00 0000 40 00 0708 00000000 00000000") ==
        "fe80::1/02:00:00:00:00:01 clue nd.router=\"router\" role=self\n");
  CHECK(said("2001:db8::1", "86 00 0000 40 00 0708 00000000 00000000") ==
        "2001:db8::1/02:00:00:00:00:01 anomaly nd not-link-local\n");
}

TEST_CASE("nd: router solicitations and redirects") {
  CHECK(said("fe80::5", "85 00 0000 00000000 01 01 020000000001") ==
        "fe80::5=02:00:00:00:00:01 address ip=fe80::5 mac=02:00:00:00:00:01 how=nd lease=0\n");
  CHECK(said("::", "85 00 0000 00000000").empty());
  CHECK(said("fe80::1",
             "89 00 0000 00000000 20010db8000000000000000000000077 20010db8000000000000000000000077 02 01 "
             "020000000077") ==
        "fe80::1/02:00:00:00:00:01 clue nd.router=\"router\" role=self\n"
        "2001:db8::77=02:00:00:00:00:77 address ip=2001:db8::77 mac=02:00:00:00:00:77 how=nd lease=0\n");
}

TEST_CASE("nd: link-layer options that are no device's MAC bind nothing") {
  CHECK(said("fe80::5", "85 00 0000 00000000 01 01 000000000000").empty());
  CHECK(said("fe80::5", "85 00 0000 00000000 01 01 333300000001").empty());
  CHECK(said("fe80::5", "85 00 0000 00000000 01 02 0200000000000001000000000000").empty());
}

TEST_CASE("nd: malformed messages are anomalies and say nothing else") {
  const std::string by = "fe80::1/" + std::string(kFrameMac) + " anomaly nd ";
  CHECK(said("fe80::1", "87 00 0000 00000000 20010db8") == by + "truncated\n");
  CHECK(said("fe80::1", "85 00 0000 00000000 01") == by + "truncated\n");
  CHECK(said("fe80::1", "85 00 0000 00000000 01 01 020000000001 01 02 0000") == by + "truncated\n");
  CHECK(said("fe80::1", "85 00 0000 00000000 01 01 020000000001 01 00 0000") == by + "zero-option-length\n");
  CHECK(said("fe80::1", "85 01 0000 00000000 01 01 020000000001") == by + "bad-code\n");
  CHECK(said("fe80::1", "87 00 0000 00000000 ff020000000000000000000000000001 01 01 020000000001") ==
        by + "bad-target\n");
  CHECK(said("fe80::1",
             "86 00 0000 40 00 0708 00000000 00000000 03 04 81 c0 00278d00 00093a80 00000000 "
             "20010db8000100000000000000000001") == by + "bad-prefix\n");
  CHECK(said("fe80::1", "86 00 0000 40 00 0708 00000000 00000000 03 01 40 c0 00278d00") ==
        by + "bad-prefix\n");
}

TEST_CASE("nd: other ICMPv6 messages pass") {
  CHECK(said("fe80::1", "80 00 0000 0001 0001 6162").empty());
  CHECK(said("::", "8f 00 0000 0000 0001 04000000 ff020000000000000000000000000001").empty());
  CHECK(said("fe80::1", "").empty());
}

}  // namespace bedrail
