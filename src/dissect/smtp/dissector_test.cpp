#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& smtp_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(smtp_dissector());
  harness.stream(turns);
  harness.close();
  return test::told(harness);
}

}  // namespace

TEST_CASE("smtp: dialogues, however they are cut") {
  test::check_seed(
      smtp_dissector(), "login",
      R"~(server service tcp/25 smtp product="Microsoft ESMTP MAIL Service" version="7.5.7601.17514" encrypted=false
server clue smtp.banner="relay.ward.example Microsoft ESMTP MAIL Service, Version: 7.5.7601.17514 ready at" role=server
server name kind=smtp name="relay.ward.example"
client name kind=smtp name="UPS-7"
server clue smtp.features="AUTH LOGIN" role=server
server login smtp mechanism=login cleartext=true outcome=refused secret=<redacted> empty=false same=true
)~");
  test::check_seed(
      smtp_dissector(), "ntlm",
      R"~(server service tcp/25 smtp product="Microsoft ESMTP MAIL Service" version="" encrypted=false
server clue smtp.banner="exch.ward.example Microsoft ESMTP MAIL Service ready" role=server
server name kind=smtp name="exch.ward.example"
client name kind=smtp name="WS4"
client clue ntlm.version="6.1.7601" role=client
server clue ntlm.version="6.1.7601" role=server
server name kind=ntlm name="DC01"
server name kind=ntlm name="dc01.ward.example"
server clue ntlm.domain="WARD" role=server
server clue ntlm.dns-domain="ward.example" role=server
client name kind=ntlm name="CT01"
client clue ntlm.domain="WARD" role=client
client clue ntlm.machine-account="CT01$" role=client
server login smtp mechanism=ntlmv2 cleartext=false outcome=accepted secret=<unseen> empty=false same=false
server protocol ntlm version="2" agreed=true
server session smtp authentication=present encrypted=false
)~");
  test::check_seed(smtp_dissector(), "old",
                   R"~(server service tcp/25 smtp product="Sendmail" version="8.13.8" encrypted=false
server clue smtp.banner="hub.ward.example Sendmail 8.13.8/8.13.8" role=server
server name kind=smtp name="hub.ward.example"
client name kind=smtp name="pump-station"
)~");
  test::check_seed(smtp_dissector(), "plain",
                   R"~(server service tcp/25 smtp product="Exim" version="4.96" encrypted=false
server clue smtp.banner="mail.ward.example ESMTP Exim 4.96" role=server
server name kind=smtp name="mail.ward.example"
client name kind=smtp name="ct01.ward.example"
server clue smtp.features="SIZE 52428800,AUTH PLAIN LOGIN,HELP" role=server
server login smtp mechanism=plain cleartext=true outcome=accepted secret=<redacted> empty=false same=false
server session smtp authentication=present encrypted=false
client clue smtp.mailer="Example Scanner FW 1.4" role=client
)~");
  test::check_seed(smtp_dissector(), "tls",
                   R"~(server service tcp/25 smtp product="Postfix" version="" encrypted=false
server clue smtp.banner="mx.ward.example ESMTP Postfix (Debian/GNU)" role=server
server name kind=smtp name="mx.ward.example"
server clue smtp.features="STARTTLS" role=server
server session smtp authentication=unknown encrypted=true
)~");
}

TEST_CASE("smtp: after a gap less is said, never something else") {
  for (const std::string_view name : {"login", "ntlm", "old", "plain", "tls"})
    test::check_gaps(smtp_dissector(), name);
}

TEST_CASE("smtp: addresses, subjects, accounts and passwords are told nowhere") {
  for (const std::string_view name : {"plain", "login", "old"}) {
    const std::string text = test::told_of(smtp_dissector(), {"smtp", name});
    for (const std::string_view word :
         {"anna", "Anna", "dr@", "scanner", "secret12", "\"ups\"", "no header", "not.a.command", "Nov 2026"})
      CHECK(text.find(word) == std::string::npos);
  }
}

TEST_CASE("smtp: what does not fit") {
  CHECK(said({{kDown, "220 x SMTP\r\n"}, {kUp, std::string(5000, 'a')}}).find("anomaly smtp line-too-long") !=
        std::string::npos);
  test::DissectHarness harness(smtp_dissector());
  CHECK_FALSE(harness.stream({{kDown, "hello\r\n"}}));
  CHECK(harness.result() == StreamFeeder::Result::kFailed);
}

TEST_CASE("smtp: recognised by a greeting that says so, others on its port alone") {
  const DissectorInfo& info = smtp_dissector();
  CHECK(test::recognised(info, "220 mail ESMTP ready\r\n"sv, false, kDown) == Recognition::kYes);
  CHECK(test::recognised(info, "220 mail ready\r\n"sv, false, kDown) == Recognition::kNo);
  CHECK(test::recognised(info, "220 mail ready\r\n"sv, true, kDown) == Recognition::kYes);
  CHECK(test::recognised(info, "220 ProFTPD ready\r\n"sv, true, kDown) == Recognition::kNo);
  CHECK(test::recognised(info, "220"sv, false, kDown) == Recognition::kMore);
  CHECK(test::recognised(info, "230 x SMTP\r\n"sv, true, kDown) == Recognition::kNo);
  CHECK(test::recognised(info, "ehlo ct01\r\n"sv) == Recognition::kYes);
  CHECK(test::recognised(info, "HEAD / HTTP/1.1\r\n"sv, true) == Recognition::kNo);
}
}  // namespace bedrail
