#include <doctest/doctest.h>

#include <fmt/format.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& capnostream_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServed = kServer +
                            "service tcp/4001 capnostream product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "session capnostream authentication=none encrypted=false\n";
const std::string kOdd = kClient + "anomaly capnostream ";

std::string clue(const std::string& who, const std::string& text, const std::string& role) {
  return who + "clue capnostream." + text + " role=" + role + "\n";
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(capnostream_dissector(), Transport::kTcp, 4001);
  harness.stream(turns, step);
  return harness.text();
}
Recognition recognised(const std::string& text) {
  return capnostream_dissector().recognise({kUp, as_bytes(text), 40000, 4001, false, false});
}

std::string message(int code, const std::string& payload = "") {
  std::string body = std::string(1, static_cast<char>(payload.size() + 1)) + static_cast<char>(code);
  for (const char c : payload) {
    const auto value = static_cast<unsigned char>(c);
    if (value == 0x85 || value == 0x80) {
      body += '\x80';
      body += static_cast<char>(value & 0x0f);
    } else {
      body += c;
    }
  }
  char sum = 0;
  for (const char c : body) sum = static_cast<char>(sum ^ c);
  return "\x85" + body + sum;
}
const std::string kEnable = message(1);
const std::string kIdentity = message(4, "V04.56 01/02/2019 N 12000001  ");

std::string told(const std::string& who, const std::string& role) {
  return clue(who, "device=\"tells\"", role) + clue(who, "software=\"V04.56\"", role) +
         clue(who, "oximetry=\"N 12\"", role) + clue(who, "serial=\"000001\"", role);
}

}  // namespace

TEST_CASE("capnostream: software, board and serial number, however the stream is cut") {
  CHECK(kEnable == test::from_hex("85010100"));
  const Turns turns = {{kUp, kEnable},
                       {kDown, kIdentity + message(0, "\x01\x85\x80\x02")},
                       {kUp, message(60, "\x05\x10") + message(60, "\x06\x10") + message(3, "\x01")},
                       {kDown, message(2, "                    ") + message(2, "0001                ")},
                       {kUp, message(61, "0001                ")}};
  const std::string expected = kServed + told(kServer, "server") + kClient +
                               "message capnostream \"setup\" status=\"\"\n" + kClient +
                               "message capnostream \"setup\" status=\"\"\n" + kServer +
                               "patient-data capnostream message=\"patient-id\" fields=id\n";
  for (const std::size_t step : {0U, 1U, 7U}) CHECK(said(turns, step) == expected);
  CHECK(said({{kUp, kIdentity}}) == told(kClient, "client"));
}

TEST_CASE("capnostream: gaps and odd messages") {
  CHECK(said({{kUp, test::from_hex("85010101")}}) == kOdd + "bad-message\n");
  CHECK(said({{kUp, test::from_hex("8500")}}) == kOdd + "bad-message\n");
  CHECK(said({{kUp, test::from_hex("8504018501")}}).starts_with(kOdd + "bad-message\n"));
  CHECK(said({{kDown, message(4, "no identity")}}).ends_with(kOdd + "bad-identity\n"));
  test::DissectHarness harness(capnostream_dissector(), Transport::kTcp, 4001);
  harness.piece(kUp, kIdentity.substr(0, 10));
  CHECK(harness.gap(kUp, 10));
  harness.piece(kUp, kIdentity.substr(20) + kIdentity);
  CHECK(harness.text() == told(kClient, "client"));
}

TEST_CASE("capnostream: recognised by messages' sums") {
  CHECK(recognised(kIdentity) == Recognition::kYes);
  CHECK(recognised(kEnable) == Recognition::kMaybe);
  CHECK(recognised(kEnable + kEnable) == Recognition::kYes);
  CHECK(recognised(kEnable.substr(0, 2)) == Recognition::kMore);
  CHECK(recognised(test::from_hex("85010101")) == Recognition::kNo);
  CHECK(recognised(test::from_hex("85000000")) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n") == Recognition::kNo);
}

}  // namespace bedrail
