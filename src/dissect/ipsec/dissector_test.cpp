#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& ipsec_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
std::string payload(int next, const std::string& body) {
  return std::string{static_cast<char>(next), 0, 0, static_cast<char>(body.size() + 4)} + body;
}
std::string ike(int next, int version, int exchange, const std::string& body, bool answer = false,
                int flags = 0) {
  return "initiate" + (answer ? std::string("responds") : std::string(8, '\0')) +
         std::string{static_cast<char>(next),
                     static_cast<char>(version),
                     static_cast<char>(exchange),
                     static_cast<char>(flags),
                     0,
                     0,
                     0,
                     0,
                     0,
                     0,
                     0,
                     static_cast<char>(body.size() + 28)} +
         body;
}
const std::string kWindows = bytes("1e2b516905991c7d7c96fcbfb587e46100000008");

std::string said(const std::vector<std::pair<Direction, std::string>>& turns, std::uint16_t port = 500,
                 Transport transport = Transport::kUdp) {
  test::DissectHarness harness(ipsec_dissector(), transport, port);
  for (const auto& [direction, text] : turns) harness.datagram(direction, text);
  return harness.text();
}
std::string vendor(const std::string& who, const std::string& id) {
  return who + "clue ipsec.vendor-id=\"" + id + "\" role=" + (who == kClient ? "client" : "server") + "\n";
}
std::string service(const std::string& version, const std::string& port = "500") {
  return kServer + "service udp/" + port + " ike product=\"\" version=\"\" encrypted=true\n" + kServer +
         "protocol ike version=\"" + version + "\" agreed=true\n";
}
Recognition recognised(const std::string& text, std::uint16_t port = 500, bool on_port = true) {
  return ipsec_dissector().recognise({kUp, as_bytes(text), 40000, port, false, on_port});
}

}  // namespace

TEST_CASE("ipsec: both versions of IKE, and what names their software") {
  const std::string first = payload(13, "sa") + payload(13, kWindows) + payload(0, "Maker VPN 1.0");
  CHECK(said({{kUp, ike(1, 0x10, 2, first)},
              {kUp, ike(1, 0x10, 2, first)},
              {kDown, ike(1, 0x10, 2, payload(0, "sa"), true)}}) ==
        vendor(kClient, "1e2b516905991c7d7c96fcbfb587e46100000008") + vendor(kClient, "Maker VPN 1.0") +
            service("1.0"));
  const std::string second = payload(43, "sa") + payload(0, "Gate");
  CHECK(said({{kUp, ike(33, 0x20, 34, payload(0, "sa"))}, {kDown, ike(33, 0x20, 34, second, true, 0x20)}}) ==
        service("2.0") + vendor(kServer, "Gate"));
  // Encrypted: nothing is read.
  CHECK(said({{kUp, ike(13, 0x10, 5, payload(0, "Gate"), true, 1)},
              {kUp, ike(43, 0x20, 35, payload(0, "Gate"), true)}})
            .empty());
  const std::string asked = ike(1, 0x10, 4, payload(0, "sa"));
  CHECK(said({{kUp, asked}}).empty());
  CHECK(said({{kUp, asked}, {kDown, ike(1, 0x10, 4, payload(0, "sa"), true)}}) ==
        service("1.0") + kServer + "clue ipsec.exchange=\"aggressive\" role=server\n");
}

TEST_CASE("ipsec: behind a translator, and packets without ports") {
  const std::string zeros(4, '\0');
  CHECK(said({{kUp, zeros + ike(43, 0x20, 34, payload(0, "Gate"))}, {kUp, "\xff"}}, 4500) ==
        vendor(kClient, "Gate"));
  const std::string esp = bytes("c0ffee01 00000001") + std::string(40, 'x');
  CHECK(said({{kUp, esp}, {kUp, esp}}, 4500) == kClient + "clue ipsec.tunnel=\"esp-udp\" role=self\n");
  CHECK(said({{kUp, esp}}, 0, Transport::kOther) == kClient + "clue ipsec.tunnel=\"esp\" role=self\n");
  CHECK(said({{kUp, bytes("c0ffee01 00000002") + std::string(40, 'x')}}, 0, Transport::kOther).empty());
  CHECK(said({{kUp, "abc"}}, 0, Transport::kOther) == kClient + "anomaly ipsec truncated\n");
}

TEST_CASE("ipsec: malformed messages, once") {
  const std::string anomaly = kClient + "anomaly ipsec ";
  CHECK(said({{kUp, ike(1, 0x30, 2, payload(0, "sa"))}, {kUp, ike(1, 0x30, 2, payload(0, "sa"))}}) ==
        anomaly + "bad-header\n");
  CHECK(said({{kUp, ike(1, 0x10, 2, payload(13, "sa"))}}) == anomaly + "bad-payload\n");
  CHECK(said({{kUp, ike(1, 0x10, 2, bytes("00000002"))}}) == anomaly + "bad-payload\n");
}

TEST_CASE("ipsec: recognised on its ports by a header whose length is the datagram's") {
  const std::string good = ike(33, 0x20, 34, payload(0, "sa"));
  CHECK(recognised(good) == Recognition::kYes);
  CHECK(recognised(std::string(4, '\0') + good, 4500) == Recognition::kYes);
  CHECK(recognised(bytes("c0ffee01 00000001") + std::string(40, 'x'), 4500) == Recognition::kMaybe);
  CHECK(recognised(bytes("c0ffee01 00000001") + std::string(40, 'x')) == Recognition::kNo);
  CHECK(recognised(good, 500, false) == Recognition::kNo);
  CHECK(recognised(good + "x") == Recognition::kNo);
  CHECK(recognised(std::string(60, '\0'), 4500) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n") == Recognition::kNo);
}

}  // namespace bedrail
