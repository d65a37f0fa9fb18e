#include <doctest/doctest.h>

#include "dissect/rdp/conference.h"
#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& rdp_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

constexpr std::string_view kRequest =
    "\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00\x01\x00\x08\x00\x0b\x00\x00\x00"sv;
constexpr std::string_view kBareRequest = "\x03\x00\x00\x0b\x06\xe0\x00\x00\x00\x00\x00"sv;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(rdp_dissector());
  harness.stream(turns);
  return test::told(harness);
}

}  // namespace

TEST_CASE("rdp: what is asked for, chosen and refused, however the stream is cut") {
  test::check_seed(rdp_dissector(), "credssp",
                   R"~(client clue rdp.requested="standard,tls,credssp" role=client
server clue rdp.negotiation-flags="0x1f" role=server
server service tcp/3389 rdp product="" version="" encrypted=true
server protocol rdp version="credssp" agreed=true
server session rdp authentication=present encrypted=true
)~");
  test::check_seed(rdp_dissector(), "tls",
                   R"~(server clue rdp.routed-to="172.31.249.216" role=server
client clue rdp.requested="standard,tls" role=client
server clue rdp.negotiation-flags="0x00" role=server
server service tcp/3389 rdp product="" version="" encrypted=true
server protocol rdp version="tls" agreed=true
server session rdp authentication=unknown encrypted=true
)~");
  test::check_seed(rdp_dissector(), "refused",
                   R"~(client clue rdp.requested="standard" role=client
server service tcp/3389 rdp product="" version="" encrypted=true
server clue rdp.refused="credssp-required" role=server
)~");
}

TEST_CASE("rdp: under its own security both sides say who they are") {
  test::check_seed(rdp_dissector(), "standard",
                   R"~(client clue rdp.requested="standard" role=client
server clue rdp.negotiation-flags="0x00" role=server
server service tcp/3389 rdp product="" version="" encrypted=false
server protocol rdp version="standard" agreed=true
client name kind=rdp name="CT-CONSOLE"
client clue rdp.client-build="7601" role=client
client clue rdp.client-version="5" role=client
server clue rdp.server-version="5" role=server
server clue rdp.encryption="rc4-128" role=server
server session rdp authentication=unknown encrypted=true
)~");
  test::check_seed(rdp_dissector(), "old-server",
                   R"~(client clue rdp.requested="standard" role=client
server service tcp/3389 rdp product="" version="" encrypted=false
server protocol rdp version="standard" agreed=true
client name kind=rdp name="CT-CONSOLE"
client clue rdp.client-build="7601" role=client
client clue rdp.client-version="5" role=client
server clue rdp.server-version="5" role=server
server clue rdp.encryption="none" role=server
server session rdp authentication=unknown encrypted=false
)~");
}

TEST_CASE("rdp: after a gap less is said, never something else") {
  for (const std::string_view name : {"credssp", "tls", "standard", "old-server", "refused"})
    test::check_gaps(rdp_dissector(), name);
}

TEST_CASE("rdp: the account in a cookie is told nowhere") {
  for (const std::string_view name : {"credssp", "old-server"})
    CHECK(test::told_of(rdp_dissector(), {"rdp", name}).find("nurse7") == std::string::npos);
}

TEST_CASE("rdp: what does not fit is an anomaly") {
  const std::string request(kRequest);
  CHECK(said({{kUp, request}, {kDown, "\x03\x00\x00\x05zz"s}}).find("anomaly rdp bad-packet") !=
        std::string::npos);
  CHECK(said({{kUp, request}, {kDown, "\x03\x00\x00\x09\xf0\xd0\x00\x00\x00"s}})
            .find("anomaly rdp bad-packet") != std::string::npos);
  CHECK(said({{kUp,
               "\x03\x00\x00\x13\x0e\xe0\x00\x00\x00\x00\x00"
               "Cookie: "s}})
            .find("anomaly rdp bad-negotiation") != std::string::npos);
  CHECK(said({{kUp, request}, {kDown, "\x03\x00\x00\x0f\x0a\xd0\x00\x00\x00\x00\x00\x02\x00\x08\x00"s}})
            .find("anomaly rdp bad-negotiation") != std::string::npos);
  CHECK(said({{kUp, std::string(kBareRequest)}, {kUp, "\x03\x00\x00\x0a\x02\xf0\x80\x7f\x65\x00"s}})
            .find("anomaly rdp bad-connect") != std::string::npos);
}

TEST_CASE("rdp: the conference's blocks are bounded by what holds them") {
  CHECK_FALSE(
      rdp::read_client_core(as_bytes("\x7f\x65\x00"
                                     "Duca\x10\x01\xc0\xd8\x00"sv)));
  CHECK_FALSE(
      rdp::read_client_core(as_bytes("\x7f\x66\x00"
                                     "Duca\x00"sv)));
  CHECK_FALSE(rdp::read_server_data(as_bytes("\x7f\x66\x00McDn\x04\x01\x0c\x03\x00"sv)));
  CHECK(rdp::version_text(0x00080001) == "4");
  CHECK(rdp::version_text(0x00080011) == "10.12");
  CHECK(rdp::version_text(0x00090000) == "0x00090000");
  CHECK(rdp::encryption_text(8) == "rc4-56");
  CHECK(rdp::encryption_text(16) == "fips");
  CHECK(rdp::encryption_text(3) == "other");
}

TEST_CASE("rdp: recognised by its negotiation or cookie, a bare request on its port alone") {
  const DissectorInfo& info = rdp_dissector();
  CHECK(test::recognised(info, kRequest) == Recognition::kYes);
  CHECK(test::recognised(info, kRequest.substr(0, 10)) == Recognition::kMore);
  CHECK(test::recognised(info, kRequest, false, kDown) == Recognition::kNo);
  CHECK(test::recognised(info,
                         "\x03\x00\x00\x13\x0e\xd0\x00\x00\x12\x34\x00\x02\x1f\x08\x00\x02\x00\x00\x00"sv,
                         false, kDown) == Recognition::kYes);
  CHECK(test::recognised(info, kBareRequest) == Recognition::kNo);
  CHECK(test::recognised(info, kBareRequest, true) == Recognition::kYes);
  CHECK(test::recognised(info, "\x03\x00\x00\x0d\x08\xe0\x00\x00\x00\x00\x00\r\n"sv, true) ==
        Recognition::kYes);
  // S7's connection request names transport selectors.
  CHECK(test::recognised(
            info,
            "\x03\x00\x00\x16\x11\xe0\x00\x00\x00\x01\x00\xc0\x01\x0a\xc1\x02\x01\x00\xc2\x02\x01\x02"sv,
            true) == Recognition::kNo);
  test::check_strangers(info);
}

}  // namespace bedrail
