#include <doctest/doctest.h>

#include <fmt/format.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& nellcor_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServed = kServer + "service tcp/4001 nellcor product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "session nellcor authentication=none encrypted=false\n";
const std::string kOdd = kClient + "anomaly nellcor ";

std::string clue(const std::string& who, const std::string& text, const std::string& role) {
  return who + "clue nellcor." + text + " role=" + role + "\n";
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(nellcor_dissector(), Transport::kTcp, 4001);
  harness.stream(turns, step);
  return harness.text();
}
Recognition recognised(const std::string& text) {
  return nellcor_dissector().recognise({kUp, as_bytes(text), 40000, 4001, false, false});
}

const std::string kHeader =
    "N-560    VERSION 1.56.00    CRC:XXXX  SpO2 Limit: 90-100%    PR Limit: 60-170BPM\r\n"
    "                             ADULT            0SAT-S \r\nTIME                 %SpO2   BPM     PA     "
    "Status\r\n";
const std::string kLine = "29-Dec-17 07:19:21    74*     70      11    MO SL       AS   \r\n";

std::string told(const std::string& who, const std::string& role) {
  return clue(who, "model=\"N-560\"", role) + clue(who, "version=\"1.56.00\"", role);
}

}  // namespace

TEST_CASE("nellcor: model and version of the page's header, however the stream is cut") {
  const std::string pages = fmt::format("{0}{1}{0}{1}", kLine, kHeader);
  for (const std::size_t step : {0U, 1U, 50U}) {
    CHECK(said({{kDown, pages}}, step) == kServed + told(kServer, "server"));
    CHECK(said({{kUp, kHeader}}, step) == told(kClient, "client"));
  }
}

TEST_CASE("nellcor: gaps and odd lines") {
  CHECK(said({{kUp, "two words VERSION 1 CRC:X SpO2 Limit\r\nVERSION 1 CRC:X\r\nN-560 VERSION 1 CRC:X\r\n"}})
            .empty());
  CHECK(said({{kUp, std::string(600, ' ') + "\r\n"}}) == kOdd + "line-too-long\n");
  test::DissectHarness harness(nellcor_dissector(), Transport::kTcp, 4001);
  CHECK(harness.gap(kUp, 10));
  harness.piece(kUp, kHeader.substr(2) + kLine);
  CHECK(harness.text().empty());
  harness.piece(kUp, kHeader);
  CHECK(harness.text() == told(kClient, "client"));
}

TEST_CASE("nellcor: recognised by its header") {
  CHECK(recognised(kHeader) == Recognition::kYes);
  CHECK(recognised(kLine + kLine + kHeader) == Recognition::kYes);
  CHECK(recognised(kLine) == Recognition::kMore);
  for (const char* part : {"N", "N-", "2", "29-Dec"}) CHECK(recognised(part) == Recognition::kMore);
  CHECK(recognised(kHeader.substr(0, 20)) == Recognition::kMore);
  std::string log;
  for (int i = 0; i < 40; ++i) log += kLine;
  CHECK(recognised(log) == Recognition::kNo);
  CHECK(recognised("NICK ward\r\n") == Recognition::kNo);
  CHECK(recognised("220 ftp ready\r\n") == Recognition::kNo);
}

}  // namespace bedrail
