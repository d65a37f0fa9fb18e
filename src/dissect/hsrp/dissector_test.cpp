#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& hsrp_dissector();

namespace {

const std::string kWho = "10.0.0.1/02:00:00:00:00:01 ";
constexpr std::string_view kOld = "00001003 0a640100 636973636f000000 0a0000fe";
constexpr std::string_view kNew =
    "0128 0200 0604 0007 02aabbccdd01 00000064 00000bb8 00002710 0a0000fd000000000000000000000000";

std::string said(const std::string& hex) {
  test::DissectHarness harness(hsrp_dissector(), Transport::kUdp);
  harness.datagram(Direction::kToServer, test::from_hex(hex));
  return harness.text();
}
std::string clue(const std::string& key, const std::string& value) {
  return kWho + "clue hsrp." + key + "=\"" + value + "\" role=self\n";
}
Recognition recognised(const std::string& bytes, std::uint16_t port = 1985) {
  return hsrp_dissector().recognise({Direction::kToServer, as_bytes(bytes), port, 1985, false, true});
}

}  // namespace

TEST_CASE("hsrp: both versions, without their passwords") {
  CHECK(said(std::string(kOld)) ==
        clue("group", "1") + clue("authentication", "default") + clue("address", "10.0.0.254"));
  CHECK(said("00001003 0a640100 7365637265740000 0a0000fe").find(clue("authentication", "plain")) !=
        std::string::npos);
  const std::string state =
      clue("group", "7") + clue("router-mac", "02:aa:bb:cc:dd:01") + clue("address", "10.0.0.253");
  CHECK(said(std::string(kNew)) == state + clue("authentication", "none"));
  CHECK(said(std::string(kNew) + "0308 636973636f000000") == state + clue("authentication", "default"));
  CHECK(said(std::string(kNew) + "041c" + std::string(56, '0')) == state + clue("authentication", "md5"));
}

TEST_CASE("hsrp: malformed messages") {
  CHECK(said("00001003") == kWho + "anomaly hsrp truncated\n");
  CHECK(said("0128 0200") == kWho + "anomaly hsrp truncated\n");
}

TEST_CASE("hsrp: recognised with its port at both ends") {
  CHECK(recognised(test::from_hex(kOld)) == Recognition::kYes);
  CHECK(recognised(test::from_hex(kNew)) == Recognition::kYes);
  CHECK(recognised(test::from_hex(kOld), 40000) == Recognition::kNo);
  CHECK(recognised(test::from_hex(kOld).substr(0, 19)) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n") == Recognition::kNo);
}

}  // namespace bedrail
