#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "capture/test_folder.h"
#include "knowledge/feeds/test_feeds.h"
#include "knowledge/feeds/vulnerability_base.h"

using namespace bedrail;
using namespace bedrail::test;

namespace {

/// Products in a family, a relationship, a group; four statuses with reasons.
constexpr std::string_view kVex = R"({"document":{"csaf_version":"2.0","publisher":{"name":"Maker"},
 "tracking":{"id":"V-1","current_release_date":"2024-05-01T10:00:00+02:00","version":"2"}},
"product_tree":{"branches":[{"category":"vendor","name":"Maker","branches":[
  {"category":"product_family","name":"Monitors","branches":[
    {"category":"product_name","name":"Monitor M","branches":[
      {"category":"product_version","name":"1.0","branches":[{"category":"service_pack","name":"2",
         "product":{"name":"M 1.0 SP2","product_id":"m1","product_identification_helper":{"cpe":"cpe:2.3:o:maker:monitor_m:1.0:*:*:*:*:*:*:*","model_numbers":["M-1","M-2"]}}}]},
      {"category":"product_version","name":"2.0","product":{"name":"M 2.0","product_id":"m2"}}]}]}]},
  {"category":"vendor","name":"Stack Inc","branches":[{"category":"product_name","name":"Net Stack","product":{"name":"Net Stack","product_id":"s"}}]}],
 "full_product_names":[{"name":"Loose Thing 3","product_id":"loose"}],
 "relationships":[{"category":"default_component_of","product_reference":"s","relates_to_product_reference":"m2","full_product_name":{"name":"Stack in M","product_id":"s-in-m"}}],
 "product_groups":[{"group_id":"g","product_ids":["m1","loose"]}]},
"vulnerabilities":[{"cve":"CVE-2024-0002","title":"T",
 "product_status":{"known_affected":["s-in-m"],"fixed":["m2"],"known_not_affected":["m1","loose"],"under_investigation":["s"],"recommended":["m2"]},
 "flags":[{"label":"vulnerable_code_not_present","product_ids":["m1"]}],
 "threats":[{"category":"impact","details":"No network","product_ids":["loose"]}],
 "remediations":[{"category":"mitigation","details":"Unplug. The password is 'sesame'.","group_ids":["g"]},{"category":"none_available","details":"x"}]},
 {"ids":[{"system_name":"ours","text":"BUG-7"}],"product_status":{"known_affected":["m1"]}}]})";

}  // namespace

TEST_CASE("csaf: the product tree is walked to its leaves, with families, relationships and groups") {
  const Heap got = read_text("csaf", kVex);
  REQUIRE(got.records.size() == 1);
  const FeedRecord& record = got.records[0];
  CHECK(record.key == "Maker V-1");
  CHECK(record.modified == "2024-05-01T08:00:00Z");
  CHECK(got.latest == record.modified);
  REQUIRE(record.affected.size() == 6);
  const AffectedProduct& in = record.affected[0];
  CHECK(in.vendor == "Stack Inc");
  CHECK(in.product == "Net Stack");
  CHECK(in.relation == "default_component_of");
  CHECK(in.on_vendor == "Maker");
  CHECK(in.on_product == "Monitor M");
  CHECK(in.on_versions == "2.0");
  CHECK(in.status == AffectedStatus::kAffected);
  CHECK(record.affected[1].status == AffectedStatus::kFixed);
  CHECK(record.affected[1].versions.text == "2.0");
  const AffectedProduct& sp = record.affected[2];
  CHECK(sp.status == AffectedStatus::kNotAffected);
  CHECK(sp.condition == "service pack 2");
  CHECK(sp.versions.text == "1.0");
  CHECK(sp.part == "o");
  CHECK(sp.models == "M-1, M-2");
  CHECK(sp.justification == "vulnerable_code_not_present");
  CHECK(record.affected[3].product == "Loose Thing 3");
  CHECK(record.affected[3].justification == "No network");
  CHECK(record.affected[4].status == AffectedStatus::kUnderInvestigation);
  CHECK(record.affected[5].cve == "BUG-7");
  REQUIRE(record.remediations.size() == 2);
  CHECK(record.remediations[0].text == "Unplug. The password is [removed].");
  CHECK(record.remediations[0].leaves == std::vector<std::uint32_t>{sp.leaf, record.affected[3].leaf});
  CHECK(record.remediations[1].leaves.empty());
}

TEST_CASE("csaf: a stored advisory is found by words, with what belongs to the product") {
  const TestFolder folder;
  const std::string site = folder.path("site");
  applied(site, "csaf",
          {folder.write("a.json", csaf("A-1", "2024-01-01", "< 2.0")),
           folder.write("v.json", std::string(kVex))});
  const auto base = VulnerabilityBase::open(site).value();
  const auto products = base->products_with({"pump", "maker"});
  REQUIRE(products.size() == 1);
  CHECK(products[0].product == "Pump One");
  const auto statements = base->statements_on(products[0].id);
  REQUIRE(statements.size() == 1);
  const FeedStatement& one = statements[0];
  CHECK(one.product.versions.text == "< 2.0");
  CHECK(one.product.versions.range);
  CHECK(one.product.cve == "CVE-2024-0001");
  CHECK(base->advisory(one.record)->url == "https://maker.example/A-1");
  CHECK(base->remediations(one).at(0).text == "Install it");
  CHECK(base->scores(one).at(0).score == 9.8);
  CHECK(base->vulnerability("CVE-2024-0001").at(0).vulnerability.cwe == std::vector<std::string>{"CWE-798"});
  CHECK(base->statements_of("CVE-2024-0002").size() == 5);
  // A device is found by what it is made of, too.
  const auto monitor = base->products_with({"monitor"});
  REQUIRE(monitor.size() == 1);
  bool part = false;
  for (const FeedStatement& each : base->statements_on(monitor[0].id))
    part = part || each.product.product == "Net Stack";
  CHECK(part);
  CHECK(base->products_with({}).empty());
  CHECK(base->products_with({"pump", "nowhere"}).empty());
  CHECK(base->fault().empty());
}

TEST_CASE("csaf: references that multiply are bounded") {
  std::string products, ids, remedies;
  for (int i = 0; i < 3000; ++i) {
    products += fmt::format(R"({}{{"name":"p","product_id":"{}"}})", i == 0 ? "" : ",", i);
    ids += fmt::format("{}\"{}\"", i == 0 ? "" : ",", i);
    remedies += fmt::format(R"({}{{"category":"mitigation","group_ids":["g"]}})", i == 0 ? "" : ",");
  }
  const std::string text = fmt::format(
      R"({{"document":{{"csaf_version":"2.0","publisher":{{"name":"M"}},"tracking":{{"id":"I","current_release_date":"2024-01-01"}}}},"product_tree":{{"full_product_names":[{}],"product_groups":[{{"group_id":"g","product_ids":[{}]}}]}},"vulnerabilities":[{{"cve":"C","remediations":[{}]}}]}})",
      products, ids, remedies);
  CHECK(refused_text("csaf", text).find("brings the references to products above 5000000") !=
        std::string::npos);
}

TEST_CASE("csaf: the public medical advisories") {
  const char* const shared = std::getenv("BEDRAIL_SHARED");
  const std::string feed =
      std::string(shared == nullptr ? BEDRAIL_SOURCE_DIR "/../shared" : shared) + "/feeds/csaf";
  if (!std::filesystem::is_directory(feed)) {
    MESSAGE("skipped: there are no advisories in ", feed);
    return;
  }
  const TestFolder folder;
  const auto changes = applied(folder.path("site"), "csaf", {feed});
  CHECK(changes.added.size() == 144);
  const auto base = VulnerabilityBase::open(folder.path("site")).value();
  CHECK(base->count("advisory") == 144);
  CHECK(base->count("vulnerability") == 433);
  CHECK(base->count("(SELECT DISTINCT cve FROM vulnerability)") == 428);
  // 607 products are named. Six of them have no status: two advisories state only their first product.
  CHECK(base->count("(SELECT DISTINCT record, leaf FROM affected)") == 607);
  CHECK(base->count("affected WHERE status = 0") == 1590);
  CHECK(base->count("(SELECT DISTINCT record, leaf FROM affected WHERE status != 0)") == 6);
  CHECK(base->count("cvss") == 434);
  CHECK(base->count("remediation") == 1994);
  CHECK(base->feeds().at(0).as_of.substr(0, 4) == "2024");
  const auto pumps = base->products_with({"alaris"});
  CHECK(pumps.size() > 5);
  CHECK(base->statements_of("CVE-2016-9355").size() > 0);
}
