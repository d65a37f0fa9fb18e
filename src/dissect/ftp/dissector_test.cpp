#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& ftp_dissector();

namespace {

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;
const std::string kServer = "10.0.0.2/02:00:00:00:00:02 ";
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ";
const std::string kService = kServer + "service tcp/21 ftp product=\"\" version=\"\" encrypted=false\n";

std::string login(const std::string& mechanism, const std::string& outcome, bool empty = false,
                  bool same = false) {
  return kServer + "login ftp mechanism=" + mechanism + " cleartext=true outcome=" + outcome +
         " secret=<redacted> empty=" + (empty ? "true" : "false") + " same=" + (same ? "true" : "false") +
         "\n";
}
std::string session(const std::string& authentication, bool encrypted = false) {
  return kServer + "session ftp authentication=" + authentication +
         " encrypted=" + (encrypted ? "true" : "false") + "\n";
}
/// What is said of one conversation.
std::string said(const std::vector<test::DissectHarness::Turn>& turns, std::size_t step = 0) {
  test::DissectHarness harness(ftp_dissector());
  harness.stream(turns, step);
  harness.close();
  return harness.text();
}
Recognition recognised(std::string_view text, Direction direction, bool on_port = false) {
  return ftp_dissector().recognise({direction, as_bytes(text), 40000, 4021, false, on_port});
}

}  // namespace

TEST_CASE("ftp: banner, system, features, client and login, however the stream is cut") {
  const std::vector<test::DissectHarness::Turn> turns = {
      {kDown, "220-Welcome\r\n220-You are user number 3 of 50 allowed.\r\n220 (vsFTPd 3.0.3)\r\n"},
      {kUp, "FEAT\r\n"},
      {kDown, "211-Features:\r\n MDTM\r\n MLST type*;size*;\r\n211 End\r\n"},
      {kUp, "USER ward7\r\n"},
      {kDown, "331 Password for ward7\r\n"},
      {kUp, "PASS hunter2\r\n"},
      {kDown, "230-Last of ward7\r\n secret place\r\n230 Login successful.\r\n"},
      {kUp, "SYST\r\nCLNT FlashFXP 3.4\r\n"},
      {kDown, "215 UNIX Type: L8\r\n200 Noted\r\n"},
      {kUp, "STAT\r\nRETR Doe^Jane.dcm\r\n"},
      {kDown, "211-Status\r\n ward7\r\n211 End\r\n150 Doe^Jane.dcm\r\n"}};
  const std::string expected =
      kServer + "service tcp/21 ftp product=\"vsFTPd\" version=\"3.0.3\" encrypted=false\n" + kServer +
      "clue ftp.banner=\"Welcome (vsFTPd 3.0.3)\" role=server\n" + kServer +
      "clue ftp.features=\"MDTM,MLST\" role=server\n" + login("plain", "accepted") + session("present") +
      kClient + "clue ftp.client=\"FlashFXP 3.4\" role=client\n" + kServer +
      "clue ftp.system=\"UNIX Type: L8\" role=server\n";
  for (const std::size_t step : {0, 1, 7}) CHECK(said(turns, step) == expected);
  test::DissectHarness harness(ftp_dissector());
  harness.stream(turns);
  const auto* seen = std::get_if<LoginSeen>(&harness.observations()[3].body);
  REQUIRE(seen != nullptr);
  CHECK(seen->account_and_secret == digest_secret("ward7", "hunter2"));
}

TEST_CASE("ftp: outcomes of logins") {
  const auto attempt = [](const std::string& user, const std::string& password, const std::string& reply) {
    return said({{kDown, "220 FTP\r\n"},
                 {kUp, "USER " + user + "\r\n"},
                 {kDown, "331 ?\r\n"},
                 {kUp, "PASS" + password + "\r\n"},
                 {kDown, reply}})
        .substr(kService.size() + (kServer + "clue ftp.banner=\"FTP\" role=server\n").size());
  };
  CHECK(attempt("root", " root", "530 Login incorrect.\r\n") == login("plain", "refused", false, true));
  CHECK(attempt("root", "", "230 ok\r\n") == login("plain", "accepted", true) + session("present"));
  CHECK(attempt("Anonymous", " a@b", "230 ok\r\n") == login("anonymous", "accepted") + session("none"));
  CHECK(attempt("ftp", " a@b", "530 no\r\n") == login("anonymous", "refused"));
  CHECK(attempt("root", " x", "421 bye\r\n") == login("plain", "unknown"));
  CHECK(attempt("root", " x", "") == login("plain", "unknown"));
  CHECK(said({{kUp, "USER root\r\n"}, {kDown, "230 no password needed\r\n"}}) ==
        kService + login("plain", "accepted", true) + session("none"));
  // Both at once.
  CHECK(said({{kUp, "USER root\r\nPASS x\r\n"}, {kDown, "331 ?\r\n230 ok\r\n"}}) ==
        kService + login("plain", "accepted") + session("present"));
  // Two attempts of one connection are two.
  CHECK(said({{kUp, "USER a\r\nPASS x\r\n"},
              {kDown, "530 no\r\n"},
              {kUp, "USER a\r\nPASS y\r\n"},
              {kDown, "530 no\r\n"}}) == kService + login("plain", "refused") + login("plain", "refused"));
}

TEST_CASE("ftp: an accepted AUTH ends the reading, a refused one does not") {
  test::DissectHarness harness(ftp_dissector());
  CHECK_FALSE(harness.stream({{kUp, "AUTH TLS\r\n"}, {kDown, "234 go\r\n"}}));
  CHECK(harness.result() == StreamFeeder::Result::kDone);
  CHECK(harness.text() == kService + session("unknown", true));
  CHECK(said({{kUp, "AUTH TLS\r\n"},
              {kDown, "502 no\r\n"},
              {kUp, "USER a\r\nPASS b\r\n"},
              {kDown, "230 ok\r\n"}}) == kService + login("plain", "accepted") + session("present"));
}

TEST_CASE("ftp: gaps, long lines and what is no FTP") {
  test::DissectHarness gap(ftp_dissector());
  CHECK(gap.stream({{kUp, "USER a\r\nPASS b\r\n"}}));
  CHECK(gap.gap(kDown, 50));
  CHECK(gap.stream({{kDown, "cut line\r\n230 ok\r\n"}}));
  CHECK(gap.text() == login("plain", "unknown") + kService);
  const std::string endless =
      said({{kDown, "220 FTP " + std::string(9000, 'x')}, {kDown, "y\r\n220 FTP\r\n"}}, 100);
  CHECK(endless == kClient + "anomaly ftp line-too-long\n" + kService + kServer +
                       "clue ftp.banner=\"FTP\" role=server\n");
  test::DissectHarness mailbox(ftp_dissector(), Transport::kTcp, 110);
  CHECK_FALSE(mailbox.stream({{kUp, "USER a\r\nPASS b\r\n"}, {kDown, "+OK\r\n"}}));
  mailbox.close();
  CHECK(mailbox.text().empty());
}

TEST_CASE("ftp: names without versions") {
  CHECK(said({{kDown, "220 Microsoft FTP Service\r\n"}})
            .starts_with(kServer + "service tcp/21 ftp product=\"Microsoft FTP Service\" version=\"\""));
  CHECK(said({{kDown, "220 VxWorks (5.4.2) FTP server ready\r\n"}})
            .starts_with(kServer + "service tcp/21 ftp product=\"VxWorks\" version=\"5.4.2\""));
}

TEST_CASE("ftp: recognised by its words on any port; mail is not taken") {
  CHECK(recognised("220 ProFTPD 1.3.5 Server\r\n", kDown) == Recognition::kYes);
  CHECK(recognised("220-Welcome\r\n220 ftp ready\r\n", kDown) == Recognition::kYes);
  CHECK(recognised("22", kDown) == Recognition::kMore);
  CHECK(recognised("220 ready\r\n", kDown) == Recognition::kMore);
  CHECK(recognised("220 ready\r\n", kDown, true) == Recognition::kMaybe);
  CHECK(recognised("220 ftp.example.org ESMTP Postfix\r\n", kDown) == Recognition::kNo);
  CHECK(recognised("2201 FTP", kDown) == Recognition::kNo);
  CHECK(recognised("HTTP/1.1 220", kDown) == Recognition::kNo);
  CHECK(recognised("SYST\r\n", kUp) == Recognition::kYes);
  CHECK(recognised("auth tls\r\n", kUp) == Recognition::kYes);
  CHECK(recognised("AUTH LOGIN\r\n", kUp) == Recognition::kNo);
  CHECK(recognised("USER ward7\r\n", kUp) == Recognition::kMaybe);
  CHECK(recognised("USER nick 0 * :Real Name\r\n", kUp) == Recognition::kNo);
  CHECK(recognised("US", kUp) == Recognition::kMore);
  CHECK(recognised("SSH-2.0-x\r\n", kUp) == Recognition::kNo);
  CHECK(recognised("EHLO x\r\n", kUp) == Recognition::kNo);
}

TEST_CASE("ftp: a password that was asked for but not captured is no empty one") {
  const std::string text = said({{kDown, "220 x\r\n"}, {kUp, "USER a\r\n"}, {kDown, "331 ?\r\n230 ok\r\n"}});
  CHECK(text == kService + kServer + "clue ftp.banner=\"x\" role=server\n");
}

}  // namespace bedrail
