#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& lonworks_dissector();

namespace {

using enum Direction;

const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";

/// A message of a type; `rest` after the header.
std::string message(std::string_view type, const std::string& rest, std::string_view flags = "00",
                    std::string_view vendor = "0000") {
  const std::size_t size = rest.size() + 20;
  return std::string(1, static_cast<char>(size >> 8)) + static_cast<char>(size & 0xff) + "\x01" +
         test::from_hex(type) + std::string(1, '\0') + test::from_hex(flags) + test::from_hex(vendor) +
         "sessseqntime" + rest;
}
std::string said(Direction direction, const std::vector<std::string>& datagrams) {
  test::DissectHarness harness(lonworks_dissector(), Transport::kUdp);
  for (const std::string& datagram : datagrams) harness.datagram(direction, datagram);
  return harness.text();
}

}  // namespace

TEST_CASE("lonworks: who speaks, and what kinds of message, once") {
  CHECK(said(kToClient,
             {message("03", "r", "00", "0001"), message("03", "r", "00", "0001"), message("01", "d")}) ==
        kServer + "service udp/1628 lonworks product=\"\" version=\"\" encrypted=false\n" + kServer +
            "clue lonworks.message=\"device-registration\" role=self\n" + kServer +
            "clue lonworks.vendor-code=\"1\" role=self\n" + kServer +
            "clue lonworks.message=\"data\" role=self\n");
}

TEST_CASE("lonworks: whether messages are authenticated") {
  CHECK(said(kToServer, {message("63", "")}).find("session lonworks authentication=none") !=
        std::string::npos);
  CHECK(said(kToServer, {message("63", "", "20")}).find("session lonworks authentication=present") !=
        std::string::npos);
}

TEST_CASE("lonworks: malformed messages") {
  const std::string anomaly = kClient + "anomaly lonworks malformed-message\n";
  CHECK(said(kToServer, {"abc"}) == anomaly);
  CHECK(said(kToServer, {message("01", "d") + "x"}) == anomaly);
  CHECK(said(kToServer, {message("09", "d")}) == anomaly);
}

TEST_CASE("lonworks: recognised on its ports only") {
  const auto recognised = [](const std::string& text, bool on_port) {
    return lonworks_dissector().recognise({kToServer, as_bytes(text), 40000, 1628, false, on_port});
  };
  CHECK(recognised(message("01", "d"), true) == Recognition::kYes);
  CHECK(recognised(message("01", "d"), false) == Recognition::kNo);
  CHECK(recognised(message("01", "d") + "x", true) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n\r\n", true) == Recognition::kNo);
}

}  // namespace bedrail
