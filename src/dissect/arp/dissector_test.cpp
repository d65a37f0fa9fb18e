#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& arp_dissector();

TEST_CASE("arp: a request binds its sender, not its target") {
  test::DissectHarness harness(arp_dissector(), Transport::kNone);
  harness.datagram(Direction::kToServer,
                   test::from_hex("0001 0800 06 04 0001 020000000001 0a000005 000000000000 0a000006"));
  CHECK(harness.lines() ==
        std::vector<std::string>{
            "10.0.0.5=02:00:00:00:00:01 address ip=10.0.0.5 mac=02:00:00:00:00:01 how=arp lease=0"});
}

TEST_CASE("arp: a probe binds nothing, a cut message is an anomaly") {
  test::DissectHarness harness(arp_dissector(), Transport::kNone);
  harness.datagram(Direction::kToServer,
                   test::from_hex("0001 0800 06 04 0001 020000000001 00000000 000000000000 0a000006"));
  CHECK(harness.lines().empty());
  harness.datagram(Direction::kToServer, test::from_hex("0001 0800 06 04 0001 0200"));
  CHECK(harness.lines() == std::vector<std::string>{"10.0.0.1/02:00:00:00:00:01 anomaly arp truncated"});
}

}  // namespace bedrail
