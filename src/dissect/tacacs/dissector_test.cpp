#include <doctest/doctest.h>

#include "dissect_harness.h"

namespace bedrail {
const DissectorInfo& tacacs_dissector();

namespace {

using Turns = std::vector<test::DissectHarness::Turn>;
constexpr Direction kUp = Direction::kToServer, kDown = Direction::kToClient;
const std::string kClient = "10.0.0.1/02:00:00:00:00:01 ", kServer = "10.0.0.2/02:00:00:00:00:02 ";

std::string packet(int type, int sequence, int flags, const std::string& body, int version = 0xc0) {
  return std::string{static_cast<char>(version), static_cast<char>(type), static_cast<char>(sequence),
                     static_cast<char>(flags)} +
         "sess" +
         std::string{0, 0, static_cast<char>(body.size() >> 8), static_cast<char>(body.size() & 0xff)} + body;
}
std::string start(int kind, const std::string& user, const std::string& data) {
  return std::string{1, 15, static_cast<char>(kind),       1, static_cast<char>(user.size()),
                     4, 8,  static_cast<char>(data.size())} +
         user + "tty0" + "10.0.0.7" + data;
}
std::string reply(int status) { return std::string{static_cast<char>(status), 0, 0, 2, 0, 0} + "hi"; }
std::string go_on(const std::string& text) {
  return std::string{0, static_cast<char>(text.size()), 0, 0, 0} + text;
}
std::string said(const Turns& turns, std::size_t step = 0) {
  test::DissectHarness harness(tacacs_dissector());
  harness.stream(turns, step);
  return harness.text();
}
std::string clue(const std::string& key, const std::string& value) {
  return kClient + "clue tacacs." + key + "=\"" + value + "\" role=client\n";
}
std::string service(bool encrypted, const std::string& version) {
  return kServer +
         "service tcp/49 tacacs product=\"\" version=\"\" encrypted=" + (encrypted ? "true" : "false") +
         "\n" + kServer + "protocol tacacs version=\"" + version + "\" agreed=true\n";
}
std::string login(const std::string& rest) { return kServer + "login tacacs mechanism=" + rest + "\n"; }
Recognition recognised(const std::string& bytes, bool on_port = true) {
  return tacacs_dissector().recognise({kUp, as_bytes(bytes), 40000, 49, false, on_port});
}

}  // namespace

TEST_CASE("tacacs: what cannot be read tells who asks whom") {
  const Turns turns = {
      {kUp, packet(1, 1, 0, std::string(40, 'x'), 0xc1)},
      {kDown, packet(1, 2, 0, std::string(16, 'y'), 0xc1)},
      {kUp, packet(3, 1, 4, std::string(3000, 'x')) + packet(1, 1, 0, std::string(40, 'x'))}};
  const std::string whole = said(turns);
  CHECK(whole == clue("asks", "authentication") + service(true, "12.1") + clue("asks", "accounting"));
  for (const std::size_t step : {1, 5, 100}) CHECK(said(turns, step) == whole);
}

TEST_CASE("tacacs: passwords in clear, in one message and after a question") {
  const std::string front = clue("asks", "authentication") + clue("body", "clear") + service(false, "12.0");
  CHECK(said({{kUp, packet(1, 1, 1, start(2, "admin", "s3cret"))}, {kDown, packet(1, 2, 1, reply(1))}}) ==
        front + login("plain cleartext=true outcome=accepted secret=<redacted> empty=false same=false"));
  const Turns asked = {{kUp, packet(1, 1, 1, start(1, "admin", ""))},
                       {kDown, packet(1, 2, 1, reply(5))},
                       {kUp, packet(1, 3, 1, go_on("admin"))},
                       {kDown, packet(1, 4, 1, reply(2))}};
  CHECK(said(asked) ==
        front + login("plain cleartext=true outcome=refused secret=<redacted> empty=false same=true"));
  CHECK(said(asked, 1) == said(asked));
  CHECK(said({{kUp, packet(1, 1, 1, start(3, "admin", "xxxx"))}, {kDown, packet(1, 2, 1, reply(1))}}) ==
        front + login("chap cleartext=false outcome=accepted secret=<unseen> empty=false same=false"));
}

TEST_CASE("tacacs: malformed packets") {
  const std::string anomaly = kClient + "anomaly tacacs ";
  CHECK(said({{kUp, packet(9, 1, 0, "abcde")}}) == anomaly + "bad-header\n");
  CHECK(said({{kUp, packet(1, 0, 0, "abcde")}}) == anomaly + "bad-header\n");
  CHECK(said({{kUp, packet(1, 1, 1, start(1, "admin", "").substr(0, 9))}}).ends_with(anomaly + "bad-body\n"));
  test::DissectHarness harness(tacacs_dissector());
  harness.piece(kUp, packet(1, 1, 0, "abcde"));
  CHECK_FALSE(harness.gap(kDown, 100));
}

TEST_CASE("tacacs: recognised on its port only") {
  const std::string good = packet(1, 1, 0, "abcde");
  CHECK(recognised(good) == Recognition::kYes);
  CHECK(recognised(good, false) == Recognition::kNo);
  CHECK(recognised(good.substr(0, 11)) == Recognition::kMore);
  CHECK(recognised(packet(1, 2, 0, "abcde")) == Recognition::kNo);
  CHECK(recognised(packet(1, 1, 8, "abcde")) == Recognition::kNo);
  CHECK(recognised(packet(1, 1, 0, "abcde", 0xc2)) == Recognition::kNo);
  CHECK(recognised("GET / HTTP/1.1\r\n") == Recognition::kNo);
}

}  // namespace bedrail
