#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& mqtt_dissector();

namespace {

using Turns = std::vector<test::DissectHarness::Turn>;
constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kService = kServer + "service tcp/1883 mqtt product=\"\" version=\"\" encrypted=false\n";

std::string text(const std::string& value) {
  return std::string{static_cast<char>(value.size() >> 8), static_cast<char>(value.size() & 0xff)} + value;
}
std::string packet(int first, const std::string& body) {
  std::string out(1, static_cast<char>(first));
  std::size_t size = body.size();
  do {
    out.push_back(static_cast<char>((size & 0x7f) | (size > 127 ? 0x80 : 0)));
    size >>= 7;
  } while (size > 0);
  return out + body;
}
std::string connect(int level, int flags, const std::string& rest, const std::string& properties = "") {
  std::string body = text(level == 3 ? "MQIsdp" : "MQTT") + static_cast<char>(level) +
                     static_cast<char>(flags) + std::string("\0\x3c", 2);
  if (level == 5) body += static_cast<char>(properties.size()) + properties;
  return packet(0x10, body + rest);
}
std::string accepted(int level = 4, int reason = 0, const std::string& properties = "") {
  std::string body{0, static_cast<char>(reason)};
  if (level == 5) body += static_cast<char>(properties.size()) + properties;
  return packet(0x20, body);
}
std::string publish(const std::string& topic, const std::string& payload, int flags = 0) {
  return packet(0x30 | flags, text(topic) + payload);
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(mqtt_dissector());
  harness.stream(turns, step);
  harness.close();
  return harness.text();
}
std::string clue(const std::string& key, const std::string& value) {
  return kClient + "clue mqtt." + key + "=\"" + value + "\" role=client\n";
}
std::string used(const std::string& version) {
  return kServer + "protocol mqtt version=\"" + version + "\" agreed=true\n";
}
std::string session(const std::string& authentication) {
  return kServer + "session mqtt authentication=" + authentication + " encrypted=false\n";
}
Recognition recognised(const std::string& bytes, Direction direction = kUp) {
  return mqtt_dissector().recognise({direction, as_bytes(bytes), 40000, 1883, false, true});
}

}  // namespace

TEST_CASE("mqtt: a device that nobody asked for a password, however it is cut") {
  const Turns turns = {{kUp, connect(4, 2, text("shellyplug-s-0A1B2C"))},
                       {kDown, accepted()},
                       {kUp, publish("shellies/shellyplug-s-0A1B2C/relay/0", std::string(900, 'x')) +
                                 publish("ward3/patient/doe", "x") +
                                 packet(0x82, std::string("\0\1", 2) + text("homeassistant/status") + '\0' +
                                                  text("private/doe") + '\0')},
                       {kDown, publish("$SYS/broker/version", "mosquitto version 2.0.11")}};
  const std::string whole = said(turns);
  CHECK(whole == clue("client-id", "shellyplug-s-0A1B2C") + kService + used("3.1.1") + session("none") +
                     clue("publishes", "shellies") + clue("subscribes", "homeassistant") + kServer +
                     "service tcp/1883 mqtt product=\"mosquitto\" version=\"2.0.11\" encrypted=false\n");
  for (const std::size_t step : {1, 2, 3, 7, 100}) CHECK(said(turns, step) == whole);
}

TEST_CASE("mqtt: a login in clear, accepted and refused, without the account") {
  const std::string hello = connect(
      4, 0xc6, text("DVES_123456") + text("tele/x/LWT") + text("Offline") + text("admin") + text("s3cret"));
  const std::string all = said({{kUp, hello}, {kDown, accepted()}});
  CHECK(all == clue("client-id", "DVES_123456") + clue("will", "tele") + kService + used("3.1.1") + kServer +
                   "login mqtt mechanism=plain cleartext=true outcome=accepted secret=<redacted> empty=false "
                   "same=false\n" +
                   session("present"));
  const std::string refused =
      said({{kUp, connect(3, 0xc0, text("a") + text("x") + text("x"))}, {kDown, accepted(3, 5)}});
  CHECK(refused.find("outcome=refused secret=<redacted> empty=false same=true") != std::string::npos);
  CHECK(refused.find("protocol mqtt") == std::string::npos);
  CHECK(said({{kUp, connect(4, 0x80, text("a") + text("x"))}, {kDown, accepted(4, 3)}})
            .find("outcome=unknown secret=<redacted> empty=true") != std::string::npos);
}

TEST_CASE("mqtt: version 5 with properties, an assigned identifier, another way of proof") {
  const std::string properties = test::from_hex("11 0000003c 15") + text("SCRAM-SHA-1") +
                                 test::from_hex("26") + text("k") + text("v") +
                                 test::from_hex("21 0014 0b 8001");
  const std::string hello = connect(
      5, 6, text("") + test::from_hex("05 18 00000005") + text("spBv1.0/g/NDEATH/e") + text(""), properties);
  const Turns turns = {
      {kUp, hello},
      {kDown, accepted(5, 0, test::from_hex("24 01 12") + text("auto-1F"))},
      {kUp, packet(0x82, std::string("\0\1\0", 3) + text("$SYS/#") + '\0')},
      {kDown, publish("$SYS/broker/version", std::string("\0\1\0", 3) + "mosquitto version 2.0.18", 2)}};
  const std::string whole = said(turns);
  CHECK(whole == clue("will", "spBv1.0") + kService + used("5.0") + clue("client-id", "auto-1F") +
                     session("present") + clue("subscribes", "$SYS") + kServer +
                     "service tcp/1883 mqtt product=\"mosquitto\" version=\"2.0.18\" encrypted=false\n");
  CHECK(said(turns, 1) == whole);
}

TEST_CASE("mqtt: identifiers that may be a person's are not told") {
  for (const std::string& id :
       {std::string("joe@example.org"), std::string("joe doe"), std::string(65, 'a'), std::string("\x80")}) {
    CHECK(said({{kUp, connect(4, 2, text(id))}}).empty());
  }
}

TEST_CASE("mqtt: malformed packets, and a lost segment") {
  const std::string anomaly = kClient + "anomaly mqtt ";
  CHECK(said({{kUp, connect(4, 3, text("a"))}}) == anomaly + "bad-connect\n");
  CHECK(said({{kUp, connect(4, 0x80, text("a"))}}) == anomaly + "bad-connect\n");
  CHECK(said({{kUp, connect(5, 2, text("a"), test::from_hex("7e"))}}) == anomaly + "bad-connect\n");
  CHECK(said({{kUp, connect(4, 2, text("@"))}, {kDown, test::from_hex("200100")}}) ==
        anomaly + "bad-answer\n");
  CHECK(said({{kUp, test::from_hex("10ffffffff01")}}) == anomaly + "bad-packet\n");
  CHECK(said({{kUp, test::from_hex("0000")}}) == anomaly + "bad-packet\n");
  CHECK(said({{kUp, connect(4, 2, text(std::string(20000, 'a')))}}) == anomaly + "connect-too-long\n");
  test::DissectHarness harness(mqtt_dissector());
  harness.piece(kUp, connect(4, 2, text("a")));
  CHECK_FALSE(harness.gap(kDown, 4));
}

TEST_CASE("mqtt: recognised by the protocol's name on any port") {
  CHECK(recognised(connect(4, 2, text("a"))) == Recognition::kYes);
  CHECK(recognised(connect(3, 2, text("a"))) == Recognition::kYes);
  CHECK(recognised(connect(4, 2, text("a")).substr(0, 5)) == Recognition::kMore);
  CHECK(recognised("\x10") == Recognition::kMore);
  CHECK(recognised(connect(4, 2, text("a")), kDown) == Recognition::kNo);
  CHECK(recognised(accepted()) == Recognition::kNo);
  CHECK(recognised("\x10\x20 anything else at all") == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
  CHECK(recognised(test::from_hex("160301010001000100")) == Recognition::kNo);
}

}  // namespace bedrail
