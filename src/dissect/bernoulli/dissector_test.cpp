#include <doctest/doctest.h>

#include <fmt/format.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& bernoulli_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kServed = kServer +
                            "service tcp/17008 bernoulli product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "session bernoulli authentication=none encrypted=false\n";
const std::string kOdd = kClient + "anomaly bernoulli ";

std::string clue(const std::string& who, const std::string& text, const std::string& role) {
  return who + "clue bernoulli." + text + " role=" + role + "\n";
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(bernoulli_dissector(), Transport::kTcp, 17008);
  harness.stream(turns, step);
  return harness.text();
}
Recognition recognised(const std::string& text) {
  return bernoulli_dissector().recognise({kUp, as_bytes(text), 40000, 17008, false, false});
}

const std::string kSubscribe =
    "<cpc seq=\"1\" datetime=\"2024-01-02 03:04:05\" version=\"x\" type=\"GUI\" bid=\"gui1\" "
    "conntype=\"subscriber\">"
    "<device bid=\"*\"/></cpc>";
const std::string kUpdate =
    "<?xml version=\"1.0\"?>\n<cpc seq=\"7\" datetime=\"2024-01-02 03:04:06\" version=\"x\"><device "
    "bid=\"ICU 7\" make=\"Draeger\" "
    "model=\"Evita XL\"><measurements><m name=\"rr\">12</m><mg>AAAA</mg></measurements></device></cpc>";

}  // namespace

TEST_CASE("bernoulli: the gateway, its subscribers, the devices at its beds, however the stream is cut") {
  const Turns turns = {{kUp, kSubscribe}, {kDown, kUpdate + kUpdate}, {kUp, kSubscribe}};
  const std::string expected = kServed + kClient + "message bernoulli \"subscribe\" status=\"\"\n" +
                               clue(kServer, "gateway=\"speaks\"", "server") +
                               clue(kServer, "bedside=\"Draeger^Evita XL^ICU 7\"", "server");
  for (const std::size_t step : {0U, 1U, 20U}) CHECK(said(turns, step) == expected);
}

TEST_CASE("bernoulli: gaps and odd tags") {
  CHECK(said({{kUp, "<" + std::string(5000, 'x')}}) == kOdd + "tag-too-long\n");
  CHECK(said({{kUp, "<device make=\"a\"/>"}}).empty());
  test::DissectHarness harness(bernoulli_dissector());
  harness.piece(kDown, kUpdate.substr(0, 40));
  CHECK(harness.gap(kDown, 60));
  harness.piece(kDown, kUpdate.substr(100));
  CHECK(harness.text().find("session") == std::string::npos);
}

TEST_CASE("bernoulli: recognised by its root") {
  CHECK(recognised(kSubscribe) == Recognition::kYes);
  CHECK(recognised(kUpdate) == Recognition::kYes);
  CHECK(recognised("<cp") == Recognition::kMore);
  CHECK(recognised(kUpdate.substr(0, 40)) == Recognition::kMore);
  CHECK(recognised("<cpc a=\"1\">") == Recognition::kNo);
  CHECK(recognised("<?xml version=\"1.0\"?><HEL.R01>") == Recognition::kNo);
  CHECK(recognised("<34>Oct 11 22:14:15 host su: x") == Recognition::kNo);
}

}  // namespace bedrail
