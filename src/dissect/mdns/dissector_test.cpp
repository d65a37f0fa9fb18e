#include <doctest/doctest.h>

#include "dissect_harness.h"
#include "dns_builder.h"

namespace bedrail {
const DissectorInfo& mdns_dissector();

namespace {

using test::DissectHarness;
using test::DnsBuilder;

constexpr Direction kUp = Direction::kToServer;
constexpr auto kAnswer = DnsBuilder::kAnswer;
constexpr auto kAdditional = DnsBuilder::kAdditional;
constexpr unsigned kFlush = 0x8001;

const std::string kOwn("\x0a\0\0\1", 4);
const std::string kOther("\x0a\0\0\x09", 4);
const std::string kMe = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServed = kMe + "service udp/5353 mdns product=\"\" version=\"\" encrypted=false\n";

std::string instance(const std::string& name, const std::string& type,
                     const std::string& transport = "_tcp") {
  return DnsBuilder::name(std::vector<std::string>{name, type, transport, "local"});
}

std::string said(const std::vector<std::string>& messages) {
  DissectHarness harness(mdns_dissector(), Transport::kUdp);
  harness.context().key.client.port = 5353;
  harness.context().key.server.ip = IpAddress::v4(0xe00000fb);
  for (const std::string& message : messages) harness.datagram(kUp, message);
  return harness.text();
}

std::string printer() {
  return DnsBuilder(0x8400)
      .record(kAnswer, DnsBuilder::name("_ipp._tcp.local"), 12, instance("HP LaserJet 1.5", "_ipp"))
      .record(kAdditional, instance("HP LaserJet 1.5", "_ipp"), 33, DnsBuilder::service(631, "NPI1.local"),
              kFlush)
      .record(kAdditional, instance("HP LaserJet 1.5", "_ipp"), 16,
              DnsBuilder::texts({"txtvers=1", "ty=HP LaserJet 400", "product=(HP LaserJet 400 M401)",
                                 "note=Dr. House", "usb_MFG=HP", "rp=ipp/print", "sn="}),
              kFlush)
      .record(kAdditional, DnsBuilder::name("NPI1.local"), 1, kOwn, kFlush)
      .text();
}

}  // namespace

TEST_CASE("mdns: a printer tells its names, service and model, once") {
  const std::string expected = kServed + kMe + "clue mdns.service=\"_ipp._tcp\" role=server\n" + kMe +
                               "name kind=mdns name=\"HP LaserJet 1.5\"\n" + kMe +
                               "service tcp/631 ipp product=\"\" version=\"\" encrypted=false\n" + kMe +
                               "clue mdns.model=\"HP LaserJet 400\" role=self\n" + kMe +
                               "clue mdns.txt=\"_ipp._tcp/ty=HP LaserJet 400\" role=self\n" + kMe +
                               "clue mdns.model=\"HP LaserJet 400 M401\" role=self\n" + kMe +
                               "clue mdns.txt=\"_ipp._tcp/product=HP LaserJet 400 M401\" role=self\n" + kMe +
                               "clue mdns.txt=\"_ipp._tcp/usb_MFG=HP\" role=self\n" + kMe +
                               "name kind=mdns name=\"NPI1\"\n";
  CHECK(said({printer()}) == expected);
  CHECK(said({printer(), printer()}) == expected);
}

TEST_CASE("mdns: records with another address belong to that address") {
  const std::string reflected =
      DnsBuilder(0x8400)
          .record(kAnswer, instance("Scope", "_http"), 33, DnsBuilder::service(80, "scope.local"), kFlush)
          .record(kAnswer, instance("Scope", "_http"), 16, DnsBuilder::texts({"model=X1"}), kFlush)
          .record(kAnswer, instance("Other", "_http"), 16, DnsBuilder::texts({"model=X2"}), kFlush)
          .record(kAnswer, DnsBuilder::name("scope.local"), 1, kOther, kFlush)
          .text();
  CHECK(said({reflected}) == kServed +
                                 "10.0.0.9 clue mdns.service=\"_http._tcp\" role=server\n"
                                 "10.0.0.9 name kind=mdns name=\"Scope\"\n"
                                 "10.0.0.9 service tcp/80 http product=\"\" version=\"\" encrypted=false\n"
                                 "10.0.0.9 clue mdns.model=\"X1\" role=self\n"
                                 "10.0.0.9 clue mdns.txt=\"_http._tcp/model=X1\" role=self\n"
                                 "10.0.0.9 name kind=mdns name=\"scope\"\n");
  // The sender's host is known from before: a service of another host without an address is nobody's.
  const std::string own = DnsBuilder(0x8400).record(kAnswer, DnsBuilder::name("me.local"), 1, kOwn).text();
  const std::string stranger =
      DnsBuilder(0x8400)
          .record(kAnswer, instance("S", "_ssh"), 33, DnsBuilder::service(22, "you.local"))
          .text();
  CHECK(said({own, stranger}) == kServed + kMe + "name kind=mdns name=\"me\"\n");
  CHECK(said({stranger}).find(kMe + "service tcp/22 ssh product=\"\" version=\"\" encrypted=true\n") !=
        std::string::npos);
  // Who told others' addresses is a reflector: what it tells without one is nobody's. So is the front of a
  // message of which the addresses cannot be read.
  CHECK(said({reflected, stranger}).find("ssh") == std::string::npos);
  const std::string text_only =
      DnsBuilder(0x8400).record(kAnswer, instance("S", "_ssh"), 16, DnsBuilder::texts({"model=X3"})).text();
  CHECK(said({text_only}).find("X3") != std::string::npos);
  CHECK(said({reflected, text_only}).find("X3") == std::string::npos);
  CHECK(said({reflected.substr(0, reflected.size() - 3)}) == kServed + kMe + "anomaly mdns malformed\n");
  // An address of the other family does not speak against the sender.
  const std::string six = DnsBuilder(0x8400)
                              .record(kAnswer, instance("S", "_ssh"), 33, DnsBuilder::service(22, "me.local"))
                              .record(kAnswer, DnsBuilder::name("me.local"), 28,
                                      std::string("\xfe\x80", 2) + std::string(13, '\0') + "\1")
                              .text();
  CHECK(said({six}).find("fe80::1 name kind=mdns name=\"me\"\n") != std::string::npos);
  CHECK(said({six}).find(kMe + "service tcp/22 ssh") != std::string::npos);
  // Nor does one of another scope: a link-local sender has a routed address, too.
  test::DissectHarness harness(mdns_dissector(), Transport::kUdp);
  harness.context().key.client = {*parse_ip("fe80::5"), 5353};
  const auto told = [&](const std::string& prefix) {
    const std::size_t before = harness.lines().size();
    harness.datagram(
        kUp, DnsBuilder(0x8400)
                 .record(kAnswer, instance(prefix, "_ssh"), 33, DnsBuilder::service(22, "me.local"))
                 .record(kAnswer, DnsBuilder::name("me.local"), 28, prefix + std::string(13, '\0') + "\1")
                 .text());
    std::string names;
    for (std::size_t i = before; i < harness.lines().size(); ++i) {
      if (harness.lines()[i].find("kind=mdns") != std::string::npos) names += harness.lines()[i] + "\n";
    }
    return names;
  };
  CHECK(told("fd").starts_with("fe80::5/02:00:00:00:00:01 name kind=mdns name=\"fd\"\n6664::1 name"));
  CHECK(told("\xfe\x80").starts_with("fe80::1 name kind=mdns"));
}

TEST_CASE("mdns: what an instance's name is, by its type") {
  const auto names = [](const std::string& name, const std::string& type,
                        const std::string& transport = "_tcp") {
    const std::string text =
        said({DnsBuilder(0x8400)
                  .record(kAnswer, instance(name, type, transport), 33, DnsBuilder::service(9, "h.local"))
                  .text()});
    const std::size_t at = text.find(" name kind=mdns name=");
    return at == std::string::npos
               ? std::string()
               : text.substr(text.rfind('\n', at) + 1, text.find('\n', at) - text.rfind('\n', at) - 1);
  };
  CHECK(names("ward7 [00:11:22:33:44:55]", "_workstation") ==
        "10.0.0.1=00:11:22:33:44:55 name kind=mdns name=\"ward7\"");
  CHECK(names("ward7 [rubbish]", "_workstation") == kMe + "name kind=mdns name=\"ward7\"");
  CHECK(names("001122334455@Living Room", "_raop") == kMe + "name kind=mdns name=\"Living Room\"");
  CHECK(names("70-35-60-63.1 Router", "_sleep-proxy", "_udp").empty());
  CHECK(names("Laser @ server", "_ipp").empty());
  CHECK(names("0f3b5c1e-0000-4000-8000-00805f9b34fb", "_http").empty());
  CHECK(names("Chromecast-0f3b5c1e", "_googlecast") == kMe + "name kind=mdns name=\"Chromecast-0f3b5c1e\"");
}

TEST_CASE(
    "mdns: pointers alone offer types; shared queues do not describe the server; withdrawn records are "
    "silent") {
  const std::string types =
      DnsBuilder(0x8400)
          .record(kAnswer, DnsBuilder::name("_services._dns-sd._udp.local"), 12,
                  DnsBuilder::name("_hap._tcp.local"))
          .record(kAnswer, DnsBuilder::name("_ssh._tcp.local"), 12, instance("ward7", "_ssh"))
          .record(kAnswer, DnsBuilder::name("1.0.0.10.in-addr.arpa"), 12, DnsBuilder::name("ward7.local"))
          .text();
  CHECK(said({types}) == kServed + kMe + "clue mdns.service=\"_hap._tcp\" role=server\n" + kMe +
                             "clue mdns.service=\"_ssh._tcp\" role=server\n" + kMe +
                             "name kind=mdns name=\"ward7\"\n");
  const std::string queue =
      DnsBuilder(0x8400)
          .record(kAnswer, instance("Q", "_ipp"), 16, DnsBuilder::texts({"ty=HP", "rp=printers/Q"}))
          .text();
  CHECK(said({queue}) == kServed);
  const std::string gone =
      DnsBuilder(0x8400).record(kAnswer, DnsBuilder::name("x.local"), 1, kOwn, kFlush, 0).text();
  CHECK(said({gone}) == kServed);
  const std::string info = DnsBuilder(0x8400)
                               .record(kAnswer, instance("Reading Mac", "_device-info"), 16,
                                       DnsBuilder::texts({"model=iMac14,2", "osxvers=19"}))
                               .text();
  CHECK(said({info}) == kServed + kMe + "name kind=mdns name=\"Reading Mac\"\n" + kMe +
                            "clue mdns.model=\"iMac14,2\" role=self\n" + kMe +
                            "clue mdns.txt=\"_device-info._tcp/model=iMac14,2\" role=self\n" + kMe +
                            "clue mdns.txt=\"_device-info._tcp/osxvers=19\" role=self\n");
}

TEST_CASE("mdns: questions tell what is looked for; known answers and probes tell nothing") {
  const std::string query =
      DnsBuilder(0x0000)
          .ask(DnsBuilder::name("_GoogleCast._tcp.local"), 12, kFlush)
          .ask(instance("Anna's", "_airplay"), 33)
          .ask(DnsBuilder::name("1.0.0.10.in-addr.arpa"), 12)
          .record(kAnswer, DnsBuilder::name("_googlecast._tcp.local"), 12, instance("TV", "_googlecast"))
          .text();
  CHECK(said({query, query}) == kMe + "clue mdns.query=\"_googlecast._tcp.local\" role=client\n" + kMe +
                                    "clue mdns.query=\"_airplay._tcp.local\" role=client\n");
  const std::string probe = DnsBuilder(0x0000)
                                .ask(DnsBuilder::name("me.local"), 255)
                                .record(DnsBuilder::kAuthority, DnsBuilder::name("me.local"), 1, kOwn)
                                .text();
  CHECK(said({probe}).empty());
}

TEST_CASE("mdns: malformed messages") {
  CHECK(said({"abc"}) == kMe + "anomaly mdns truncated\n");
  const std::string whole = printer();
  CHECK(said({whole.substr(0, whole.size() - 3)}).ends_with(kMe + "anomaly mdns malformed\n"));
  CHECK(said({DnsBuilder(0x8403).record(kAnswer, DnsBuilder::name("x.local"), 1, kOwn).text()}).empty());
  // A string that reaches past its record.
  CHECK(said({DnsBuilder(0x8400)
                  .record(kAnswer, instance("Q", "_ipp"), 16, std::string("\x20ty=HP", 6))
                  .text()}) == kServed);
}

TEST_CASE("mdns: recognised on its port only") {
  const auto recognised = [](const std::string& text, bool on_port) {
    return mdns_dissector().recognise({kUp, as_bytes(text), 40000, 5353, false, on_port});
  };
  CHECK(recognised(printer(), true) == Recognition::kYes);
  CHECK(recognised(printer(), false) == Recognition::kNo);
  CHECK(recognised(printer().substr(0, 200), true) == Recognition::kMaybe);
  CHECK(recognised("M-SEARCH * HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
}

}  // namespace bedrail
