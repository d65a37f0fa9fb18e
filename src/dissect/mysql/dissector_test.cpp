#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& mysql_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(mysql_dissector());
  harness.stream(turns);
  harness.close();
  return test::told(harness);
}

}  // namespace

TEST_CASE("mysql: dialogues, however they are cut") {
  test::check_seed(mysql_dissector(), "native",
                   R"~(server service tcp/3306 mysql product="MySQL" version="5.5.62" encrypted=false
server clue mysql.version="5.5.62-log" role=server
server clue mysql.database="labdb" role=server
client clue mysql.plugin="mysql_native_password" role=client
client clue mysql.program="LabViewer" role=client
server name kind=mysql name="db01.ward.example"
client clue mysql.client="libmysql 5.7.19" role=client
client clue mysql.client-os="Windows AMD64" role=client
server login mysql mechanism=native cleartext=false outcome=accepted secret=<unseen> empty=false same=false
server session mysql authentication=present encrypted=false
)~");
  test::check_seed(mysql_dissector(), "no-password",
                   R"~(server service tcp/3306 mysql product="MariaDB" version="10.1.48" encrypted=false
server clue mysql.version="5.5.5-10.1.48-MariaDB-0+deb9u2" role=server
client clue mysql.plugin="mysql_native_password" role=client
server login mysql mechanism=native cleartext=false outcome=accepted secret=<unseen> empty=true same=false
server session mysql authentication=present encrypted=false
)~");
  test::check_seed(mysql_dissector(), "not-allowed",
                   R"~(server service tcp/3306 mysql product="" version="" encrypted=false
)~");
  test::check_seed(mysql_dissector(), "switched",
                   R"~(server service tcp/3306 mysql product="MySQL" version="8.0.36" encrypted=false
server clue mysql.version="8.0.36-0ubuntu0.22.04.1" role=server
client clue mysql.plugin="caching_sha2_password" role=client
server login mysql mechanism=native cleartext=false outcome=refused secret=<unseen> empty=false same=false
)~");
  test::check_seed(mysql_dissector(), "tls",
                   R"~(server service tcp/3306 mysql product="MySQL" version="8.0.36" encrypted=false
server clue mysql.version="8.0.36" role=server
server session mysql authentication=present encrypted=true
)~");
}

TEST_CASE("mysql: after a gap less is said, never something else") {
  for (const std::string_view name : {"native", "no-password", "not-allowed", "switched", "tls"})
    test::check_gaps(mysql_dissector(), name);
}

TEST_CASE("mysql: what does not fit is an anomaly") {
  CHECK(said({{kDown, "\x00\x00\x01\x00"s}}) == "client anomaly mysql bad-packet\n");
  CHECK(said({{kDown, "\x03\x00\x00\x00\x0a\x35\x2e"s}}) == "client anomaly mysql bad-greeting\n");
  const test::SeedDialogue seed("mysql", "native");
  CHECK(said({seed.turns.front(), {kUp, "\x06\x00\x00\x01\xff\xf7\x00\x00\x01\x00"s}})
            .find("anomaly mysql bad-login") != std::string::npos);
}

TEST_CASE("mysql: recognised by the server's greeting") {
  const DissectorInfo& info = mysql_dissector();
  const test::SeedDialogue seed("mysql", "native");
  const std::string& greeting = seed.turns.front().second;
  CHECK(test::recognised(info, greeting, false, kDown) == Recognition::kYes);
  CHECK(test::recognised(info, greeting, true, kUp) == Recognition::kNo);
  CHECK(test::recognised(info, std::string_view(greeting).substr(0, 6), false, kDown) == Recognition::kMore);
  CHECK(test::recognised(info, "\x20\x00\x00\x00\x0aword without a version\0"sv, true, kDown) ==
        Recognition::kNo);
  CHECK(test::recognised(info, "\x20\x00\x00\x01\x0a"sv, true, kDown) == Recognition::kNo);
  test::check_strangers(info);
}
}  // namespace bedrail
