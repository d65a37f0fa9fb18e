#include "knowledge/literals.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "knowledge/pattern.h"
#include "knowledge/pattern_index.h"

namespace bedrail {
namespace {

std::string words(std::string_view pattern) {
  std::string out;
  for (const std::string& word : required_literals(pattern, 3)) out += (out.empty() ? "" : ",") + word;
  return out;
}

}  // namespace

TEST_CASE("literals: the longest word that a match must hold") {
  CHECK(words("LaserJet") == "laserjet");
  CHECK(words("^HP (LaserJet|OfficeJet) [0-9]+$") == "laserjet,officejet");
  CHECK(words("Axis/[0-9.]+ \\(camera\\)") == " (camera)");
  CHECK(words("(?i:Niagara) Fox") == "niagara");
  CHECK(words("(?P<name>abc)d") == "abc");
  CHECK(words("ab[cde]fgh.ij") == "fgh");
  CHECK(words("a\\.b\\/c") == "a.b/c");
  CHECK(words("abc{2,3}de") == "abc");
  CHECK(words("(abc)+de") == "abc");
  CHECK(words("{abc}") == "{abc}");
  CHECK(words("[]x]foo") == "foo");
  CHECK(words("[[:alpha:]]foo") == "foo");
  CHECK(words("\\x41\\x20bc\\xe9d") == "a bc");
  CHECK(words("fo\\nx") == "fo\nx");
}

TEST_CASE("literals: where nothing is required, nothing is said") {
  for (const char* pattern : {"", ".*", "abc|", "abc|x?", "(abc)?", "(abc)*", "(abc){0,2}", "ab", "abc|de",
                              "[abc]{9}", "\\d+", "ab?c?d?", "(?:abc)?", "x{0}", "\xc3\xa9t\xc3\xa9"})
    CHECK_MESSAGE(words(pattern).empty(), pattern);
}

TEST_CASE("literals: what is not understood requires nothing") {
  for (const char* pattern : {"(abc", "abc)", "[abc", "abc**", "*abc", "\\Qabc\\E", "\\pLabc", "(?=abc)abc",
                              "abc\\", "(?P<abc", "[[:alpha", "^*abc", "\\x{41}abc", "abc\\1"})
    CHECK_MESSAGE(words(pattern).empty(), pattern);
  CHECK(words(std::string(5000, '(') + "abc" + std::string(5000, ')')).empty());
}

TEST_CASE("literals: letters that Unicode folds to ASCII") {
  CHECK(folded("\xe2\x84\xaaON \xc5\xbftation") == "kon station");
  const PatternIndex index({"kon", "station", "x"});
  CHECK(index.candidates("\xe2\x84\xaaON \xc5\xbftation") == std::vector<std::uint32_t>{0, 1, 2});
}

TEST_CASE("index: every pattern that is found in a text is a candidate") {
  const std::vector<std::string> patterns = {
      "\\bge (health|medical)", "h\\.?p\\.?\\b", "sie(mens)?", "[Aa]cme+ ?inc", "(a|b)cd|efg",
      "philips( health)?",      "x.y.?z",        "^$",         "ka|kb|kcc"};
  std::vector<std::string_view> views(patterns.begin(), patterns.end());
  const PatternIndex index(views);
  for (const char* text : {"GE Healthcare", "the ge medical", "HP", "H.P. Inc", "siemens", "SIE",
                           "ACMEEE INC", "acd", "bcd", "efg", "Philips Health", "xxyyzz", "", "ka", "kcc"}) {
    const auto found = index.candidates(text);
    for (std::uint32_t i = 0; i < patterns.size(); ++i) {
      const Pattern pattern(patterns[i], "t", nullptr);
      if (pattern.found_in(text))
        CHECK_MESSAGE(std::find(found.begin(), found.end(), i) != found.end(), text << " " << patterns[i]);
    }
  }
}

}  // namespace bedrail
