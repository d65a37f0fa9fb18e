#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& openvpn_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
const std::string kBare = "\x38sessions" + std::string(5, '\0');
const std::string kAnswer = "\x40responds" + std::string(17, 'x');

std::string said(const std::vector<std::pair<Direction, std::string>>& turns) {
  test::DissectHarness harness(openvpn_dissector(), Transport::kUdp);
  for (const auto& [direction, text] : turns) harness.datagram(direction, text);
  return harness.text();
}
std::string protection(const std::string& kind) {
  return "10.0.0.1/02:00:00:00:00:01 clue openvpn.protection=\"" + kind + "\" role=client\n";
}
Recognition recognised(const std::string& bytes, Direction direction = kUp, bool on_port = false) {
  return openvpn_dissector().recognise({direction, as_bytes(bytes), 40000, 1194, false, on_port});
}

}  // namespace

TEST_CASE("openvpn: a handshake, and how it is protected") {
  CHECK(said({{kUp, kBare}, {kUp, kBare}, {kDown, kAnswer}}) ==
        protection("none") +
            "10.0.0.2/02:00:00:00:00:02 service udp/1194 openvpn product=\"\" version=\"\" encrypted=true\n"
            "10.0.0.2/02:00:00:00:00:02 protocol openvpn version=\"2\" agreed=true\n");
  CHECK(said({{kUp, "\x38" + std::string(41, 'x')}}) == protection("key"));
  CHECK(said({{kUp, "\x50" + std::string(300, 'x')}}) == protection("tls-crypt-v2"));
  CHECK(said({{kUp, "\x48" + std::string(300, 'x')}, {kDown, ""}}).empty());
}

TEST_CASE("openvpn: recognised by an open reset, or on its port") {
  CHECK(recognised(kBare) == Recognition::kYes);
  CHECK(recognised(kBare + "x") == Recognition::kNo);
  CHECK(recognised("\x38" + std::string(41, 'x')) == Recognition::kNo);
  CHECK(recognised("\x38" + std::string(41, 'x'), kUp, true) == Recognition::kYes);
  CHECK(recognised(kAnswer, kDown, true) == Recognition::kYes);
  CHECK(recognised(kBare, kDown, true) == Recognition::kNo);
  CHECK(recognised("8", kUp, true) == Recognition::kNo);
  CHECK(recognised("\x39" + std::string(41, 'x'), kUp, true) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n", kUp, true) == Recognition::kNo);
}

}  // namespace bedrail
