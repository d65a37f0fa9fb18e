#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& dcerpc_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(dcerpc_dissector());
  harness.stream(turns);
  harness.close();
  return test::told(harness);
}

}  // namespace

TEST_CASE("dcerpc: dialogues, however they are cut") {
  test::check_seed(dcerpc_dissector(), "big-endian",
                   R"~(client clue dcerpc.interface="samr" role=client
server service tcp/135 dcerpc product="" version="" encrypted=false
server clue dcerpc.interface="samr" role=server
client message dcerpc "samr EnumerateUsersInDomain" status=""
)~");
  test::check_seed(dcerpc_dissector(), "kerberos",
                   R"~(server name kind=kerberos name="dc01.ward.example"
client clue dcerpc.interface="drsuapi" role=client
server service tcp/135 dcerpc product="" version="" encrypted=false
server clue dcerpc.interface="drsuapi" role=server
client message dcerpc "drsuapi DsGetNCChanges" status=""
server session dcerpc authentication=present encrypted=true
)~");
  test::check_seed(dcerpc_dissector(), "mapper",
                   R"~(client clue dcerpc.interface="epmapper" role=client
server service tcp/135 dcerpc product="" version="" encrypted=false
server clue dcerpc.interface="epmapper" role=server
server clue dcerpc.interface="drsuapi" role=server
server service tcp/49155 dcerpc product="" version="" encrypted=false
server name kind=netbios name="DC01"
)~");
  test::check_seed(dcerpc_dissector(), "nak",
                   R"~(client clue ntlm.version="6.1.7601" role=client
client clue dcerpc.interface="samr" role=client
server service tcp/135 dcerpc product="" version="" encrypted=false
)~");
  test::check_seed(dcerpc_dissector(), "open",
                   R"~(client clue dcerpc.interface="samr" role=client
client clue dcerpc.interface="11111111-2222-3333-4444-555555555555" role=client
server service tcp/135 dcerpc product="" version="" encrypted=false
server clue dcerpc.interface="samr" role=server
client message dcerpc "samr EnumerateUsersInDomain" status=""
server session dcerpc authentication=none encrypted=false
)~");
  test::check_seed(dcerpc_dissector(), "refused",
                   R"~(client clue ntlm.version="6.1.7601" role=client
client clue dcerpc.interface="samr" role=client
server service tcp/135 dcerpc product="" version="" encrypted=false
server clue ntlm.version="6.1.7601" role=server
server name kind=ntlm name="DC01"
server name kind=ntlm name="dc01.ward.example"
server clue ntlm.domain="WARD" role=server
server clue ntlm.dns-domain="ward.example" role=server
server clue dcerpc.interface="samr" role=server
client name kind=ntlm name="CT01"
client clue ntlm.domain="WARD" role=client
client message dcerpc "samr EnumerateUsersInDomain" status=""
server protocol ntlm version="1" agreed=false
server login dcerpc mechanism=ntlmv1 cleartext=false outcome=refused secret=<unseen> empty=false same=false
)~");
  test::check_seed(dcerpc_dissector(), "server-alive",
                   R"~(client clue dcerpc.interface="oxid-resolver" role=client
server service tcp/135 dcerpc product="" version="" encrypted=false
server clue dcerpc.interface="oxid-resolver" role=server
server name kind=dcom name="CT01"
server clue dcerpc.binding="10.0.0.5" role=server
server clue dcerpc.binding="192.168.7.1" role=server
)~");
  test::check_seed(dcerpc_dissector(), "services",
                   R"~(client clue ntlm.version="6.1.7601" role=client
client clue dcerpc.interface="svcctl" role=client
server service tcp/135 dcerpc product="" version="" encrypted=false
server clue ntlm.version="6.1.7601" role=server
server name kind=ntlm name="DC01"
server name kind=ntlm name="dc01.ward.example"
server clue ntlm.domain="WARD" role=server
server clue ntlm.dns-domain="ward.example" role=server
server clue dcerpc.interface="svcctl" role=server
client name kind=ntlm name="CT01"
client clue ntlm.domain="WARD" role=client
client clue ntlm.machine-account="CT01$" role=client
client message dcerpc "svcctl CreateServiceW" status=""
server protocol ntlm version="2" agreed=true
server login dcerpc mechanism=ntlmv2 cleartext=false outcome=accepted secret=<unseen> empty=false same=false
server session dcerpc authentication=present encrypted=true
)~");
}

TEST_CASE("dcerpc: after a gap less is said, never something else") {
  for (const std::string_view name :
       {"big-endian", "kerberos", "mapper", "nak", "open", "refused", "server-alive", "services"})
    test::check_gaps(dcerpc_dissector(), name);
}

TEST_CASE("dcerpc: what does not fit is an anomaly") {
  const std::string head = "\x05\x00\x0b\x03\x10\x00\x00\x00"s;
  CHECK(said({{kUp, "\x05\x00\x0b\x03\x10\x00\x00\x00\x05\x00\x00\x00\x01\x00\x00\x00"s}}) ==
        "client anomaly dcerpc bad-header\n");
  CHECK(said({{kUp, head + "\x1c\x00\x00\x00\x01\x00\x00\x00"s + std::string(8, '\0') +
                        "\x09\x00\x00\x00"s}}) == "client anomaly dcerpc malformed\n");
  // A trailer longer than its unit.
  CHECK(said({{kUp, head + "\x1c\x00\x40\x00\x01\x00\x00\x00"s + std::string(12, '\0')}}) ==
        "client anomaly dcerpc bad-header\n");
  CHECK(said({{kDown, "\x05\x00\x0c\x03\x10\x00\x00\x00\x1a\x00\x00\x00\x01\x00\x00\x00"s +
                          std::string(8, '\0') + "\xff\xff"s}})
            .find("anomaly dcerpc malformed") != std::string::npos);
}

TEST_CASE("dcerpc: recognised by its header, in the direction that each unit travels") {
  const DissectorInfo& info = dcerpc_dissector();
  const std::string bind = "\x05\x00\x0b\x03\x10\x00\x00\x00\x48\x00\x00\x00\x01\x00\x00\x00"s;
  CHECK(test::recognised(info, bind) == Recognition::kYes);
  CHECK(test::recognised(info, bind, true, kDown) == Recognition::kNo);
  CHECK(test::recognised(info, bind.substr(0, 7)) == Recognition::kMore);
  CHECK(test::recognised(info, "\x05\x00\x02\x03\x10\x00\x00\x00\x20\x00\x00\x00\x01\x00\x00\x00"s, false,
                         kDown) == Recognition::kYes);
  CHECK(test::recognised(info, "\x05\x01\x00"sv) == Recognition::kMore);
  CHECK(test::recognised(info, "\x05\x02\x00\x02"sv, true) == Recognition::kNo);
  CHECK(test::recognised(info, "\x05\x00\x01\x03\x10\x00\x00\x00\x48\x00\x00\x00\x01\x00\x00\x00"s) ==
        Recognition::kNo);
  test::check_strangers(info);
}
}  // namespace bedrail
