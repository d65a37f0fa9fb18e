#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& igmp_dissector();

namespace {

const std::string kWho = "10.0.0.1/02:00:00:00:00:01 ";

std::string said(std::string_view hex) {
  test::DissectHarness harness(igmp_dissector(), Transport::kOther);
  harness.datagram(Direction::kToServer, test::from_hex(hex));
  return harness.text();
}
std::string group(const std::string& ip) { return kWho + "clue igmp.group=\"" + ip + "\" role=self\n"; }

}  // namespace

TEST_CASE("igmp: reports of all versions") {
  CHECK(said("12000000 e0007f01") == group("224.0.127.1"));
  CHECK(said("16000000 effffffa") == group("239.255.255.250"));
  CHECK(said("22000000 00000004"
             "04000000 e00000fb"           // listens to all
             "03000000 e00000fc"           // leaves
             "06000001 e0000101 0a000001"  // blocks one source
             "02010001 e0000116 0a000001 ffffffff") == group("224.0.0.251") + group("224.0.1.22"));
}

TEST_CASE("igmp: who asks, and with which version; who leaves says nothing") {
  CHECK(said("11640000 00000000") == kWho + "clue igmp.querier=\"2\" role=self\n");
  CHECK(said("11000000 00000000") == kWho + "clue igmp.querier=\"1\" role=self\n");
  CHECK(said("11640000 00000000 027d0000") == kWho + "clue igmp.querier=\"3\" role=self\n");
  CHECK(said("17000000 effffffa").empty());
  CHECK(said("13000000 00000000").empty());
}

TEST_CASE("igmp: malformed messages") {
  const std::string anomaly = kWho + "anomaly igmp ";
  CHECK(said("160000") == anomaly + "truncated\n");
  CHECK(said("16000000 0a000001") == anomaly + "bad-group\n");
  CHECK(said("22000000 00000002 04000000 e00000fb") == group("224.0.0.251") + anomaly + "truncated\n");
  CHECK(said("22000000 00000001 0400ffff e00000fb") == anomaly + "truncated\n");
  CHECK(said("99000000 00000000") == anomaly + "unknown-type\n");
}

}  // namespace bedrail
