#include "model/declared_text.h"

#include <doctest/doctest.h>

namespace bedrail {

TEST_CASE("declared text: parts go in and come out; the separator is no part of a value") {
  DeclaredText text;
  CHECK(text.text().empty());
  text.add("serial", "A=1|2");
  text.add("model", "");
  text.add("location", "ICU^^1");
  CHECK(text.text() == "serial=A=1/2|location=ICU^^1");
  const auto parts = declared_parts(text.text());
  REQUIRE(parts.size() == 2);
  CHECK(parts[0].first == "serial");
  CHECK(parts[0].second == "A=1/2");
  CHECK(parts[1].second == "ICU^^1");
}

TEST_CASE("declared text: what finds no place is left out whole; odd text gives what it holds") {
  DeclaredText text;
  text.add("a", std::string(400, 'x'));
  text.add("b", std::string(120, 'y'));
  text.add("c", "z");
  REQUIRE(declared_parts(text.text()).size() == 2);
  CHECK(declared_parts(text.text())[1].first == "c");
  CHECK(declared_parts("").empty());
  CHECK(declared_parts("||=x|novalue|").empty());
  REQUIRE(declared_parts("|a=").size() == 1);
}

}  // namespace bedrail
