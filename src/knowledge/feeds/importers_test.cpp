#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "capture/test_folder.h"
#include "knowledge/feeds/csv_feed.h"
#include "knowledge/feeds/test_documents.h"
#include "knowledge/feeds/test_feeds.h"
#include "knowledge/feeds/vulnerability_base.h"

using namespace bedrail;
using namespace bedrail::test;

namespace {

std::string shared_feed(const std::string& name) {
  const char* const shared = std::getenv("BEDRAIL_SHARED");
  std::string out =
      std::string(shared == nullptr ? BEDRAIL_SOURCE_DIR "/../shared" : shared) + "/feeds/" + name;
  if (std::filesystem::exists(out)) return out;
  MESSAGE("skipped: there is no ", out);
  return {};
}

/// A copy of `text` with one place wrong, and what has to be said of it.
struct Wrong {
  std::string_view kind, text;
  std::string what, with, message;
};

}  // namespace

TEST_CASE("nvd: configurations become statements with bounds and conditions") {
  const Heap got = read_text("nvd", kNvdPage);
  CHECK(got.latest == "2024-06-01T10:00:00Z");
  REQUIRE(got.records.size() == 2);
  const FeedRecord& record = got.records[0];
  CHECK(record.modified == "2024-05-02T03:04:05Z");
  REQUIRE(record.affected.size() == 3);
  const AffectedProduct& firmware = record.affected[0];
  CHECK(firmware.vendor == "maker inc");
  CHECK(firmware.product == "pump one firmware");
  CHECK(firmware.part == "o");
  CHECK(firmware.versions.from == "1.0");
  CHECK(firmware.versions.from_included);
  CHECK(firmware.versions.until == "2.5");
  CHECK_FALSE(firmware.versions.until_included);
  CHECK(firmware.condition == "with maker inc pump one");
  CHECK(record.affected[1].versions.text == "3.1 sp1");
  CHECK(record.affected[1].condition == "edition pro; on windows");
  CHECK(record.affected[2].product == "viewer:x");
  CHECK_FALSE(record.affected[2].versions.from_included);
  CHECK(record.affected[2].versions.until_included);
  const Vulnerability& v = record.vulnerabilities.at(0);
  CHECK(v.cwe == std::vector<std::string>{"CWE-306"});
  CHECK(v.cvss.size() == 2);
  CHECK(v.title == "Pump Weakness");
  CHECK_FALSE(got.records[1].live);
}

TEST_CASE("cve: versions, changes and defaults become statements") {
  const Heap got = read_text("cve", kCveRecord);
  const FeedRecord& record = got.records.at(0);
  REQUIRE(record.affected.size() == 7);
  const auto& below = record.affected[0];
  CHECK(below.versions.from.empty());
  CHECK(below.versions.until == "3.0");
  CHECK(below.status == AffectedStatus::kAffected);
  CHECK(record.affected[1].versions.until == "4.2");
  CHECK(record.affected[2].versions.from == "4.2");
  CHECK(record.affected[2].versions.until_included);
  CHECK(record.affected[2].status == AffectedStatus::kNotAffected);
  CHECK(record.affected[3].versions.text == "7");
  CHECK(record.affected[4].otherwise);
  CHECK(record.affected[4].status == AffectedStatus::kNotAffected);
  // Without versions and default a product is affected as a whole.
  CHECK(record.affected[5].product == "Gateway");
  CHECK(record.affected[5].condition == "on Windows or Linux; module web");
  CHECK(record.affected[5].status == AffectedStatus::kAffected);
  CHECK(record.affected[6].versions.text == "*");
  CHECK(record.affected[6].part == "o");
  const Vulnerability& v = record.vulnerabilities.at(0);
  CHECK(v.title == "Monitor lets all in");
  CHECK(v.ssvc.exploitation == "poc");
  CHECK(v.ssvc.technical_impact == "total");
  CHECK(v.cvss.at(0).version == "4.0");
  CHECK(record.remediations.at(1).category == "workaround");
}

TEST_CASE("kev and epss: one file is all there is, and does not go back in time") {
  const TestFolder folder;
  const std::string site = folder.path("site");
  applied(site, "kev", {folder.write("kev.json", std::string(kKev))});
  applied(site, "epss", {folder.write("epss.csv", std::string(kEpss))});
  const auto base = VulnerabilityBase::open(site).value();
  const auto known = base->exploited("CVE-2024-0100");
  REQUIRE(known);
  CHECK(known->ransomware);
  CHECK(known->due == "2024-06-20");
  CHECK_FALSE(base->exploited("CVE-2024-0200"));
  const auto prediction = base->prediction("CVE-2024-0200");
  REQUIRE(prediction);
  CHECK(prediction->score == 0.00042);
  CHECK(prediction->date == "2024-06-01");

  const std::string later =
      replaced(replaced(std::string(kKev), "dateReleased\":\"2024-06-01", "dateReleased\":\"2024-06-09"),
               "Known\"", "Unknown\"");
  const auto changed =
      prepared(site, "kev", {folder.write("later.json", replaced(later, "CVE-2024-0100", "CVE-2024-0999"))});
  CHECK(changed->changes().withdrawn == std::vector<std::string>{"CVE-2024-0100"});
}

TEST_CASE("kev: what changed without a date of its own counts, and an older catalog is refused") {
  const TestFolder folder;
  const std::string site = folder.path("site");
  const std::string now = folder.write("kev.json", std::string(kKev));
  const std::string later = folder.write(
      "later.json",
      replaced(replaced(std::string(kKev), "dateReleased\":\"2024-06-01", "dateReleased\":\"2024-06-09"),
               "Known\"", "Unknown\""));
  applied(site, "kev", {now});
  CHECK(applied(site, "kev", {later}).changed.size() == 1);
  const auto older = FeedImport::prepare(options(site, "kev", {now}));
  REQUIRE_FALSE(older);
  CHECK(older.error().message.find("is of 2024-06-01, older than what is in use, of 2024-06-09") !=
        std::string::npos);
  const auto both = FeedImport::prepare(options(site, "kev", {now, later}));
  REQUIRE_FALSE(both);
  CHECK(both.error().message.find("give the newest alone") != std::string::npos);
}

TEST_CASE("icsadvisories: a row is an advisory, its versions one text") {
  const Heap got = read_text("icsadvisories", kIcsAdvisories);
  CHECK(got.latest == "2024-08-20");
  REQUIRE(got.records.size() == 2);
  const FeedRecord& record = got.records[0];
  CHECK(record.key == "ICSMA-24-001-01 Pump One");
  REQUIRE(record.affected.size() == 2);
  CHECK(record.affected[1].cve == "CVE-2024-0401");
  CHECK(record.affected[1].versions.text == "Pump One <2.0 | Pump Two <=1,5");
  // Without a CVE the advisory's number stands for it.
  CHECK(got.records[1].affected.at(0).cve == "ICSMA-24-001-02");
  CHECK(got.records[1].modified == "2024-01-02");
}

TEST_CASE("endoflife: product files and both editions of the interface") {
  for (const std::string_view text : {kProductFile, kReleasesAnswer}) {
    const Heap got = read_text("endoflife", text);
    const FeedRecord& record = got.records.at(0);
    CHECK(record.key == "ward-os");
    const ReleaseLifecycle& two = record.releases.at(0);
    CHECK(two.release == "2");
    CHECK(two.released == "2020-01-02");
    CHECK(two.support_ends == "2024-01-01");
    CHECK(two.security_ends == "2026-01-01");
    CHECK(two.extended_ends == "false");
    CHECK(two.latest == "2.7");
  }
  const Heap file = read_text("endoflife", kProductFile);
  REQUIRE(file.records[0].releases.size() == 2);
  CHECK(file.records[0].releases[0].label == "Ward OS Two");
  CHECK(file.records[0].releases[1].label == "Ward OS 1");
  CHECK(file.records[0].releases[1].security_ends == "true");
  const Heap first =
      read_text("endoflife", R"([{"cycle":"2","eol":false,"support":"2024-01-01","latest":"2.7"}])");
  CHECK(first.records.at(0).key == "f");
  CHECK(first.records[0].releases.at(0).security_ends == "false");
}

TEST_CASE("cyclonedx: parts of a device, and which vulnerabilities reach it") {
  const Heap got = read_text("cyclonedx", kBill);
  const FeedRecord& record = got.records.at(0);
  CHECK(record.subject->supplier == "Maker");
  REQUIRE(record.components.size() == 2);
  CHECK(record.components[0].supplier == "Stack Inc");
  CHECK(record.components[1].name == "inner");
  REQUIRE(record.affected.size() == 4);
  CHECK(record.affected[0].status == AffectedStatus::kNotAffected);
  CHECK(record.affected[0].justification == "code_not_reachable");
  CHECK(record.affected[0].product == "Net Stack");
  CHECK(record.affected[0].on_product == "Monitor M");
  CHECK(record.affected[1].versions.text == "vers:generic/<2.0");
  CHECK(record.affected[1].status == AffectedStatus::kAffected);
  CHECK(record.affected[2].status == AffectedStatus::kNotAffected);
  CHECK(record.affected[3].status == AffectedStatus::kUnderInvestigation);
  CHECK(record.affected[3].versions.text == "2.0");
  CHECK(record.vulnerabilities[0].cvss.at(0).version == "3.1");
  CHECK(record.vulnerabilities[0].cwe.at(0) == "CWE-120");
}

TEST_CASE("importers: what is wrong is named with its place") {
  const Wrong all[] = {
      {"nvd", kNvdPage, "\"id\":\"CVE-2024-0100\"", "\"id\":7",
       "f:3: vulnerabilities[0].cve.id is not a text"},
      {"nvd", kNvdPage, "cpe:2.3:h:maker_inc", "cpx",
       "f:3: vulnerabilities[0].cve.configurations[0].nodes[1].cpeMatch[0].criteria is no CPE name"},
      {"nvd", kNvdPage, "\"vulnerabilities\"", "\"items\"", "f: there is no list \"vulnerabilities\" in it"},
      {"nvd", kNvdPage, "\"Rejected\"}}]}", "\"Rejected\"}}", "f:15: ends in the middle of a list"},
      {"nvd", kNvdPage, "\"nodes\":[", "\"nodes\":{", "f:10:6: lacks a name"},
      {"cve", kCveRecord, "\"status\":\"affected\"", "\"status\":3", "versions[0].status is not a text"},
      {"kev", kKev, "\"dateAdded\"", "\"added\"", "f:2: vulnerabilities[0].dateAdded is missing"},
      {"epss", kEpss, "0.00042", "2.5", "f:4: epss is no number from 0 to 1"},
      {"epss", kEpss, "percentile", "share", "f:2: names no columns"},
      {"epss", kEpss, "0.5,0.97", "\"0.5", "f:3: has a quotation mark that is not closed"},
      {"icsadvisories", kIcsAdvisories, "CVE_Number", "CVEs", "f:1: lacks one of the columns"},
      {"icsadvisories", kIcsAdvisories, "ICSMA-24-001-02,", ",", "f:3: names no advisory"},
      {"endoflife", kProductFile, "---\n> Text", "> Text", "f:22: ends in the middle of its front matter"},
      {"endoflife", kProductFile, "---\ntitle", "title", "f:1: is no front matter"},
      {"cyclonedx", kBill, "\"1.5\"", "\"2.0\"", "f: specVersion is none of 1.4, 1.5, 1.6"},
      {"cyclonedx", kBill, "\"name\":\"inner\"", "\"nam\":\"inner\"",
       "components[0].components[0].name is missing"},
  };
  for (const Wrong& wrong : all) {
    const std::string message =
        refused_text(wrong.kind, replaced(std::string(wrong.text), wrong.what, wrong.with));
    CHECK_MESSAGE(message.find(wrong.message) != std::string::npos, message);
  }
  // One element that does not end is refused once it is too long, not once memory is.
  const std::string bomb =
      "{\"vulnerabilities\":[{\"cve\":{\"id\":\"" + std::string(kLongestElement + 100, 'x');
  CHECK(refused_text("nvd", bomb).find("f:1: one element is longer than 16 MiB") != std::string::npos);
}

TEST_CASE("csv: quotation marks, line ends, empty lines") {
  const auto source = feed_of_text("f", "a,\"b,\"\"c\"\"\nd\"\r\n\r\n\n,e", 2);
  CsvReader table(*source);
  REQUIRE(table.next().value());
  CHECK(table.row() == std::vector<std::string>{"a", "b,\"c\"\nd"});
  REQUIRE(table.next().value());
  CHECK(table.row() == std::vector<std::string>{"", "e"});
  CHECK(table.line() == 5);
  CHECK(table.field(7).empty());
  CHECK_FALSE(table.next().value());
}

TEST_CASE("importers: the public feeds") {
  const std::string kev = shared_feed("kev"), epss = shared_feed("epss"),
                    records = shared_feed("vulnrichment"), ends = shared_feed("endoflife"),
                    bills = shared_feed("sbom"), advisories = shared_feed("csaf");
  if (kev.empty() || epss.empty() || records.empty() || ends.empty() || bills.empty() || advisories.empty())
    return;
  const TestFolder folder;
  const std::string site = folder.path("site");
  CHECK(applied(site, "kev", {kev}).added.size() == 1404);
  CHECK(applied(site, "cve", {records}).added.size() == 29);
  CHECK(applied(site, "endoflife", {ends}).added.size() == 3);
  CHECK(applied(site, "cyclonedx", {bills}).added.size() == 2);
  CHECK(applied(site, "csaf", {advisories}).added.size() == 144);
  applied(site, "epss", {epss});
  const auto base = VulnerabilityBase::open(site).value();
  if (const std::string table = shared_feed("advisories"); !table.empty())
    CHECK(applied(site, "icsadvisories", {table}).added.size() > 3900);
  CHECK(base->feeds().size() == 6);
  CHECK(base->prediction("CVE-2025-62593")->date == "2026-08-22");
  CHECK(base->count("component") == 120);
  bool windows_7 = false;
  for (const ReleaseLifecycle& release : base->releases("windows"))
    windows_7 = windows_7 || release.release.starts_with("7");
  CHECK(windows_7);
  CHECK(base->fault().empty());
}
