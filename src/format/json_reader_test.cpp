#include "format/json_reader.h"

#include <doctest/doctest.h>

#include <vector>

#include "format/json_items.h"

using namespace bedrail;

namespace {

std::string refusal(std::string_view text) {
  JsonDocument document;
  const auto root = document.parse(text);
  return root ? std::string("taken") : root.error().message;
}

struct Cut {
  std::vector<std::string> items;
  std::vector<std::size_t> lines;
  std::string rest, error;
};

Cut cut(std::string_view text, std::size_t step, std::size_t limit = 1000) {
  JsonItems items("list", limit);
  Cut out;
  for (std::size_t at = 0; at < text.size(); at += step) {
    const auto done = items.feed(text.substr(at, step), [&](std::string_view item, std::size_t line) {
      out.items.emplace_back(item);
      out.lines.push_back(line);
      return Result<void>();
    });
    if (done) continue;
    out.error = done.error().message;
    return out;
  }
  const auto rest = items.finish();
  if (rest)
    out.rest = *rest;
  else
    out.error = rest.error().message;
  return out;
}

}  // namespace

TEST_CASE("json: values are read by name, and what is not there reads as empty") {
  JsonDocument document;
  const auto parsed = document.parse(R"({"a":{"b":["x",{"c":1.5}],"n":null},"t":true})");
  REQUIRE(parsed);
  const JsonValue root = *parsed;
  CHECK(root["t"].boolean());
  CHECK_FALSE(root["a"]["n"].there());
  CHECK(root["a"]["none"]["deeper"].text().empty());
  std::vector<std::string> paths;
  root["a"]["b"].each([&](const JsonValue& each) {
    paths.push_back(each.path());
    if (each.is_object()) CHECK(each["c"].number() == 1.5);
  });
  CHECK(paths == std::vector<std::string>{"a.b[0]", "a.b[1]"});
  std::string names;
  root.members([&](std::string_view name, const JsonValue&) { names += name; });
  CHECK(names == "at");
  CHECK(document.fault().empty());
}

TEST_CASE("json: a value of another kind is the document's fault, with the way to it") {
  JsonDocument document;
  const JsonValue root = document.parse(R"({"a":[{"id":7},{"id":"x"}],"b":"c"})", "feed").value();
  CHECK(root["b"].number() == 0);
  CHECK(document.fault() == "feed.b is not a number");
  // The first stands.
  root["a"].each([](const JsonValue& each) { CHECK(each["id"].text().size() < 2); });
  CHECK(document.fault() == "feed.b is not a number");
  const JsonValue again = document.parse(R"({"a":[{"id":7}]})").value();
  again["a"].each([](const JsonValue& each) { (void)each["id"].text(); });
  CHECK(document.fault() == "a[0].id is not a text");
  (void)document.parse("[]").value()["x"];
  CHECK(document.fault() == "the document is not an object");
  (void)document.parse("{}").value().required("x").text();
  CHECK(document.fault() == "x is missing");
}

TEST_CASE("json: what is not JSON is refused with line and column") {
  CHECK(refusal("") == "1:1: ends in the middle");
  CHECK(refusal("{\"a\":\n [1,2") == "2:6: ends in the middle");
  CHECK(refusal("{\"a\":\n \"bc") == "2:2: has a text that does not end");
  CHECK(refusal("{\"a\" 1}") == "1:6: lacks a colon");
  CHECK(refusal("[1 2]") == "1:4: lacks a comma");
  CHECK(refusal("[1,]") == "1:4: has no value here");
  CHECK(refusal("{a:1}") == "1:2: lacks a name in quotation marks");
  CHECK(refusal("[\"\\q\"]") == "1:4: has an escape that there is not");
  CHECK(refusal("[01]") == "1:2: has a number that begins with 0");
  CHECK(refusal("{} {}") == "1:4: has something behind its end");
  CHECK(refusal("[\"\x01\"]") == "1:3: has a control character in a text");
  CHECK(refusal("[\"\xff\"]") == "1:3: is not UTF-8");
  CHECK(refusal(std::string(5000, '[')) == "1:64: is nested more than 63 deep");
  CHECK(refusal("{\"a\":[true,false,null,-1.5e3,\"\\u00e9\"]}") == "taken");
}

TEST_CASE("json: one list is cut out of a document, in pieces of any size") {
  constexpr std::string_view kText =
      "{\"other\":[1,{\"list\":[9]}],\n \"list\": [ {\"a\":\"}],\\\"\"} ,\n[1,[2,3]], \"te,xt\",\n 7 "
      "],\"end\":{\"x\":2}}";
  for (std::size_t step = 1; step <= kText.size(); ++step) {
    const Cut got = cut(kText, step);
    REQUIRE(got.error.empty());
    REQUIRE(got.items.size() == 4);
    CHECK(got.items[0].starts_with("{\"a\":\"}],\\\"\"}"));
    CHECK(got.items[1] == "[1,[2,3]]");
    CHECK(got.items[2] == "\"te,xt\"");
    CHECK(got.items[3].starts_with("7"));
    CHECK(got.lines == std::vector<std::size_t>{2, 3, 3, 4});
    CHECK(got.rest == "{\"other\":[1,{\"list\":[9]}],\n \"list\": [],\"end\":{\"x\":2}}");
  }
  CHECK(cut("[{\"a\":1},2]", 3).items == std::vector<std::string>{"{\"a\":1}", "2"});
  CHECK(cut("{\"list\":[]}", 3).items.empty());
  CHECK(cut("{\"list\":{\"a\":1}}", 3).rest == "{\"list\":{\"a\":1}}");
}

TEST_CASE("json: a list that is cut off, too long or too deep is refused with its line") {
  CHECK(cut("{\"list\":[1,\n2", 2).error == "2: ends in the middle of a list");
  CHECK(cut("{\"list\":[1,,2]}", 2).error == "1: has a comma without an element");
  CHECK(cut("{\"list\":[1,]}", 2).error == "1: has a comma without an element");
  CHECK(cut("{\"list\":[}]}", 2).error == "1: closes what it did not open");
  CHECK(cut("{\"list\":[\"" + std::string(5000, 'x') + "\"]}", 100)
            .error.find("1: one element is longer than") == 0);
  CHECK(
      cut("{\"other\":\"" + std::string(5000, 'x') + "\"}", 100).error.find("1: one part of it is longer") ==
      0);
  CHECK(cut("{\"list\":[" + std::string(100, '['), 7).error == "1: is nested more than 63 deep");
  CHECK(cut("{\"a\":\"b", 7).error == "1: ends in the middle of a text");
}
