#include "knowledge/behaviours.h"

#include <doctest/doctest.h>

#include "knowledge_folder.h"

namespace bedrail {

using test::KnowledgeFolder;

namespace {

constexpr const char* kHead = "id\twhen\tset\tconfidence\tsource\n";

std::string error_with(const std::string& row) {
  const KnowledgeFolder folder;
  folder.put("behaviours.tsv", kHead + row);
  const auto loaded = folder.load();
  if (loaded) return "";
  const std::string& message = loaded.error().message;
  return message.substr(message.rfind('/') + 1);
}

}  // namespace

TEST_CASE("behaviours: conditions, what they say and how sure they may be") {
  const KnowledgeFolder folder;
  folder.put(
      "behaviours.tsv",
      std::string(kHead) +
          "a\tcalls hl7 >= 2; every hl7 <= 60.5; external <= 0\ttype=pump; category=medical\t0.3\tx\n");
  const auto loaded = folder.load();
  REQUIRE(loaded);
  REQUIRE((*loaded)->behaviours().size() == 1);
  const Behaviour& a = (*loaded)->behaviours().front();
  CHECK(a.id == "a");
  CHECK(a.confidence == 0.3);
  REQUIRE(a.terms.size() == 3);
  CHECK(a.terms[0].measure == Behaviour::Measure::kCalls);
  CHECK(a.terms[0].protocol == "hl7");
  CHECK(a.terms[0].at_least);
  CHECK(a.terms[0].number == 2);
  CHECK(a.terms[1].number == 60.5);
  CHECK(!a.terms[1].at_least);
  CHECK(a.terms[2].measure == Behaviour::Measure::kExternal);
  CHECK(a.terms[2].protocol.empty());
  REQUIRE(a.says.size() == 2);
  CHECK(a.says[0] == std::pair(Trait::kType, std::string("pump")));
}

TEST_CASE("behaviours: errors name the line and what is allowed") {
  CHECK(error_with("a\tcalls hl7 >= 1\ttype=pump\t0.3\tx\n").empty());
  CHECK(
      error_with("\tcalls hl7 >= 1\ttype=pump\t0.3\tx\n").starts_with("behaviours.tsv:2: a behaviour needs"));
  CHECK(
      error_with("a\tcalls hl7 >= 1\ttype=pump\t0.3\t\n").starts_with("behaviours.tsv:2: a behaviour needs"));
  for (const char* term : {"calls hl7 > 1", "calls hl7 1", "calls >= 1", "eats hl7 >= 1", "calls hl7 >= many",
                           "calls hl7 >= -1", "calls hl7 >= nan", "peers hl7 >= 1", "calls hl7 >= 1x"}) {
    CAPTURE(term);
    CHECK(error_with(std::string("a\tcalls hl7 >= 1; ") + term + "\ttype=pump\t0.3\tx\n")
              .starts_with(std::string("behaviours.tsv:2: \"") + term + "\" is none of"));
  }
  for (const char* first : {"", "peers >= 1", "calls hl7 <= 1", "calls hl7 >= 0"}) {
    CAPTURE(first);
    CHECK(error_with(std::string("a\t") + first + "\ttype=pump\t0.3\tx\n")
              .starts_with("behaviours.tsv:2: the first condition"));
  }
  for (const char* set : {"model=X", "vendor=Acme", "type=", "type"}) {
    CAPTURE(set);
    CHECK(error_with(std::string("a\tcalls hl7 >= 1\t") + set + "\t0.3\tx\n")
              .starts_with("behaviours.tsv:2: behaviour tells a type or a category"));
  }
  CHECK(error_with("a\tcalls hl7 >= 1\t\t0.3\tx\n").starts_with("behaviours.tsv:2: it sets nothing"));
  CHECK(
      error_with("a\tcalls hl7 >= 1\ttype=cow\t0.3\tx\n").starts_with("behaviours.tsv:2: there is no kind"));
  CHECK(error_with("a\tcalls hl7 >= 1\tcategory=cow\t0.3\tx\n").starts_with("behaviours.tsv:2: \"cow\""));
  CHECK(error_with("a\tcalls hl7 >= 1\tcategory=it; type=pump\t0.3\tx\n")
            .starts_with("behaviours.tsv:2: \"it\""));
  for (const char* confidence : {"0.36", "0.9", "0", "", "x"}) {
    CAPTURE(confidence);
    CHECK(!error_with(std::string("a\tcalls hl7 >= 1\ttype=pump\t") + confidence + "\tx\n").empty());
  }
}

}  // namespace bedrail
