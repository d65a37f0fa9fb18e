#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& x11_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;
const std::string kOpen = "l\0\x0b\0\0\0\0\0\0\0\0\0"s;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(x11_dissector());
  harness.stream(turns);
  return test::told(harness);
}

}  // namespace

TEST_CASE("x11: who may open a window, and where, however the stream is cut") {
  test::check_seed(
      x11_dissector(), "open",
      R"~(server service tcp/6000 x11 product="The X.Org Foundation" version="1.21.1.7" encrypted=false
server clue x11.vendor="The X.Org Foundation" role=server
server clue x11.release="12101007" role=server
server session x11 authentication=none encrypted=false
)~");
  test::check_seed(x11_dissector(), "cookie",
                   R"~(server service tcp/6000 x11 product="HC-Consult" version="6410" encrypted=false
server clue x11.vendor="HC-Consult" role=server
server clue x11.release="6410" role=server
server login x11 mechanism=cookie cleartext=true outcome=accepted secret=<redacted> empty=false same=false
server session x11 authentication=present encrypted=false
)~");
  test::check_seed(x11_dissector(), "refused",
                   R"~(server service tcp/6000 x11 product="" version="" encrypted=false
)~");
}

TEST_CASE("x11: after a gap less is said, never something else") {
  for (const std::string_view name : {"open", "cookie", "refused"}) test::check_gaps(x11_dissector(), name);
}

TEST_CASE("x11: what does not fit is an anomaly") {
  CHECK(said({{kUp, "l\0\x0b\0\0\0\xff\xff\0\0\0\0"s}}).find("anomaly x11 bad-setup") != std::string::npos);
  CHECK(said({{kUp, kOpen}, {kDown, "\x07\0\x0b\0\0\0\0\0"s}}).find("anomaly x11 bad-reply") !=
        std::string::npos);
  const std::string vendor_beyond =
      "\1\0\x0b\0\0\0\x08\0"s + std::string(16, 'x') + "\xff\x03"s + std::string(14, 'x');
  CHECK(said({{kUp, kOpen}, {kDown, vendor_beyond}}).find("anomaly x11 bad-reply") != std::string::npos);
}

TEST_CASE("x11: recognised by the setup's form on any port") {
  const DissectorInfo& info = x11_dissector();
  CHECK(test::recognised(info, kOpen) == Recognition::kYes);
  CHECK(test::recognised(info, "B\0\0\x0b\0\0\0\x12\0\x10\0\0MIT-MAGIC-COOKIE-1"sv) == Recognition::kYes);
  CHECK(test::recognised(info, "B\0\0\x0b\0\0\0\x12"sv) == Recognition::kMore);
  CHECK(test::recognised(info, "B\0\0\x0b\0\0\0\x12\0\x10\0\0MIT-MAGIC-COOKIE-9"sv, true) ==
        Recognition::kNo);
  CHECK(test::recognised(info, "BEGIN"sv) == Recognition::kNo);
  CHECK(test::recognised(info, kOpen + "GET"s) == Recognition::kNo);
  CHECK(test::recognised(info, kOpen, true, kDown) == Recognition::kNo);
  test::check_strangers(info);
}

}  // namespace bedrail
