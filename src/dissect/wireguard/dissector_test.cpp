#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& wireguard_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string message(char type, std::size_t size, std::size_t zeros = 16) {
  return std::string{type, 0, 0, 0} + std::string(size - 4 - zeros, 'x') + std::string(zeros, '\0');
}
std::string said(const std::vector<std::pair<Direction, std::string>>& turns) {
  test::DissectHarness harness(wireguard_dissector(), Transport::kUdp);
  for (const auto& [direction, text] : turns) harness.datagram(direction, text);
  return harness.text();
}
Recognition recognised(const std::string& bytes, bool on_port = false) {
  return wireguard_dissector().recognise({kUp, as_bytes(bytes), 40000, 443, false, on_port});
}

}  // namespace

TEST_CASE("wireguard: a handshake, once") {
  const auto turns = std::vector<std::pair<Direction, std::string>>{{kUp, message(1, 148)},
                                                                    {kDown, message(2, 92)},
                                                                    {kUp, message(4, 96, 0)},
                                                                    {kUp, message(1, 148)},
                                                                    {kDown, message(2, 92)}};
  CHECK(said(turns) == kClient + "clue wireguard.role=\"initiator\" role=client\n" + kServer +
                           "service udp/51820 wireguard product=\"\" version=\"\" encrypted=true\n" +
                           kServer + "protocol wireguard version=\"1\" agreed=true\n");
  CHECK(said({{kUp, message(4, 96, 0)}}).empty());
}

TEST_CASE("wireguard: what is none of its messages, once") {
  CHECK(said({{kUp, message(1, 147)}, {kUp, "abc"}}) == kClient + "anomaly wireguard bad-message\n");
}

TEST_CASE("wireguard: recognised by a handshake's size and its empty second check") {
  CHECK(recognised(message(1, 148)) == Recognition::kYes);
  CHECK(recognised(message(2, 92)) == Recognition::kYes);
  CHECK(recognised(message(1, 148, 0)) == Recognition::kMaybe);
  CHECK(recognised(message(1, 148, 0), true) == Recognition::kYes);
  CHECK(recognised(message(4, 96, 0), true) == Recognition::kMaybe);
  CHECK(recognised(message(4, 96, 0)) == Recognition::kNo);
  CHECK(recognised(message(4, 97, 0), true) == Recognition::kNo);
  CHECK(recognised(message(1, 149), true) == Recognition::kNo);
  CHECK(recognised("\x01\x01\x01\x01" + std::string(144, '\0')) == Recognition::kNo);
}

}  // namespace bedrail
