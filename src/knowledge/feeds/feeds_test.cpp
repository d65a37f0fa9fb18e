#include <doctest/doctest.h>

#include <filesystem>

#include "capture/test_folder.h"
#include "knowledge/feeds/import.h"
#include "knowledge/feeds/json_feed.h"
#include "knowledge/feeds/test_feeds.h"
#include "knowledge/feeds/vulnerability_base.h"
#include "knowledge/feeds/writer.h"

using namespace bedrail;
using namespace bedrail::test;

namespace {

/// The keys of one kind in the generation in use, with what they say.
std::string content(const std::string& site) {
  const Generations generations(site);
  auto database = generations.open(generations.current().value()).value();
  auto rows = database->prepare("SELECT feed, key, digest FROM record ORDER BY feed, key").value();
  std::string out;
  while (rows.step().value()) {
    for (int i = 0; i < 3; ++i) out += std::string(rows.text(i)) + "\n";
  }
  return out;
}

}  // namespace

TEST_CASE("feeds: an import counts once it is applied, and rolls back") {
  const TestFolder folder;
  const std::string site = folder.path("site");
  const std::string first = folder.write("one/a.json", csaf("A-1", "2024-01-01", "< 2.0"));
  {
    auto pending = prepared(site, "csaf", {folder.path("one")});
    CHECK(pending->changes().added == std::vector<std::string>{"Maker A-1"});
    CHECK(pending->number() == 1);
    CHECK(VulnerabilityBase::open(site).value() == nullptr);
  }
  // Dropped, it leaves nothing behind.
  CHECK(Generations(site).all().empty());
  CHECK_FALSE(std::filesystem::exists(site + "/feeds/import.part"));
  applied(site, "csaf", {first});
  CHECK(Generations(site).current().value() == 1);
  CHECK(prepared(site, "csaf", {first})->nothing_new());

  folder.write("two/a.json", csaf("A-1", "2024-02-01", "< 3.0"));
  folder.write("two/b.json", csaf("A-2", "2024-02-01", "1.0"));
  const auto second = applied(site, "csaf", {folder.path("two")});
  CHECK(second.changed == std::vector<std::string>{"Maker A-1"});
  CHECK(second.added == std::vector<std::string>{"Maker A-2"});
  // An older one does not come back by being imported again.
  CHECK(prepared(site, "csaf", {first})->changes().changed.empty());
  CHECK(prepared(site, "csaf", {first})->changes().same == 2);
  const auto whole = prepared(site, "csaf", {folder.path("two/b.json")}, true);
  CHECK(whole->changes().withdrawn == std::vector<std::string>{"Maker A-1"});

  const Generations generations(site);
  REQUIRE(generations.make_current(1));
  CHECK(VulnerabilityBase::open(site).value()->number() == 1);
  CHECK(content(site).find("A-2") == std::string::npos);
}

TEST_CASE("feeds: the same files in any order, or one by one, give the same content") {
  const TestFolder folder;
  std::vector<std::string> files;
  for (const char* const id : {"A-1", "A-2", "A-3"})
    files.push_back(folder.write(std::string(id) + ".json", csaf(id, "2024-01-01", "< 2.0")));
  files.push_back(folder.write("newer.json", csaf("A-2", "2024-03-01", "< 9.0")));
  files.push_back(folder.write("same-day.json", csaf("A-3", "2024-01-01", "< 9.0")));
  const std::string together = folder.path("together"), apart = folder.path("apart");
  applied(together, "csaf", files);
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    auto pending = prepared(apart, "csaf", {*file});
    if (!pending->nothing_new()) REQUIRE(pending->apply());
  }
  CHECK(content(together) == content(apart));
}

TEST_CASE("feeds: while one import is at work another is refused") {
  const TestFolder folder;
  const std::string file = folder.write("a.json", csaf("A-1", "2024-01-01", "< 2.0"));
  const auto first = prepared(folder.path("site"), "csaf", {file});
  const auto second = FeedImport::prepare(options(folder.path("site"), "csaf", {file}));
  REQUIRE_FALSE(second);
  CHECK(second.error().message.find("another import is at work") != std::string::npos);
}

TEST_CASE("feeds: what cannot be read changes nothing and is named with its place") {
  const TestFolder folder;
  const std::string site = folder.path("site");
  applied(site, "csaf", {folder.write("a.json", csaf("A-1", "2024-01-01", "< 2.0"))});
  const std::string before = content(site);
  const std::string good = csaf("A-2", "2024-01-01", "< 2.0");
  const std::pair<const char*, std::string> bad[] = {
      {"b.json:1:", good.substr(0, good.size() / 2)},
      {"b.json:1:64: is nested more than", std::string(100000, '[')},
      {"b.json: document.tracking.id is not a text", replaced(good, "\"id\":\"A-2\"", "\"id\":7")},
      {"b.json: document.tracking.id is missing", replaced(good, "\"id\":\"A-2\"", "\"ix\":7")},
      {"b.json: document.tracking.current_release_date is not a time",
       replaced(good, "2024-01-01", "yesterday")},
      {"b.json: vulnerabilities[0].product_status.known_affected[0] is no product of the tree",
       replaced(good, "\"known_affected\":[\"P1\"]", "\"known_affected\":[\"P9\"]")},
      {"b.json: document.csaf_version is neither",
       replaced(good, "\"csaf_version\":\"2.0\"", "\"csaf_version\":\"1.2\"")},
      {"b.json: document is missing", "{}"},
  };
  for (const auto& [place, text] : bad) {
    const std::string file = folder.write("bad/b.json", text);
    const auto refused = FeedImport::prepare(options(site, "csaf", {folder.path("bad")}));
    REQUIRE_FALSE(refused);
    CHECK_MESSAGE(refused.error().message.find(place) != std::string::npos, refused.error().message);
  }
  const auto zipped =
      FeedImport::prepare(options(site, "csaf", {folder.write("z.json", "PK\x03\x04 and so on")}));
  REQUIRE_FALSE(zipped);
  CHECK(zipped.error().message.find("z.json: is a zip archive; unpack it") != std::string::npos);
  CHECK(content(site) == before);
  CHECK(Generations(site).all() == std::vector<int>{1});
  const auto none = FeedImport::prepare(options(site, "csaf", {folder.path("none")}));
  REQUIRE_FALSE(none);
  CHECK(none.error().message.find("none: ") != std::string::npos);
}

TEST_CASE("feeds: secrets that a text states are taken out") {
  CHECK(without_secrets("The password is 'abc123' and more") == "The password is [removed] and more");
  CHECK(without_secrets("use password: hunter2, then") == "use password: [removed], then");
  CHECK(without_secrets("Password=\"x y\" ok; passwd: z") == "Password=[removed] ok; passwd: [removed]");
  CHECK(without_secrets("change all passwords") == "change all passwords");
  CHECK(without_secrets("a password is required to enter") == "a password is required to enter");
  CHECK(without_secrets("password:") == "password:");
}

TEST_CASE("feeds: words of a product") {
  CHECK(product_words("BD Alaris\xe2\x84\xa2 8015 PC-Unit (8015)") ==
        std::vector<std::string>{"8015", "alaris\xe2\x84\xa2", "bd", "pc", "unit"});
  CHECK(product_words(" - ").empty());
}
