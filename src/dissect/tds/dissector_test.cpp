#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& tds_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(tds_dissector());
  harness.stream(turns);
  harness.close();
  return test::told(harness);
}

}  // namespace

TEST_CASE("tds: dialogues, however they are cut") {
  test::check_seed(tds_dissector(), "clear",
                   R"~(client clue tds.client-version="11.0.3128" role=client
server clue tds.instance="PACS" role=server
server service tcp/1433 tds product="Microsoft SQL Server" version="10.50.1600" encrypted=false
server clue tds.server-version="10.50.1600" role=server
server clue tds.encryption="not-supported" role=server
client name kind=tds name="WS-RAD3"
client clue tds.application="Radiology Viewer" role=client
client clue tds.library="ODBC" role=client
server clue tds.database="PACSDB" role=server
server name kind=tds name="SQL01"
server name kind=tds name="SQL01"
server session tds authentication=present encrypted=false
server login tds mechanism=plain cleartext=true outcome=accepted secret=<redacted> empty=false same=false
)~");
  test::check_seed(tds_dissector(), "encrypted",
                   R"~(client clue tds.client-version="11.0.3128" role=client
server service tcp/1433 tds product="Microsoft SQL Server" version="15.0.2000" encrypted=true
server clue tds.server-version="15.0.2000" role=server
server clue tds.encryption="on" role=server
server session tds authentication=present encrypted=true
)~");
  test::check_seed(tds_dissector(), "login-only",
                   R"~(client clue tds.client-version="11.0.3128" role=client
server service tcp/1433 tds product="Microsoft SQL Server" version="15.0.2000" encrypted=false
server clue tds.server-version="15.0.2000" role=server
server clue tds.encryption="login-only" role=server
server session tds authentication=present encrypted=false
)~");
  test::check_seed(tds_dissector(), "ntlm",
                   R"~(client name kind=tds name="WS-RAD3"
client clue tds.application="Cabinet" role=client
client clue tds.library="OLEDB" role=client
server clue tds.database="CABINET" role=server
server name kind=tds name="SQL01"
client clue ntlm.version="6.1.7601" role=client
server clue ntlm.version="6.1.7601" role=server
server name kind=ntlm name="DC01"
server name kind=ntlm name="dc01.ward.example"
server clue ntlm.domain="WARD" role=server
server clue ntlm.dns-domain="ward.example" role=server
client name kind=ntlm name="CT01"
client clue ntlm.domain="WARD" role=client
client clue ntlm.machine-account="CT01$" role=client
server name kind=tds name="SQL01"
server service tcp/1433 tds product="Microsoft SQL Server" version="10.50.1600" encrypted=false
server clue tds.server-version="10.50.1600" role=server
server session tds authentication=present encrypted=false
server protocol ntlm version="2" agreed=true
server login tds mechanism=ntlmv2 cleartext=false outcome=accepted secret=<unseen> empty=false same=false
)~");
  test::check_seed(tds_dissector(), "old",
                   R"~(client name kind=tds name="LABPC"
client clue tds.application="labsys" role=client
server name kind=tds name="SYBASE1"
server service tcp/1433 tds product="sql server" version="12.5.0" encrypted=false
server clue tds.server-version="12.5.0" role=server
server session tds authentication=present encrypted=false
server login tds mechanism=plain cleartext=true outcome=accepted secret=<redacted> empty=false same=false
)~");
  test::check_seed(tds_dissector(), "refused",
                   R"~(client clue tds.client-version="11.0.3128" role=client
server service tcp/1433 tds product="Microsoft SQL Server" version="10.50.1600" encrypted=false
server clue tds.server-version="10.50.1600" role=server
server clue tds.encryption="not-supported" role=server
client name kind=tds name="WS-RAD3"
client clue tds.application="Viewer" role=client
client clue tds.library="ODBC" role=client
server name kind=tds name="SQL01"
server login tds mechanism=plain cleartext=true outcome=refused secret=<redacted> empty=false same=true
)~");
}

TEST_CASE("tds: after a gap less is said, never something else") {
  for (const std::string_view name : {"clear", "encrypted", "login-only", "ntlm", "old", "refused"})
    test::check_gaps(tds_dissector(), name);
}

TEST_CASE("tds: accounts and passwords are told nowhere") {
  for (const std::string_view name : {"clear", "refused", "old"}) {
    const std::string text = test::told_of(tds_dissector(), {"tds", name});
    for (const std::string_view word : {"secret12", "\"sa\"", "pacs"})
      CHECK(text.find(word) == std::string::npos);
  }
}

TEST_CASE("tds: what does not fit is an anomaly") {
  CHECK(said({{kUp, "\x12\x01\x00\x04\x00\x00\x01\x00"s}}) == "client anomaly tds bad-packet\n");
  CHECK(said({{kUp, "\x12\x01\x00\x0e\x00\x00\x01\x00\x00\x00\x20\x00\x06\xff"s}}) ==
        "client anomaly tds bad-prelogin\n");
  CHECK(said({{kUp, "\x10\x01\x00\x10\x00\x00\x01\x00\x08\x00\x00\x00\x04\x00\x00\x74"s}}) ==
        "client anomaly tds bad-login\n");
}

TEST_CASE("tds: recognised by a prelogin's or login's form") {
  const DissectorInfo& info = tds_dissector();
  const auto prelogin = "\x12\x01\x00\x2f\x00\x00\x01\x00\x00\x00\x1a\x00\x06\x01"sv;
  CHECK(test::recognised(info, prelogin) == Recognition::kYes);
  CHECK(test::recognised(info, prelogin.substr(0, 5)) == Recognition::kMore);
  CHECK(test::recognised(info, prelogin, true, kDown) == Recognition::kNo);
  CHECK(test::recognised(info, "\x12\x01\x00\x2f\x00\x00\x01\x00\x00\x00\x1a\x00\x05\x01"sv, true) ==
        Recognition::kNo);
  CHECK(test::recognised(info, "\x10\x01\x00\x90\x00\x00\x01\x00\x88\x00\x00\x00\x02\x00\x09\x72"sv) ==
        Recognition::kYes);
  // The old form has nothing of its own but its place.
  const std::string old = "\x02\x01\x02\x00\x00\x00\x00\x00"s + std::string(500, 'x');
  CHECK(test::recognised(info, old) == Recognition::kNo);
  CHECK(test::recognised(info, old, true) == Recognition::kYes);
  test::check_strangers(info);
}
}  // namespace bedrail
