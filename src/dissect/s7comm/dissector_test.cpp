#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& s7comm_dissector();

namespace {

using enum Direction;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kService = kServer + "service tcp/102 s7comm product=\"\" version=\"\" encrypted=false\n";

std::string bytes(std::string_view hex) { return test::from_hex(hex); }
std::string be16(std::size_t n) { return {static_cast<char>(n >> 8), static_cast<char>(n & 0xff)}; }
std::string packet(const std::string& unit) { return bytes("0300") + be16(unit.size() + 4) + unit; }
std::string data(const std::string& content) { return packet(bytes("02f080") + content); }
/// An S7 message; `error` is the two octets of acknowledgements.
std::string message(int kind, const std::string& parameter, const std::string& content = {},
                    const std::string& error = {}) {
  return data("\x32" + std::string(1, static_cast<char>(kind)) + bytes("0000 0001") + be16(parameter.size()) +
              be16(content.size()) + error + parameter + content);
}
std::string padded(std::string text, std::size_t size, char filler = '\0') {
  text.resize(size, filler);
  return text;
}
/// An answer to a read of the status list.
std::string list(std::string_view id, std::size_t size, const std::vector<std::string>& records) {
  std::string content = bytes(id) + bytes("0000") + be16(size) + be16(records.size());
  for (const std::string& record : records) content += record;
  return message(7, bytes("000112 08 12 84 01 01 0000 0000"), bytes("ff09") + be16(content.size()) + content);
}
std::string module_record(int index, const std::string& order, std::string_view version) {
  return be16(static_cast<std::size_t>(index)) + padded(order, 20, ' ') + bytes("00c0") + bytes(version);
}
std::string component(int index, const std::string& text) {
  return be16(static_cast<std::size_t>(index)) + padded(text, 32);
}

const std::string kConnect = packet(bytes("11e00000000100 c0010a c1020100 c2020102"));
const std::string kConfirm = packet(bytes("11d00001000200 c0010a c1020100 c2020102"));
const std::string kSetup = message(1, bytes("f0 00 0001 0001 01e0"));
const std::string kSetUp = message(3, bytes("f0 00 0001 0001 00f0"), "", bytes("0000"));

std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(s7comm_dissector());
  harness.stream(turns, step);
  return harness.text();
}
bool has(const std::string& where, const std::string& what) { return where.find(what) != std::string::npos; }

}  // namespace

TEST_CASE("s7comm: a session that asks nobody who he is") {
  const Turns turns = {
      {kToServer, kConnect}, {kToClient, kConfirm}, {kToServer, kSetup}, {kToClient, kSetUp}};
  const std::string lines = kService + kServer + "protocol s7comm version=\"classic\" agreed=true\n" +
                            kServer + "session s7comm authentication=none encrypted=false\n";
  CHECK(said(turns) == lines);
  CHECK(said(turns, 1) == lines);
}

TEST_CASE("s7comm: the status list says which module it is") {
  const std::string module =
      list("0011", 28,
           {module_record(1, "6ES7 315-2EH14-0AB0", "00c00003"),
            module_record(6, "6ES7 315-2EH14-0AB0", "00c00003"), module_record(7, "", "56030206")});
  const std::string component_list =
      list("001c", 34,
           {component(1, "AHU-NORTH"), component(2, "CPU 315-2 PN/DP"), component(3, "Hospital"),
            component(4, "Original Siemens Equipment"), component(5, "S C-EXAMPLE0001"),
            component(7, "CPU 315-2 PN/DP"), component(8, "MMC EXAMPLE"), component(11, "Roof")});
  const Turns turns = {{kToClient, module + component_list + module}};
  CHECK(said(turns) == kService + kServer + "clue s7comm.order-number=\"6ES7 315-2EH14-0AB0\" role=server\n" +
                           kServer + "clue s7comm.firmware=\"3.2.6\" role=server\n" + kServer +
                           "name kind=s7comm name=\"AHU-NORTH\"\n" + kServer +
                           "clue s7comm.module=\"CPU 315-2 PN/DP\" role=server\n" + kServer +
                           "clue s7comm.plant=\"Hospital\" role=server\n" + kServer +
                           "clue s7comm.copyright=\"Original Siemens Equipment\" role=server\n" + kServer +
                           "clue s7comm.serial=\"S C-EXAMPLE0001\" role=server\n" + kServer +
                           "clue s7comm.module-type=\"CPU 315-2 PN/DP\" role=server\n" + kServer +
                           "clue s7comm.card-serial=\"MMC EXAMPLE\" role=server\n" + kServer +
                           "clue s7comm.location=\"Roof\" role=server\n");
  CHECK(said(turns, 1) == said(turns));
  CHECK(said({{kToClient, list("0424", 20, {std::string(20, 'x')})}}) == kService);
}

TEST_CASE("s7comm: who stops, starts and writes") {
  const std::string stop = message(1, bytes("29 0000000000 09") + "P_PROGRAM");
  const std::string start = message(1, bytes("28 000000000000fd 0000 09") + "P_PROGRAM");
  const std::string insert = message(1, bytes("28 000000000000fd 0002 4541 05") + "_INSE");
  const std::string write = message(1, bytes("05 01"), "x");
  CHECK(said({{kToServer, stop + start + insert + write + write}}) ==
        kClient + "message s7comm \"PLC Stop\" status=\"\"\n" + kClient +
            "message s7comm \"PLC Start\" status=\"P_PROGRAM\"\n" + kClient +
            "message s7comm \"PLC Control\" status=\"_INSE\"\n" + kClient +
            "message s7comm \"Write Var\" status=\"\"\n");
}

TEST_CASE("s7comm: a session's password, never in its words") {
  // "example " as it is coded.
  std::string coded = "example ";
  for (std::size_t i = 0; i < coded.size(); ++i)
    coded[i] = static_cast<char>(coded[i] ^ 0x55 ^ (i >= 2 ? coded[i - 2] : 0));
  const std::string ask = message(7, bytes("000112 04 11 45 01 00"), bytes("ff09 0008") + coded);
  const auto answer = [](const char* error) {
    return message(7, bytes("000112 08 12 85 01 01 0000") + bytes(error), bytes("0a00 0000"));
  };
  test::DissectHarness harness(s7comm_dissector());
  harness.stream({{kToServer, ask}, {kToClient, answer("0000")}});
  CHECK(has(harness.text(), "login s7comm mechanism=plain cleartext=true outcome=accepted"));
  const auto* login = std::get_if<LoginSeen>(&harness.observations().back().body);
  REQUIRE(login != nullptr);
  CHECK(login->account_and_secret == digest_secret({}, "example"));
  CHECK(has(said({{kToServer, ask}, {kToClient, answer("d602")}}), "outcome=refused"));
  CHECK_FALSE(has(said({{kToClient, answer("0000")}}), "login"));
}

TEST_CASE("s7comm: its successor is seen as such; cut messages are not read") {
  CHECK(said({{kToServer, data(bytes("720100"))}, {kToClient, data(bytes("720100"))}}) ==
        kService + kServer + "protocol s7comm version=\"plus\" agreed=true\n");
  const std::string part = packet(bytes("02f000") + "\x32\x01rest");
  CHECK(said({{kToServer, part + data("of it") + message(1, bytes("29 0000000000 09") + "P_PROGRAM")}}) ==
        kClient + "message s7comm \"PLC Stop\" status=\"\"\n");
}

TEST_CASE("s7comm: malformed messages") {
  const auto only = [](const std::string& name) { return kClient + "anomaly s7comm " + name + "\n"; };
  CHECK(said({{kToServer, "GET / HTTP/1.1\r\n"}}) == only("bad-packet"));
  CHECK(said({{kToServer, packet(bytes("02300000"))}}) == only("bad-packet"));
  CHECK(said({{kToServer, data(bytes("3201 0000 0001 00ff 0000"))}}) == only("malformed-message"));
  CHECK(said({{kToServer, data(bytes("3209 0000 0001 0000 0000"))}}) == only("malformed-message"));
  CHECK(said({{kToServer, message(1, bytes("28 00"))}}) == only("malformed-message"));
  CHECK(said({{kToServer, message(7, bytes("0001"))}}) == only("malformed-message"));
  CHECK(said({{kToClient, list("0011", 200, {})}}) == kService + only("malformed-message"));
}

TEST_CASE("s7comm: a gap ends it") {
  test::DissectHarness harness(s7comm_dissector());
  CHECK(harness.piece(kToServer, kConnect));
  CHECK_FALSE(harness.gap(kToServer, 4));
}

TEST_CASE("s7comm: recognised by its first message, not by the transport it shares") {
  const auto recognised = [](const std::string& text, bool on_port = false) {
    return s7comm_dissector().recognise({kToServer, as_bytes(text), 40000, 102, false, on_port});
  };
  CHECK(recognised(kConnect) == Recognition::kMore);
  CHECK(recognised(kConnect + kSetup) == Recognition::kYes);
  CHECK(recognised(kConnect + kSetup.substr(0, 10)) == Recognition::kMore);
  CHECK(recognised(kSetup) == Recognition::kYes);
  CHECK(recognised(kConnect + data(bytes("720100")), true) == Recognition::kYes);
  CHECK(recognised(kConnect + data(bytes("720100"))) == Recognition::kMaybe);
  CHECK(recognised(kConnect + data(bytes("0d0100"))) == Recognition::kNo);  // a session of MMS
  CHECK(recognised(packet(bytes("0ee00000000000") + bytes("0100080003000000"))) == Recognition::kNo);  // RDP
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
  CHECK(recognised(bytes("1603010040 0100003c0303"), true) == Recognition::kNo);
}

}  // namespace bedrail
