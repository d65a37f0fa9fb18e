#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& tns_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(tns_dissector());
  harness.stream(turns);
  harness.close();
  return test::told(harness);
}

}  // namespace

TEST_CASE("tns: dialogues, however they are cut") {
  test::check_seed(tns_dissector(), "accepted",
                   R"~(client name kind=tns name="LAB-PC7"
client clue tns.program="labview.exe" role=client
server clue tns.service="LIS" role=server
server name kind=tns name="lisdb.ward.example"
server service tcp/1521 tns product="Oracle Database" version="" encrypted=false
client clue tns.client-version="12.1.0.2.0" role=client
server clue tns.server-version="11.2.0.4.0" role=server
server service tcp/1521 tns product="Oracle Database" version="11.2.0.4.0" encrypted=false
)~");
  test::check_seed(tns_dissector(), "long",
                   R"~(client name kind=tns name="LAB-PC7"
client clue tns.program="labview.exe" role=client
server clue tns.service="LIS" role=server
server name kind=tns name="lisdb.ward.example"
server service tcp/1521 tns product="Oracle Database" version="" encrypted=false
)~");
  test::check_seed(tns_dissector(), "redirected",
                   R"~(client name kind=tns name="LAB-PC7"
client clue tns.program="labview.exe" role=client
server clue tns.service="LIS" role=server
server name kind=tns name="lisdb.ward.example"
server service tcp/1521 tns product="Oracle Database" version="" encrypted=false
)~");
  test::check_seed(tns_dissector(), "refused",
                   R"~(client name kind=tns name="LAB-PC7"
client clue tns.program="labview.exe" role=client
server clue tns.service="LIS" role=server
server name kind=tns name="lisdb.ward.example"
server service tcp/1521 tns product="Oracle Database" version="11.2.0.4.0" encrypted=false
server clue tns.server-version="11.2.0.4.0" role=server
server clue tns.error="TNS-12514" role=server
)~");
}

TEST_CASE("tns: after a gap less is said, never something else") {
  for (const std::string_view name : {"accepted", "long", "redirected", "refused"})
    test::check_gaps(tns_dissector(), name);
}

TEST_CASE("tns: the account is told nowhere") {
  for (const std::string_view name : {"accepted", "long"})
    CHECK(test::told_of(tns_dissector(), {"tns", name}).find("anna") == std::string::npos);
}

TEST_CASE("tns: what does not fit is an anomaly") {
  CHECK(said({{kUp, "\x00\x04\x00\x00\x01\x00\x00\x00"s}}) == "client anomaly tns bad-packet\n");
  CHECK(said({{kUp, "\x00\x10\x00\x00\x01\x00\x00\x00"s + std::string(8, '\0')}}) ==
        "client anomaly tns bad-connect\n");
}

TEST_CASE("tns: recognised by a connect's form") {
  const DissectorInfo& info = tns_dissector();
  const auto connect = "\x00\xc8\x00\x00\x01\x00\x00\x00\x01\x3a\x01\x2c"sv;
  CHECK(test::recognised(info, connect) == Recognition::kYes);
  CHECK(test::recognised(info, connect.substr(0, 5)) == Recognition::kMore);
  CHECK(test::recognised(info, connect, true, kDown) == Recognition::kNo);
  CHECK(test::recognised(info, "\x00\xc8\x00\x00\x06\x00\x00\x00\x01\x3a\x01\x2c"sv, true) ==
        Recognition::kNo);
  CHECK(test::recognised(info, "\x00\xc8\x00\x00\x01\x00\x00\x00\x09\x3a\x01\x2c"sv, true) ==
        Recognition::kNo);
  test::check_strangers(info);
}
}  // namespace bedrail
