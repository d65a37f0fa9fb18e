#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& imap_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(imap_dissector());
  harness.stream(turns);
  harness.close();
  return test::told(harness);
}

}  // namespace

TEST_CASE("imap: dialogues, however they are cut") {
  test::check_seed(imap_dissector(), "plain",
                   R"~(server service tcp/143 imap product="Dovecot" version="" encrypted=false
server clue imap.banner="Dovecot (Debian) ready." role=server
client clue imap.client="Thunderbird 115.0" role=client
server clue imap.server="Dovecot" role=server
server login imap mechanism=plain cleartext=true outcome=accepted secret=<redacted> empty=false same=false
server session imap authentication=present encrypted=false
)~");
  test::check_seed(imap_dissector(), "preauth",
                   R"~(server service tcp/143 imap product="" version="" encrypted=false
server clue imap.banner="IMAP4rev1 server logged in" role=server
server session imap authentication=none encrypted=false
)~");
  test::check_seed(imap_dissector(), "refused",
                   R"~(server service tcp/143 imap product="Microsoft Exchange" version="" encrypted=false
server clue imap.banner="Microsoft Exchange Server 2003 IMAP4rev1 server version 6.5.7638.1 ready." role=server
server login imap mechanism=plain cleartext=true outcome=refused secret=<redacted> empty=false same=false
)~");
  test::check_seed(imap_dissector(), "tls",
                   R"~(server service tcp/143 imap product="" version="" encrypted=false
server clue imap.banner="IMAP4rev1 ready" role=server
server session imap authentication=unknown encrypted=true
)~");
}

TEST_CASE("imap: after a gap less is said, never something else") {
  for (const std::string_view name : {"plain", "preauth", "refused", "tls"})
    test::check_gaps(imap_dissector(), name);
}

TEST_CASE("imap: accounts and passwords are told nowhere") {
  for (const std::string_view name : {"plain", "refused"}) {
    const std::string text = test::told_of(imap_dissector(), {"imap", name});
    for (const std::string_view word : {"anna", "ret12"}) CHECK(text.find(word) == std::string::npos);
  }
}

TEST_CASE("imap: what does not fit") {
  CHECK(said({{kDown, "* OK IMAP4rev1\r\n"}, {kUp, std::string(9000, 'a')}})
            .find("anomaly imap line-too-long") != std::string::npos);
  CHECK(
      said({{kDown, "* OK IMAP4rev1\r\n"}, {kUp, "1 LOGIN\r\n"}, {kDown, "1 BAD\r\n"}, {kUp, "1 ID )(\r\n"}})
          .find("login") != std::string::npos);
}

TEST_CASE("imap: recognised by a greeting that says so, others on its port alone") {
  const DissectorInfo& info = imap_dissector();
  CHECK(test::recognised(info, "* OK [CAPABILITY IMAP4rev1] ready\r\n"sv, false, kDown) == Recognition::kYes);
  CHECK(test::recognised(info, "* OK ready\r\n"sv, false, kDown) == Recognition::kNo);
  CHECK(test::recognised(info, "* OK ready\r\n"sv, true, kDown) == Recognition::kYes);
  CHECK(test::recognised(info, "* OK re"sv, false, kDown) == Recognition::kMore);
  CHECK(test::recognised(info, "*2\r\n$3\r\nGET\r\n"sv, true, kDown) == Recognition::kNo);
  CHECK(test::recognised(info, "* OK IMAP\r\n"sv, true, kUp) == Recognition::kNo);
  test::check_strangers(info);
}
}  // namespace bedrail
