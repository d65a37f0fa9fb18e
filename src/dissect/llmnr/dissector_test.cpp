#include <doctest/doctest.h>

#include "dissect_harness.h"
#include "dns_builder.h"

namespace bedrail {
const DissectorInfo& llmnr_dissector();

namespace {

using test::DnsBuilder;

constexpr auto kAnswer = DnsBuilder::kAnswer;

std::string said(Direction direction, const std::string& message) {
  test::DissectHarness harness(llmnr_dissector(), Transport::kUdp);
  harness.datagram(direction, message);
  return harness.text();
}

std::string query(unsigned type) { return DnsBuilder(0x0000).ask(DnsBuilder::name("WARD-PC"), type).text(); }

}  // namespace

TEST_CASE("llmnr: the asker's questions, the claim of a name apart") {
  CHECK(said(Direction::kToServer, query(1)) ==
        "10.0.0.1/02:00:00:00:00:01 clue llmnr.query=\"ward-pc\" role=client\n");
  CHECK(said(Direction::kToServer, query(255)) ==
        "10.0.0.1/02:00:00:00:00:01 clue llmnr.claim=\"ward-pc\" role=client\n");
  CHECK(said(Direction::kToServer, DnsBuilder(0).ask(DnsBuilder::name("9.0.0.10.in-addr.arpa"), 12).text())
            .empty());
  CHECK(said(Direction::kToServer, DnsBuilder(0x2800).ask(DnsBuilder::name("a"), 1).text()).empty());
}

TEST_CASE("llmnr: answers name their addresses, the responder's own with its MAC") {
  const std::string answer =
      DnsBuilder(0x8000)
          .ask(DnsBuilder::name("WARD-PC"), 1)
          .record(kAnswer, DnsBuilder::name("WARD-PC"), 1, std::string("\x0a\0\0\2", 4))
          .record(kAnswer, DnsBuilder::name("WARD-PC"), 1, std::string("\x0a\0\0\x09", 4))
          .record(kAnswer, DnsBuilder::name("WARD-PC"), 1, std::string("\xff\xff\xff\xff", 4))
          .record(kAnswer, DnsBuilder::name("8.0.0.10.in-addr.arpa"), 12, DnsBuilder::name("CT1"))
          .text();
  CHECK(said(Direction::kToClient, answer) ==
        "10.0.0.2/02:00:00:00:00:02 name kind=llmnr name=\"WARD-PC\"\n"
        "10.0.0.9 name kind=llmnr name=\"WARD-PC\"\n"
        "10.0.0.8 name kind=llmnr name=\"CT1\"\n");
  const std::string refused =
      DnsBuilder(0x8003).record(kAnswer, DnsBuilder::name("A"), 1, std::string("\x0a\0\0\2", 4)).text();
  CHECK(said(Direction::kToClient, refused).empty());
}

TEST_CASE("llmnr: malformed messages") {
  CHECK(said(Direction::kToServer, "abc") == "10.0.0.1/02:00:00:00:00:01 anomaly llmnr truncated\n");
  CHECK(said(Direction::kToServer, query(1).substr(0, 15)) ==
        "10.0.0.1/02:00:00:00:00:01 anomaly llmnr malformed\n");
}

TEST_CASE("llmnr: recognised on its port only") {
  const auto recognised = [](const std::string& text, bool on_port) {
    return llmnr_dissector().recognise({Direction::kToServer, as_bytes(text), 40000, 5355, false, on_port});
  };
  CHECK(recognised(query(1), true) == Recognition::kYes);
  CHECK(recognised(query(1), false) == Recognition::kNo);
  CHECK(recognised("M-SEARCH * HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
}

}  // namespace bedrail
