#include <doctest/doctest.h>

#include "dissect_harness.h"
#include "dns_builder.h"

namespace bedrail {
const DissectorInfo& dns_dissector();

namespace {

using test::DissectHarness;
using test::DnsBuilder;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;
constexpr auto kAnswer = DnsBuilder::kAnswer;

const std::string kTen("\x0a\0\0\7", 4);
const std::string kPublic("\x08\x08\x08\x08", 4);

std::string lookup() { return DnsBuilder(0x0100, 7).ask(DnsBuilder::name("PACS.Example.org"), 1).framed(); }
std::string found() {
  return DnsBuilder(0x8580, 7)
      .ask(DnsBuilder::name("PACS.Example.org"), 1)
      .record(kAnswer, DnsBuilder::name("pacs.example.org"), 5, DnsBuilder::name("srv3.example.org"))
      .record(kAnswer, DnsBuilder::name("srv3.example.org"), 1, kTen)
      .record(kAnswer, DnsBuilder::name("srv3.example.org"), 1, kPublic)
      .framed();
}

std::string said(const std::vector<DissectHarness::Turn>& turns, Transport transport = Transport::kUdp) {
  DissectHarness harness(dns_dissector(), transport);
  for (const auto& [direction, text] : turns) harness.datagram(direction, text);
  return harness.text();
}

Recognition recognised(std::string_view text, Direction direction = kUp, bool on_port = true) {
  return dns_dissector().recognise({direction, as_bytes(text), 40000, 53, false, on_port});
}

}  // namespace

TEST_CASE("dns: a lookup names the address behind an alias twice, however the stream is cut") {
  const std::string expected =
      "10.0.0.1/02:00:00:00:00:01 clue dns.query=\"pacs.example.org\" role=client\n"
      "10.0.0.2/02:00:00:00:00:02 service tcp/53 dns product=\"\" version=\"\" encrypted=false\n"
      "10.0.0.7 name kind=dns name=\"PACS.Example.org\"\n"
      "10.0.0.7 name kind=dns name=\"srv3.example.org\"\n"
      "10.0.0.1/02:00:00:00:00:01 clue dns.query=\"other\" role=client\n";
  const std::string other = DnsBuilder(0x0100, 8).ask(DnsBuilder::name("other"), 28).framed();
  for (const std::size_t step : {0, 1, 3, 50}) {
    DissectHarness harness(dns_dissector());
    CHECK(harness.stream({{kUp, lookup()}, {kDown, found()}, {kUp, other}}, step));
    CHECK(harness.text() == expected);
  }
  // One turn with two messages.
  DissectHarness harness(dns_dissector());
  CHECK(harness.stream({{kUp, lookup() + other}}));
  CHECK(harness.lines().size() == 2);
}

TEST_CASE("dns: over UDP, an answer alone tells the question too") {
  CHECK(said({{kDown, found().substr(2)}}) ==
        "10.0.0.2/02:00:00:00:00:02 service udp/53 dns product=\"\" version=\"\" encrypted=false\n"
        "10.0.0.1/02:00:00:00:00:01 clue dns.query=\"pacs.example.org\" role=client\n"
        "10.0.0.7 name kind=dns name=\"PACS.Example.org\"\n"
        "10.0.0.7 name kind=dns name=\"srv3.example.org\"\n");
  // Answered twice: one service.
  CHECK(said({{kUp, lookup().substr(2)},
              {kDown, DnsBuilder(0x8185, 7).ask(DnsBuilder::name("x"), 1).text()},
              {kDown, DnsBuilder(0x8185, 7).ask(DnsBuilder::name("x"), 1).text()}}) ==
        "10.0.0.1/02:00:00:00:00:01 clue dns.query=\"pacs.example.org\" role=client\n"
        "10.0.0.2/02:00:00:00:00:02 service udp/53 dns product=\"\" version=\"\" encrypted=false\n");
}

TEST_CASE("dns: reverse answers name their address, reverse questions are no clue") {
  const std::string asked = DnsBuilder(0x0100, 9).ask(DnsBuilder::name("7.0.0.10.in-addr.arpa"), 12).text();
  const std::string answer =
      DnsBuilder(0x8180, 9)
          .ask(DnsBuilder::name("7.0.0.10.in-addr.arpa"), 12)
          .record(kAnswer, DnsBuilder::name("7.0.0.10.in-addr.arpa"), 12, DnsBuilder::name("ct1.example.org"))
          .record(kAnswer, DnsBuilder::name("8.8.8.8.in-addr.arpa"), 12, DnsBuilder::name("public.example"))
          .record(kAnswer, DnsBuilder::name("_ipp._tcp.example.org"), 12,
                  DnsBuilder::name("p._ipp._tcp.example.org"))
          .text();
  CHECK(said({{kUp, asked}, {kDown, answer}}) ==
        "10.0.0.2/02:00:00:00:00:02 service udp/53 dns product=\"\" version=\"\" encrypted=false\n"
        "10.0.0.7 name kind=dns name=\"ct1.example.org\"\n");
}

TEST_CASE("dns: the version a server tells") {
  const auto answer = [](const std::string& text) {
    return DnsBuilder(0x8500, 9)
        .ask(DnsBuilder::name("version.bind"), 16, 3)
        .record(kAnswer, DnsBuilder::name("version.bind"), 16, DnsBuilder::texts({text}), 3)
        .text();
  };
  const std::string service =
      "10.0.0.2/02:00:00:00:00:02 service udp/53 dns product=\"\" version=\"\" encrypted=false\n";
  const std::string query = "10.0.0.1/02:00:00:00:00:01 clue dns.query=\"version.bind\" role=client\n";
  CHECK(said({{kDown, answer("dnsmasq-2.80")}}) ==
        service + query +
            "10.0.0.2/02:00:00:00:00:02 clue dns.version=\"dnsmasq-2.80\" role=server\n"
            "10.0.0.2/02:00:00:00:00:02 service udp/53 dns product=\"dnsmasq\" version=\"2.80\" "
            "encrypted=false\n");
  CHECK(said({{kDown, answer("9.11.4-P2")}}) ==
        service + query + "10.0.0.2/02:00:00:00:00:02 clue dns.version=\"9.11.4-P2\" role=server\n");
}

TEST_CASE("dns: a dynamic update names the client's own address and others'") {
  const std::string update =
      DnsBuilder(0x2800, 3)
          .ask(DnsBuilder::name("example.org"), 6)
          .record(DnsBuilder::kAnswer, DnsBuilder::name("gone.example.org"), 1, kTen)
          .record(DnsBuilder::kAuthority, DnsBuilder::name("old.example.org"), 1, "", 255, 0)
          .record(DnsBuilder::kAuthority, DnsBuilder::name("mri2.example.org"), 1,
                  std::string("\x0a\0\0\1", 4))
          .record(DnsBuilder::kAuthority, DnsBuilder::name("us4.example.org"), 1, kTen)
          .record(DnsBuilder::kAuthority, DnsBuilder::name("9.0.0.10.in-addr.arpa"), 12,
                  DnsBuilder::name("xr9.example.org"))
          .text();
  CHECK(
      said({{kUp, update}, {kDown, DnsBuilder(0xa800, 3).ask(DnsBuilder::name("example.org"), 6).text()}}) ==
      "10.0.0.1/02:00:00:00:00:01 name kind=dns name=\"mri2.example.org\"\n"
      "10.0.0.7 name kind=dns name=\"us4.example.org\"\n"
      "10.0.0.9 name kind=dns name=\"xr9.example.org\"\n"
      "10.0.0.2/02:00:00:00:00:02 service udp/53 dns product=\"\" version=\"\" encrypted=false\n");
}

TEST_CASE("dns: located services are told of their target's address") {
  const std::string answer =
      DnsBuilder(0x8580, 1)
          .ask(DnsBuilder::name("_ldap._tcp.DC._msdcs.example.org"), 33)
          .record(kAnswer, DnsBuilder::name("_ldap._tcp.DC._msdcs.example.org"), 33,
                  DnsBuilder::service(389, "dc1.example.org"))
          .record(DnsBuilder::kAdditional, DnsBuilder::name("DC1.example.org"), 1, kTen)
          .text();
  CHECK(said({{kUp, DnsBuilder(0x0100, 1).ask(DnsBuilder::name("a"), 33).text()}, {kDown, answer}}) ==
        "10.0.0.1/02:00:00:00:00:01 clue dns.query=\"a\" role=client\n"
        "10.0.0.2/02:00:00:00:00:02 service udp/53 dns product=\"\" version=\"\" encrypted=false\n"
        "10.0.0.7 name kind=dns name=\"DC1.example.org\"\n"
        "10.0.0.7 clue dns.srv=\"_ldap._tcp.dc._msdcs.example.org\" role=server\n");
}

TEST_CASE("dns: malformed messages") {
  const std::string anomaly = "10.0.0.1/02:00:00:00:00:01 anomaly dns ";
  CHECK(said({{kUp, "\x01\x02\x03"}}) == anomaly + "truncated\n");
  const std::string whole = found().substr(2);
  CHECK(said({{kUp, lookup().substr(2)}, {kDown, whole.substr(0, whole.size() - 2)}})
            .ends_with(anomaly + "malformed\n"));
  std::string cut = whole.substr(0, whole.size() - 2);
  cut[2] |= 2;
  CHECK(said({{kUp, lookup().substr(2)}, {kDown, cut}}).find("anomaly") == std::string::npos);
  CHECK(said({{kUp, whole}}) == anomaly + "wrong-direction\n");
  DissectHarness harness(dns_dissector());
  CHECK_FALSE(harness.stream({{kUp, std::string("\0\x05hello", 7)}}));
  CHECK(harness.result() == StreamFeeder::Result::kFailed);
  CHECK(harness.text() == anomaly + "bad-length\n");
}

TEST_CASE("dns: recognised by content; the port decides how surely") {
  const std::string datagram = lookup().substr(2);
  CHECK(recognised(datagram) == Recognition::kYes);
  CHECK(recognised(datagram, kUp, false) == Recognition::kMaybe);
  CHECK(recognised(datagram, kDown) == Recognition::kNo);
  CHECK(recognised(found().substr(2), kDown) == Recognition::kYes);
  CHECK(recognised(lookup()) == Recognition::kYes);
  CHECK(recognised(lookup().substr(0, 1)) == Recognition::kMore);
  CHECK(recognised(lookup().substr(0, 20)) == Recognition::kMore);
  CHECK(said({{kUp, DnsBuilder(0x0110).ask(DnsBuilder::netbios("WARD", 0), 33).text()}}).empty());
  CHECK(recognised("GET / HTTP/1.1\r\nHost: x\r\n\r\n") == Recognition::kNo);
  CHECK(recognised("SSH-2.0-OpenSSH_8.4\r\n", kDown) == Recognition::kNo);
  CHECK(recognised(DnsBuilder(0x0110).ask(DnsBuilder::netbios("WARD", 0), 32).text()) == Recognition::kNo);
}

}  // namespace bedrail
