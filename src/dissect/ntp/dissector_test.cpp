#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& ntp_dissector();

namespace {

const std::string kAsker = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
/// Flags, stratum, poll, precision; delay and dispersion; reference; four times.
std::string packet(std::string_view head, const std::string& reference, char filler = '\0') {
  return bytes(head) + std::string(8, filler) + reference + std::string(32, 't');
}
std::string control(int operation, const std::string& text) {
  return std::string("\x16", 1) + static_cast<char>(operation) + std::string(8, '\0') +
         static_cast<char>(text.size() >> 8) + static_cast<char>(text.size() & 0xff) + text;
}
std::string said(Direction direction, const std::string& message, int times = 1) {
  test::DissectHarness harness(ntp_dissector(), Transport::kUdp);
  for (int i = 0; i < times; ++i) harness.datagram(direction, message);
  return harness.text();
}
Recognition recognised(const std::string& text, bool on_port = true) {
  return ntp_dissector().recognise({Direction::kToServer, as_bytes(text), 40000, 123, false, on_port});
}

}  // namespace

TEST_CASE("ntp: a client's way of asking, once") {
  CHECK(said(Direction::kToServer, packet("23000aec", std::string(4, '\0')), 3) ==
        kAsker + "clue ntp.client=\"version=4 poll=10 precision=-20 simple\" role=client\n");
  CHECK(said(Direction::kToServer, packet("1b0011e9", std::string(4, '\0'), '\1')) ==
        kAsker + "clue ntp.client=\"version=3 poll=17 precision=-23\" role=client\n");
}

TEST_CASE("ntp: a server's stratum and where it has its time from") {
  CHECK(said(Direction::kToClient, packet("240103ec", "GPS" + std::string(1, '\0')), 2) ==
        kServer + "service udp/123 ntp product=\"\" version=\"\" encrypted=false\n" + kServer +
            "protocol ntp version=\"4\" agreed=true\n" + kServer + "clue ntp.stratum=\"1\" role=server\n" +
            kServer + "clue ntp.reference=\"GPS\" role=server\n");
  CHECK(said(Direction::kToClient, packet("240303ec", bytes("0a000009"))).find("10.0.0.9") !=
        std::string::npos);
  // Four octets of a digest, or a server on the Internet.
  CHECK(said(Direction::kToClient, packet("240303ec", bytes("c0000209"))).find("reference") ==
        std::string::npos);
  CHECK(said(Direction::kToClient, packet("240003ec", "RATE")) ==
        kServer + "service udp/123 ntp product=\"\" version=\"\" encrypted=false\n" + kServer +
            "protocol ntp version=\"4\" agreed=true\n" + kServer + "clue ntp.kiss=\"RATE\" role=server\n");
}

TEST_CASE("ntp: a control message's answer names software and system") {
  CHECK(said(Direction::kToServer, control(2, "")) ==
        kAsker + "clue ntp.control=\"read-variables\" role=client\n");
  const std::string text =
      "version=\"ntpd 4.2.8p15@1.3728-o Wed Sep 23 11:46:38 UTC 2020 (1)\",\r\n"
      "processor=\"x86_64\", system=\"Linux/5.10.0-19-amd64\", leap=0, stratum=3, mintc=\"cu";
  CHECK(said(Direction::kToClient, control(0x82, text)) ==
        kServer +
            "clue ntp.version=\"ntpd 4.2.8p15@1.3728-o Wed Sep 23 11:46:38 UTC 2020 (1)\" role=server\n" +
            kServer + "clue ntp.processor=\"x86_64\" role=server\n" + kServer +
            "clue ntp.system=\"Linux/5.10.0-19-amd64\" role=server\n" + kServer +
            "service udp/123 ntp product=\"ntpd\" version=\"4.2.8p15\" encrypted=false\n" + kServer +
            "clue ntp.control=\"read-variables\" role=server\n");
  // An error, and a value that does not end in this datagram.
  CHECK(said(Direction::kToClient, control(0xc2, "version=\"ntpd 4\"")).empty());
  CHECK(said(Direction::kToClient, control(0x82, "system=\"Linux/5")).find("ntp.system") ==
        std::string::npos);
}

TEST_CASE("ntp: the list of who asked, by ntpd's own requests") {
  CHECK(said(Direction::kToServer, bytes("1700032a00000000")) ==
        kAsker + "clue ntp.private=\"monlist\" role=client\n");
  CHECK(said(Direction::kToClient, bytes("9700032a00060048") + std::string(432, 'x')) ==
        kServer + "clue ntp.private=\"monlist\" role=server\n");
}

TEST_CASE("ntp: malformed messages") {
  const std::string anomaly = kAsker + "anomaly ntp ";
  CHECK(said(Direction::kToServer, bytes("2300")) == anomaly + "truncated\n");
  CHECK(said(Direction::kToServer, bytes("1602")) == anomaly + "bad-control\n");
  CHECK(said(Direction::kToServer, bytes("1700")) == anomaly + "bad-private\n");
  CHECK(said(Direction::kToServer, packet("20000000", "abcd")) == anomaly + "bad-mode\n");
  CHECK(said(Direction::kToClient, packet("24220000", "abcd")).ends_with(anomaly + "bad-stratum\n"));
}

TEST_CASE("ntp: recognised on its port only, and by its form") {
  const std::string query = packet("23000aec", std::string(4, '\0'));
  CHECK(recognised(query) == Recognition::kYes);
  CHECK(recognised(query, false) == Recognition::kNo);
  CHECK(recognised(query + std::string(20, 'm')) == Recognition::kYes);
  CHECK(recognised(query + "x") == Recognition::kNo);
  CHECK(recognised(control(2, "")) == Recognition::kYes);
  CHECK(recognised(bytes("1700032a00000000")) == Recognition::kMaybe);
  CHECK(recognised("GET / HTTP/1.1\r\nHost: a.example.org and so on and on....") == Recognition::kNo);
  CHECK(recognised(bytes("160301") + std::string(90, '\0')) == Recognition::kNo);  // TLS, as if control
  CHECK(recognised(std::string(48, '\0')) == Recognition::kNo);
}

}  // namespace bedrail
