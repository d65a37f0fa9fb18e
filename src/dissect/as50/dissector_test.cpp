#include <doctest/doctest.h>

#include <fmt/format.h>

#include "dissect_harness.h"
#include "format/crc16.h"

namespace bedrail {
const DissectorInfo& as50_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServed = kServer + "service tcp/4001 as50 product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "session as50 authentication=none encrypted=false\n";
const std::string kOdd = kClient + "anomaly as50 ";

std::string clue(const std::string& who, const std::string& text, const std::string& role) {
  return who + "clue as50." + text + " role=" + role + "\n";
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(as50_dissector(), Transport::kTcp, 4001);
  harness.stream(turns, step);
  return harness.text();
}
Recognition recognised(const std::string& text) {
  return as50_dissector().recognise({kUp, as_bytes(text), 40000, 4001, false, false});
}

std::string command(const std::string& word) {
  const std::string text = "[" + word + "]";
  const unsigned sum = crc16_ccitt(text, 0);
  return text + static_cast<char>(sum >> 8) + static_cast<char>(sum & 0xff);
}

}  // namespace

TEST_CASE("as50: who is asked, what it is told each time, however the stream is cut") {
  CHECK(command("DEV?") == test::from_hex("5b4445563f5d8b1c"));
  const Turns turns = {{kUp, command("DEV?") + command("STATUS?")},
                       {kDown,
                        "\x06"
                        "answer"},
                       {kUp, command("PRIRATE=10.0") + command("PRIRATE=11.0") + command("EXIT")}};
  const std::string expected = kServed + clue(kServer, "device=\"asked\"", "server") + kClient +
                               "message as50 \"PRIRATE\" status=\"\"\n" + kClient +
                               "message as50 \"PRIRATE\" status=\"\"\n";
  for (const std::size_t step : {0U, 1U, 9U}) CHECK(said(turns, step) == expected);
  CHECK(said({{kDown, command("DEV?")}}) == clue(kClient, "device=\"asked\"", "client"));
}

TEST_CASE("as50: what is no command is passed over") {
  CHECK(said({{kUp, "[DEV?]xx[" + std::string(100, 'A') + "]xx[=1]"}}).empty());
  test::DissectHarness harness(as50_dissector(), Transport::kTcp, 4001);
  CHECK(harness.gap(kUp, 10));
  harness.piece(kUp, "V?]xx" + command("STATUS?"));
  CHECK(harness.text() == kServed + clue(kServer, "device=\"asked\"", "server"));
}

TEST_CASE("as50: recognised by a command's sum") {
  CHECK(recognised(command("DEV?")) == Recognition::kYes);
  CHECK(recognised("[DEV?]") == Recognition::kMore);
  CHECK(recognised("[") == Recognition::kMore);
  CHECK(recognised("[DEV?]xx") == Recognition::kNo);
  CHECK(recognised("[{\"json\": 1}]") == Recognition::kNo);
  CHECK(recognised("[" + std::string(100, 'A')) == Recognition::kNo);
}

}  // namespace bedrail
