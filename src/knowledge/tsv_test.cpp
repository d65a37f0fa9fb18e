#include "knowledge/tsv.h"

#include <doctest/doctest.h>

namespace bedrail {
namespace {

std::string error_of(const std::string& text, const std::vector<std::string_view>& needed = {"a"}) {
  const auto table = Tsv::parse("t.tsv", text, needed);
  return table ? "" : table.error().message;
}

}  // namespace

TEST_CASE("tsv: cells by their columns' names, trimmed; comments and empty lines count as lines") {
  const auto table = Tsv::parse("t.tsv", "# about\n\na\tb\n1\t two \r\n# more\n3\n", {"a", "b"});
  REQUIRE(table);
  REQUIRE(table->size() == 2);
  CHECK(table->row(0)["a"] == "1");
  CHECK(table->row(0)["b"] == "two");
  CHECK(table->row(0)["c"].empty());
  CHECK(table->row(1)["b"].empty());  // cells at a line's end may be left out
  CHECK(table->row(0).where() == "t.tsv:4");
  CHECK(table->row(1).where() == "t.tsv:6");
}

TEST_CASE("tsv: a byte order mark is no part of the first column's name") {
  const auto table = Tsv::parse("t.tsv",
                                "\xef\xbb\xbf"
                                "a\tb\n1\t2",
                                {"a"});
  REQUIRE(table);
  CHECK(table->row(0)["a"] == "1");
}

TEST_CASE("tsv: faults name the file and the line") {
  CHECK(error_of("") == "t.tsv: no line names the columns");
  CHECK(error_of("# only words\n") == "t.tsv: no line names the columns");
  CHECK(error_of("#\nb\tc\n").starts_with("t.tsv:2: the column \"a\""));
  CHECK(error_of("a\tb\ta\n") == "t.tsv:1: the column \"a\" stands twice");
  CHECK(error_of("a\n1\n1\t2\n").starts_with("t.tsv:3: 2 cells in a table of 1 columns"));
  CHECK(error_of("a" + std::string(64, '\t') + "\n") == "t.tsv:1: more than 64 columns");
  CHECK(error_of("a" + std::string(63, '\t') + "\n").empty());
}

TEST_CASE("tsv: numbers") {
  const auto table = Tsv::parse("t.tsv", "a\n0.5\n0.5x\nnan\ninf\n\n11\ny\n-1\n", {"a"});
  REQUIRE(table);
  CHECK(table->row(0).number("a") == 0.5);
  CHECK(table->row(1).number("a", -7) == -7);
  CHECK(table->row(2).number("a", -7) == -7);  // what is no number compares with nothing
  CHECK(table->row(3).number("a", -7) == -7);
  CHECK(table->row(0).number_in("a", 0, 10).value_or(-1) == 0.5);
  CHECK(table->row(0).number_in("missing", 0, 10).value_or(-1) == 0);
  CHECK(table->row(4).number_in("a", 0, 10).error().message.starts_with("t.tsv:7: \"11\" in the column a"));
  CHECK(!table->row(2).number_in("a", 0, 10));
  CHECK(!table->row(6).number_in("a", 0, 10));
  CHECK(table->row(5).flag("a"));
  CHECK(!table->row(0).flag("a"));
}

TEST_CASE("tsv: lists") {
  CHECK(split_list(" a ; b;;c; ", ';') == std::vector<std::string_view>{"a", "b", "c"});
  CHECK(split_list("", ';').empty());
  CHECK(split_list(";;", ';').empty());
}

TEST_CASE("tsv: a file that is not there is told with what to do") {
  const auto table = Tsv::read("/nonexistent/oui.tsv", {"a"});
  REQUIRE(!table);
  CHECK(table.error().message.find("/nonexistent/oui.tsv") == 0);
  CHECK(table.error().message.find("--knowledge") != std::string::npos);
}

}  // namespace bedrail
