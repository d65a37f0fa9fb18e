#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& aeroscout_dissector();

namespace {

using test::from_hex;

const std::string kNotification =
    from_hex("7c830000d9000018 02005e000005 0050 00009000000000000000000000000000");
const std::string kEngine = "10.0.0.2/02:00:00:00:00:02 ", kAccessPoint = "10.0.0.1/02:00:00:00:00:01 ";

std::string said(const std::string& text, std::uint16_t client, std::uint16_t server) {
  test::DissectHarness harness(aeroscout_dissector(), Transport::kUdp, server);
  harness.context().key.client.port = client;
  harness.datagram(Direction::kToServer, text);
  harness.datagram(Direction::kToServer, text);
  return harness.text();
}

}  // namespace

TEST_CASE("aeroscout: the engine, the access point and its address") {
  const std::string mac = kAccessPoint + "clue aeroscout.access-point=\"02:00:5e:00:00:05\" role=self\n";
  CHECK(said(kNotification, 1144, 12092) ==
        kEngine + "service udp/12092 aeroscout product=\"\" version=\"\" encrypted=false\n" + kEngine +
            "clue aeroscout.role=\"engine\" role=self\n" + kAccessPoint +
            "clue aeroscout.role=\"access-point\" role=self\n" + mac);
  CHECK(said(kNotification, 5000, 6000) == mac);
}

TEST_CASE("aeroscout: the engine may ask first") {
  CHECK(said(from_hex("7c830000d0000000"), 12091, 1144) ==
        kAccessPoint + "service udp/12091 aeroscout product=\"\" version=\"\" encrypted=false\n" +
            kAccessPoint + "clue aeroscout.role=\"engine\" role=self\n" + kEngine +
            "clue aeroscout.role=\"access-point\" role=self\n");
}

TEST_CASE("aeroscout: anomalies") {
  const std::string anomaly = kAccessPoint + "anomaly aeroscout ";
  CHECK(said(kNotification.substr(0, 20), 1, 2) == anomaly + "truncated\n" + anomaly + "truncated\n");
  CHECK(said(from_hex("7c830000d900000202 00"), 1, 2) == anomaly + "truncated\n" + anomaly + "truncated\n");
  CHECK(said("GET / HTTP", 1, 2) == anomaly + "bad-magic\n" + anomaly + "bad-magic\n");
}

TEST_CASE("aeroscout: recognised by its header and length") {
  const auto recognised = [](const std::string& text, bool on_port) {
    return aeroscout_dissector().recognise(
        {Direction::kToServer, as_bytes(text), 1144, 12092, false, on_port});
  };
  CHECK(recognised(kNotification, false) == Recognition::kYes);
  CHECK(recognised(from_hex("7c83000011000000"), true) == Recognition::kYes);
  CHECK(recognised(from_hex("7c83000011000000"), false) == Recognition::kNo);
  CHECK(recognised(kNotification + "x", true) == Recognition::kNo);
  CHECK(recognised("7c", true) == Recognition::kNo);
  CHECK(recognised("\x16\x03\x01\x02\x00\x01\x00\x01", true) == Recognition::kNo);
}

}  // namespace bedrail
