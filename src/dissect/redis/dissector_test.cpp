#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& redis_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(redis_dissector());
  harness.stream(turns);
  harness.close();
  return test::told(harness);
}

}  // namespace

TEST_CASE("redis: dialogues, however they are cut") {
  test::check_seed(redis_dissector(), "auth",
                   R"~(server service tcp/6379 redis product="" version="" encrypted=false
server login redis mechanism=plain cleartext=true outcome=accepted secret=<redacted> empty=false same=false
server session redis authentication=present encrypted=false
)~");
  test::check_seed(redis_dissector(), "open",
                   R"~(client clue redis.client="worklist-cache" role=client
server service tcp/6379 redis product="" version="" encrypted=false
server service tcp/6379 redis product="Redis" version="5.0.3" encrypted=false
server clue redis.version="5.0.3" role=server
server clue redis.mode="standalone" role=server
server clue redis.os="Linux 4.19.0-21-amd64 x86_64" role=server
server session redis authentication=none encrypted=false
)~");
  test::check_seed(redis_dissector(), "refused",
                   R"~(server service tcp/6379 redis product="" version="" encrypted=false
server login redis mechanism=plain cleartext=true outcome=refused secret=<redacted> empty=false same=true
server session redis authentication=present encrypted=false
)~");
  test::check_seed(redis_dissector(), "resp3",
                   R"~(server service tcp/6379 redis product="" version="" encrypted=false
server login redis mechanism=plain cleartext=true outcome=accepted secret=<redacted> empty=false same=false
server session redis authentication=present encrypted=false
)~");
}

TEST_CASE("redis: after a gap less is said, never something else") {
  for (const std::string_view name : {"auth", "open", "refused", "resp3"})
    test::check_gaps(redis_dissector(), name);
}

TEST_CASE("redis: accounts, passwords, keys and values are told nowhere") {
  for (const std::string_view name : {"open", "auth", "refused", "resp3"}) {
    const std::string text = test::told_of(redis_dissector(), {"redis", name});
    for (const std::string_view word : {"secret12", "anna", "default", "key", "vvv"})
      CHECK(text.find(word) == std::string::npos);
  }
}

TEST_CASE("redis: only who began at the beginning is known to have proved nothing") {
  const std::string answer = "$1\r\nx\r\n";
  CHECK(said({{kUp, "*2\r\n$3\r\nGET\r\n$1\r\na\r\n"}, {kDown, answer}}).find("session") ==
        std::string::npos);
  CHECK(said({{kUp, "*1\r\n$7\r\nCOMMAND\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\n"}, {kDown, "*0\r\n" + answer}})
            .find("session redis authentication=none") != std::string::npos);
  CHECK(said({{kUp, "AUTH x\r\n"}, {kDown, "-ERR Client sent AUTH, but no password is set\r\n"}})
            .find("session redis authentication=none") != std::string::npos);
}

TEST_CASE("redis: what does not fit is an anomaly") {
  CHECK(said({{kUp, "*x\r\n"}}) == "client anomaly redis malformed\n");
  CHECK(said({{kUp, "*1\r\n+PING\r\n"}}) == "client anomaly redis malformed\n");
  CHECK(said({{kUp, "PING\r\n"}, {kDown, "$-7\r\n"}}) == "client anomaly redis malformed\n");
  CHECK(said({{kDown, "HTTP/1.1 400\r\n"}}) == "client anomaly redis malformed\n");
}

TEST_CASE("redis: recognised by its arrays, inline commands on its port alone") {
  const DissectorInfo& info = redis_dissector();
  CHECK(test::recognised(info, "*1\r\n$4\r\nPING\r\n"sv) == Recognition::kYes);
  CHECK(test::recognised(info, "*1\r\n"sv) == Recognition::kMore);
  CHECK(test::recognised(info, "*1\r\n+OK\r\n"sv, true) == Recognition::kNo);
  CHECK(test::recognised(info, "PING\r\n"sv) == Recognition::kNo);
  CHECK(test::recognised(info, "PING\r\n"sv, true) == Recognition::kYes);
  CHECK(test::recognised(info, "GET / HTTP/1.1\r\n"sv, true) == Recognition::kNo);
  CHECK(test::recognised(info, "*1\r\n$4\r\nPING\r\n"sv, true, kDown) == Recognition::kNo);
  test::check_strangers(info);
}
}  // namespace bedrail
