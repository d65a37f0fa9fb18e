#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& sip_dissector();

namespace {

using enum Direction;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kBare = "service udp/5060 sip product=\"\" version=\"\" encrypted=false\n";

std::string common(const std::string& method, int sequence, const std::string& fields) {
  return "Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1\r\nFrom: \"A person\" <sip:100@example.com>\r\n"
         "To: <sip:100@example.com>\r\nCall-ID: a1@10.0.0.1\r\nCSeq: " +
         std::to_string(sequence) + " " + method + "\r\n" + fields + "Content-Length: 0\r\n\r\n";
}
std::string ask(const std::string& method, const std::string& fields, int sequence = 1) {
  return method + " sip:example.com SIP/2.0\r\n" + common(method, sequence, fields);
}
std::string answer(int status, const std::string& fields, int sequence = 1,
                   const std::string& method = "REGISTER") {
  return "SIP/2.0 " + std::to_string(status) + " text\r\n" + common(method, sequence, fields);
}
std::string said(const Turns& turns) {
  test::DissectHarness harness(sip_dissector(), Transport::kUdp);
  for (const auto& [direction, datagram] : turns) harness.datagram(direction, datagram);
  return harness.text();
}
std::string streamed(const Turns& turns, std::size_t step) {
  test::DissectHarness harness(sip_dissector(), Transport::kTcp);
  harness.stream(turns, step);
  return harness.text();
}
bool has(const std::string& where, const std::string& what) { return where.find(what) != std::string::npos; }
const std::string kDigest = "Authorization: Digest username=\"100\", realm=\"pbx\", response=\"0\"\r\n";

}  // namespace

TEST_CASE("sip: a telephone registers: who it is, and that it proves it") {
  const Turns turns = {
      {kToServer, ask("REGISTER", "User-Agent: Yealink SIP-T46G 28.80.0.95 001565123456\r\n")},
      {kToClient,
       answer(401, "Server: Asterisk PBX 16.2.1\r\nWWW-Authenticate: Digest realm=\"pbx\", nonce=\"1\"\r\n")},
      {kToServer, ask("REGISTER", kDigest, 2)},
      {kToClient, answer(200, "", 2)}};
  const std::string lines = said(turns);
  CHECK(lines == kClient + "clue sip.user-agent=\"Yealink SIP-T46G 28.80.0.95 001565123456\" role=client\n" +
                     kClient + "clue sip.mac=\"00:15:65:12:34:56\" role=client\n" + kServer +
                     "service udp/5060 sip product=\"Asterisk PBX\" version=\"16.2.1\" encrypted=false\n" +
                     kServer + "clue sip.server=\"Asterisk PBX 16.2.1\" role=server\n" + kServer +
                     "clue sip.realm=\"pbx\" role=server\n" + kServer +
                     "session sip authentication=present encrypted=false\n" + kServer +
                     "login sip mechanism=digest cleartext=false outcome=accepted secret=<unseen> "
                     "empty=false same=false\n");
  CHECK_FALSE(has(lines, "A person"));
  CHECK_FALSE(has(lines, "100"));
}

TEST_CASE("sip: refused, open and Basic registrations") {
  CHECK(has(said({{kToServer, ask("REGISTER", kDigest)}, {kToClient, answer(403, "")}}), "outcome=refused"));
  CHECK(has(said({{kToServer, ask("REGISTER", kDigest)},
                  {kToClient, answer(401, "WWW-Authenticate: Digest stale=true\r\n")}}),
            "outcome=unknown"));
  CHECK(has(said({{kToServer, ask("REGISTER", "")}, {kToClient, answer(200, "")}}),
            "session sip authentication=none"));
  CHECK(
      has(said({{kToServer, ask("REGISTER", "Authorization: Basic YTpi\r\n")}, {kToClient, answer(200, "")}}),
          "login sip mechanism=basic cleartext=true outcome=accepted"));
  CHECK(has(said({{kToServer, ask("REGISTER", "Authorization: Basic !\r\n")}}), "anomaly sip bad-basic"));
  CHECK_FALSE(has(said({{kToServer, ask("REGISTER", kDigest)}, {kToClient, answer(200, "", 9)}}), "login"));
}

TEST_CASE("sip: a device's name and kind in a contact") {
  const std::string contact =
      "Contact: <sip:u1@10.0.0.1:5060>;+sip.instance=\"<urn:uuid:00000000-0000-0000-0000-0004f2123456>\";"
      "+u.sip!devicename.ccm.cisco.com=\"SEP0004F2123456\";+u.sip!model.ccm.cisco.com=\"592\"\r\n";
  const std::string lines = said({{kToServer, ask("REGISTER", contact)}});
  CHECK(lines == kClient + "clue sip.mac=\"00:04:f2:12:34:56\" role=client\n" + kClient +
                     "address ip=10.0.0.1 mac=00:04:f2:12:34:56 how=sip lease=0\n" + kClient +
                     "name kind=sip name=\"SEP0004F2123456\"\n" + kClient +
                     "clue sip.device-type=\"592\" role=client\n");
  // A random id of a soft telephone.
  CHECK(
      said(
          {{kToServer,
            ask("REGISTER",
                "Contact: <sip:a@b>;+sip.instance=\"<urn:uuid:f81d4fae-7dec-41d0-a765-00a0c91e6bf6>\"\r\n")}})
          .empty());
}

TEST_CASE("sip: what a proxy passes on is not its own") {
  const std::string second = "Via: SIP/2.0/UDP 10.0.0.9\r\nUser-Agent: Phone/1\r\n";
  CHECK(said({{kToServer, ask("INVITE", second)}}).empty());
  CHECK(said({{kToClient, answer(200, "Server: Phone/1\r\nContact: <sip:200@10.0.0.9>\r\n", 1, "INVITE")}}) ==
        kServer + kBare);
  const std::string own = said(
      {{kToClient, answer(200, "Server: Phone/1\r\nContact: <sip:200@10.0.0.2:5060>\r\n", 1, "INVITE")}});
  CHECK(has(own, kServer + "clue sip.server=\"Phone/1\" role=server\n"));
  CHECK(has(own, "product=\"Phone\" version=\"1\""));
  CHECK_FALSE(has(
      said({{kToClient, answer(200, "Server: Phone/1\r\nContact: <sip:200@10.0.0.23>\r\n", 1, "INVITE")}}),
      "clue"));
}

TEST_CASE("sip: text messages are told of, not read") {
  CHECK(said({{kToServer, ask("MESSAGE", "")}, {kToServer, ask("MESSAGE", "", 2)}}) ==
        kClient + "message sip \"MESSAGE\" status=\"\"\n");
}

TEST_CASE("sip: streams, cut anywhere") {
  const std::string body =
      "INVITE sip:a SIP/2.0\r\nv: SIP/2.0/TCP 10.0.0.1\r\ni: 2\r\nCSeq: 1 INVITE\r\nUser-Agent: "
      "Phone/2\r\nl: 5\r\n\r\nabcde";
  const Turns turns = {{kToServer, "\r\n\r\n" + body + ask("REGISTER", kDigest)},
                       {kToClient, answer(200, "")}};
  const std::string lines = streamed(turns, 0);
  CHECK(has(lines, "clue sip.user-agent=\"Phone/2\""));
  CHECK(has(lines, "login sip mechanism=digest"));
  for (const std::size_t step : {1U, 7U, 100U}) CHECK(streamed(turns, step) == lines);
  test::DissectHarness harness(sip_dissector(), Transport::kTcp);
  CHECK(harness.piece(kToServer, ask("REGISTER", "")));
  CHECK_FALSE(harness.gap(kToClient, 4));
}

TEST_CASE("sip: malformed messages") {
  const auto only = [](const std::string& name) { return kClient + "anomaly sip " + name + "\n"; };
  CHECK(said({{kToServer, "GET / HTTP/1.1\r\n\r\n"}}) == only("bad-start-line"));
  CHECK(said({{kToServer, "\r\n\r\n"}, {kToServer, "jaK"}, {kToServer, std::string(4, '\0')}}).empty());
  CHECK(said({{kToServer, "OPTIONS sip:a SIP/2.0\r\n\r\n"}}) == only("malformed-head"));
  CHECK(said({{kToServer,
               "OPTIONS sip:a SIP/2.0\r\nVia: a\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: "
               "x\r\n\r\n"}}) == only("bad-length"));
  CHECK(streamed({{kToServer, "OPTIONS sip:a SIP/2.0\r\nVia: a\r\n\r\n"}}, 0) == only("bad-length"));
  CHECK(streamed({{kToServer, "GET / HTTP/1.1\r\n\r\n"}}, 0) == only("bad-start-line"));
  CHECK(streamed({{kToServer, "OPTIONS sip:a SIP/2.0\r\nX: " + std::string(9000, 'x')}}, 0) ==
        only("head-too-long"));
}

TEST_CASE("sip: recognised by its first line") {
  const auto recognised = [](const std::string& text) {
    return sip_dissector().recognise({kToServer, as_bytes(text), 40000, 5060, false, true});
  };
  CHECK(recognised(ask("OPTIONS", "")) == Recognition::kYes);
  CHECK(recognised(answer(200, "")) == Recognition::kYes);
  CHECK(recognised("REGISTER sip:") == Recognition::kMore);
  CHECK(recognised("OPTIONS rtsp://a RTSP/1.0\r\n") == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
  CHECK(recognised("M-SEARCH * HTTP/1.1\r\n\r\n") == Recognition::kNo);
  CHECK(recognised("\r\n\r\n") == Recognition::kMaybe);
  CHECK(recognised("\r\n\r\n" + ask("OPTIONS", "")) == Recognition::kYes);
  CHECK(recognised("\r\nGET / HTTP/1.1\r\n") == Recognition::kNo);
  CHECK(sip_dissector().recognise({kToServer, as_bytes("\r\n\r\n"), 40000, 80, false, false}) ==
        Recognition::kNo);
}

}  // namespace bedrail
