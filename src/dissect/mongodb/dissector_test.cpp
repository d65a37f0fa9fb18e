#include <doctest/doctest.h>

#include "seed_dialogue.h"

namespace bedrail {
const DissectorInfo& mongodb_dissector();

namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

constexpr Direction kUp = Direction::kToServer;
constexpr Direction kDown = Direction::kToClient;

std::string said(const std::vector<test::DissectHarness::Turn>& turns) {
  test::DissectHarness harness(mongodb_dissector());
  harness.stream(turns);
  harness.close();
  return test::told(harness);
}

}  // namespace

TEST_CASE("mongodb: dialogues, however they are cut") {
  test::check_seed(mongodb_dissector(), "open",
                   R"~(client clue mongodb.application="Dose Monitor" role=client
client clue mongodb.driver="PyMongo 3.12.0" role=client
client clue mongodb.client-os="Windows Windows 10.0.17763-SP0" role=client
server service tcp/27017 mongodb product="MongoDB" version="" encrypted=false
server clue mongodb.wire-version="6 (3.6)" role=server
server clue mongodb.replica-set="rs0" role=server
server name kind=mongodb name="mongo1.ward.example"
server service tcp/27017 mongodb product="MongoDB" version="3.6.23" encrypted=false
server clue mongodb.version="3.6.23" role=server
server session mongodb authentication=none encrypted=false
)~");
  test::check_seed(mongodb_dissector(), "refused",
                   R"~(server service tcp/27017 mongodb product="MongoDB" version="" encrypted=false
server login mongodb mechanism=plain cleartext=true outcome=refused secret=<unseen> empty=false same=false
)~");
  test::check_seed(mongodb_dissector(), "scram",
                   R"~(server service tcp/27017 mongodb product="MongoDB" version="" encrypted=false
server clue mongodb.wire-version="21 (7.0)" role=server
server login mongodb mechanism=scram cleartext=false outcome=accepted secret=<unseen> empty=false same=false
server session mongodb authentication=present encrypted=false
)~");
}

TEST_CASE("mongodb: after a gap less is said, never something else") {
  for (const std::string_view name : {"open", "refused", "scram"})
    test::check_gaps(mongodb_dissector(), name);
}

TEST_CASE("mongodb: without the greeting nobody is said to have proved nothing") {
  test::SeedDialogue seed("mongodb", "open");
  seed.turns.erase(seed.turns.begin(), seed.turns.begin() + 2);
  CHECK(said(seed.turns).find("session") == std::string::npos);
}

TEST_CASE("mongodb: what does not fit is an anomaly") {
  CHECK(said({{kUp, "\x0f\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\xdd\x07\x00\x00"s}}) ==
        "client anomaly mongodb bad-message\n");
  CHECK(
      said(
          {{kUp,
            "\x1c\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\xdd\x07\x00\x00\x00\x00\x00\x00\x00\x40\x00\x00\x00\x10zz"s}}) ==
      "client anomaly mongodb bad-document\n");
}

TEST_CASE("mongodb: recognised by a request's form") {
  const DissectorInfo& info = mongodb_dissector();
  const test::SeedDialogue seed("mongodb", "open");
  CHECK(test::recognised(info, seed.turns[0].second) == Recognition::kYes);
  CHECK(test::recognised(info, seed.turns[2].second) == Recognition::kYes);
  CHECK(test::recognised(info, std::string_view(seed.turns[2].second).substr(0, 18)) == Recognition::kMore);
  CHECK(test::recognised(info, seed.turns[1].second, true, kDown) == Recognition::kNo);
  test::check_strangers(info);
}
}  // namespace bedrail
