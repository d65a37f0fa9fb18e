#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& irc_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(irc_dissector());
  harness.stream(turns);
  harness.close();
  return test::told(harness);
}

}  // namespace

TEST_CASE("irc: dialogues, however they are cut") {
  test::check_seed(irc_dissector(), "refused",
                   R"~(server protocol irc version="" agreed=true
server service tcp/6667 irc product="" version="" encrypted=false
server name kind=irc name="hub.example"
)~");
  test::check_seed(irc_dissector(), "welcome",
                   R"~(server protocol irc version="" agreed=true
server service tcp/6667 irc product="" version="" encrypted=false
server name kind=irc name="irc.chat.example"
server login irc mechanism=plain cleartext=true outcome=accepted secret=<redacted> empty=false same=false
server session irc authentication=present encrypted=false
server service tcp/6667 irc product="UnrealIRCd" version="5.2.1" encrypted=false
server clue irc.server="UnrealIRCd-5.2.1" role=server
)~");
}

TEST_CASE("irc: after a gap less is said, never something else") {
  for (const std::string_view name : {"refused", "welcome"}) test::check_gaps(irc_dissector(), name);
}

TEST_CASE("irc: names, channels and passwords are told nowhere") {
  for (const std::string_view name : {"welcome", "refused"}) {
    const std::string text = test::told_of(irc_dissector(), {"irc", name});
    for (const std::string_view word : {"anna", "Anna", "bot7", "hunter2", "#x"})
      CHECK(text.find(word) == std::string::npos);
  }
}

TEST_CASE("irc: what does not fit") {
  CHECK(said({{kUp, std::string(5000, 'a')}}) == "client anomaly irc line-too-long\n");
  CHECK(said({{kDown, ":\r\n: \r\n@\r\n\r\n:a.b 004\r\n"}}).find("service") != std::string::npos);
}

TEST_CASE("irc: recognised by its first words") {
  const DissectorInfo& info = irc_dissector();
  CHECK(test::recognised(info, "NICK bot7\r\nUSER a b c :d\r\n"sv) == Recognition::kYes);
  CHECK(test::recognised(info, "NICK bot7"sv) == Recognition::kMore);
  CHECK(test::recognised(info, "PASS x\r\nNICK y\r\n"sv) == Recognition::kNo);
  CHECK(test::recognised(info, "PASS x\r\nNICK y\r\n"sv, true) == Recognition::kYes);
  CHECK(test::recognised(info, ":hub.example NOTICE AUTH :*** Looking\r\n"sv, false, kDown) ==
        Recognition::kYes);
  CHECK(test::recognised(info, ":hub.example PRIVMSG x :y\r\n"sv, false, kDown) == Recognition::kNo);
  CHECK(test::recognised(info, "USER anna\r\n"sv, true) == Recognition::kNo);
  test::check_strangers(info);
}
}  // namespace bedrail
