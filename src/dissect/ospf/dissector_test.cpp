#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& ospf_dissector();

namespace {

const std::string kWho = "10.0.0.1/02:00:00:00:00:01 ";

std::string said(std::string_view hex) {
  test::DissectHarness harness(ospf_dissector(), Transport::kOther);
  harness.datagram(Direction::kToServer, test::from_hex(hex));
  return harness.text();
}
std::string clue(const std::string& key, const std::string& value) {
  return kWho + "clue ospf." + key + "=\"" + value + "\" role=self\n";
}

}  // namespace

TEST_CASE("ospf: a router greets") {
  const std::string ids = clue("router-id", "10.9.9.1") + clue("area", "0.0.0.3");
  CHECK(said("0201002c 0a090901 00000003 abcd 0000 0000000000000000 ffffff00") ==
        clue("version", "2") + ids + clue("authentication", "none"));
  CHECK(said("0201002c 0a090901 00000003 abcd 0001 7365637265740000 ffffff00") ==
        clue("version", "2") + ids + clue("authentication", "plain"));
  CHECK(said("0201002c 0a090901 00000003 abcd 0002 0000011000000000 ffffff00") ==
        clue("version", "2") + ids + clue("authentication", "md5"));
  CHECK(said("03010024 0a090901 00000003 abcd 0000 00000001") == clue("version", "3") + ids);
  CHECK(said("02040040 0a090901 00000003 abcd 0000 0000000000000000").empty());
}

TEST_CASE("ospf: malformed messages") {
  const std::string anomaly = kWho + "anomaly ospf ";
  CHECK(said("0201002c0a0909") == anomaly + "truncated\n");
  CHECK(said("0901002c 0a090901 00000003 abcd 0000") == anomaly + "bad-header\n");
  CHECK(said("0206002c 0a090901 00000003 abcd 0000") == anomaly + "bad-header\n");
  CHECK(said("02010004 0a090901 00000003 abcd 0000") == anomaly + "bad-header\n");
}

}  // namespace bedrail
