#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& opcua_dissector();

namespace {

using enum Direction;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
std::string le32(std::size_t n) {
  std::string out;
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(n >> shift & 0xff));
  return out;
}
const std::string kNull = bytes("ffffffff");
std::string text(const std::string& value) { return le32(value.size()) + value; }
std::string chunk(const std::string& kind, const std::string& body) {
  return kind + le32(body.size() + 8) + body;
}
const std::string kHello = chunk("HELF", std::string(20, '\0') + text("opc.tcp://plc1:4840/ua"));
const std::string kAcknowledge = chunk("ACKF", std::string(20, '\0'));
std::string open(const std::string& policy) {
  return chunk("OPNF", le32(0) + text("http://opcfoundation.org/UA/SecurityPolicy#" + policy) + kNull +
                           kNull + std::string(20, 'x'));
}
/// A message of a type (the octets of its number) in an open channel.
std::string message(std::string_view type, const std::string& body, const std::string& kind = "MSGF") {
  return chunk(kind, std::string(16, 'c') + bytes("0100") + bytes(type) + body);
}
const std::string kRequest = bytes("0000") + std::string(16, '\0') + kNull + le32(0) + bytes("000000");
std::string status(std::string_view code = "00000000") {
  return std::string(12, '\0') + bytes(code) + bytes("00") + kNull + bytes("000000");
}
std::string application(const std::string& name) {
  return text("urn:example:" + name) + text("urn:example:product") + bytes("02") + text(name) + le32(0) +
         kNull + kNull + le32(1) + text("opc.tcp://plc1");
}
std::string endpoint(const std::string& policy, int mode) {
  return text("opc.tcp://plc1:4840") + application("PLC 1") + kNull + le32(static_cast<std::size_t>(mode)) +
         text("http://opcfoundation.org/UA/SecurityPolicy#" + policy) + le32(2) + text("a") + le32(0) +
         kNull + kNull + kNull + text("u") + le32(1) + kNull + kNull + kNull + text("binary") + bytes("00");
}
const std::string kEndpoints =
    message("af01", status() + le32(2) + endpoint("None", 1) + endpoint("Basic256Sha256", 3));
std::string activate(const std::string& token) {
  return message("d301", kRequest + kNull + kNull + kNull + le32(1) + text("en") + token + kNull + kNull);
}
std::string user(const std::string& algorithm) {
  const std::string body = text("u") + text("operator") + text("operator") + algorithm;
  return bytes("01004401 01") + text(body);
}
const std::string kAnonymous = bytes("01004101 01") + text(text("a"));

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(opcua_dissector());
  harness.stream(turns, step);
  return harness.text();
}
bool has(const std::string& where, const std::string& what) { return where.find(what) != std::string::npos; }

}  // namespace

TEST_CASE("opcua: a server says what it is and how it lets whom in") {
  const Turns turns = {{kToServer, kHello},
                       {kToClient, kAcknowledge},
                       {kToServer, open("None")},
                       {kToClient, open("None")},
                       {kToClient, kEndpoints}};
  const std::string lines = kServer + "clue opcua.endpoint=\"opc.tcp://plc1:4840/ua\" role=server\n" +
                            kServer + "service tcp/4840 opcua product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "protocol opcua version=\"None\" agreed=true\n" + kServer +
                            "name kind=opcua name=\"PLC 1\"\n" + kServer +
                            "clue opcua.application-uri=\"urn:example:PLC 1\" role=server\n" + kServer +
                            "clue opcua.product-uri=\"urn:example:product\" role=server\n" + kServer +
                            "clue opcua.policy=\"None none\" role=server\n" + kServer +
                            "clue opcua.user-token=\"anonymous\" role=server\n" + kServer +
                            "clue opcua.user-token=\"user-name\" role=server\n" + kServer +
                            "clue opcua.policy=\"Basic256Sha256 sign-encrypt\" role=server\n";
  CHECK(said(turns) == lines);
  CHECK(said(turns, 1) == lines);
}

TEST_CASE("opcua: a lone server found, many are not the speaker's") {
  CHECK(has(said({{kToClient, message("a901", status() + le32(1) + application("PLC 1"))}}),
            "name kind=opcua name=\"PLC 1\""));
  CHECK(said({{kToClient, message("a901", status() + le32(2) + application("PLC 1") + application("PLC 2"))}})
            .empty());
}

TEST_CASE("opcua: sessions and who opens them") {
  const std::string create = message("cd01", kRequest + application("Client") + kNull);
  CHECK(has(said({{kToServer, create}}),
            kClient + "name kind=opcua name=\"Client\"\n" + kClient +
                "clue opcua.application-uri=\"urn:example:Client\" role=client\n"));
  const std::string good = message("d601", status()), bad = message("d601", status("00001f80"));
  CHECK(said({{kToServer, activate(kAnonymous)}, {kToClient, good}}) ==
        kServer + "session opcua authentication=none encrypted=false\n");
  const std::string plain = said({{kToServer, activate(user(kNull))}, {kToClient, good}});
  CHECK(has(plain, "session opcua authentication=present encrypted=false"));
  CHECK(has(plain, "login opcua mechanism=plain cleartext=true outcome=accepted"));
  CHECK(has(plain, "same=true"));
  CHECK(has(said({{kToServer, activate(user(text("http://www.w3.org/2001/04/xmlenc#rsa-oaep")))},
                  {kToClient, bad}}),
            "login opcua mechanism=other cleartext=false outcome=refused"));
  CHECK(said({{kToClient, good}}).empty());
}

TEST_CASE("opcua: a server's build among values that were read") {
  const std::string build = text("urn:example:product") + text("Example") + text("PLC server") +
                            text("1.2.3") + text("77") + std::string(8, '\0');
  const std::string status_value = bytes("01 16 01006003 01") + text(std::string(20, 't') + build + le32(0));
  const std::string number = bytes("0d 06 2a000000") + std::string(16, 't');
  const std::string lines = said({{kToClient, message("7a02", status() + le32(2) + number + status_value)}});
  CHECK(lines == kServer + "clue opcua.manufacturer=\"Example\" role=server\n" + kServer +
                     "clue opcua.product=\"PLC server\" role=server\n" + kServer +
                     "clue opcua.version=\"1.2.3\" role=server\n" + kServer +
                     "clue opcua.product-uri=\"urn:example:product\" role=server\n");
  const std::string alone = bytes("01 16 01005401 01") + text(build);
  CHECK(
      has(said({{kToClient, message("7a02", status() + le32(1) + alone)}}), "clue opcua.version=\"1.2.3\""));
  CHECK(said({{kToClient, message("7a02", status() + le32(2) + bytes("01 86") + alone)}})
            .empty());  // an array ends it
}

TEST_CASE("opcua: writes and calls, each once; nothing behind a policy") {
  const std::string write = message("a102", "x"), call = message("c802", "x");
  CHECK(said({{kToServer, write + call + write}}) ==
        kClient + "message opcua \"Write\" status=\"\"\n" + kClient + "message opcua \"Call\" status=\"\"\n");
  CHECK(said({{kToServer, open("Basic256Sha256") + write}, {kToClient, kEndpoints}}).empty());
}

TEST_CASE("opcua: messages in parts, long ones") {
  const std::string first = message("af01", status() + le32(2) + endpoint("None", 1) + "rest", "MSGC");
  CHECK(has(said({{kToClient, first + message("af01", "later part", "MSGF")}}),
            "clue opcua.policy=\"None none\""));
  CHECK_FALSE(has(said({{kToClient, first + message("af01", "later part", "MSGF")}}), "anomaly"));
  CHECK(
      has(said({{kToClient, chunk("MSGF", std::string(70000, 'x')) + kEndpoints}}, 1000), "name kind=opcua"));
}

TEST_CASE("opcua: malformed messages") {
  const auto only = [](const std::string& name) { return kClient + "anomaly opcua " + name + "\n"; };
  CHECK(said({{kToServer, "GET / HTTP/1.1\r\n\r\n"}}) == only("bad-header"));
  CHECK(said({{kToServer, "HELF" + le32(4)}}) == only("bad-header"));
  CHECK(said({{kToServer, chunk("HELF", std::string(20, '\0') + le32(99))}}) == only("malformed-message"));
  const std::string cut = message("af01", status() + le32(2) + endpoint("None", 1).substr(0, 40));
  CHECK(has(said({{kToClient, open("None") + cut}}), only("malformed-message")));
  CHECK(said({{kToClient, cut}}).empty());
  ;
  const std::string certificate = chunk("OPNF", le32(0) + text("a#None") + text("not a certificate") + kNull);
  CHECK(has(said({{kToClient, certificate}}), only("bad-certificate")));
  CHECK(has(said({{kToServer, activate(bytes("01004401 01") + text("x"))}}), only("malformed-message")));
}

TEST_CASE("opcua: a gap ends it") {
  test::DissectHarness harness(opcua_dissector());
  CHECK(harness.piece(kToServer, kHello));
  CHECK_FALSE(harness.gap(kToClient, 4));
}

TEST_CASE("opcua: recognised by its header") {
  const auto recognised = [](const std::string& start) {
    return opcua_dissector().recognise({kToServer, as_bytes(start), 40000, 4840, false, true});
  };
  CHECK(recognised(kHello) == Recognition::kYes);
  CHECK(recognised(kAcknowledge) == Recognition::kYes);
  CHECK(recognised(kEndpoints) == Recognition::kYes);
  CHECK(recognised("HE") == Recognition::kMore);
  CHECK(recognised("HELF") == Recognition::kMore);
  CHECK(recognised("HELP me\r\n") == Recognition::kNo);
  CHECK(recognised("MSGA" + le32(40)) == Recognition::kNo);
  CHECK(recognised("HELO mail.example.com\r\n") == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
}

}  // namespace bedrail
