#include <doctest/doctest.h>

#include <fmt/format.h>

#include "dissect_harness.h"
#include "format/crc16.h"

namespace bedrail {
const DissectorInfo& asena_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServed = kServer + "service tcp/4001 asena product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "session asena authentication=none encrypted=false\n";
const std::string kOdd = kClient + "anomaly asena ";

std::string clue(const std::string& who, const std::string& text, const std::string& role) {
  return who + "clue asena." + text + " role=" + role + "\n";
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(asena_dissector(), Transport::kTcp, 4001);
  harness.stream(turns, step);
  return harness.text();
}
Recognition recognised(const std::string& text) {
  return asena_dissector().recognise({kUp, as_bytes(text), 40000, 4001, false, false});
}

std::string line(const std::string& body) {
  return fmt::format("!{}|{:04X}\r", body, crc16_ccitt(body, 0xffff));
}

}  // namespace

TEST_CASE("asena: serial number and protocol, what is changed each time, however the stream is cut") {
  CHECK(line("INST_SERIALNO") == "!INST_SERIALNO|457D\r");
  const Turns turns = {{kUp, line("INST_SERIALNO")},
                       {kDown, line("INST_SERIALNO^8002-00001")},
                       {kUp, line("COMMS_PROTOCOL")},
                       {kDown, line("COMMS_PROTOCOL^Asena Rev 2.1.5")},
                       {kUp, line("REMOTE_CTRL^ENABLED^1234") + line("INF_RATE") +
                                 line("INF_RATE^3.50^ml/h") + line("INF_START")},
                       {kDown, line("INF_START")},
                       {kUp, line("INF_STOP") + line("INF_STOP")}};
  const std::string expected =
      kServed + clue(kServer, "device=\"answers\"", "server") +
      clue(kServer, "serial=\"8002-00001\"", "server") +
      clue(kServer, "protocol=\"Asena Rev 2.1.5\"", "server") + kClient +
      "message asena \"REMOTE_CTRL\" status=\"\"\n" + kClient + "message asena \"INF_RATE\" status=\"\"\n" +
      kClient + "message asena \"INF_START\" status=\"\"\n" + kClient +
      "message asena \"INF_STOP\" status=\"\"\n" + kClient + "message asena \"INF_STOP\" status=\"\"\n";
  for (const std::size_t step : {0U, 1U, 9U}) CHECK(said(turns, step) == expected);
  CHECK(said({{kUp, line("INST_SERIALNO^8002-00001")}}) ==
        clue(kClient, "device=\"answers\"", "client") + clue(kClient, "serial=\"8002-00001\"", "client"));
}

TEST_CASE("asena: gaps and odd lines") {
  CHECK(said({{kUp, "!INF|4962\r!INF4961\r!|0000\r"}}) ==
        kOdd + "bad-line\n" + kOdd + "bad-line\n" + kOdd + "bad-line\n");
  CHECK(said({{kUp, std::string(600, '!') + "\r"}}) == kOdd + "line-too-long\n");
  test::DissectHarness harness(asena_dissector(), Transport::kTcp, 4001);
  CHECK(harness.gap(kUp, 10));
  harness.piece(kUp, "IALNO^8002|1234\r" + line("INST_SERIALNO^8002-00001"));
  CHECK(harness.text() ==
        clue(kClient, "device=\"answers\"", "client") + clue(kClient, "serial=\"8002-00001\"", "client"));
}

TEST_CASE("asena: recognised by a line's sum") {
  CHECK(recognised("!INF|4961\r") == Recognition::kYes);
  CHECK(recognised("!INST_SER") == Recognition::kMore);
  CHECK(recognised("!INF|4960\r") == Recognition::kNo);
  CHECK(recognised("!doctype html") == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
}

}  // namespace bedrail
