#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& coap_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kService = kServer + "service udp/5683 coap product=\"\" version=\"\" encrypted=false\n";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
const std::string kAsk = bytes("4201 0007 abcd bb") + ".well-known" + bytes("04") + "core";

std::string said(Direction direction, const std::string& message, int times = 1) {
  test::DissectHarness harness(coap_dissector(), Transport::kUdp);
  for (int i = 0; i < times; ++i) harness.datagram(direction, message);
  return harness.text();
}
Recognition recognised(const std::string& text, bool on_port = true) {
  return coap_dissector().recognise({kUp, as_bytes(text), 40000, 5683, false, on_port});
}

}  // namespace

TEST_CASE("coap: what is asked for, two levels of it") {
  CHECK(said(kUp, kAsk, 2) == kClient + "clue coap.path=\"/.well-known/core\" role=client\n");
  CHECK(said(kUp, bytes("4002 0001 3d0b") + std::string(24, 'h') + bytes("81") + "a" + bytes("01") + "b" +
                      bytes("01") + "c" + bytes("ff") + "x") ==
        kClient + "clue coap.path=\"/a/b\" role=client\n");
}

TEST_CASE("coap: what a device offers") {
  const std::string links =
      "</s/t>;rt=\"temperature-c ucum\";if=\"sensor\",</a>;title=\"x,y\";if=core.a;rt=oic.d.fan;ct=40,</n>";
  CHECK(said(kDown, bytes("6245 0007 abcd c1 28 ff") + links, 2) ==
        kService + kServer + "clue coap.resource-type=\"temperature-c ucum\" role=server\n" + kServer +
            "clue coap.interface=\"sensor\" role=server\n" + kServer +
            "clue coap.resource-type=\"oic.d.fan\" role=server\n" + kServer +
            "clue coap.interface=\"core.a\" role=server\n");
  // Another format, a refusal, an acknowledgement alone.
  CHECK(said(kDown, bytes("6045 0007 c0 ff") + links) == kService);
  CHECK(said(kDown, bytes("6084 0007")) == kService);
  CHECK(said(kDown, bytes("6000 0007")).empty());
}

TEST_CASE("coap: malformed messages") {
  const std::string anomaly = kClient + "anomaly coap ";
  for (const char* hex : {"40", "49010001 000000000000000000", "80010001", "40010001 f0", "40010001 b5 61",
                          "40010001 ff", "40000001 00", "40010001 d1"}) {
    CAPTURE(hex);
    CHECK(said(kUp, bytes(hex)) == anomaly + "malformed\n");
  }
  CHECK(said(kUp, bytes("40200001")) == anomaly + "unknown-code\n");
}

TEST_CASE("coap: recognised on its port, by options that fill the message") {
  CHECK(recognised(kAsk) == Recognition::kYes);
  CHECK(recognised(kAsk, false) == Recognition::kNo);
  CHECK(recognised(bytes("6000 0007")) == Recognition::kYes);
  CHECK(recognised(kAsk.substr(0, 10)) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\nHost: a\r\n\r\n") == Recognition::kNo);
  CHECK(recognised(bytes("40200001")) == Recognition::kNo);
  CHECK(recognised(std::string(40, '\x55')) == Recognition::kNo);
}

}  // namespace bedrail
