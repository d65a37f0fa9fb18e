#include <doctest/doctest.h>

#include <algorithm>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& intellivue_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;

const std::string kConnect = test::from_hex(
    "000001000001005e000000000058002100000000001122330d17004a00040046098600040001114df101001c0003001800010001"
    "5e290000000100015dc50000000500015e29000009370008000400000001000bf100000e0200000000010a000001ffffff00");
const std::string kCreate = test::from_hex(
    "e10000020001008400010001007e002100000000001122330d060070002100000000000500660928001400085068696c69707300"
    "00084d38303130410000092d00240002002000010008000c4445313233343536373800000004005800084d2e30342e303300091e"
    "0010000e004900430055002d003000370000090d000200020984000800060009fb0a1b2c");
/// A front of an association, with the object identifier of 1073's data export; then a user's part.
const std::string kRequest =
    test::from_hex("0d2e0508130100160102800014020002c106060c2a8648ce1402010000000101") +
    std::string(16, '\0');
const std::string kResponse = "\x0e" + kRequest.substr(1);

std::string big(unsigned value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}
std::string sized(const std::string& text) { return big(static_cast<unsigned>(text.size())) + text; }
std::string remote(unsigned kind, unsigned command, const std::string& argument) {
  return std::string("\xe1\0\0\2", 4) + big(kind) + sized(big(1) + big(command) + sized(argument));
}
std::string attribute(unsigned id, const std::string& value) { return big(id) + sized(value); }
/// A poll's result of one object of class `object`.
std::string poll_result(unsigned object, unsigned attributes, const std::string& list, bool extended = false,
                        bool linked = false) {
  const std::string item = big(1) + big(attributes) + sized(list);
  const std::string context = big(0) + big(1) + sized(item);
  const std::string reply = big(1) + (extended ? big(0) : "") + std::string(12, '\0') + big(1) + big(object) +
                            big(0) + big(1) + sized(context);
  const std::string argument =
      std::string("\0\x21\0\0\0\0", 6) + big(extended ? 0xf13b : 0x0c16) + sized(reply);
  if (!linked) return remote(2, 7, argument);
  return std::string("\xe1\0\0\2\0\5", 6) + sized(big(0x0101) + big(1) + big(7) + sized(argument));
}

std::string said(const std::vector<std::pair<Direction, std::string>>& datagrams) {
  test::DissectHarness harness(intellivue_dissector(), Transport::kUdp);
  for (const auto& [direction, text] : datagrams) harness.datagram(direction, text);
  return harness.text();
}

constexpr std::string_view kMonitor = "10.0.0.2/02:00:00:00:00:02 ";

}  // namespace

TEST_CASE("intellivue: a monitor that announces itself") {
  const std::string me = "10.0.0.1=02:00:00:00:00:01 ";
  CHECK(said({{kUp, kConnect}, {kUp, kConnect}}) ==
        me + "protocol intellivue version=\"connect-indication\" agreed=true\n" + me +
            "clue intellivue.system-type=\"monitor\" role=self\n" + me +
            "service udp/24105 intellivue product=\"IntelliVue\" version=\"\" encrypted=false\n");
  // The addresses that it declares are its own only where the packet shows the same.
  std::string elsewhere = kConnect;
  elsewhere[elsewhere.size() - 5] = 9;
  CHECK(said({{kUp, elsewhere}}).starts_with("10.0.0.1/02:00:00:00:00:01 protocol"));
}

TEST_CASE("intellivue: what the monitor says when an association begins") {
  const std::string me(kMonitor);
  const std::string rows = me + "clue intellivue.manufacturer=\"Philips\" role=server\n" + me +
                           "clue intellivue.model=\"M8010A\" role=server\n" + me +
                           "clue intellivue.serial=\"DE12345678\" role=server\n" + me +
                           "clue intellivue.software=\"M.04.03\" role=server\n" + me +
                           "clue intellivue.bed-label=\"ICU-07\" role=server\n" + me +
                           "name kind=intellivue name=\"ICU-07\"\n" + me +
                           "clue intellivue.area=\"intensive care\" role=server\n" + me +
                           "clue intellivue.system-id=\"00:09:fb:0a:1b:2c\" role=server\n";
  const std::string text = said({{kUp, kRequest}, {kDown, kResponse}, {kDown, kCreate}, {kDown, kCreate}});
  CHECK(text == me + "service udp/24105 intellivue product=\"IntelliVue\" version=\"\" encrypted=false\n" +
                    me +
                    "session intellivue authentication=none encrypted=false\n"
                    "10.0.0.1/02:00:00:00:00:01 message intellivue \"association-request\" status=\"\"\n" +
                    me + "message intellivue \"association-response\" status=\"accepted\"\n" + me +
                    "message intellivue \"mds-create\" status=\"\"\n" + rows);
  // Caught in the middle, the side that reports is the monitor whatever the ports look like.
  CHECK(said({{kUp, kCreate}}).starts_with("10.0.0.1/02:00:00:00:00:01 service udp/40000 intellivue "));
}

TEST_CASE("intellivue: patients' fields by kind, setting is told each time") {
  const std::string wide("\0\4\0J\0D", 6), empty("\0\2\0\0", 4);
  const std::string list = attribute(0x095a, wide) + attribute(0x095c, wide) + attribute(0x0961, big(2));
  const auto kinds = [](const std::string& text) {
    const std::size_t at = text.find("fields=");
    return at == std::string::npos ? std::string() : text.substr(at, text.find_first_of(" \n", at) - at);
  };
  for (const bool extended : {false, true}) {
    for (const bool linked : {false, true}) {
      const std::string text = said({{kDown, poll_result(0x2a, 3, list, extended, linked)}});
      CHECK(kinds(text) == "fields=id,name,sex");
      CHECK(text.find("JD") == std::string::npos);
    }
  }
  CHECK(kinds(said({{kDown, poll_result(0x2a, 1, attribute(0x0958, std::string("\x19\x70", 2)))}})) ==
        "fields=birth-date");
  CHECK(kinds(said({{kDown, poll_result(0x2a, 1, attribute(0xf001, std::string("\0\1", 2)))}})) ==
        "fields=id");
  // F001 of another object is a poll profile; empty fields are no data.
  CHECK(kinds(said({{kDown, poll_result(0x21, 1, attribute(0xf001, std::string("\0\1", 2)))}})).empty());
  CHECK(kinds(said({{kDown, poll_result(0x2a, 2, attribute(0x095a, empty) + attribute(0x095c, empty))}}))
            .empty());

  const std::string set = remote(1, 5, std::string(14, '\0'));
  const std::string told = said({{kUp, set}, {kUp, set}});
  CHECK(std::count(told.begin(), told.end(), '\n') == 2);
  CHECK(told.find("message intellivue \"set\"") != std::string::npos);
}

TEST_CASE("intellivue: odd and malformed") {
  constexpr std::string_view kOdd = "10.0.0.1/02:00:00:00:00:01 anomaly intellivue ";
  const auto odd = [&](const std::string& text) {
    const std::string lines = said({{kDown, text}});
    const std::size_t at = lines.find(kOdd);
    return at == std::string::npos ? std::string()
                                   : lines.substr(at + kOdd.size(), lines.size() - at - kOdd.size() - 1);
  };
  CHECK(odd("\x0dnothing of 1073") == "bad-association");
  CHECK(odd("?") == "unknown-message");
  CHECK(odd(kCreate.substr(0, kCreate.size() - 1)) == "malformed");
  CHECK(odd(kCreate).empty());
  // Every length inside, made too long.
  for (const std::size_t at : {12U, 26U, 34U, 36U, 40U, 42U, 52U, 64U, 74U}) {
    std::string broken = kCreate;
    broken[at] = '\x7f';
    CAPTURE(at);
    CHECK(odd(broken) == "malformed");
  }
  CHECK(odd(std::string("\x0c\x01\0", 3)).empty());
  CHECK(odd(std::string("\x19\x01\0", 3)).empty());
}

TEST_CASE("intellivue: recognised by what it says, on any port") {
  const auto recognised = [](const std::string& text, bool on_port = true) {
    return intellivue_dissector().recognise({kUp, as_bytes(text), 40000, 24105, false, on_port});
  };
  for (const std::string& text : {kConnect, kCreate, kRequest, kResponse})
    CHECK(recognised(text, false) == Recognition::kYes);
  CHECK(recognised(kConnect + "x") == Recognition::kNo);
  CHECK(recognised(kCreate.substr(0, 30)) == Recognition::kNo);
  CHECK(recognised("\x0d\x20 a line\r\n") == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
  CHECK(recognised(std::string("\x16\x03\x01\x02\0\x01", 6)) == Recognition::kNo);
  CHECK(recognised(std::string("\xe2\0\0\x32\x80\0\0\0", 8)) == Recognition::kNo);  // personal health devices
  CHECK(recognised(std::string(64, '\0')) == Recognition::kNo);
}

}  // namespace bedrail
