#include <doctest/doctest.h>

#include "dissect/vnc/desktop.h"
#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& vnc_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(vnc_dissector());
  harness.stream(turns);
  return test::told(harness);
}

}  // namespace

TEST_CASE("vnc: versions, security, verdicts and the desktop's name, however the stream is cut") {
  test::check_seed(vnc_dissector(), "none",
                   R"~(server service tcp/5900 vnc product="" version="3.8" encrypted=false
server clue vnc.banner="RFB 003.008" role=server
client clue vnc.banner="RFB 003.008" role=client
server clue vnc.security="none,vnc" role=server
server protocol vnc version="none" agreed=true
server session vnc authentication=none encrypted=false
server name kind=vnc name="ct01"
server clue vnc.desktop="X desktop (ct01:1)" role=server
)~");
  test::check_seed(vnc_dissector(), "vnc-auth",
                   R"~(server service tcp/5900 vnc product="" version="3.889" encrypted=false
server clue vnc.banner="RFB 003.889" role=server
client clue vnc.banner="RFB 003.008" role=client
server clue vnc.security="vnc,apple-dh" role=server
server protocol vnc version="vnc" agreed=true
server login vnc mechanism=vnc cleartext=false outcome=accepted secret=<unseen> empty=false same=false
server session vnc authentication=present encrypted=false
server name kind=vnc name="mac01"
server clue vnc.desktop="mac01" role=server
)~");
  test::check_seed(vnc_dissector(), "refused",
                   R"~(server service tcp/5900 vnc product="" version="3.8" encrypted=false
server clue vnc.banner="RFB 003.008" role=server
client clue vnc.banner="RFB 003.008" role=client
server clue vnc.security="vnc" role=server
server protocol vnc version="vnc" agreed=true
server login vnc mechanism=vnc cleartext=false outcome=refused secret=<unseen> empty=false same=false
)~");
  test::check_seed(vnc_dissector(), "vencrypt",
                   R"~(server service tcp/5900 vnc product="" version="3.8" encrypted=false
server clue vnc.banner="RFB 003.008" role=server
client clue vnc.banner="RFB 003.008" role=client
server clue vnc.security="vencrypt,tls" role=server
server protocol vnc version="vencrypt" agreed=true
server session vnc authentication=present encrypted=true
)~");
  test::check_seed(vnc_dissector(), "too-many",
                   R"~(server service tcp/5900 vnc product="" version="3.8" encrypted=false
server clue vnc.banner="RFB 003.008" role=server
client clue vnc.banner="RFB 003.008" role=client
)~");
}

TEST_CASE("vnc: before 3.8 the handshake is shorter") {
  test::check_seed(vnc_dissector(), "version-3-3",
                   R"~(server service tcp/5900 vnc product="" version="3.8" encrypted=false
server clue vnc.banner="RFB 003.008" role=server
client clue vnc.banner="RFB 003.003" role=client
server clue vnc.security="none" role=server
server protocol vnc version="none" agreed=true
server session vnc authentication=none encrypted=false
server name kind=vnc name="ULTRASOUND2"
server clue vnc.desktop="ULTRASOUND2 ( 10.0.0.5 ) - service mode" role=server
)~");
  test::check_seed(vnc_dissector(), "version-3-7",
                   R"~(server service tcp/5900 vnc product="" version="3.7" encrypted=false
server clue vnc.banner="RFB 003.007" role=server
client clue vnc.banner="RFB 003.007" role=client
server clue vnc.security="none" role=server
server protocol vnc version="none" agreed=true
server session vnc authentication=none encrypted=false
server name kind=vnc name="monitor-3"
server clue vnc.desktop="monitor-3:0" role=server
)~");
}

TEST_CASE("vnc: after a gap less is said, never something else") {
  for (const std::string_view name :
       {"none", "vnc-auth", "refused", "vencrypt", "version-3-3", "version-3-7"})
    test::check_gaps(vnc_dissector(), name);
}

TEST_CASE("vnc: a desktop's name tells the host and no account") {
  const auto read = [](std::string_view name) {
    const vnc::Desktop desktop = vnc::read_desktop(name);
    return desktop.host + "|" + desktop.title;
  };
  CHECK(read("ct01:1 (anna)") == "ct01|ct01:1");
  CHECK(read("anna's X desktop (ct01:1)") == "ct01|X desktop (ct01:1)");
  CHECK(read("anna\xe2\x80\x99s remote desktop on ct01") == "ct01|remote desktop on ct01");
  CHECK(read("ULTRASOUND2 ( 10.0.0.5 ) - service mode") ==
        "ULTRASOUND2|ULTRASOUND2 ( 10.0.0.5 ) - service mode");
  CHECK(read("QEMU (console-7)") == "|QEMU");
  CHECK(read("localhost:0") == "|localhost:0");
  CHECK(read("10.0.0.5:0") == "|10.0.0.5:0");
  CHECK(read("Central Station 4") == "|Central Station 4");
  CHECK(read("ct01") == "ct01|ct01");
  CHECK(read("") == "|");
  CHECK(read("anna's desktop") == "desktop|desktop");
}

TEST_CASE("vnc: what does not fit is an anomaly") {
  const std::string banner = "RFB 003.008\n";
  CHECK(said({{kDown, banner}, {kUp, "RFB 003.zzz\n"}}).find("anomaly vnc bad-banner") != std::string::npos);
  CHECK(said({{kDown, banner}, {kUp, "RFB 003.003\n"}, {kDown, "\x01\x02\x03\x04"}})
            .find("anomaly vnc bad-security") != std::string::npos);
  const std::vector<test::DissectHarness::Turn> chosen = {
      {kDown, banner}, {kUp, banner}, {kDown, "\x01\x01"}, {kUp, "\x01"}};
  auto result = chosen;
  result.emplace_back(kDown, "\x01\x02\x03\x04");
  CHECK(said(result).find("anomaly vnc bad-result") != std::string::npos);
  auto name = chosen;
  name.emplace_back(kDown, std::string(4, '\0') + std::string(20, 'p') + std::string(4, '\x7f'));
  CHECK(said(name).find("anomaly vnc name-too-long") != std::string::npos);
}

TEST_CASE("vnc: recognised by the server's banner on any port") {
  const DissectorInfo& info = vnc_dissector();
  CHECK(test::recognised(info, "RFB 003.889\n", false, kDown) == Recognition::kYes);
  CHECK(test::recognised(info, "RFB", false, kDown) == Recognition::kMore);
  CHECK(test::recognised(info, "RFB 003.008 ", false, kDown) == Recognition::kNo);
  CHECK(test::recognised(info, "RFB 003.008\n", true, kUp) == Recognition::kNo);
  test::check_strangers(info);
}

}  // namespace bedrail
