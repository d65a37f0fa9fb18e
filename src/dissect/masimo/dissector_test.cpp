#include <doctest/doctest.h>

#include <fmt/format.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& masimo_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServed = kServer + "service tcp/4001 masimo product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "session masimo authentication=none encrypted=false\n";
const std::string kOdd = kClient + "anomaly masimo ";

std::string clue(const std::string& who, const std::string& text, const std::string& role) {
  return who + "clue masimo." + text + " role=" + role + "\n";
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(masimo_dissector(), Transport::kTcp, 4001);
  harness.stream(turns, step);
  return harness.text();
}
Recognition recognised(const std::string& text) {
  return masimo_dissector().recognise({kUp, as_bytes(text), 40000, 4001, false, false});
}

const std::string kLine =
    "01/02/24 03:04:05 SN=0000012345 SPO2=098% BPM=072 PI=3.12% SPCO=--% SPMET=--% ALARM=0000 EXC=000000\r\n";

}  // namespace

TEST_CASE("masimo: the serial number of each line, once, however the stream is cut") {
  for (const std::size_t step : {0U, 1U, 30U}) {
    CHECK(said({{kDown, kLine + kLine}}, step) == kServed + clue(kServer, "serial=\"0000012345\"", "server"));
    CHECK(said({{kUp, kLine + kLine}}, step) == clue(kClient, "serial=\"0000012345\"", "client"));
  }
}

TEST_CASE("masimo: gaps and odd lines") {
  CHECK(said({{kUp, "nothing of the kind\r\n"}}) == kOdd + "bad-line\n");
  CHECK(said({{kUp, std::string(600, '0') + "\r\n"}}) == kOdd + "line-too-long\n");
  CHECK(said({{kUp, std::string(600, '0') + "\r\n"}}, 100) == kOdd + "line-too-long\n");
  test::DissectHarness harness(masimo_dissector(), Transport::kTcp, 4001);
  harness.piece(kUp, kLine.substr(0, 30));
  CHECK(harness.gap(kUp, 10));
  harness.piece(kUp, kLine.substr(40) + kLine);
  CHECK(harness.text() == clue(kClient, "serial=\"0000012345\"", "client"));
}

TEST_CASE("masimo: recognised by a line's front") {
  CHECK(recognised(kLine) == Recognition::kYes);
  CHECK(recognised(kLine.substr(0, 10)) == Recognition::kMore);
  CHECK(recognised("01/02/24 03:04:05 SPO2=098%") == Recognition::kNo);
  CHECK(recognised("220 ftp ready\r\n") == Recognition::kNo);
  CHECK(recognised("00000108<?xml version") == Recognition::kNo);
}

}  // namespace bedrail
