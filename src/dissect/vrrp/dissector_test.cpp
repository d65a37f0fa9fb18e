#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& vrrp_dissector();

namespace {

const std::string kWho = "10.0.0.1/02:00:00:00:00:01 ";

std::string said(std::string_view hex) {
  test::DissectHarness harness(vrrp_dissector(), Transport::kOther);
  harness.datagram(Direction::kToServer, test::from_hex(hex));
  return harness.text();
}
std::string clue(const std::string& key, const std::string& value) {
  return kWho + "clue vrrp." + key + "=\"" + value + "\" role=self\n";
}

}  // namespace

TEST_CASE("vrrp: routers that stand in for each other") {
  CHECK(said("21056402 0101abcd 0a0000fe 0a0000fd 7365637265740000") ==
        clue("variant", "2") + clue("router", "5") + clue("authentication", "plain") +
            clue("address", "10.0.0.254") + clue("address", "10.0.0.253"));
  CHECK(said("3105ff01 0064abcd 0a0000fe") ==
        clue("variant", "3") + clue("router", "5 owner") + clue("address", "10.0.0.254"));
  CHECK(said("21016407 00010000" + std::string(56, '0')) == clue("variant", "carp") + clue("router", "1"));
}

TEST_CASE("vrrp: malformed messages") {
  const std::string anomaly = kWho + "anomaly vrrp ";
  CHECK(said("2105") == anomaly + "truncated\n");
  CHECK(said("22056401 00010000 0a0000fe") == anomaly + "bad-header\n");
  CHECK(said("41056401 00010000 0a0000fe") == anomaly + "bad-header\n");
  CHECK(said("31006401 00010000 0a0000fe") == anomaly + "bad-header\n");
  CHECK(said("31056402 00640000 0a0000fe").ends_with(anomaly + "truncated\n"));
}

}  // namespace bedrail
