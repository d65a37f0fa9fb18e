#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& amqp_dissector();

namespace {

using Turns = std::vector<test::DissectHarness::Turn>;
constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
std::string number(std::size_t value, int octets) {
  std::string out;
  for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift & 0xff));
  return out;
}
std::string small(const std::string& text) { return number(text.size(), 1) + text; }
std::string large(const std::string& text) { return number(text.size(), 4) + text; }
std::string field(const std::string& name, const std::string& value) {
  return small(name) + 'S' + large(value);
}
std::string method(int id, const std::string& body) {
  const std::string content = number(10, 2) + number(static_cast<std::size_t>(id), 2) + body;
  return bytes("01 0000") + large(content) + '\xce';
}
const std::string kOldHello = "AMQP" + bytes("00000901");
const std::string kStart =
    method(10, bytes("0009") +
                   large(small("capabilities") + 'F' + large(small("basic.nack") + 't' + '\1') +
                         field("product", "Broker") + field("version", "3.10.8") +
                         field("platform", "Erlang/OTP 25")) +
                   large("AMQPLAIN PLAIN") + large("en_US"));
std::string start_ok(const std::string& mechanism, const std::string& response) {
  return method(11,
                large(field("product", "Client") + field("version", "1.2") + field("platform", "Python 3")) +
                    small(mechanism) + large(response) + small("en_US"));
}
const std::string kPlain = std::string("\0pump\0s3cret", 12);
const std::string kTune = method(30, bytes("07ff 00020000 003c"));

// AMQP 1.0: small values.
std::string str(const std::string& text) { return "\xa1" + small(text); }
std::string symbol(const std::string& text) { return "\xa3" + small(text); }
std::string performative(int descriptor, int count, const std::string& fields, int type = 0) {
  const std::string list = number(static_cast<std::size_t>(count), 1) + fields;
  const std::string body =
      bytes("0053") + number(static_cast<std::size_t>(descriptor), 1) + "\xc0" + small(list);
  return number(body.size() + 8, 4) + bytes("02") + number(static_cast<std::size_t>(type), 1) +
         bytes("0000") + body;
}
std::string open(const std::string& container, const std::string& product) {
  const std::string map = symbol("product") + str(product) + symbol("version") + str("2.4");
  return performative(
      0x10, 10,
      str(container) + str("host") + bytes("4040 40404040 40") + "\xc1" + small(number(4, 1) + map));
}
const std::string kSasl = "AMQP" + bytes("03010000"), kNew = "AMQP" + bytes("00010000");

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(amqp_dissector());
  harness.stream(turns, step);
  return harness.text();
}
std::string login(const std::string& mechanism, const std::string& outcome, bool seen = true) {
  return kServer + "login amqp mechanism=" + mechanism + " cleartext=" + (seen ? "true" : "false") +
         " outcome=" + outcome + " secret=<" + (seen ? "redacted" : "unseen") + "> empty=false same=false\n";
}
Recognition recognised(const std::string& text) {
  return amqp_dissector().recognise({kUp, as_bytes(text), 40000, 5672, false, false});
}

}  // namespace

TEST_CASE("amqp: 0-9-1 with software on both sides and a password in clear, however it is cut") {
  const Turns turns = {{kUp, kOldHello}, {kDown, kStart}, {kUp, start_ok("PLAIN", kPlain)}, {kDown, kTune}};
  const std::string whole = said(turns);
  CHECK(whole == kServer + "service tcp/5672 amqp product=\"Broker\" version=\"3.10.8\" encrypted=false\n" +
                     kServer + "protocol amqp version=\"0-9-1\" agreed=true\n" + kServer +
                     "clue amqp.platform=\"Erlang/OTP 25\" role=server\n" + kClient +
                     "clue amqp.product=\"Client 1.2\" role=client\n" + kClient +
                     "clue amqp.platform=\"Python 3\" role=client\n" + login("plain", "accepted") + kServer +
                     "session amqp authentication=present encrypted=false\n");
  for (const std::size_t step : {1, 2, 7, 50}) CHECK(said(turns, step) == whole);
}

TEST_CASE("amqp: 0-9-1 refused, by another proof, a version that the server does not speak") {
  const std::string refused = said({{kUp, kOldHello},
                                    {kDown, kStart},
                                    {kUp, start_ok("PLAIN", kPlain)},
                                    {kDown, method(50, bytes("0193"))}});
  CHECK(refused.ends_with(login("plain", "refused")));
  const std::string other =
      said({{kUp, kOldHello}, {kDown, kStart}, {kUp, start_ok("AMQPLAIN", "x")}, {kDown, kTune}});
  CHECK(other.find(login("challenge", "accepted", false)) != std::string::npos);
  const std::string nobody =
      said({{kUp, kOldHello}, {kDown, kStart}, {kUp, start_ok("ANONYMOUS", "x")}, {kDown, kTune}});
  CHECK(nobody.ends_with("session amqp authentication=none encrypted=false\n"));
  CHECK(said({{kUp, kNew}, {kDown, kOldHello}}) ==
        kServer + "protocol amqp version=\"0-9-1\" agreed=false\n");
}

TEST_CASE("amqp: 1.0 with containers, however it is cut") {
  const std::string init = performative(0x41, 2, symbol("PLAIN") + "\xa0" + small(kPlain), 1);
  const Turns turns = {{kUp, kSasl},
                       {kDown, kSasl + performative(0x40, 1, symbol("PLAIN"), 1)},
                       {kUp, init},
                       {kDown, performative(0x44, 1, bytes("5000"), 1)},
                       {kUp, kNew + open("gateway-7", "Lib")},
                       {kDown, kNew + open("broker-1", "Broker")}};
  const std::string whole = said(turns);
  CHECK(whole == kServer + "service tcp/5672 amqp product=\"\" version=\"\" encrypted=false\n" + kServer +
                     "protocol amqp version=\"1.0\" agreed=true\n" + login("plain", "accepted") + kServer +
                     "session amqp authentication=present encrypted=false\n" + kClient +
                     "clue amqp.container=\"gateway-7\" role=client\n" + kClient +
                     "clue amqp.product=\"Lib 2.4\" role=client\n" + kServer +
                     "clue amqp.container=\"broker-1\" role=server\n" + kServer +
                     "service tcp/5672 amqp product=\"Broker\" version=\"2.4\" encrypted=false\n");
  for (const std::size_t step : {1, 2, 7, 50}) CHECK(said(turns, step) == whole);
  CHECK(said({{kUp, "AMQP" + bytes("02010000")}, {kDown, kSasl}}).empty());
}

TEST_CASE("amqp: malformed frames, and a lost segment") {
  const std::string anomaly = kClient + "anomaly amqp ";
  CHECK(said({{kUp, kOldHello}, {kDown, bytes("09000000000000ce")}}) == anomaly + "bad-frame\n");
  CHECK(said({{kUp, kOldHello}, {kDown, bytes("01000000000000cd")}}) == anomaly + "bad-frame\n");
  CHECK(said({{kUp, kOldHello}, {kDown, bytes("010000ffffffff")}}) == anomaly + "bad-frame\n");
  CHECK(said({{kUp, kNew + bytes("0000000402000000")}}) == anomaly + "bad-frame\n");
  CHECK(said({{kUp, kNew + bytes("0000000802090000")}}) == anomaly + "bad-frame\n");
  CHECK(said({{kUp, kOldHello}, {kDown, method(10, bytes("0009 000000ff"))}})
            .starts_with(anomaly + "bad-method\n"));
  CHECK(said({{kUp, kOldHello + method(11, bytes("000000ff"))}}) == anomaly + "bad-method\n");
  CHECK(said({{kUp, "AMQPxxxx"}, {kUp, "AXXXXXXX"}}) == anomaly + "bad-frame\n");
  test::DissectHarness harness(amqp_dissector());
  harness.piece(kUp, kOldHello);
  CHECK_FALSE(harness.gap(kDown, 100));
}

TEST_CASE("amqp: recognised by its greeting") {
  CHECK(recognised(kOldHello) == Recognition::kYes);
  CHECK(recognised(kSasl) == Recognition::kYes);
  CHECK(recognised("AMQ") == Recognition::kMore);
  CHECK(recognised("AMQPxxxx") == Recognition::kNo);
  CHECK(recognised("ABCDEFGHIJ") == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n") == Recognition::kNo);
}

}  // namespace bedrail
