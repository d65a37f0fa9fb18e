#include "assess/matching.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "knowledge/knowledge.h"
#include "knowledge/tsv.h"

namespace bedrail {
namespace {

const Knowledge& shipped() {
  static const auto knowledge =
      load_knowledge(std::string(BEDRAIL_SOURCE_DIR) + "/knowledge", Patterns::kOnFirstUse);
  REQUIRE_MESSAGE(knowledge, knowledge.error().message);
  return **knowledge;
}

/// "Windows 7 6.1.7601": the last word is the version.
Component system_of(std::string_view text) {
  const std::size_t space = text.rfind(' ');
  return {Component::Kind::kSystem,
          "Microsoft",
          std::string(text.substr(0, space)),
          std::string(text.substr(space + 1)),
          false,
          0.9,
          {}};
}

struct Counts {
  std::size_t pairs = 0, confirmed = 0, found = 0;
};

/// Holds what the row expects of each vulnerability against the verdicts on the device.
void hold(const Tsv::Row& row, const std::vector<Verdict>& verdicts, Counts& counts) {
  const std::string_view expected = row["status"];
  for (const std::string_view cve : split_list(row["cves"], ' ')) {
    const auto verdict = std::find_if(verdicts.begin(), verdicts.end(),
                                      [&](const Verdict& v) { return v.vulnerability->cve == cve; });
    const std::string_view got = verdict == verdicts.end() ? "none" : to_string(verdict->standing);
    const bool open = got == "confirmed" || got == "potential";
    const bool right = expected == "cleared" ? got == "fixed" || got == "not-affected"
                       : expected == "none"  ? !open
                                             : got == expected;
    CHECK_MESSAGE(right, row.where(), ": ", row["vendor"], " ", row["model"], " ", row["firmware"], " ",
                  row["os"], ": ", cve, " is ", got, ", not ", expected, ": ",
                  verdict == verdicts.end() ? "" : verdict->reason);
    ++counts.pairs;
    if (expected == "confirmed") ++counts.confirmed, counts.found += got == "confirmed" ? 1 : 0;
  }
}

}  // namespace

TEST_CASE("matching: devices made up by hand stand to each vulnerability as the advisories say") {
  const Matcher matcher(shipped().advisories(), shipped().product_aliases());
  const auto table = Tsv::read(std::string(BEDRAIL_SOURCE_DIR) + "/tests/matching/devices.tsv",
                               {"vendor", "model", "firmware", "os", "status", "cves", "why"});
  REQUIRE(table);
  Counts counts;
  for (std::size_t i = 0; i < table->size(); ++i) {
    const Tsv::Row row = table->row(i);
    std::vector<Component> components;
    if (!row["model"].empty())
      components.push_back({Component::Kind::kDevice,
                            std::string(row["vendor"]),
                            std::string(row["model"]),
                            std::string(row["firmware"]),
                            false,
                            0.9,
                            {}});
    if (!row["os"].empty()) components.push_back(system_of(row["os"]));
    hold(row, matcher.verdicts(components), counts);
  }
  CHECK(counts.pairs > 200);
  CHECK(counts.found * 100 >= counts.confirmed * 98);
  MESSAGE(counts.pairs, " pairs; of ", counts.confirmed, " confirmed ones ", counts.found, " found");
}

TEST_CASE("matching: one of several systems is possible only") {
  const Matcher matcher(shipped().advisories(), shipped().product_aliases());
  std::vector<Component> components = {system_of("Windows 7 6.1.7601")};
  components[0].one_of_several = true;
  const auto verdicts = matcher.verdicts(components);
  REQUIRE(!verdicts.empty());
  for (const Verdict& verdict : verdicts) {
    CHECK(verdict.standing == Standing::kPotential);
    CHECK(verdict.reason.find("one of several systems") != std::string::npos);
  }
}

TEST_CASE("matching: a maker's word on fixed versions speaks of those alone") {
  const Matcher matcher(shipped().advisories(), shipped().product_aliases());
  const auto standing = [&](const std::string& version) {
    const std::vector<Component> pump = {
        {Component::Kind::kDevice, "Smiths Medical", "Medfusion 4000", version, false, 0.9, {}}};
    const auto verdicts = matcher.verdicts(pump);
    REQUIRE(!verdicts.empty());
    return std::string(to_string(verdicts.front().standing));
  };
  CHECK(standing("1.6.1") == "fixed");
  CHECK(standing("1.6 Build 3") != "fixed");
  CHECK(standing("1.6-SP") != "fixed");
  CHECK(standing("unreadable") == "potential");
}

TEST_CASE(
    "matching: a system's vulnerability is possible only, since the device's maker may have put it right") {
  const Matcher matcher(shipped().advisories(), shipped().product_aliases());
  const std::vector<Component> components = {
      {Component::Kind::kSystem, "Wind River", "VxWorks", "6.4", false, 0.9, {}}};
  const auto verdicts = matcher.verdicts(components);
  CHECK(verdicts.size() >= 11);
  for (const Verdict& verdict : verdicts) CHECK(verdict.standing == Standing::kPotential);
}

}  // namespace bedrail
