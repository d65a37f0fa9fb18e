#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& pop3_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(pop3_dissector());
  harness.stream(turns);
  harness.close();
  return test::told(harness);
}

}  // namespace

TEST_CASE("pop3: dialogues, however they are cut") {
  test::check_seed(pop3_dissector(), "plain",
                   R"~(server service tcp/110 pop3 product="Dovecot" version="" encrypted=false
server clue pop3.banner="Dovecot (Debian) ready." role=server
server clue pop3.implementation="Cyrus-POP3-v2.4.17" role=server
server login pop3 mechanism=plain cleartext=true outcome=accepted secret=<redacted> empty=false same=false
server session pop3 authentication=present encrypted=false
)~");
  test::check_seed(pop3_dissector(), "refused",
                   R"~(server service tcp/110 pop3 product="Microsoft Exchange" version="" encrypted=false
server clue pop3.banner="Microsoft Exchange POP3 server ready" role=server
server login pop3 mechanism=plain cleartext=true outcome=refused secret=<redacted> empty=false same=true
server login pop3 mechanism=digest cleartext=false outcome=refused secret=<unseen> empty=false same=false
)~");
  test::check_seed(pop3_dissector(), "tls",
                   R"~(server service tcp/110 pop3 product="" version="" encrypted=false
server clue pop3.banner="POP3 ready" role=server
server session pop3 authentication=unknown encrypted=true
)~");
}

TEST_CASE("pop3: after a gap less is said, never something else") {
  for (const std::string_view name : {"plain", "refused", "tls"}) test::check_gaps(pop3_dissector(), name);
}

TEST_CASE("pop3: accounts and passwords are told nowhere") {
  for (const std::string_view name : {"plain", "refused"}) {
    const std::string text = test::told_of(pop3_dissector(), {"pop3", name});
    for (const std::string_view word : {"anna", "secret12", "17.2.3"})
      CHECK(text.find(word) == std::string::npos);
  }
}

TEST_CASE("pop3: what does not fit") {
  CHECK(said({{kDown, "+OK POP3\r\n"}, {kUp, std::string(5000, 'a')}}).find("anomaly pop3 line-too-long") !=
        std::string::npos);
}

TEST_CASE("pop3: recognised by a greeting that says so, others on its port alone") {
  const DissectorInfo& info = pop3_dissector();
  CHECK(test::recognised(info, "+OK Pop server\r\n"sv, false, kDown) == Recognition::kYes);
  CHECK(test::recognised(info, "+OK\r\n"sv, false, kDown) == Recognition::kNo);
  CHECK(test::recognised(info, "+OK\r\n"sv, true, kDown) == Recognition::kYes);
  CHECK(test::recognised(info, "+OK"sv, false, kDown) == Recognition::kMore);
  CHECK(test::recognised(info, "CAPA\r\n"sv) == Recognition::kYes);
  CHECK(test::recognised(info, "USER anna\r\n"sv, true) == Recognition::kNo);
  test::check_strangers(info);
}
}  // namespace bedrail
