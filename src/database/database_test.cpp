#include "database/database.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

#include "capture/test_folder.h"

using namespace bedrail;
using bedrail::test::TestFolder;

namespace {

std::unique_ptr<Database> opened(const std::string& path, Database::Mode mode) {
  auto out = Database::open(path, mode);
  REQUIRE_MESSAGE(out.has_value(), (out ? std::string() : out.error().message));
  return std::move(*out);
}

std::int64_t count(Database& database) {
  return database.number("SELECT count(*) FROM word").value().value();
}

}  // namespace

TEST_CASE("database: values come back as they were bound") {
  const TestFolder folder;
  const std::string path = folder.path("a b%?#.db");
  {
    auto database = opened(path, Database::Mode::kBuild);
    REQUIRE(database->execute("CREATE TABLE word(id INTEGER PRIMARY KEY, text TEXT NOT NULL, size REAL)"));
    auto insert = database->prepare("INSERT INTO word(text, size) VALUES(?, ?)").value();
    REQUIRE(insert.bind("caf\xc3\xa9").bind(1.5).run());
    CHECK(database->last_id() == 1);
    REQUIRE(insert.bind(std::string_view()).bind_null().run());
  }
  CHECK(std::filesystem::exists(path));
  auto database = opened(path, Database::Mode::kRead);
  auto rows = database->prepare("SELECT text, size FROM word ORDER BY id").value();
  REQUIRE(rows.step().value());
  CHECK(rows.text(0) == "caf\xc3\xa9");
  CHECK(rows.real(1) == 1.5);
  REQUIRE(rows.step().value());
  CHECK(rows.text(0).empty());
  CHECK(rows.null(1));
  CHECK_FALSE(rows.step().value());
  CHECK_FALSE(database->execute("DELETE FROM word"));
}

TEST_CASE("database: a statement is compiled once, and anew where it is lent already") {
  const TestFolder folder;
  auto database = opened(folder.path("a.db"), Database::Mode::kBuild);
  REQUIRE(database->execute("CREATE TABLE word(n INTEGER); INSERT INTO word VALUES(1),(2)"));
  constexpr std::string_view kAll = "SELECT n FROM word WHERE n >= ? ORDER BY n";
  auto outer = database->prepare(kAll).value();
  outer.bind(std::int64_t{1});
  std::int64_t sum = 0;
  while (outer.step().value()) {
    auto inner = database->prepare(kAll).value();
    inner.bind(outer.number(0));
    while (inner.step().value()) sum += inner.number(0);
  }
  CHECK(sum == 1 + 2 + 2);
}

TEST_CASE("database: a transaction applies at its commit, or not at all") {
  const TestFolder folder;
  auto database = opened(folder.path("a.db"), Database::Mode::kShared);
  REQUIRE(database->execute("CREATE TABLE word(n INTEGER)"));
  {
    auto dropped = Transaction::begin(*database).value();
    REQUIRE(database->execute("INSERT INTO word VALUES(1)"));
  }
  CHECK(count(*database) == 0);
  auto kept = Transaction::begin(*database).value();
  REQUIRE(database->execute("INSERT INTO word VALUES(1)"));
  // Another reader does not see it before, and is not held up.
  auto other = opened(folder.path("a.db"), Database::Mode::kShared);
  CHECK(count(*other) == 0);
  REQUIRE(kept.commit());
  CHECK(count(*other) == 1);
}

TEST_CASE("database: what cannot be used is said with the file's name") {
  const TestFolder folder;
  const auto none = Database::open(folder.path("none.db"), Database::Mode::kRead);
  REQUIRE_FALSE(none);
  CHECK(none.error().message.find("none.db: cannot be opened; check the path") != std::string::npos);
  const std::string text = folder.write("text.db", std::string(5000, 'x'));
  const auto wrong = Database::open(text, Database::Mode::kRead);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().message.find("text.db: is damaged, or no database") != std::string::npos);
  auto database = opened(folder.path("a.db"), Database::Mode::kBuild);
  const auto misspelt = database->prepare("SELEKT 1");
  REQUIRE_FALSE(misspelt);
  CHECK(misspelt.error().message.find("a.db: near \"SELEKT\"") != std::string::npos);
}
