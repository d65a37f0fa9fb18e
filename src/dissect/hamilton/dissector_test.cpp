#include <doctest/doctest.h>

#include <fmt/format.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& hamilton_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServed = kServer +
                            "service tcp/4001 hamilton product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "session hamilton authentication=none encrypted=false\n";
const std::string kOdd = kClient + "anomaly hamilton ";

std::string clue(const std::string& who, const std::string& text, const std::string& role) {
  return who + "clue hamilton." + text + " role=" + role + "\n";
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(hamilton_dissector(), Transport::kTcp, 4001);
  harness.stream(turns, step);
  return harness.text();
}
Recognition recognised(const std::string& text) {
  return hamilton_dissector().recognise({kUp, as_bytes(text), 40000, 4001, false, false});
}

std::string request(char id) { return std::string("\x02") + id + "\x03\r"; }
std::string answer(char id, const std::string& value) { return std::string("\x02") + id + value + "\x03\r"; }
const std::string kBlock = test::from_hex("0231300b50302031350b50ff0331340d");
/// Groups 40h and 41h; its sum was worked out with the polynomial D5h over 02h to 03h.
const std::string kIdentity =
    "\x02"
    "10\x0b@0 HAMILTON-G5\x0b"
    "A1 2.60\x0b@2 \x01\x0bP\xff\x03"
    "9B\r";

}  // namespace

TEST_CASE("hamilton: polling, however the stream is cut") {
  const Turns turns = {{kUp, request('V')},
                       {kDown, answer('V', "01234")},
                       {kUp, request('#') + request('x')},
                       {kDown, answer('#', "   12") + answer('x', "012345678") + answer('R', "ERROR")}};
  const std::string expected =
      kServed + clue(kServer, "device=\"answers\"", "server") + clue(kServer, "number=\"01234\"", "server");
  for (const std::size_t step : {0U, 1U, 5U}) CHECK(said(turns, step) == expected);
}

TEST_CASE("hamilton: blocks") {
  const std::string expected =
      clue(kClient, "device=\"block\"", "client") + clue(kClient, "software=\"2.60\"", "client");
  for (const std::size_t step : {0U, 1U, 5U}) CHECK(said({{kUp, kBlock + kIdentity}}, step) == expected);
}

TEST_CASE("hamilton: gaps and odd frames") {
  std::string wrong = kBlock;
  wrong[5] = 'x';
  CHECK(said({{kUp, wrong}}) == kOdd + "bad-frame\n");
  CHECK(said({{kUp, answer('V', "0123")}}) == kOdd + "bad-frame\n");
  CHECK(said({{kUp, answer('V',
                           "01\x01"
                           "34")}}) == kOdd + "bad-frame\n");
  CHECK(said({{kUp, "\x02" + std::string(3000, 'x')}}) == kOdd + "frame-too-long\n");
  test::DissectHarness harness(hamilton_dissector(), Transport::kTcp, 4001);
  harness.piece(kUp, kIdentity.substr(0, 10));
  CHECK(harness.gap(kUp, 5));
  harness.piece(kUp, kIdentity.substr(15));
  CHECK(harness.text().empty());
}

TEST_CASE("hamilton: recognised by a sum, or by frames in a row") {
  CHECK(recognised(kBlock) == Recognition::kYes);
  CHECK(recognised(answer('V', "01234")) == Recognition::kMaybe);
  CHECK(recognised(answer('V', "01234") + answer('#', "   12")) == Recognition::kYes);
  CHECK(recognised(request('V')) == Recognition::kMaybe);
  CHECK(recognised("\x02") == Recognition::kMore);
  CHECK(recognised("\x02"
                   "1H|\\^&|||ACME\r") == Recognition::kNo);  // a laboratory's analyser (ASTM)
  CHECK(recognised("\x02" + std::string(3000, 'x')) == Recognition::kNo);
  CHECK(recognised(answer('V', "01234") + "x") == Recognition::kMaybe);
  CHECK(recognised("x" + answer('V', "01234")) == Recognition::kNo);
}

}  // namespace bedrail
