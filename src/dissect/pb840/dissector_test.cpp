#include <doctest/doctest.h>

#include <fmt/format.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& pb840_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServed = kServer + "service tcp/4001 pb840 product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "session pb840 authentication=none encrypted=false\n";
const std::string kOdd = kClient + "anomaly pb840 ";

std::string clue(const std::string& who, const std::string& text, const std::string& role) {
  return who + "clue pb840." + text + " role=" + role + "\n";
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(pb840_dissector(), Transport::kTcp, 4001);
  harness.stream(turns, step);
  return harness.text();
}
Recognition recognised(const std::string& text) {
  return pb840_dissector().recognise({kUp, as_bytes(text), 40000, 4001, false, false});
}

std::string report(const std::string& kind, const std::string& content) {
  return fmt::format("{},{},4 ,\x02{}\x03\r", kind, content.size(), content);
}
const std::string kContent = "03:04 ,840 3510080001    ,JAN 02 2024 ,INVASIVE ,";
const std::string kReport = report("MISCF", kContent);

std::string told(const std::string& who, const std::string& role) {
  return clue(who, "report=\"MISCF\"", role) + clue(who, "id=\"840 3510080001\"", role);
}

}  // namespace

TEST_CASE("pb840: the ventilator's own words, however the stream is cut") {
  CHECK(kReport.starts_with("MISCF,49,4 ,"));
  const Turns turns = {{kUp, "SNDF\r"}, {kDown, kReport}, {kUp, "RSET\rSNDF\r"}, {kDown, kReport}};
  const std::string expected =
      kServed + told(kServer, "server") + kClient + "message pb840 \"RSET\" status=\"\"\n";
  for (const std::size_t step : {0U, 1U, 9U}) CHECK(said(turns, step) == expected);
  CHECK(said({{kDown, "SNDA\r"}, {kUp, kReport}}) == told(kClient, "client"));
  CHECK(said({{kUp, report("VRPT", "a,b")}}) == clue(kClient, "report=\"VRPT\"", "client"));
  CHECK(said({{kUp, "BS, S:12,\r\n1.2, 3.4\r\nBE\r\n"}}) == clue(kClient, "report=\"waves\"", "client"));
}

TEST_CASE("pb840: gaps and odd reports") {
  CHECK(said({{kUp, "MISCF,48,4 ,\x02" + kContent + "\x03\r"}}) == kOdd + "bad-report\n");
  CHECK(said({{kUp, "MISCF,x,4 ,\x02" + kContent + "\x03\r"}}) == kOdd + "bad-report\n");
  CHECK(said({{kUp, "MISCF,49,4 ," + kContent + "\r"}}) == kOdd + "bad-report\n");
  CHECK(said({{kUp, std::string(5000, 'x') + "\r"}}) == kOdd + "line-too-long\n");
  test::DissectHarness harness(pb840_dissector(), Transport::kTcp, 4001);
  CHECK(harness.gap(kUp, 10));
  harness.piece(kUp, kReport.substr(20) + kReport);
  CHECK(harness.text() == told(kClient, "client"));
}

TEST_CASE("pb840: recognised by request, report or waves") {
  CHECK(recognised("SNDA\r") == Recognition::kYes);
  CHECK(recognised(kReport) == Recognition::kYes);
  CHECK(recognised(report("VRPT", "a,b")) == Recognition::kYes);
  CHECK(recognised("BS, S:12,\r\n") == Recognition::kYes);
  for (const char* part : {"SND", "MISCF,49", "BS, S:1"}) CHECK(recognised(part) == Recognition::kMore);
  CHECK(recognised("BS, S:x,\r\n") == Recognition::kNo);
  CHECK(recognised("RSET\r\n") == Recognition::kNo);
  CHECK(recognised("MAIL FROM:<a@b>\r\n") == Recognition::kNo);
  CHECK(recognised("SSH-2.0-x\r\n") == Recognition::kNo);
}

}  // namespace bedrail
