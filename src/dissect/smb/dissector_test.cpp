#include <doctest/doctest.h>

#include <algorithm>

#include "ntlmssp_builder.h"
#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& smb_dissector();

namespace {

using test::DissectHarness;
using test::le;
using test::wide;
using Lines = std::vector<std::string>;

constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
constexpr std::uint32_t kMore = 0xc0000016, kLogonFailure = 0xc000006d;
const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ", kClient = "10.0.0.1/02:00:00:00:00:01 ";

std::string framed(const std::string& message) {
  return std::string(1, '\0') + static_cast<char>(message.size() >> 16) +
         static_cast<char>(message.size() >> 8) + static_cast<char>(message.size()) + message;
}

/// An SMB1 message; `words` and `data` as they are.
std::string smb1(int command, bool response, const std::string& words, const std::string& data,
                 std::uint32_t status = 0, std::uint16_t flags2 = 0xc801, int mid = 1) {
  return framed("\xffSMB" + le(command, 1) + le(status, 4) + (response ? "\x98" : "\x18") + le(flags2, 2) +
                std::string(12, '\0') + le(0, 2) + le(77, 2) + le(5, 2) + le(mid, 2) +
                le(words.size() / 2, 1) + words + le(data.size(), 2) + data);
}

std::string dialects(std::initializer_list<const char*> names) {
  std::string out;
  for (const char* name : names) out += "\x02" + std::string(name) + '\0';
  return smb1(0x72, false, "", out);
}

const std::string kGuid = test::from_hex("40fc296b47ca6710b31d00dd010662da");

/// An SMB1 server's answer with extended security; the dialect's place in the list, and the security mode.
std::string smb1_agreed(int index, int security = 3) {
  return smb1(0x72, true,
              le(index, 2) + le(security, 1) + le(50, 2) + le(1, 2) + le(4356, 4) + le(65536, 4) + le(0, 4) +
                  le(0x8001e3fc, 4) + le(0, 8) + le(0, 2) + le(0, 1),
              kGuid + "blob");
}

std::string unicode_texts(std::size_t before, std::initializer_list<const char*> texts) {
  // 32 header, 1 count, words, 2 count: the text starts at an even offset.
  std::string out((before % 2), '\0');
  for (const char* text : texts) out += wide(text) + std::string(2, '\0');
  return out;
}

std::string smb1_setup(const std::string& blob, const char* os, const char* lan_manager, int mid = 1) {
  const std::string words = le(0xff, 2) + le(0, 2) + le(4356, 2) + le(50, 2) + le(0, 2) + le(0, 4) +
                            le(blob.size(), 2) + le(0, 4) + le(0x800000d4, 4);
  return smb1(0x73, false, words,
              blob + unicode_texts(32 + 1 + words.size() + 2 + blob.size(), {os, lan_manager, ""}), 0, 0xc801,
              mid);
}

std::string smb1_setup_answer(const std::string& blob, std::uint32_t status, int action = 0, int mid = 1) {
  const std::string words = le(0xff, 2) + le(0, 2) + le(action, 2) + le(blob.size(), 2);
  return smb1(
      0x73, true, words,
      blob + unicode_texts(32 + 1 + words.size() + 2 + blob.size(),
                           {"Windows 7 Enterprise 7601 Service Pack 1", "Windows 7 Enterprise 6.1", "WARD"}),
      status, 0xc801, mid);
}

std::string smb2_bare(int command, bool response, const std::string& body, std::uint32_t status = 0,
                      std::uint64_t message = 1, std::uint32_t next = 0, std::uint64_t session = 9) {
  return "\xfeSMB" + le(64, 2) + le(0, 2) + le(status, 4) + le(command, 2) + le(1, 2) +
         le(response ? 1 : 0, 4) + le(next, 4) + le(message, 8) + le(0, 4) + le(1, 4) + le(session, 8) +
         std::string(16, '\0') + body;
}

std::string smb2(int command, bool response, const std::string& body, std::uint32_t status = 0,
                 std::uint64_t message = 1) {
  return framed(smb2_bare(command, response, body, status, message));
}

std::string smb2_negotiate() {
  const std::string name = wide("pacs01.clinic.example");
  const std::string contexts = le(1, 2) + le(6, 2) + le(0, 4) + std::string(6, 'p') + std::string(2, '\0') +
                               le(5, 2) + le(name.size(), 2) + le(0, 4) + name;
  const std::string list =
      le(0x0202, 2) + le(0x0210, 2) + le(0x0300, 2) + le(0x0302, 2) + le(0x0311, 2) + std::string(2, '\0');
  return smb2(0, false,
              le(36, 2) + le(5, 2) + le(1, 2) + le(0, 2) + le(0x7f, 4) + std::string(16, 'c') +
                  le(64 + 36 + 12, 4) + le(2, 2) + le(0, 2) + list + contexts);
}

std::string smb2_agreed(int dialect, int security = 1) {
  return smb2(0, true,
              le(65, 2) + le(security, 2) + le(dialect, 2) + le(0, 2) + kGuid + le(0x2f, 4) + le(0, 12) +
                  le(0, 16) + le(128, 2) + le(4, 2) + le(0, 4) + "blob");
}

std::string smb2_setup(const std::string& blob, std::uint64_t message = 2) {
  return smb2(1, false,
              le(25, 2) + le(0, 1) + le(1, 1) + le(0, 4) + le(0, 4) + le(88, 2) + le(blob.size(), 2) +
                  le(0, 8) + blob,
              0, message);
}

std::string smb2_setup_answer(const std::string& blob, std::uint32_t status, int flags = 0,
                              std::uint64_t message = 2) {
  return smb2(1, true, le(9, 2) + le(flags, 2) + le(72, 2) + le(blob.size(), 2) + blob, status, message);
}

std::string smb2_tree(const std::string& path) {
  return smb2(3, false, le(9, 2) + le(0, 2) + le(72, 2) + le(path.size() * 2, 2) + wide(path), 0, 5);
}
std::string smb2_tree_answer(int type) {
  return smb2(3, true, le(16, 2) + le(type, 1) + le(0, 1) + le(0, 12), 0, 5);
}

std::string negotiate_token() {
  return test::NtlmsspBuilder(1)
      .raw(le(0xe2088297, 4))
      .field("")
      .field("")
      .raw(test::NtlmsspBuilder::version(10, 0, 19041))
      .build();
}
std::string challenge_token() { return test::ntlm_challenge("PACS01", "CLINIC", 10, 0, 17763); }
std::string answer_token(std::string_view user, const std::string& nt,
                         const std::string& lm = std::string(24, 'l'), std::uint32_t flags = 0xe2888215) {
  return test::ntlm_authenticate(user.empty() ? "" : "CLINIC", user, "WS-12", nt, lm, flags);
}

/// The whole conversation's lines, the same whatever the cutting.
Lines run(const std::vector<DissectHarness::Turn>& turns, std::uint16_t port = 445) {
  DissectHarness whole(smb_dissector(), Transport::kTcp, port);
  whole.stream(turns);
  for (const std::size_t step : {1, 3, 64, 1000}) {
    DissectHarness cut(smb_dissector(), Transport::kTcp, port);
    cut.stream(turns, step);
    CHECK(cut.lines() == whole.lines());
  }
  return whole.lines();
}

bool has(const Lines& lines, const std::string& line) {
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}
bool mentions(const Lines& lines, std::string_view text) {
  return std::any_of(lines.begin(), lines.end(),
                     [&](const std::string& line) { return line.find(text) != std::string::npos; });
}

Recognition recognised(Direction direction, const std::string& bytes, bool on_port = false) {
  return smb_dissector().recognise({direction, as_bytes(bytes), 40000, 5445, false, on_port});
}

}  // namespace

TEST_CASE("smb: SMB2 to 3.1.1 with NTLMv2: who the two are, what was agreed, what came of the login") {
  const Lines lines = run({{kUp, dialects({"NT LM 0.12", "SMB 2.002", "SMB 2.???"})},
                           {kDown, smb2_agreed(0x02ff)},
                           {kUp, smb2_negotiate()},
                           {kDown, smb2_agreed(0x0311, 3)},
                           {kUp, smb2_setup(negotiate_token())},
                           {kDown, smb2_setup_answer(challenge_token(), kMore)},
                           {kUp, smb2_setup(answer_token("nurse", std::string(80, '\0')), 3)},
                           {kDown, smb2_setup_answer("", 0, 0, 3)},
                           {kUp, smb2_tree("\\\\pacs01.clinic.example\\ADMIN$")},
                           {kDown, smb2_tree_answer(1)}});
  CHECK(lines == Lines{kServer + "service tcp/445 smb product=\"\" version=\"\" encrypted=false",
                       kServer + "clue smb.server-guid=\"6b29fc40-ca47-1067-b31d-00dd010662da\" role=server",
                       kServer + "clue smb.signing=\"enabled\" role=server",
                       kClient + "clue smb.client-guid=\"63636363-6363-6363-6363-636363636363\" role=client",
                       kServer + "name kind=smb name=\"pacs01.clinic.example\"",
                       kServer + "protocol smb version=\"3.1.1\" agreed=true",
                       kServer + "clue smb.dialect=\"3.1.1\" role=server",
                       kClient + "clue ntlm.version=\"10.0.19041\" role=client",
                       kServer + "clue ntlm.version=\"10.0.17763\" role=server",
                       kServer + "name kind=ntlm name=\"PACS01\"",
                       kServer + "name kind=ntlm name=\"PACS01.CLINIC.example\"",
                       kServer + "clue ntlm.domain=\"CLINIC\" role=server",
                       kServer + "clue ntlm.dns-domain=\"CLINIC.example\" role=server",
                       kClient + "name kind=ntlm name=\"WS-12\"",
                       kClient + "clue ntlm.domain=\"CLINIC\" role=client",
                       kServer + "login smb mechanism=ntlmv2 cleartext=false outcome=accepted "
                                 "secret=<unseen> empty=false same=false",
                       kServer + "protocol ntlm version=\"2\" agreed=true",
                       kServer + "session smb authentication=present encrypted=false",
                       kServer + "clue smb.tree=\"ADMIN$\" role=server"});
  CHECK_FALSE(mentions(lines, "nurse"));
}

TEST_CASE("smb: SMB1 in use, with the native names of both and NTLMv1") {
  const Lines lines =
      run({{kUp, dialects({"LANMAN1.0", "NT LM 0.12"})},
           {kDown, smb1_agreed(1)},
           {kUp, smb1_setup(negotiate_token(), "Windows 2000 2195", "Windows 2000 5.0")},
           {kDown, smb1_setup_answer(challenge_token(), kMore)},
           {kUp, smb1_setup(answer_token("CT-ROOM2$", std::string(24, 'n'), std::string(24, 'l'), 0x02000201),
                            "Windows 2000 2195", "Windows 2000 5.0", 2)},
           {kDown, smb1_setup_answer("", 0, 0, 2)}});
  CHECK(has(lines, kServer + "protocol smb version=\"1\" agreed=true"));
  CHECK(has(lines, kServer + "clue smb.dialect=\"NT LM 0.12\" role=server"));
  CHECK(has(lines, kServer + "clue smb.signing=\"disabled\" role=server"));
  CHECK(has(lines, kServer + "clue smb.server-guid=\"6b29fc40-ca47-1067-b31d-00dd010662da\" role=server"));
  CHECK(has(lines, kClient + "clue smb.native-os=\"Windows 2000 2195\" role=client"));
  CHECK(has(lines, kServer + "clue smb.native-os=\"Windows 7 Enterprise 7601 Service Pack 1\" role=server"));
  CHECK(has(lines, kServer + "clue smb.native-lm=\"Windows 7 Enterprise 6.1\" role=server"));
  CHECK(
      has(lines,
          kServer + "service tcp/445 smb product=\"Windows 7 Enterprise 6.1\" version=\"\" encrypted=false"));
  CHECK(has(lines, kClient + "clue ntlm.machine-account=\"CT-ROOM2$\" role=client"));
  CHECK(has(lines, kServer + "login smb mechanism=ntlmv1 cleartext=false outcome=accepted secret=<unseen> "
                             "empty=false same=false"));
  CHECK(has(lines, kServer + "protocol ntlm version=\"1\" agreed=true"));
  CHECK_FALSE(mentions(lines, "anomaly"));
}

TEST_CASE("smb: an offer of SMB1 alone is not SMB1 in use, nor is a refusal") {
  CHECK(run({{kUp, dialects({"NT LM 0.12"})}}).empty());
  CHECK_FALSE(mentions(run({{kUp, dialects({"NT LM 0.12"})}, {kDown, smb1(0x72, true, le(0xffff, 2), "")}}),
                       "protocol"));
  CHECK_FALSE(mentions(run({{kUp, dialects({"NT LM 0.12", "SMB 2.???"})}, {kDown, smb2_agreed(0x0210)}}),
                       "version=\"1\""));
}

TEST_CASE("smb: a refused login") {
  const Lines lines = run({{kUp, smb2_setup(answer_token("nurse", std::string(24, 'n')), 3)},
                           {kDown, smb2_setup_answer("12345678", kLogonFailure, 0, 3)}});
  CHECK(has(lines, kServer + "login smb mechanism=ntlmv1 cleartext=false outcome=refused secret=<unseen> "
                             "empty=false same=false"));
  CHECK(has(lines, kServer + "protocol ntlm version=\"1\" agreed=false"));
  CHECK_FALSE(mentions(lines, "session"));
}

TEST_CASE("smb: without identity it matters whether a disk is opened") {
  const std::vector<DissectHarness::Turn> login = {
      {kUp, smb2_setup(answer_token("", "", std::string(1, '\0')), 3)},
      {kDown, smb2_setup_answer("", 0, 2, 3)}};
  auto pipe = login, disk = login;
  pipe.insert(pipe.end(), {{kUp, smb2_tree("\\\\10.0.0.2\\IPC$")}, {kDown, smb2_tree_answer(2)}});
  disk.insert(disk.end(), {{kUp, smb2_tree("\\\\10.0.0.2\\jsmith")}, {kDown, smb2_tree_answer(1)}});
  CHECK(has(run(pipe), kServer + "login smb mechanism=anonymous cleartext=false outcome=accepted "
                                 "secret=<unseen> empty=false same=false"));
  CHECK_FALSE(mentions(run(pipe), "session"));
  CHECK(has(run(pipe), kServer + "clue smb.tree=\"IPC$\" role=server"));
  CHECK_FALSE(mentions(run(pipe), "kind=smb"));
  CHECK(has(run(disk), kServer + "session smb authentication=none encrypted=false"));
  CHECK_FALSE(mentions(run(disk), "jsmith"));
  const Lines guest = run({{kUp, smb2_setup(answer_token("visitor", std::string(90, '\0')), 3)},
                           {kDown, smb2_setup_answer("", 0, 1, 3)}});
  CHECK(has(guest, kServer + "login smb mechanism=guest cleartext=false outcome=accepted secret=<unseen> "
                             "empty=false same=false"));
  CHECK_FALSE(mentions(guest, "authentication=present"));
}

TEST_CASE("smb: Kerberos shows that the session is authenticated") {
  const std::string ticket =
      test::from_hex(
          "60820200 06062b0601050502 a0 06092a864882f712010202 06092a864886f712010202 0100 6e820100") +
      std::string(20000, 'k');
  const Lines lines = run({{kUp, smb2_setup(ticket, 3)}, {kDown, smb2_setup_answer("", 0, 0, 3)}});
  CHECK(lines == Lines{kServer + "service tcp/445 smb product=\"\" version=\"\" encrypted=false",
                       kServer + "session smb authentication=present encrypted=false"});
}

TEST_CASE("smb: what is encrypted ends the reading") {
  DissectHarness harness(smb_dissector());
  CHECK_FALSE(harness.stream({{kDown, framed("\xfdSMB" + std::string(60, 'x'))}}));
  CHECK(harness.result() == StreamFeeder::Result::kDone);
  CHECK(has(harness.lines(), kServer + "session smb authentication=present encrypted=true"));
}

TEST_CASE("smb: the NetBIOS session service's names, and its keep-alives") {
  const auto encoded = [](std::string name, char suffix) {
    name.resize(15, ' ');
    name.push_back(suffix);
    std::string out = "\x20";
    for (const char c : name) out += {static_cast<char>('A' + (c >> 4)), static_cast<char>('A' + (c & 15))};
    return out + '\0';
  };
  const std::string request = std::string("\x81\0\0\x44", 4) + encoded("FILER", 0x20) + encoded("WS-12", 0);
  const std::string accepted("\x82\0\0\0", 4), keepalive("\x85\0\0\0", 4);
  const Lines lines = run({{kUp, request},
                           {kDown, accepted},
                           {kUp, keepalive + dialects({"NT LM 0.12"})},
                           {kDown, keepalive + smb1_agreed(0)}},
                          139);
  CHECK(lines[0] == kClient + "name kind=netbios name=\"WS-12\"");
  CHECK(lines[1] == kServer + "service tcp/139 smb product=\"\" version=\"\" encrypted=false");
  CHECK(lines[2] == kServer + "name kind=netbios name=\"FILER\"");
  CHECK(has(lines, kServer + "protocol smb version=\"1\" agreed=true"));
  const std::string anyone =
      std::string("\x81\0\0\x44", 4) + encoded("*SMBSERVER", 0x20) + encoded("LOCALHOST", 0);
  CHECK_FALSE(mentions(run({{kUp, anyone}, {kDown, accepted}}, 139), "name kind"));
  CHECK(recognised(kUp, request) == Recognition::kYes);
  CHECK(recognised(kUp, request.substr(0, 20)) == Recognition::kMore);
  CHECK(recognised(kDown, accepted) == Recognition::kMaybe);
}

TEST_CASE("smb: passwords in clear are digested, never shown") {
  const std::string words = le(0xff, 2) + le(0, 2) + le(4356, 2) + le(50, 2) + le(0, 2) + le(0, 4) +
                            le(6, 2) + le(0, 2) + le(0, 4) + le(0, 4);
  const std::string data =
      std::string("hunter", 6) + "nurse" + '\0' + "WARD" + '\0' + "Unix" + '\0' + "Samba" + '\0';
  const std::string agreed = smb1(0x72, true, le(0, 2) + le(1, 1) + le(0, 31), std::string(), 0, 0x4001);
  const std::string answer = smb1(0x73, true, le(0xff, 2) + le(0, 2) + le(0, 2),
                                  std::string("Unix\0Samba 3.6.3\0WARD\0", 22), 0, 0x4001);
  const Lines lines = run({{kUp, dialects({"NT LM 0.12"})},
                           {kDown, agreed},
                           {kUp, smb1(0x73, false, words, data, 0, 0x4001)},
                           {kDown, answer}});
  CHECK(has(lines, kServer + "login smb mechanism=plain cleartext=true outcome=accepted secret=<redacted> "
                             "empty=false same=false"));
  CHECK(has(lines, kServer + "service tcp/445 smb product=\"Samba\" version=\"3.6.3\" encrypted=false"));
  CHECK_FALSE(mentions(lines, "hunter"));
  CHECK_FALSE(mentions(lines, "nurse"));
}

TEST_CASE("smb: the old logon's responses tell its kind") {
  const auto mechanism = [](int oem, int unicode, const std::string& account) {
    const std::string words = le(0xff, 2) + le(0, 2) + le(4356, 2) + le(50, 2) + le(0, 2) + le(0, 4) +
                              le(oem, 2) + le(unicode, 2) + le(0, 4) + le(0, 4);
    const std::string data =
        std::string(oem + unicode, 'r') + account + '\0' + "WARD" + '\0' + "Unix" + '\0' + "Samba" + '\0';
    const Lines lines = run({{kUp, smb1(0x73, false, words, data, 0, 0x4001)},
                             {kDown, smb1(0x73, true, le(0xff, 2) + le(0, 4), "", 0, 0x4001)}});
    for (const std::string& line : lines) {
      const std::size_t at = line.find("mechanism=");
      if (at != std::string::npos) return line.substr(at + 10, line.find(' ', at) - at - 10);
    }
    return std::string();
  };
  CHECK(mechanism(24, 24, "nurse") == "ntlmv1");
  CHECK(mechanism(24, 60, "nurse") == "ntlmv2");
  CHECK(mechanism(24, 0, "nurse") == "lmv1");
  CHECK(mechanism(1, 0, "") == "anonymous");
  CHECK(mechanism(8, 0, "nurse").empty());
}

TEST_CASE("smb: compounds, credits and payloads are passed over; a message behind them is read") {
  const std::string create = smb2_bare(5, false, std::string(56, 'x'), 0, 7, 120);
  const std::string close = smb2_bare(6, false, std::string(24, 'x'), 0, 8);
  const std::string write = smb2(9, false, std::string(300000, 'w'), 0, 9);
  const Lines lines = run({{kUp, framed(create + close) + write + smb2_tree("\\\\filer\\C$")}});
  CHECK(lines ==
        Lines{kServer + "name kind=smb name=\"filer\"", kServer + "clue smb.tree=\"C$\" role=server"});
  CHECK(has(run({{kUp, framed(smb2_bare(5, false, "short", 0, 7, 13)) + smb2_tree("\\\\filer\\C$")}}),
            kClient + "anomaly smb bad-compound"));
}

TEST_CASE("smb: behind a gap, or from the middle, the next frame is found") {
  DissectHarness harness(smb_dissector());
  CHECK(harness.piece(kUp, smb2(9, false, std::string(500, 'w'))));
  CHECK(harness.gap(kUp, 1000));
  CHECK(harness.stream({{kUp, std::string("payload \xfeSMB and more payload") + smb2_tree("\\\\filer\\C$")}},
                       7));
  CHECK(has(harness.lines(), kServer + "name kind=smb name=\"filer\""));
  CHECK(mentions(run({{kDown, "rest of a file" + smb2_agreed(0x0300)}}), "version=\"3.0\""));
  // A hole within a payload that is passed over anyway costs nothing.
  DissectHarness hole(smb_dissector());
  const std::string write = smb2(9, false, std::string(5000, 'w'));
  CHECK(hole.piece(kUp, write.substr(0, 200)));
  CHECK(hole.gap(kUp, write.size() - 200));
  CHECK(hole.piece(kUp, smb2_tree("\\\\filer\\C$")));
  CHECK(has(hole.lines(), kServer + "name kind=smb name=\"filer\""));
}

TEST_CASE("smb: malformed messages are anomalies, once") {
  const std::string bad = smb2(1, false, le(25, 2) + le(0, 10) + le(60000, 2) + le(10, 2) + le(0, 8), 0, 3);
  CHECK(run({{kUp, bad + bad}}) == Lines{kClient + "anomaly smb bad-offset"});
  CHECK(run({{kUp, smb2(0, false, "short")}}) == Lines{kClient + "anomaly smb truncated"});
  CHECK(run({{kUp, smb2(9, true, "")}}) == Lines{kClient + "anomaly smb reversed-direction"});
  CHECK(run({{kUp, smb1(0x73, false, le(0x75, 2) + le(32, 2) + le(0, 20), "")}}) ==
        Lines{kClient + "anomaly smb bad-offset"});
  CHECK(mentions(run({{kUp, smb2(9, false, "") + std::string("\x99zzzzzzzzzzzzzzzzzzzz")}}),
                 "anomaly smb bad-frame"));
}

TEST_CASE("smb: recognised by content on any port, whoever speaks first") {
  CHECK(recognised(kUp, dialects({"NT LM 0.12"})) == Recognition::kYes);
  CHECK(recognised(kDown, smb2_agreed(0x0311)) == Recognition::kYes);
  CHECK(recognised(kUp, std::string("\0\0\0\x90", 4)) == Recognition::kMore);
  CHECK(recognised(kUp, std::string("\0\0\0\x90 not at all", 15)) == Recognition::kNo);
  CHECK(recognised(kUp, "GET / HTTP/1.1\r\n", true) == Recognition::kNo);
  CHECK(recognised(kUp, std::string("\x85\0\0\0", 4) + smb2_negotiate(), true) == Recognition::kYes);
  CHECK(recognised(kUp, std::string("\x81\0\0\x44", 4) + std::string(68, 'x')) == Recognition::kNo);
}

TEST_CASE("smb: a keep-alive cut within its header is waited for, not read past its end") {
  const std::string cut("\x85\x38\xff");
  CHECK(smb_dissector().recognise({kUp, as_bytes(cut), 40000, 445, false, true}) == Recognition::kMore);
}

TEST_CASE("smb: calls in pipes are read, those elsewhere are not") {
  test::check_seed(smb_dissector(), "smb2-pipe",
                   R"~(server name kind=smb name="dc01.ward.example"
server clue smb.tree="IPC$" role=server
server service tcp/445 smb product="" version="" encrypted=false
client clue dcerpc.interface="svcctl" role=client
server clue dcerpc.interface="svcctl" role=server
client message smb "svcctl CreateServiceW" status=""
)~");
  test::check_gaps(smb_dissector(), "smb2-pipe");
  test::check_seed(smb_dissector(), "smb1-pipe",
                   R"~(server clue smb.tree="IPC$" role=server
client clue dcerpc.interface="svcctl" role=client
server service tcp/445 smb product="" version="" encrypted=false
server protocol smb version="1" agreed=true
server clue dcerpc.interface="svcctl" role=server
client message smb "svcctl CreateServiceW" status=""
)~");
  test::check_gaps(smb_dissector(), "smb1-pipe");
}

TEST_CASE("smb: calls in pipes of SMB1: written and read, or both in one, in trees of pipes only") {
  const auto in_tree = [](std::string message, char tree) {
    message[4 + 24] = tree;
    return message;
  };
  const auto opened = [&](const char* service, char tree) {
    return in_tree(smb1(0x75, true, le(0xff, 2) + le(0, 2) + le(1, 2),
                        std::string(service) + '\0' + std::string(2, '\0')),
                   tree);
  };
  const std::string unit = test::from_hex("0500"), rest = test::from_hex("0310000000");
  const std::string bind =
      unit + "\x0b" + rest +
      test::from_hex(
          "48000000 01000000 b810b810 00000000 01000000 00000100 81bb7a364498f135ad3298f038001003 "
          "02000000 045d888aeb1cc9119fe808002b104860 02000000");
  const std::string accepted =
      unit + "\x0c" + rest + test::from_hex("44000000 01000000 b810b810 00000000 0d00") + "\\PIPE\\ntsvcs" +
      test::from_hex("00 00 01000000 00000000 045d888aeb1cc9119fe808002b104860 02000000");
  const std::string create = unit + std::string(1, '\0') + rest +
                             test::from_hex("20000000 02000000 00000000 0000 0c00 0000000000000000");
  const auto write = [&](const std::string& bytes, char tree, int mode = 8) {
    const std::string data = (mode & 4) != 0 ? le(bytes.size(), 2) + bytes : bytes;
    return in_tree(smb1(0x2f, false,
                        le(0xff, 2) + le(0, 2) + le(0x4000, 2) + le(0, 8) + le(mode, 2) + le(0, 4) +
                            le(data.size(), 2) + le(59, 2),
                        data),
                   tree);
  };
  const auto read = [&](const std::string& bytes, char tree) {
    return in_tree(
        smb1(0x2e, true, le(0xff, 2) + le(0, 2) + le(0, 6) + le(bytes.size(), 2) + le(59, 2) + le(0, 10),
             bytes),
        tree);
  };
  const auto transact = [&](const std::string& bytes, char tree) {
    return in_tree(smb1(0x25, false,
                        le(0, 2) + le(bytes.size(), 2) + le(0, 18) + le(bytes.size(), 2) + le(67, 2) +
                            le(2, 2) + le(0x26, 2) + le(0x4000, 2),
                        bytes),
                   tree);
  };
  for (const int mode : {8, 12}) {
    const Lines lines = run({{kDown, opened("IPC", 5)},
                             {kUp, write(bind, 5, mode)},
                             {kDown, read(accepted, 5)},
                             {kUp, transact(create, 5)}});
    CHECK(has(lines, kClient + "clue dcerpc.interface=\"svcctl\" role=client"));
    CHECK(has(lines, kServer + "clue dcerpc.interface=\"svcctl\" role=server"));
    CHECK(has(lines, kClient + "message smb \"svcctl CreateServiceW\" status=\"\""));
  }
  CHECK_FALSE(mentions(run({{kDown, opened("A:", 5)}, {kUp, write(bind, 5)}}), "dcerpc"));
  CHECK_FALSE(mentions(run({{kDown, opened("IPC", 5)}, {kUp, write(bind, 6)}}), "dcerpc"));
}

}  // namespace bedrail
