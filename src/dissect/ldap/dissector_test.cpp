#include <doctest/doctest.h>

#include "dissect/ldap/netlogon.h"
#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& ldap_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

std::string said(const std::vector<test::DissectHarness::Turn>& turns,
                 Transport transport = Transport::kTcp) {
  test::DissectHarness harness(ldap_dissector(), transport);
  if (transport == Transport::kTcp) {
    harness.stream(turns);
  } else {
    for (const auto& [direction, bytes] : turns) (void)harness.datagram(direction, bytes);
  }
  return test::told(harness);
}

}  // namespace

TEST_CASE("ldap: dialogues, however they are cut") {
  test::check_seed(ldap_dissector(), "active-directory",
                   R"~(server service tcp/389 ldap product="" version="" encrypted=false
server clue ldap.domain="ward.example" role=server
server clue ldap.domain="ward.example" role=server
server clue ldap.versions="3,2" role=server
server clue ldap.mechanisms="GSSAPI,GSS-SPNEGO,EXTERNAL,DIGEST-MD5" role=server
server name kind=ldap name="DC01.ward.example"
server clue ldap.site="Main-Hospital" role=server
server clue ldap.domain-functionality="4" role=server
server clue ldap.forest-functionality="4" role=server
server clue ldap.controller-functionality="4" role=server
server service tcp/389 ldap product="Active Directory" version="" encrypted=false
)~");
  test::check_seed(ldap_dissector(), "anonymous",
                   R"~(server service tcp/389 ldap product="" version="" encrypted=false
server protocol ldap version="3" agreed=true
server login ldap mechanism=anonymous cleartext=false outcome=accepted secret=<unseen> empty=false same=false
server session ldap authentication=none encrypted=false
)~");
  test::check_seed(ldap_dissector(), "kerberos",
                   R"~(server name kind=kerberos name="dc01.ward.example"
server service tcp/389 ldap product="" version="" encrypted=false
server protocol ldap version="3" agreed=true
server session ldap authentication=present encrypted=false
)~");
  test::check_seed(ldap_dissector(), "ntlm",
                   R"~(client clue ntlm.version="6.1.7601" role=client
server service tcp/389 ldap product="" version="" encrypted=false
server protocol ldap version="3" agreed=true
server clue ntlm.version="6.1.7601" role=server
server name kind=ntlm name="DC01"
server name kind=ntlm name="dc01.ward.example"
server clue ntlm.domain="WARD" role=server
server clue ntlm.dns-domain="ward.example" role=server
client name kind=ntlm name="CT01"
client clue ntlm.domain="WARD" role=client
client clue ntlm.machine-account="CT01$" role=client
server protocol ntlm version="2" agreed=true
server login ldap mechanism=ntlmv2 cleartext=false outcome=accepted secret=<unseen> empty=false same=false
server session ldap authentication=present encrypted=false
server session ldap authentication=present encrypted=true
)~");
  test::check_seed(ldap_dissector(), "ping",
                   R"~(client name kind=ldap name="CT01"
server service udp/389 ldap product="" version="" encrypted=false
server name kind=ldap name="dc01.ward.example"
server name kind=netbios name="DC01"
server clue ldap.domain="ward.example" role=server
server clue ldap.netbios-domain="WARD" role=server
server clue ldap.site="Main-Hospital" role=server
client clue ldap.site="Clinic-East" role=client
server clue ldap.controller="2008 R2" role=server
)~");
  test::check_seed(ldap_dissector(), "plain",
                   R"~(server service tcp/389 ldap product="" version="" encrypted=false
server protocol ldap version="3" agreed=true
server login ldap mechanism=plain cleartext=true outcome=accepted secret=<redacted> empty=false same=false
server session ldap authentication=present encrypted=false
)~");
  test::check_seed(ldap_dissector(), "refused",
                   R"~(server service tcp/389 ldap product="" version="" encrypted=false
server protocol ldap version="3" agreed=true
server login ldap mechanism=plain cleartext=true outcome=refused secret=<redacted> empty=false same=true
)~");
  test::check_seed(ldap_dissector(), "sasl-plain",
                   R"~(server service tcp/389 ldap product="" version="" encrypted=false
server protocol ldap version="3" agreed=true
server login ldap mechanism=plain cleartext=true outcome=accepted secret=<redacted> empty=false same=false
server session ldap authentication=present encrypted=false
)~");
  test::check_seed(ldap_dissector(), "start-tls",
                   R"~(server service tcp/389 ldap product="" version="" encrypted=false
server session ldap authentication=unknown encrypted=true
)~");
}

TEST_CASE("ldap: people, passwords and entries are told nowhere") {
  for (const std::string_view name : {"plain", "anonymous", "refused", "sasl-plain", "ping"}) {
    const std::string text = test::told_of(ldap_dissector(), {"ldap", name});
    for (const std::string_view word : {"nna", "secret12", "cn=", "admin"})
      CHECK(text.find(word) == std::string::npos);
  }
}

TEST_CASE("ldap: after a gap less is said, never something else") {
  for (const std::string_view name : {"active-directory", "plain", "ntlm", "start-tls"})
    test::check_gaps(ldap_dissector(), name, 9);
}

TEST_CASE("ldap: what does not fit is an anomaly") {
  CHECK(said({{Direction::kToServer, "\x30\x80\x02\x01"s}}) == "client anomaly ldap malformed\n");
  CHECK(said({{Direction::kToServer, "\x30\x05\x02\x01\x01\x60\x05"s}}) == "client anomaly ldap malformed\n");
  CHECK(said({{Direction::kToServer, "\x30\x05\x02\x01\x01\x04\x00"s}}) == "client anomaly ldap malformed\n");
  CHECK(said({{Direction::kToServer, "\x30\x20\x02\x01\x01"s}}, Transport::kUdp) ==
        "client anomaly ldap truncated\n");
  // Sealed messages without a bind before them.
  CHECK(said({{Direction::kToServer, "\x30\x06\x02\x01\x01\x63\x01\x00"s}}) ==
        "client anomaly ldap malformed\n");
}

TEST_CASE("ldap: a controller's answer that points in circles ends") {
  std::string value = "\x17\x00\x00\x00\xfd\x33\x00\x00"s + std::string(16, 'G');
  CHECK_FALSE(ldap::read_netlogon(as_bytes(value + "\xc0\x18"s)));
  CHECK_FALSE(ldap::read_netlogon(as_bytes(value + "\x3f\x61"s)));
  CHECK_FALSE(ldap::read_netlogon(as_bytes(value + "\x80"s)));
  CHECK_FALSE(ldap::read_netlogon(as_bytes("\x13\x00"s + std::string(40, '\0'))));
  CHECK(ldap::read_netlogon(as_bytes(value + std::string(8, '\0'))));
  CHECK(ldap::generation(0x1f3fd) == "2016");
  CHECK(ldap::generation(0xf3fd) == "2012 R2");
  CHECK(ldap::generation(0x73fd) == "2012");
  CHECK(ldap::generation(0x11fd) == "2008");
  CHECK(ldap::generation(0x1fd) == "2003");
}

TEST_CASE("ldap: recognised by what it asks, answers on its port alone") {
  const DissectorInfo& info = ldap_dissector();
  const auto bind = "\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x03\x04\x00\x80\x00"sv;
  CHECK(test::recognised(info, bind) == Recognition::kYes);
  CHECK(test::recognised(info, bind.substr(0, 6)) == Recognition::kMore);
  CHECK(test::recognised(info, bind, true, Direction::kToClient) == Recognition::kNo);
  const auto answer = "\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00"sv;
  CHECK(test::recognised(info, answer, true, Direction::kToClient) == Recognition::kYes);
  CHECK(test::recognised(info, answer, false, Direction::kToClient) == Recognition::kMaybe);
  // SNMP's first element is its version, and a text follows.
  CHECK(test::recognised(info, "\x30\x0c\x02\x01\x00\x04\x06public\xa0\x00"sv, true) == Recognition::kNo);
  // A bind whose length does not fit, one of another version.
  CHECK(test::recognised(info, "\x30\x0c\x02\x01\x01\x60\x70\x02\x01\x03\x04\x00\x80\x00"sv) ==
        Recognition::kNo);
  CHECK(test::recognised(info, "\x30\x0c\x02\x01\x01\x60\x07\x02\x01\x09\x04\x00\x80\x00"sv) ==
        Recognition::kNo);
  test::check_strangers(info);
}

}  // namespace bedrail
