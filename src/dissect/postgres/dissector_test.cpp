#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& postgres_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(postgres_dissector());
  harness.stream(turns);
  harness.close();
  return test::told(harness);
}

}  // namespace

TEST_CASE("postgres: dialogues, however they are cut") {
  test::check_seed(postgres_dissector(), "clear",
                   R"~(server clue postgres.database="labdb" role=server
client clue postgres.application="Lab Viewer" role=client
server protocol postgres version="plain" agreed=true
server login postgres mechanism=plain cleartext=true outcome=accepted secret=<redacted> empty=false same=true
server session postgres authentication=present encrypted=false
server service tcp/5432 postgres product="PostgreSQL" version="9.4.26" encrypted=false
server clue postgres.server-version="9.4.26 (Debian 9.4.26-1)" role=server
)~");
  test::check_seed(postgres_dissector(), "md5",
                   R"~(server clue postgres.database="labdb" role=server
server protocol postgres version="md5" agreed=true
server service tcp/5432 postgres product="PostgreSQL" version="" encrypted=false
server login postgres mechanism=md5 cleartext=false outcome=refused secret=<unseen> empty=false same=false
)~");
  test::check_seed(postgres_dissector(), "scram",
                   R"~(server clue postgres.database="labdb" role=server
server protocol postgres version="scram" agreed=true
server login postgres mechanism=scram cleartext=false outcome=accepted secret=<unseen> empty=false same=false
server session postgres authentication=present encrypted=false
server service tcp/5432 postgres product="PostgreSQL" version="9.4.26" encrypted=false
server clue postgres.server-version="9.4.26 (Debian 9.4.26-1)" role=server
)~");
  test::check_seed(postgres_dissector(), "tls",
                   R"~(server service tcp/5432 postgres product="PostgreSQL" version="" encrypted=true
server session postgres authentication=unknown encrypted=true
)~");
  test::check_seed(postgres_dissector(), "trust",
                   R"~(server clue postgres.database="labdb" role=server
server session postgres authentication=none encrypted=false
server service tcp/5432 postgres product="PostgreSQL" version="9.4.26" encrypted=false
server clue postgres.server-version="9.4.26 (Debian 9.4.26-1)" role=server
)~");
}

TEST_CASE("postgres: after a gap less is said, never something else") {
  for (const std::string_view name : {"clear", "md5", "scram", "tls", "trust"})
    test::check_gaps(postgres_dissector(), name);
}

TEST_CASE("postgres: accounts and passwords are told nowhere") {
  CHECK(test::told_of(postgres_dissector(), {"postgres", "clear"}).find("\"lab\"") == std::string::npos);
}

TEST_CASE("postgres: what does not fit is an anomaly") {
  CHECK(said({{kUp, "\x00\x00\x00\x04\x00\x03\x00\x00"s}}) == "client anomaly postgres bad-startup\n");
  CHECK(said({{kUp, "\x00\x00\x00\x0c\x00\x03\x00\x00user"s}}) == "client anomaly postgres bad-startup\n");
  CHECK(said({{kDown, "R\x00\x00\x00\x02\x00"s}}) == "client anomaly postgres bad-message\n");
}

TEST_CASE("postgres: an error after the proof is no refusal") {
  const std::string startup = "\x00\x00\x00\x10\x00\x03\x00\x00user\x00u\x00\x00"s;
  const std::string text = said({{kUp, startup},
                                 {kDown, "R\x00\x00\x00\x0c\x00\x00\x00\x05salt"s},
                                 {kUp, "p\x00\x00\x00\x06x\x00"s},
                                 {kDown, "R\x00\x00\x00\x08\x00\x00\x00\x00"s + "E\x00\x00\x00\x06S\x00"s}});
  CHECK(text.find("outcome=accepted") != std::string::npos);
  CHECK(text.find("outcome=refused") == std::string::npos);
}

TEST_CASE("postgres: recognised by a startup or a request for encryption") {
  const DissectorInfo& info = postgres_dissector();
  CHECK(test::recognised(info, "\x00\x00\x00\x08\x04\xd2\x16\x2f"sv) == Recognition::kYes);
  CHECK(test::recognised(info, "\x00\x00\x00\x08\x04\xd2\x16\x30"sv) == Recognition::kYes);
  CHECK(test::recognised(info, "\x00\x00\x00\x11\x00\x03\x00\x00user\x00u\x00\x00"sv) == Recognition::kYes);
  CHECK(test::recognised(info, "\x00\x00\x00\x11\x00\x03\x00\x00user\x00u\x00\x00"sv, true, kDown) ==
        Recognition::kNo);
  CHECK(test::recognised(info, "\x00\x00\x00\x11"sv) == Recognition::kMore);
  CHECK(test::recognised(info, "\x00\x00\x00\x11\x00\x04\x00\x00user"sv, true) == Recognition::kNo);
  test::check_strangers(info);
}
}  // namespace bedrail
