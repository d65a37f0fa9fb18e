#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& stp_dissector();

namespace {

const std::string kWho = "10.0.0.1=02:00:00:00:00:01 ";
const std::string kRest = "8001 0000 1400 0200 0f00";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
std::string said(const std::string& frame) {
  test::DissectHarness harness(stp_dissector(), Transport::kNone);
  harness.datagram(Direction::kToServer, frame);
  return harness.text();
}
std::string clue(const std::string& key, const std::string& value) {
  return kWho + "clue stp." + key + "=\"" + value + "\" role=self\n";
}
/// Flags, root, cost, bridge, port and times.
std::string tree(const std::string& root, const std::string& bridge) {
  return bytes("3c" + root + "00000004" + bridge + kRest);
}

}  // namespace

TEST_CASE("stp: a switch names itself and the root") {
  CHECK(said(bytes("0000 00 00") + tree("8000020000000009", "8000020000000008")) ==
        clue("variant", "stp") + clue("bridge", "02:00:00:00:00:08") + clue("root", "02:00:00:00:00:09"));
  CHECK(said(bytes("0000 02 02") + tree("8003020000000009", "8003020000000009") + bytes("00")) ==
        clue("variant", "rstp") + clue("bridge", "02:00:00:00:00:09") + clue("root", "self") +
            clue("vlan", "3"));
  CHECK(said(bytes("0000 00 80")) == clue("variant", "stp"));
}

TEST_CASE("stp: the region of multiple trees") {
  std::string name = "HOSPITAL";
  name.resize(32, '\0');
  const std::string frame = bytes("0000 03 02") + tree("8000020000000009", "8000020000000008") +
                            bytes("00 0040 00") + name + bytes("0001") + std::string(16, 'd');
  CHECK(said(frame) == clue("variant", "mstp") + clue("bridge", "02:00:00:00:00:08") +
                           clue("root", "02:00:00:00:00:09") + clue("region", "HOSPITAL"));
  CHECK(said(frame.substr(0, 50)).ends_with("anomaly stp truncated\n"));
}

TEST_CASE("stp: malformed frames, and what only shares the numbers") {
  const std::string anomaly = "10.0.0.1/02:00:00:00:00:01 anomaly stp ";
  CHECK(said(bytes("0000")) == anomaly + "truncated\n");
  CHECK(said((bytes("0000 00 00") + tree("8000020000000009", "8000020000000008")).substr(0, 34)) ==
        anomaly + "truncated\n");
  CHECK(said(bytes("0000 00 07") + tree("8000020000000009", "8000020000000008")) ==
        anomaly + "unknown-type\n");
  CHECK(said(bytes("0000 00 00") + tree("8000030000000009", "8000020000000008")) == anomaly + "bad-bridge\n");
  CHECK(said(bytes("0001 0102 0102")).empty());
}

}  // namespace bedrail
