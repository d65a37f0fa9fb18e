#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& rtp_dissector();

namespace {

using enum Direction;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string packet(int sequence, std::size_t size = 160, int type = 0, char source = 'S') {
  return "\x80" + std::string(1, static_cast<char>(type)) + static_cast<char>(sequence >> 8) +
         static_cast<char>(sequence & 0xff) + "time" + std::string(4, source) + std::string(size, '\xd5');
}
std::string said(Direction direction, const std::vector<std::string>& datagrams) {
  test::DissectHarness harness(rtp_dissector(), Transport::kUdp, 20000);
  for (const std::string& datagram : datagrams) (void)harness.datagram(direction, datagram);
  return harness.text();
}
const std::string kSound =
    kClient + "protocol rtp version=\"2\" agreed=true\n" + kClient + "clue rtp.payload=\"PCMU\" role=self\n";

}  // namespace

TEST_CASE("rtp: four datagrams that follow each other are told of, once") {
  CHECK(said(kToServer, {packet(1), packet(2), packet(3)}).empty());
  CHECK(said(kToServer, {packet(1), packet(2), packet(3), packet(4), packet(5)}) == kSound);
  CHECK(said(kToServer, {packet(65534), packet(65535), packet(0), packet(1)}) == kSound);
  CHECK(said(kToServer, {packet(1), packet(1), packet(2), packet(2), packet(3), packet(4)}) == kSound);
  CHECK(said(kToServer, {packet(9), packet(1), packet(2), packet(3), packet(4)}) == kSound);
}

TEST_CASE("rtp: numbers that do not follow, or of another source, are not") {
  CHECK(said(kToServer, {packet(1), packet(3), packet(5), packet(7), packet(9)}).empty());
  CHECK(said(kToServer, {packet(1), packet(2), packet(3, 160, 0, 'X'), packet(4, 160, 0, 'X'), packet(5)})
            .empty());
}

TEST_CASE("rtp: each side speaks for itself; then it is done") {
  test::DissectHarness harness(rtp_dissector(), Transport::kUdp, 20000);
  for (int i = 0; i < 3; ++i) {
    harness.datagram(kToServer, packet(i));
    harness.datagram(kToClient, packet(i + 7, 160, 8));
  }
  harness.datagram(kToServer, packet(3));
  CHECK(harness.datagram(kToClient, packet(10, 160, 8)).status == Progress::Status::kDone);
  CHECK(harness.text() == kSound + kServer + "protocol rtp version=\"2\" agreed=true\n" + kServer +
                              "clue rtp.payload=\"PCMA\" role=self\n");
}

TEST_CASE("rtp: something else is given up") {
  test::DissectHarness harness(rtp_dissector(), Transport::kUdp, 20000);
  Progress last;
  for (int i = 0; i < 20; ++i) last = harness.datagram(kToServer, "something else");
  CHECK(last.status == Progress::Status::kFailed);
  CHECK(harness.text().empty());
}

TEST_CASE("rtp: recognised as a guess only, on even ports, with payloads of fixed size") {
  const auto recognised = [](const std::string& text, std::uint16_t port = 20000) {
    return rtp_dissector().recognise({kToServer, as_bytes(text), 40000, port, false, false});
  };
  CHECK(recognised(packet(1)) == Recognition::kMaybe);
  CHECK(recognised(packet(1), 20001) == Recognition::kNo);
  CHECK(recognised(packet(1), 514) == Recognition::kNo);
  CHECK(recognised(packet(1, 161)) == Recognition::kNo);
  CHECK(recognised(packet(1, 160, 96)) == Recognition::kNo);
  CHECK(recognised(packet(1, 188, 33)) == Recognition::kNo);
  CHECK(recognised(packet(1, 0)) == Recognition::kNo);
  CHECK(recognised(test::from_hex("810a0008 0100 1008")) == Recognition::kNo);  // BACnet
  CHECK(recognised("\x80\x00") == Recognition::kNo);
}

}  // namespace bedrail
