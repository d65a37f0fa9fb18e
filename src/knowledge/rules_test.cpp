#include "knowledge/rules.h"

#include <doctest/doctest.h>

namespace bedrail {
namespace {

const std::string kHeader = "id\ton\trole\tpattern\tset\tconfidence\tsource\n";

std::string error_of(const std::string& rows) {
  const auto table = Tsv::parse("r.tsv", kHeader + rows, {});
  if (!table) return "table: " + table.error().message;
  RuleBook book;
  const auto done = book.add(*table);
  return done ? "" : done.error().message;
}

RuleBook book_of(const std::string& rows) {
  const auto table = Tsv::parse("r.tsv", kHeader + rows, {});
  REQUIRE(table);
  RuleBook book;
  REQUIRE(book.add(*table));
  return book;
}

std::vector<RuleHit> hits(const RuleBook& book, std::string_view on, Role role, std::string_view text) {
  std::vector<RuleHit> out;
  book.match(on, role, text, out);
  return out;
}

}  // namespace

TEST_CASE("rules: a rule reads its kind of statement alone") {
  const RuleBook book = book_of("r1\tclue http.server\t\tnginx\tvendor=Nginx\t0.5\ts\n");
  CHECK(book.size() == 1);
  const auto found = hits(book, "clue http.server", Role::kServer, "running NGINX here");
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule->id == "r1");
  CHECK(found[0].rule->source == "s");
  CHECK(found[0].values == std::vector<std::pair<Trait, std::string>>{{Trait::kVendor, "Nginx"}});
  CHECK(hits(book, "clue http.agent", Role::kServer, "nginx").empty());
  CHECK(hits(book, "clue http.server", Role::kServer, "apache").empty());
}

TEST_CASE("rules: the role decides where one is named") {
  const RuleBook book = book_of(
      "c\tclue k\tclient\tx\tmodel=C\t1\ts\ns\tclue k\tserver\tx\tmodel=S\t1\ts\n"
      "o\tclue k\tself\tx\tmodel=O\t1\ts\na\tclue k\t\tx\tmodel=A\t1\ts\n");
  const auto ids = [&](Role role) {
    std::string out;
    for (const RuleHit& hit : hits(book, "clue k", role, "x")) out += hit.rule->id;
    return out;
  };
  CHECK(ids(Role::kClient) == "ca");
  CHECK(ids(Role::kServer) == "sa");
  CHECK(ids(Role::kSelf) == "oa");
}

TEST_CASE("rules: groups fill values; a value whose group is empty is not said") {
  const RuleBook book =
      book_of("g\tclue k\t\t^(\\w+)(?:/([0-9.]+))?\tmodel=M $1; firmware=$2; vendor=V\t0.9\ts\n");
  auto found = hits(book, "clue k", Role::kSelf, "Box/1.2");
  REQUIRE(found.size() == 1);
  CHECK(found[0].values == std::vector<std::pair<Trait, std::string>>{
                               {Trait::kModel, "M Box"}, {Trait::kFirmware, "1.2"}, {Trait::kVendor, "V"}});
  found = hits(book, "clue k", Role::kSelf, "Box");
  REQUIRE(found.size() == 1);
  CHECK(found[0].values ==
        std::vector<std::pair<Trait, std::string>>{{Trait::kModel, "M Box"}, {Trait::kVendor, "V"}});
}

TEST_CASE("rules: an index over many rules finds those that match, in their order") {
  std::string rows;
  for (int i = 0; i < 40; ++i) {
    const std::string n = std::to_string(i);
    rows += "r" + n + "\tclue k\t" + (i % 3 == 0 ? "server" : "") + "\t" + (i % 2 == 0 ? "a" : "b") +
            "[0-9]*" + std::to_string(i % 5) + "(x?)\tmodel=M" + n + "; firmware=$1\t0.5\ts\n";
  }
  rows += "word\tclue k\t\tlaser(jet|writer)\tmodel=$1\t0.5\ts\n";
  const RuleBook book = book_of(rows);
  // Those that end in 1 and in 3.
  CHECK(hits(book, "clue k", Role::kServer, "A13x").size() == 8);
  CHECK(hits(book, "clue k", Role::kClient, "A13x").size() == 5);
  CHECK(hits(book, "clue k", Role::kServer, "").empty());
  const auto found = hits(book, "clue k", Role::kServer, "b1 LaserWriter a3");
  REQUIRE(found.size() == 9);
  for (std::size_t i = 1; i < found.size(); ++i) CHECK(found[i - 1].rule < found[i].rule);
  CHECK(found.back().values[0].second == "Writer");
}

TEST_CASE("rules: patterns that are compiled when needed tell their faults then") {
  const auto table = Tsv::parse("r.tsv",
                                kHeader + "x\tclue k\t\t(\tmodel=m\t1\ts\ny\tclue k\t\ty\tmodel=m\t1\ts\n" +
                                    "z\tclue z\t\t()()()()()()()()()()z\tmodel=m\t1\ts\n",
                                {});
  REQUIRE(table);
  RuleBook book;
  REQUIRE(book.add(*table, Patterns::kOnFirstUse));
  CHECK(book.fault().empty());
  CHECK(hits(book, "clue q", Role::kSelf, "y").empty());
  CHECK(book.fault().empty());
  SUBCASE("no expression") {
    CHECK(hits(book, "clue k", Role::kSelf, "y").size() == 1);
    CHECK(book.fault().starts_with("r.tsv:2: \"(\" is no RE2 expression: "));
  }
  SUBCASE("too many groups") {
    CHECK(hits(book, "clue z", Role::kSelf, "z").empty());
    CHECK(book.fault() == "r.tsv:4: the pattern has more than 9 groups");
  }
}

TEST_CASE("rules: faults name the file and the line") {
  CHECK(error_of("ok\tclue k\t\tx\tmodel=m\t1\ts\n").empty());
  CHECK(error_of("ok\tclue k\t\tx\tmodel=m\t1\ts\nx\tclue\t\tx\tmodel=m\t1\ts\n")
            .starts_with("r.tsv:3: \"clue\" is nothing that rules are read on"));
  CHECK(error_of("\tclue k\t\tx\tmodel=m\t1\ts\n").starts_with("r.tsv:2:"));
  for (const char* confidence : {"", "0", "-0.1", "1.01", "nan", "inf", "much"})
    CHECK(error_of(std::string("x\tclue k\t\tx\tmodel=m\t") + confidence + "\ts\n")
              .starts_with("r.tsv:2: the confidence"));
  CHECK(error_of("x\tclue k\tboth\tx\tmodel=m\t1\ts\n").starts_with("r.tsv:2: the role"));
  CHECK(error_of("x\tclue k\t\t(\tmodel=m\t1\ts\n").starts_with("r.tsv:2: \"(\" is no RE2"));
  CHECK(error_of("x\tclue k\t\t()()()()()()()()()()\tmodel=m\t1\ts\n").starts_with("r.tsv:2: the pattern"));
  CHECK(error_of("x\tclue k\t\tx\tcolour=m\t1\ts\n").starts_with("r.tsv:2: \"colour=m\" sets no attribute"));
  CHECK(error_of("x\tclue k\t\tx\tmodel\t1\ts\n").starts_with("r.tsv:2: \"model\" sets no attribute"));
  CHECK(error_of("x\tclue k\t\tx\t;\t1\ts\n") == "r.tsv:2: the rule sets nothing");
  CHECK(error_of("x\tclue k\t\t(x)\tmodel=$2\t1\ts\n").starts_with("r.tsv:2: \"model=$2\" uses a group"));
  CHECK(error_of("x\tclue k\t\tx\tmodel=m\t1\ts\nx\tclue q\t\tx\tmodel=m\t1\ts\n") ==
        "r.tsv:3: the id \"x\" is taken by r.tsv:2");
}

TEST_CASE("rules: every attribute has a name that rules may set") {
  for (std::size_t i = 0; i < kTraits; ++i) {
    const std::string name(to_string(static_cast<Trait>(i)));
    CAPTURE(name);
    const RuleBook book = book_of("x\tclue k\t\tx\t" + name + "=v\t1\ts\n");
    const auto found = hits(book, "clue k", Role::kSelf, "x");
    REQUIRE(found.size() == 1);
    CHECK(found[0].values[0].first == static_cast<Trait>(i));
  }
}

}  // namespace bedrail
