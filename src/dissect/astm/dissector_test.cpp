#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& astm_dissector();

namespace {

using Turns = std::vector<test::DissectHarness::Turn>;
using namespace std::string_literals;

std::string frame(int number, const std::string& text, char end = '\x03') {
  const std::string inner = std::to_string(number) + text + end;
  unsigned sum = 0;
  for (const char c : inner) sum += static_cast<unsigned char>(c);
  constexpr const char* kHex = "0123456789ABCDEF";
  return "\x02" + inner + kHex[sum >> 4 & 15] + kHex[sum & 15] + "\r\n";
}

const std::string kHeader = "H|\\^&|||ACME Gas 9^SN0001^1.8|||||LIS||P|LIS2-A2|20240102030405\r";
const std::string kPatient = "P|1||PID0001||Doe^J||19700101|M|||||\r";
const std::string kEnd = "L|1|N\r";

std::string said(const Turns& turns, std::size_t step = 0, bool close = false) {
  test::DissectHarness harness(astm_dissector());
  harness.stream(turns, step);
  if (close) harness.close();
  return harness.text();
}

const std::string kDevice = "10.0.0.1/02:00:00:00:00:01 ", kSystem = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kOpened = kDevice + "clue astm.sender=\"ACME Gas 9^SN0001^1.8\" role=client\n" + kSystem +
                            "clue astm.receiver=\"LIS\" role=server\n" + kSystem +
                            "protocol astm version=\"LIS2-A2\" agreed=true\n" + kSystem +
                            "service tcp/4000 astm product=\"\" version=\"\" encrypted=false\n";
const std::string kMeasured =
    kDevice + "clue astm.analyser=\"ACME Gas 9^SN0001^1.8\" role=client\n" + kDevice +
    "clue astm.declared=\"name=ACME Gas 9|analyser=ACME Gas 9^SN0001^1.8\" role=client\n";
const std::string kResults = kMeasured + kDevice +
                             "patient-data astm message=\"results\" fields=id,name,birth-date,sex\n" +
                             kDevice + "message astm \"results\" status=\"\"\n";

}  // namespace

TEST_CASE("astm: framed results, however cut; no value of a patient") {
  const Turns turns = {{Direction::kToServer, "\x05"},
                       {Direction::kToClient, "\x06"},
                       {Direction::kToServer, frame(1, kHeader)},
                       {Direction::kToClient, "\x06"},
                       {Direction::kToServer, frame(2, kPatient + "O|1|S1||^^^GLU\rR|1|^^^GL", '\x17')},
                       {Direction::kToClient, "\x06"},
                       {Direction::kToServer, frame(3, "U|5.1|mmol/L\r" + kEnd) + "\x04"}};
  for (const std::size_t step : {0, 1, 9}) {
    CAPTURE(step);
    CHECK(said(turns, step) == kOpened + kResults);
  }
  CHECK(kResults.find("Doe") == std::string::npos);
}

TEST_CASE("astm: records without frames; a message that never ends") {
  CHECK(said({{Direction::kToServer, kHeader + kPatient + "R|1\r\n" + kEnd}}) == kOpened + kResults);
  CHECK(said({{Direction::kToServer, kHeader}}, 1, true) ==
        kOpened + kDevice + "message astm \"header\" status=\"\"\n");
  CHECK(said({{Direction::kToServer, kHeader + "Q|1|^S1\r" + kEnd}}) ==
        kOpened + kDevice + "message astm \"query\" status=\"\"\n");
}

TEST_CASE("astm: an access password is a login, never shown") {
  const std::string text = said({{Direction::kToServer, "H|\\^&||s3cret|\r"}});
  CHECK(text.find("login astm mechanism=plain cleartext=true") != std::string::npos);
  CHECK(text.find("s3cret") == std::string::npos);
  CHECK(said({{Direction::kToClient, "H|\\^&||s3cret|\r"}}).find("login") == std::string::npos);
}

TEST_CASE("astm: after a gap the next message is told, the cut one is not") {
  test::DissectHarness harness(astm_dissector());
  harness.piece(Direction::kToServer, "\x05" + frame(1, kHeader) + frame(2, kPatient));
  CHECK(harness.gap(Direction::kToServer, 30));
  harness.piece(Direction::kToServer,
                "GLU|5.1\r\x03"
                "AA\r\n" +
                    frame(4, kEnd) + "\x04");
  CHECK(harness.text() == kOpened);
  harness.piece(Direction::kToServer, "\x05" + frame(1, kHeader + "R|1\r" + kEnd) + "\x04");
  CHECK(harness.text() == kOpened + kMeasured + kDevice + "message astm \"results\" status=\"\"\n");
}

TEST_CASE("astm: anomalies") {
  const auto ends = [](const std::string& text, const char* name) {
    CAPTURE(name);
    CHECK(said({{Direction::kToServer, text}}).ends_with("anomaly astm "s + name + "\n"));
  };
  ends(
      "\x02"
      "9H",
      "bad-frame-number");
  ends(
      "\x02"
      "1x\x03"
      "00",
      "bad-checksum");
  ends(
      "\x02"
      "1H|\x02",
      "missing-frame-end");
  ends(kHeader + "Z|1\r", "bad-record");
  ends(std::string(5000, 'a'), "no-records");
}

TEST_CASE("astm: recognised by its header record") {
  const auto recognised = [](const std::string& text, bool midstream = false) {
    return astm_dissector().recognise({Direction::kToServer, as_bytes(text), 40000, 4000, midstream, true});
  };
  CHECK(recognised("\x05" + frame(1, kHeader)) == Recognition::kYes);
  CHECK(recognised(kHeader) == Recognition::kYes);
  CHECK(recognised("H|\\^|x") == Recognition::kYes);
  CHECK(recognised("\x05") == Recognition::kMore);
  CHECK(recognised("\x05\x02"
                   "1H|") == Recognition::kMore);
  CHECK(recognised(frame(2, kPatient)) == Recognition::kNo);
  CHECK(recognised(frame(2, kPatient), true) == Recognition::kYes);
  CHECK(recognised("\x05\x02\x00\x01"s) == Recognition::kNo);  // SOCKS 5
  CHECK(recognised("\x06\x06\x06\x06\x06\x06\x06\x06\x06") == Recognition::kNo);
  CHECK(recognised("HTTP/1.1 200 OK\r\n\r\n") == Recognition::kNo);
  CHECK(recognised("HELP\r\n") == Recognition::kNo);
  CHECK(recognised("\x02\x20stx") == Recognition::kNo);
}

}  // namespace bedrail
