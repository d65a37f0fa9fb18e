#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& telnet_dissector();

namespace {

using namespace std::string_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;
using Turns = std::vector<test::DissectHarness::Turn>;

const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kTelnet = kServer + "service tcp/23 telnet product=\"\" version=\"\" encrypted=false\n" +
                            kServer + "protocol telnet version=\"\" agreed=true\n";
const std::string kNegotiation = "\xff\xfd\x18\xff\xfb\x01";

std::string banner(const std::string& text) {
  return kServer + "clue telnet.banner=\"" + text + "\" role=server\n";
}
std::string login(const std::string& outcome, bool empty = false, bool same = false) {
  return kServer + "login telnet mechanism=plain cleartext=true outcome=" + outcome +
         " secret=<redacted> empty=" + (empty ? "true" : "false") + " same=" + (same ? "true" : "false") +
         "\n";
}
std::string session(const std::string& authentication, bool encrypted = false) {
  return kServer + "session telnet authentication=" + authentication +
         " encrypted=" + (encrypted ? "true" : "false") + "\n";
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(telnet_dissector());
  harness.stream(turns, step);
  harness.close();
  return harness.text();
}
/// What is said after the banner where "login:" and "password:" were asked and answered, and then `rest`
/// came.
std::string after(const Turns& rest, const std::string& account = "nurse",
                  const std::string& password = "s3cret") {
  Turns turns = {{kDown, "login: "},
                 {kUp, account + "\r\n"},
                 {kDown, account + "\r\nPassword: "},
                 {kUp, password + "\r\0"s},
                 {kDown, "\r\n"}};
  turns.insert(turns.end(), rest.begin(), rest.end());
  const std::string text = said(turns);
  const std::string front = kTelnet + banner("login:");
  CHECK(text.starts_with(front));
  return text.substr(std::min(front.size(), text.size()));
}
Recognition recognised(const std::string& text, Direction direction, bool on_port, bool midstream = false) {
  return telnet_dissector().recognise({direction, as_bytes(text), 40000, 4023, midstream, on_port});
}

}  // namespace

TEST_CASE("telnet: banner, terminal, login and system, typed with echo, however the stream is cut") {
  Turns turns = {{kDown, kNegotiation},
                 {kUp, "\xff\xfb\x18\xff\xfa\x18\0XTERM\xff\xf0"s},
                 {kDown, "\x1b[2J\x1b[1mPump\r\nWBM v9.2\x1b[0m\r\npump-7 login: "}};
  for (const char c : "nurse"s)
    turns.push_back({kUp, std::string(1, c)}), turns.push_back({kDown, std::string(1, c)});
  turns.insert(turns.end(), {{kUp, "\r\0"s},
                             {kDown, "\r\nPassword: "},
                             {kUp, "s3cx\x7fret\r\n"},
                             {kDown, "\r\nAccess is denied to strangers\r\nnurse@pump-7$ "},
                             {kUp, "uname -a\r\0"s},
                             {kDown, "uname -a\r\nLinux pump-7 2.6.30 #1 Tue\r\n"},
                             {kDown, "more\r\n"}});
  const std::string expected = kTelnet + kClient + "clue telnet.terminal=\"XTERM\" role=client\n" +
                               banner("Pump WBM v9.2 pump-7 login:") + login("accepted") +
                               session("present") + kServer +
                               "clue telnet.system=\"Linux pump-7 2.6.30\" role=server\n";
  for (const std::size_t step : {0, 1, 3}) CHECK(said(turns, step) == expected);
  test::DissectHarness harness(telnet_dissector());
  CHECK_FALSE(harness.stream(turns));
  CHECK(harness.result() == StreamFeeder::Result::kDone);
  const auto* seen = std::get_if<LoginSeen>(&harness.observations()[4].body);
  REQUIRE(seen != nullptr);
  CHECK(seen->account_and_secret == digest_secret("nurse", "s3cret"));
}

TEST_CASE("telnet: outcomes of logins") {
  CHECK(after({{kDown, "Login incorrect\r\nlogin: "}}) == login("refused"));
  CHECK(after({{kDown, "Password: "}}) == login("refused"));
  CHECK(after({{kDown, "% Login invalid\r\n"}}) == login("refused"));
  CHECK(after({{kDown, "Access denied"}}) == login("refused"));
  CHECK(after({{kDown, "Last login: Tue Feb 22\r\n"}}) == login("accepted") + session("present"));
  CHECK(after({{kDown, "Last failed login: Tue\r\n"}}) == login("accepted") + session("present"));
  CHECK(after({{kDown, "router>"}}) == login("accepted") + session("present"));
  CHECK(after({{kDown, "menu\r\n1) Status\r\n"}}) == login("unknown"));
  CHECK(after({{kDown, "100%"}}) == login("unknown"));
  CHECK(after({}) == login("unknown"));
  CHECK(after({{kDown, "# "}}, "root", "root") == login("accepted", false, true) + session("present"));
  CHECK(after({{kDown, "# "}}, "root", "") == login("accepted", true) + session("present"));
  CHECK(after({{kDown, "Login incorrect\r\nlogin: "},
               {kUp, "a\r\n"},
               {kDown, "Password: "},
               {kUp, "b\r\n"},
               {kDown, "\r\n$ "}}) == login("refused") + login("accepted") + session("present"));
  // A password alone, and an account alone.
  CHECK(said({{kDown, "User Access Verification\r\nPassword: "}, {kUp, "cisco\r\n"}, {kDown, "\r\nsw1>"}}) ==
        kTelnet + banner("User Access Verification Password:") + login("accepted") + session("present"));
  CHECK(said({{kDown, "login: "}, {kUp, "root\r\n"}, {kDown, "root\r\n# "}}) ==
        kTelnet + banner("login:") + login("accepted", true) + session("none"));
}

TEST_CASE("telnet: prompts in other words and languages") {
  const auto login_at = [](const std::string& account, const std::string& password, const std::string& typed,
                           const std::string& shell = "\r\n# ") {
    const std::string text = said({{kDown, account + " "},
                                   {kUp, "nurse\r\n"},
                                   {kDown, "nurse\r\n" + password + " "},
                                   {kUp, typed + "\r\n"},
                                   {kDown, shell}});
    const std::string front = kTelnet + banner(account);
    CHECK(text.starts_with(front));
    return text.substr(std::min(front.size(), text.size()));
  };
  const std::string taken = login("accepted") + session("present");
  CHECK(login_at("Username:", "PIN:", "1234") == taken);
  CHECK(login_at("login:",
                 "Contrase\xc3\xb1"
                 "a:",
                 "s3cret") == taken);
  CHECK(login_at("Usuario:",
                 "CONTRASE\xd1"
                 "A:",
                 "s3cret") == taken);
  CHECK(login_at("Utilisateur :", "Mot de passe :", "s3cret") == taken);
  CHECK(login_at("Nome utente?", "Parola?", "s3cret") == taken);
  CHECK(login_at("Benutzername:", "Kennwort:", "s3cret", "\r\npump>") == taken);
  CHECK(login_at("login>", "Enter code>", "s3cret", "\r\npump>") == taken);
  CHECK(login_at("Benutzername:", "Kennwort:", "") == login("accepted", true) + session("present"));
  // No word that is known: whatever was typed, nobody knows whether it was a secret.
  const std::string unseen = kServer + "login telnet mechanism=plain cleartext=true outcome=";
  const std::string rest = " secret=<unseen> empty=false same=false\n";
  for (const std::string& typed : {"s3cret"s, ""s}) {
    for (const std::string& prompt : {"Heslo:"s, "Heslo>"s, "Give the magic word>"s, "Heslo"s}) {
      CAPTURE(prompt);
      CHECK(login_at("login:", prompt, typed) == unseen + "accepted" + rest + session("unknown"));
      CHECK(login_at("login:", prompt, typed, "\r\nlogin:") == unseen + "refused" + rest);
      CHECK(login_at("login:", prompt, typed, "\r\nHeslo>") == unseen + "unknown" + rest);
    }
  }
  CHECK(said({{kDown, "Jmeno: "}, {kUp, "a\r\n"}, {kDown, "Heslo: "}, {kUp, "b\r\n"}, {kDown, "# "}}) ==
        kTelnet + banner("Jmeno:"));
  // An empty password, and a second secret after it.
  CHECK(after({{kDown, "PIN: "}, {kUp, "1234\r\n"}, {kDown, "\r\n# "}}, "nurse", "") ==
        unseen + "accepted" + rest + session("unknown"));
  CHECK(after({{kDown, "Exit code: 0\r\n# "}}) == taken);
  CHECK(after({{kDown, "user>"}}) == login("unknown"));
}

TEST_CASE("telnet: a prompt for commands without a login is a session without authentication") {
  const Turns turns = {{kDown, kNegotiation + "BusyBox v1.1\r\n# "},
                       {kUp, "cat secret\r\n"},
                       {kDown, "cat secret\r\nout\r\n# "}};
  CHECK(said(turns) == kTelnet + banner("BusyBox v1.1 #") + session("none"));
  CHECK(said(turns, 1) == said(turns));
  CHECK(said({{kDown, kNegotiation + "Press <Enter>"}, {kUp, "\r\n"}}) == kTelnet + banner("Press <Enter>"));
}

TEST_CASE("telnet: what the client typed is never shown") {
  // Only the server's side: no prompt, so the text may be an echo.
  CHECK(said({{kDown, kNegotiation + "hello\r\n> secret typed\r\n"}}) == kTelnet);
  CHECK(said({{kDown, kNegotiation + "hello\r\nlogin: nurse\r\nPassword: "}}) ==
        kTelnet + banner("hello login:"));
  // Typing before any prompt ends the banner.
  CHECK(said({{kDown, "hello\r\n"}, {kUp, "s"}, {kDown, "secret"}}) == kTelnet + banner("hello"));
  CHECK(said({{kUp, kNegotiation}, {kDown, kNegotiation + "RwZ\x08"}, {kUp, "x"}}) == kTelnet);
  const std::string long_banner = said({{kUp, kNegotiation}, {kDown, std::string(400, 'x')}});
  CHECK(long_banner == kTelnet + banner(std::string(256, 'x')));
}

TEST_CASE("telnet: encryption ends the reading") {
  for (const std::string& start : {"\xff\xfa\x26\x03\x01\xff\xf0"s, "\xff\xfa\x2e\x01\xff\xf0"s}) {
    test::DissectHarness harness(telnet_dissector());
    CHECK_FALSE(harness.stream({{kUp, start}}));
    CHECK(harness.result() == StreamFeeder::Result::kDone);
    CHECK(harness.text() == kTelnet + session("unknown", true));
  }
}

TEST_CASE("telnet: anomalies and gaps") {
  CHECK(said({{kUp, "\xff\xfa\x26\x07"s + std::string(64, 'k') + "\xff\xf0"}}).empty());
  CHECK(said({{kUp, "\xff\xfa\x26\x07"s + std::string(65, 'k') + "\xff\xf0"}}) ==
        kClient + "anomaly telnet key-id-too-long\n");
  CHECK(said({{kUp, "\xff\x05"}}) == kClient + "anomaly telnet bad-command\n");
  CHECK(said({{kDown, "\xff\xfa\x18"s + std::string(5000, 'k')}}) ==
        kClient + "anomaly telnet suboption-too-long\n");
  test::DissectHarness harness(telnet_dissector());
  CHECK(harness.stream({{kDown, "login: "}, {kUp, "a\r\n"}, {kDown, "Password: "}, {kUp, "b\r\n"}}));
  CHECK(harness.gap(kDown, 10));
  CHECK(harness.stream({{kDown, "echo # "}, {kUp, "x"}}));
  harness.close();
  CHECK(harness.text() == kTelnet + banner("login:") + login("unknown"));
  // The prompt that was answered was lost.
  test::DissectHarness lost(telnet_dissector());
  CHECK(lost.stream({{kDown, "login: "}, {kUp, "a\r\n"}, {kUp, "b\r\n"}}));
  CHECK(lost.gap(kDown, 10));
  CHECK(lost.stream({{kDown, "# "}, {kUp, "x"}}));
  lost.close();
  CHECK(lost.text() == kTelnet + banner("login:"));
}

TEST_CASE("telnet: recognised by negotiations or a prompt, never by its port alone") {
  CHECK(recognised(kNegotiation, kUp, false) == Recognition::kYes);
  CHECK(recognised("\xff\xfa\x18\x01\xff\xf0\xff\xfb\x01", kDown, false) == Recognition::kYes);
  CHECK(recognised("\xff\xfd\x18", kDown, true) == Recognition::kMaybe);
  CHECK(recognised("\xff\xfd\x18", kDown, false) == Recognition::kMore);
  CHECK(recognised("\xff\xfd", kDown, false) == Recognition::kMore);
  CHECK(recognised("\xff\xd8\xff\xe0\x00\x10JFIF"s, kDown, true) == Recognition::kNo);
  CHECK(recognised("\xffSMB", kUp, true) == Recognition::kNo);
  CHECK(recognised("Pump login: ", kDown, false) == Recognition::kMaybe);
  CHECK(recognised("Welcome\r\n", kDown, false) == Recognition::kMore);
  CHECK(recognised("Welcome\r\n", kDown, true) == Recognition::kMore);
  CHECK(recognised("OK device ready\r\nRUNNING\r\n", kDown, true) == Recognition::kMore);
  CHECK(recognised("3 doors open\r\n" + std::string(1000, 'x'), kDown, true) == Recognition::kNo);
  CHECK(recognised("3Com switch\r\n\x1b[0;7mUser Name:\x1b[0m", kDown, true) == Recognition::kMaybe);
  CHECK(recognised("Pump login: \r\n\x1b[K", kDown, true) == Recognition::kMaybe);
  CHECK(recognised("Pump login: \r\nUser name", kDown, false) == Recognition::kMore);
  CHECK(recognised("READY>", kDown, true) == Recognition::kMore);
  CHECK(recognised("Welcome\r\n", kDown, true, true) == Recognition::kNo);
  CHECK(recognised("220 ready\r\n", kDown, false) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n", kUp, true) == Recognition::kNo);
  CHECK(recognised("\x16\x03\x01\x00\x05"s, kDown, true) == Recognition::kNo);
}

}  // namespace bedrail
