#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& snmp_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;
constexpr char kGet = '\xa0', kResponse = '\xa2', kTrapV1 = '\xa4', kInform = '\xa6', kTrapV2 = '\xa7',
               kReport = '\xa8';

std::string tlv(char tag, const std::string& content) {
  std::string out(1, tag);
  if (content.size() >= 128) out += '\x82', out += static_cast<char>(content.size() >> 8);
  return out + static_cast<char>(content.size() & 0xff) + content;
}
std::string number(int value) {
  std::string content;
  for (int shift = 24; shift >= 0; shift -= 8) content.push_back(static_cast<char>(value >> shift & 0xff));
  return tlv(2, content);
}
std::string text(const std::string& value) { return tlv(4, value); }
std::string oid(const std::string& hex) { return tlv(6, test::from_hex(hex)); }
std::string bind(const std::string& name, const std::string& value) { return tlv('\x30', oid(name) + value); }
std::string pdu(char tag, int id, const std::string& variables) {
  return tlv(tag, number(id) + number(0) + number(0) + tlv('\x30', variables));
}
std::string message(int version, const std::string& community, const std::string& body) {
  return tlv('\x30', number(version) + text(community) + body);
}

const std::string kSysDescr = "2b06010201010100";
const std::string kDescription = bind(kSysDescr, text("Infusion gateway\r\nrev 2"));

/// flags: 1 authenticated, 2 encrypted, 4 reportable.
std::string message3(int id, char flags, const std::string& user, const std::string& data,
                     const std::string& engine = test::from_hex("80001f880302aabbccdd01")) {
  const std::string security =
      tlv('\x30', text(engine) + number(1) + number(2) + text(user) + text("") + text(""));
  return tlv('\x30', number(3) +
                         tlv('\x30', number(id) + number(1500) + text(std::string(1, flags)) + number(3)) +
                         text(security) + data);
}
std::string scoped(const std::string& body) { return tlv('\x30', text("engine") + text("") + body); }

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ";

test::DissectHarness harness() { return test::DissectHarness(snmp_dissector(), Transport::kUdp, 161); }

Recognition recognised(const std::string& bytes) {
  return snmp_dissector().recognise({kUp, as_bytes(bytes), 40000, 4161, false, false});
}

}  // namespace

TEST_CASE("snmp: a v2c answer tells the system group, once for a flow") {
  test::DissectHarness h = harness();
  const std::string variables = kDescription + bind("2b06010201010200", oid("2b06010401bf0803020a")) +
                                bind("2b06010201010400", text("A. Person")) +
                                bind("2b06010201010500", text("pump-gw-3")) +
                                bind("2b06010201010600", text("Ward 7"));
  for (int id = 1; id < 4; ++id) {
    h.datagram(kUp, message(1, "public", pdu(kGet, id, kDescription)));
    h.datagram(kDown, message(1, "public", pdu(kResponse, id, variables)));
  }
  h.close();
  CHECK(h.text() == kServer +
                        "login snmp mechanism=community cleartext=true outcome=accepted secret=<redacted> "
                        "empty=false same=false\n" +
                        kServer + "service udp/161 snmp product=\"\" version=\"\" encrypted=false\n" +
                        kServer + "protocol snmp version=\"2c\" agreed=true\n" + kServer +
                        "clue snmp.sysdescr=\"Infusion gateway  rev 2\" role=self\n" + kServer +
                        "clue snmp.enterprise=\"8072\" role=self\n" + kServer +
                        "clue snmp.sysobjectid=\"1.3.6.1.4.1.8072.3.2.10\" role=self\n" + kServer +
                        "name kind=snmp name=\"pump-gw-3\"\n" + kServer +
                        "clue snmp.syslocation=\"Ward 7\" role=self\n");
  const LoginSeen* login = std::get_if<LoginSeen>(&h.observations().front().body);
  REQUIRE(login != nullptr);
  CHECK(login->account_and_secret == digest_secret("", "public"));
}

TEST_CASE("snmp: requests without answer are logins of unknown outcome, and their values are not read") {
  test::DissectHarness h = harness();
  h.datagram(kUp, message(0, "secret", pdu(kGet, 7, kDescription)));
  CHECK(h.text().empty());
  h.close();
  CHECK(h.text() == kServer +
                        "login snmp mechanism=community cleartext=true outcome=unknown secret=<redacted> "
                        "empty=false same=false\n");
  // More than can wait: each is said when its place is needed.
  test::DissectHarness guesses = harness();
  for (int i = 0; i < 20; ++i)
    guesses.datagram(kUp, message(0, "guess" + std::to_string(i), pdu(kGet, i, "")));
  CHECK(guesses.lines().size() == 12);
  guesses.close();
  CHECK(guesses.lines().size() == 20);
}

TEST_CASE("snmp: the entity table tells of the whole device, not of its modules") {
  test::DissectHarness h = harness();
  const std::string entity = "2b060102012f01010101";
  std::string variables = bind(entity + "028768", text("Chassis before its class is known"));
  variables += bind(entity + "058769", number(9)) + bind(entity + "058768", number(3)) +
               bind(entity + "0201", text("Stack"));
  for (const auto& [column, value] : {std::pair{"08", "H1"},
                                      {"09", "F2"},
                                      {"0a", "S3"},
                                      {"0b", "SN4"},
                                      {"0c", "Maker"},
                                      {"0d", "Model 6"}}) {
    variables += bind(entity + column + "8769", text("module")) + bind(entity + column + "8768", text(value));
  }
  variables += bind(
                   "2b060102011903020103"
                   "01",
                   text("Printer X")) +
               bind(
                   "2b060102012b05010111"
                   "01",
                   text("PSN7"));
  h.datagram(kDown, message(1, "", pdu(kResponse, 1, variables)));
  std::string clues;
  for (const std::string& line : h.lines()) {
    if (line.find(" clue ") != std::string::npos) clues += line.substr(line.find("snmp.")) + "\n";
  }
  CHECK(clues ==
        "snmp.entity-descr=\"Stack\" role=self\nsnmp.entity-hardware=\"H1\" "
        "role=self\nsnmp.entity-firmware=\"F2\" role=self\n"
        "snmp.entity-software=\"S3\" role=self\nsnmp.entity-serial=\"SN4\" "
        "role=self\nsnmp.entity-manufacturer=\"Maker\" role=self\n"
        "snmp.entity-model=\"Model 6\" role=self\nsnmp.device-descr=\"Printer X\" "
        "role=self\nsnmp.entity-serial=\"PSN7\" role=self\n");
  CHECK(h.lines().front() == kServer +
                                 "login snmp mechanism=community cleartext=true outcome=accepted "
                                 "secret=<redacted> empty=true same=false");
}

TEST_CASE("snmp: a trap's sender is the agent; relayed ones are left alone") {
  const auto trap = [](const std::string& address) {
    return message(0, "trap",
                   tlv(kTrapV1, oid("2b06010401bf08") + tlv('\x40', test::from_hex(address)) + number(6) +
                                    number(1) + tlv('\x43', "\x01") + tlv('\x30', kDescription)));
  };
  const std::string login = kServer +
                            "login snmp mechanism=community cleartext=true outcome=unknown secret=<redacted> "
                            "empty=false same=false\n";
  const std::string used = kClient + "protocol snmp version=\"1\" agreed=true\n";
  for (const std::string own : {"0a000001", "00000000", "7f000001"}) {
    test::DissectHarness h = harness();
    h.datagram(kUp, trap(own));
    CHECK(h.text() == login + used + kClient + "clue snmp.trap-enterprise=\"1.3.6.1.4.1.8072\" role=self\n" +
                          kClient + "clue snmp.sysdescr=\"Infusion gateway  rev 2\" role=self\n");
  }
  test::DissectHarness relayed = harness();
  relayed.datagram(kUp, trap("0a000009"));
  CHECK(relayed.text() == login + used);
  test::DissectHarness second = harness();
  second.datagram(
      kUp, message(1, "trap",
                   pdu(kTrapV2, 1,
                       kDescription + bind("2b0601060312010300", tlv('\x40', test::from_hex("0a000009"))))));
  CHECK(second.text() == login + kClient + "protocol snmp version=\"2c\" agreed=true\n");
}

TEST_CASE("snmp: a v2c trap's own identifier, and an inform's acknowledgement is no agent's answer") {
  test::DissectHarness h = harness();
  const std::string variables = bind("2b060106030101040100", oid("2b06010401bf080401")) +
                                bind("2b060106030101040300", oid("2b06010401bf08"));
  h.datagram(kUp, message(1, "c", pdu(kInform, 5, variables)));
  h.datagram(kDown, message(1, "c", pdu(kResponse, 5, variables + kDescription)));
  h.datagram(kUp, message(1, "c", pdu(kTrapV2, 6, bind("2b060106030101040100", oid("2b0601060301010501")))));
  h.close();
  CHECK(h.text() == kClient + "protocol snmp version=\"2c\" agreed=true\n" + kClient +
                        "clue snmp.trap-oid=\"1.3.6.1.4.1.8072.4.1\" role=self\n" + kClient +
                        "clue snmp.trap-enterprise=\"1.3.6.1.4.1.8072\" role=self\n" + kServer +
                        "login snmp mechanism=community cleartext=true outcome=accepted secret=<redacted> "
                        "empty=false same=false\n");
}

TEST_CASE("snmp: v3 discovery, refusal, and an encrypted session") {
  test::DissectHarness h = harness();
  const auto report = [](char cause) {
    return scoped(pdu(kReport, 0,
                      bind("2b060106030f0101" + to_hex(as_bytes(std::string_view(&cause, 1))) + "00",
                           tlv('\x41', "\x01"))));
  };
  h.datagram(kUp, message3(1, 4, "", scoped(pdu(kGet, 1, "")), ""));
  h.datagram(kDown, message3(1, 0, "", report(4)));
  CHECK(h.text() == kServer + "clue snmp.engine-id=\"80001f880302aabbccdd01\" role=self\n" + kServer +
                        "clue snmp.enterprise=\"8072\" role=self\n" + kServer +
                        "clue snmp.engine-mac=\"02:aa:bb:cc:dd:01\" role=self\n" + kServer +
                        "service udp/161 snmp product=\"\" version=\"\" encrypted=false\n" + kServer +
                        "protocol snmp version=\"3\" agreed=true\n");
  const std::size_t before = h.text().size();
  h.datagram(kUp, message3(2, 7, "operator", text("sealed")));
  h.datagram(kDown, message3(2, 0, "operator", report(5)));
  h.datagram(kUp, message3(3, 7, "operator", text("sealed")));
  h.datagram(kDown, message3(3, 3, "operator", text("sealed")));
  h.close();
  CHECK(h.text().substr(before) == kServer +
                                       "login snmp mechanism=usm cleartext=false outcome=refused "
                                       "secret=<unseen> empty=false same=false\n" +
                                       kServer +
                                       "login snmp mechanism=usm cleartext=false outcome=accepted "
                                       "secret=<unseen> empty=false same=false\n" +
                                       kServer +
                                       "service udp/161 snmp product=\"\" version=\"\" encrypted=true\n" +
                                       kServer + "session snmp authentication=present encrypted=true\n");
}

TEST_CASE("snmp: v3 without authentication is a session without, and its values are read") {
  test::DissectHarness h = harness();
  h.datagram(kUp, message3(1, 4, "guest", scoped(pdu(kGet, 1, "")), "engine"));
  h.datagram(kDown, message3(1, 0, "guest", scoped(pdu(kResponse, 1, kDescription)), "engine"));
  h.close();
  CHECK(h.text() == kServer + "clue snmp.engine-id=\"656e67696e65\" role=self\n" + kServer +
                        "clue snmp.enterprise=\"1701734249\" role=self\n" + kServer +
                        "service udp/161 snmp product=\"\" version=\"\" encrypted=false\n" + kServer +
                        "protocol snmp version=\"3\" agreed=true\n" + kServer +
                        "session snmp authentication=none encrypted=false\n" + kServer +
                        "clue snmp.sysdescr=\"Infusion gateway  rev 2\" role=self\n");
}

TEST_CASE("snmp: malformed messages are anomalies and end nothing") {
  test::DissectHarness h = harness();
  const std::string cut = message(1, "public", tlv(kResponse, number(1)));
  const std::string variable = message(1, "public", pdu(kResponse, 1, kDescription + "\x30\x7f"));
  CHECK(h.datagram(kDown, "0000").status == Progress::Status::kContinue);
  CHECK(h.datagram(kDown, cut).status == Progress::Status::kContinue);
  h.datagram(kDown, variable);
  h.datagram(kDown, message3(1, 0, "u", scoped(pdu(kTrapV2, 1, "")), "abcd"));
  CHECK(h.lines().size() == 10);
  CHECK(h.lines().back() == kServer + "session snmp authentication=none encrypted=false");
  CHECK(h.lines()[0] == kClient + "anomaly snmp malformed-message");
  CHECK(h.lines()[1] == kClient + "anomaly snmp malformed-pdu");
  CHECK(h.lines()[5] == kServer + "clue snmp.sysdescr=\"Infusion gateway  rev 2\" role=self");
  CHECK(h.lines()[6] == kClient + "anomaly snmp malformed-variable");
  CHECK(h.lines()[7] == kClient + "anomaly snmp bad-engine-id");
}

TEST_CASE("snmp: recognised by content on any port") {
  CHECK(recognised(message(0, "public", pdu(kGet, 1, kDescription))) == Recognition::kYes);
  CHECK(recognised(message(1, "", pdu(kTrapV2, 1, ""))) == Recognition::kYes);
  CHECK(recognised(message3(1, 7, "u", text("sealed"))) == Recognition::kYes);
  CHECK(recognised(message(1, "public", tlv(kGet, number(1)))) == Recognition::kMaybe);
  CHECK(recognised(message(0, "public", pdu(kTrapV2, 1, ""))) == Recognition::kNo);
  CHECK(recognised(message(2, "public", pdu(kGet, 1, ""))) == Recognition::kNo);
  // Connectionless LDAP: a message id and a search request.
  CHECK(recognised(tlv('\x30', number(1) + tlv('\x63', text("")))) == Recognition::kNo);
  CHECK(recognised("0 Hello") == Recognition::kNo);
  CHECK(recognised(message(0, "public", pdu(kGet, 1, kDescription)).substr(0, 20)) == Recognition::kNo);
}

TEST_CASE("snmp: who acknowledges a notification at its port offers no service, however often it is heard") {
  test::DissectHarness h(snmp_dissector(), Transport::kUdp, 162);
  h.datagram(kUp, message(1, "public", pdu(kInform, 1, "")));
  h.datagram(kDown, message(1, "public", pdu(kResponse, 1, "")));
  h.datagram(kDown, message(1, "public", pdu(kResponse, 1, "")));
  h.datagram(kDown, message3(1, 0, "", scoped(pdu(kReport, 1, "")), ""));
  h.datagram(kDown, message3(2, 3, "u", text("sealed"), ""));
  CHECK(h.text().find("service") == std::string::npos);
  CHECK(h.text().find(kServer + "protocol") == std::string::npos);
}

}  // namespace bedrail
