#include "advisory/range.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace bedrail;

namespace {

std::string reading(std::string_view text) { return VersionRange::read(text).text(); }
Covered covered(std::string_view text, std::string_view version) {
  return VersionRange::read(text).covers(version).answer;
}

}  // namespace

TEST_CASE("range: the VERS notation") {
  CHECK(reading("vers:all/*") == "all versions");
  CHECK(reading("vers:generic/>=1.2|<2") == ">= 1.2, < 2");
  CHECK(reading("vers:generic/<1.0|>=2.0|<2.5|3.1") == "< 1.0 or >= 2.0, < 2.5 or = 3.1");
  CHECK(reading("vers:deb/=1.2%2B3") == "= 1.2+3");
  CHECK(reading("vers:generic/>=1|<=3|!=2") == ">= 1, <= 3, != 2");
  CHECK(reading("vers:generic/!=2.0") == "!= 2.0");
  CHECK_FALSE(VersionRange::read("vers:generic/>=").readable());
  CHECK_FALSE(VersionRange::read("vers:generic").readable());
  CHECK(covered("vers:generic/>=1|<=3|!=2", "2.0") == Covered::kNo);
  CHECK(covered("vers:generic/>=1|<=3|!=2", "2.1") == Covered::kUnknown);  // a state of 2
  CHECK(covered("vers:generic/>=1|<=3|!=2", "1.5") == Covered::kYes);
}

TEST_CASE("range: words") {
  const std::vector<std::pair<std::string_view, std::string_view>> table = {
      {"all versions prior to 3.5.1", "< 3.5.1"},
      {"All versions", "all versions"},
      {"*", "all versions"},
      {"Versions prior to v9.0.5", "< 9.0.5"},
      {"versions 2.1 through 3.0", ">= 2.1, <= 3.0"},
      {"from 2.1 to 3.0", ">= 2.1, <= 3.0"},
      {"2.1 - 3.0", ">= 2.1, <= 3.0"},
      {"between 2.1 and 3.0", ">= 2.1, <= 3.0"},
      {"2.1 up to but not including 3.0", ">= 2.1, < 3.0"},
      {"2.1 and earlier", "<= 2.1"},
      {"Version 2.1 and prior", "<= 2.1"},
      {"2.1 (and prior)", "<= 2.1"},
      {"2.1 and all prior versions", "<= 2.1"},
      {"2.1 or below", "<= 2.1"},
      {"before 8.1", "< 8.1"},
      {"up to and including 4.2", "<= 4.2"},
      {"up to 4.2", "<= 4.2"},
      {"4.2 and later", ">= 4.2"},
      {"4.2+", ">= 4.2"},
      {"versions 1.0, 1.1 and 2.0 through 2.3", "= 1.0 or = 1.1 or >= 2.0, <= 2.3"},
      {"earlier than 1.3.1 Build 13", "< 1.3.1 Build 13"},
      {"\u2264 2.3", "<= 2.3"},
      {"\u2265 2.3 < 4", ">= 2.3, < 4"},
      {">= 2.0, < 2.5, >= 3.0, < 3.1", ">= 2.0, < 2.5 or >= 3.0, < 3.1"},
      {"Firmware version less than or equal to 11.3", "<= 11.3"},
      {"All versions prior to and including 2.1", "<= 2.1"},
      {"All versions >= V3.0 < V3.5", ">= 3.0, < 3.5"},
      {"<3.0 (Build 5)", "< 3.0 Build 5"},
      {"Version 2.8, when used with Windows XP", "= 2.8 (system: Windows XP)"},
      {"All models", "all versions"},
      {"2.x before 2.5.1", ">= 2.x, < 2.5.1"},
      {"before 1.2.3, 2.x before 2.0.4", "< 1.2.3 or >= 2.x, < 2.0.4"},
      {"newer than 5.0", "> 5.0"},
      {"fw < august 28", "all versions (dated before --08-28)"},
      {"shipped before May 2018", "all versions (dated before 2018-05)"},
      {"< 2023-05-01", "< 2023-05-01"},
      {"1.7, running on Windows 7", "= 1.7 (system: Windows 7)"},
      {"2019", "= 2019"},
      {"<= 2.0 SP3", "<= 2.0 SP3"},
      {"7.x with Wireless Module 3.1", "= 7.x (with: Wireless Module = 3.1)"}};
  for (const auto& [text, expected] : table) {
    CAPTURE(text);
    CHECK(reading(text) == expected);
  }
}

TEST_CASE("range: what cannot be read says so") {
  for (const std::string_view text : {"", "see the advisory", "multiple", "< ", ">= 1.0 | maybe later", "<>",
                                      "(((", "~2.3", "unspecified", "versions prior or so"}) {
    CAPTURE(text);
    const auto range = VersionRange::read(text);
    CHECK_FALSE(range.readable());
    CHECK(range.covers("1.0").answer == Covered::kUnknown);
  }
  CHECK_FALSE(VersionRange::read(std::string(1025, '1')).readable());
}

TEST_CASE("range: covers") {
  struct Row {
    std::string_view range, version;
    Covered answer;
  };
  using enum Covered;
  for (const Row& row : std::vector<Row>{{"< 8.2.2", "8.2.1", kYes},
                                         {"< 8.2.2", "8.2.2", kNo},
                                         {"< 8.2.2", "8.10", kNo},
                                         {"< 8.2.2", "8.2", kYes},
                                         {"< 8.2.2", "", kUnknown},
                                         {"< 8.2.2", "unknown", kUnknown},
                                         {"< 8.2.2", "B.06", kUnknown},
                                         {">= 4.01 | <= 4.34", "4.33", kYes},
                                         {">= 4.01 | <= 4.34", "4.0", kNo},
                                         {">= 4.01 | <= 4.34", "4.35", kNo},
                                         {"1.1.7.333 | 2.1.1.3069", "2.1.1.3069", kYes},
                                         {"1.1.7.333 | 2.1.1.3069", "1.1.7.334", kNo},
                                         {"1.1.7.333 | 2.1.1.3069", "2.1.1", kUnknown},
                                         {"9.7", "9.7.1", kUnknown},
                                         {"9.7", "9.7.0", kYes},
                                         {"1.3.1 Build 13", "1.3.1 build 13", kYes},
                                         {"1.3.1 Build 13", "1.3.1", kUnknown},
                                         {"1.3.1 Build 13", "1.3.2", kNo},
                                         {"14.1.x", "14.1.9", kYes},
                                         {"14.1.x", "14.2", kNo},
                                         {"<= 11.x", "11.9.3", kYes},
                                         {"<= 11.x", "12.0", kNo},
                                         {"< 3.x", "3.0", kNo},
                                         {"< 3.x", "2.9", kYes},
                                         {"<= 12.2.x.x", "12.2.8.1", kYes},
                                         {"Rev B-M", "M.03", kYes},
                                         {"Rev B-M", "N.01", kNo},
                                         {"Rev B-M", "J", kYes},
                                         {"<= K", "K.01.02", kYes},
                                         {"A.01 <= C.0x | 4.0", "C.05.1", kYes},
                                         {"A.01 <= C.0x | 4.0", "C.10", kUnknown},
                                         {"<= U61 |<= L81", "L80", kYes},
                                         {"<= U61 |<= L81", "U70", kUnknown},
                                         {"<= U61 |<= L81", "L90", kUnknown},
                                         {"< 012U000040", "012U000039", kYes},
                                         {"< 012U000040", "012U000041", kNo},
                                         {"< 012U000040", "012L000039", kUnknown},
                                         {"vers:all/*", "", kYes},
                                         {"* (end-of-life 2011)", "1", kYes},
                                         {"24950 | 24952", "2.1", kUnknown},
                                         {"<=11.2 on Windows 8.1 with IIS 7.5", "11.1", kUnknown},
                                         {"<=11.2 on Windows 8.1 with IIS 7.5", "11.3", kNo},
                                         {"<  july 1 2017", "1.2", kUnknown},
                                         {"6.x model 35700BAX", "6.1", kUnknown},
                                         {"6.x model 35700BAX", "8.0", kNo},
                                         {"<=2023.3_Build_9342", "2023.3", kUnknown},
                                         {"<=2023.3_Build_9342", "2023.2.9", kYes},
                                         {"4.20 | 4.20 SR1 | 4.30", "4.20 SR1", kYes},
                                         {"4.20 | 4.20 SR1 | 4.30", "4.25", kNo}}) {
    CAPTURE(row.range);
    CAPTURE(row.version);
    const auto coverage = VersionRange::read(row.range).covers(row.version);
    CAPTURE(coverage.reason);
    CHECK(coverage.answer == row.answer);
    CHECK_FALSE(coverage.reason.empty());
  }
  CHECK(VersionRange::read("< 8.2.2").covers("8.2.1").reason == "8.2.1 is < 8.2.2");
}

TEST_CASE("range: conditions are typed, and a note is none") {
  const auto pump = VersionRange::read("v8.x (with Wireless Battery Modules v17 | >= v20D29 | <= v20D32)");
  REQUIRE(pump.conditions().size() == 1);
  CHECK(pump.conditions()[0].kind == ConditionKind::kOption);
  CHECK(pump.conditions()[0].text == "Wireless Battery Modules");
  CHECK(pump.conditions()[0].versions.size() == 2);
  CHECK(pump.covers_number(*Version::read("8.00.01")).answer == Covered::kYes);
  CHECK(pump.covers("8.00.01").answer == Covered::kUnknown);
  const auto dated =
      VersionRange::read("with wireless option (shipped between 26-June-2017 through 07-August 2018)");
  REQUIRE(dated.conditions().size() == 2);
  CHECK(dated.conditions()[0].from.text() == "2017-06-26");
  CHECK(dated.conditions()[0].to.text() == "2018-08-07");
  CHECK(VersionRange::read("<= 2.01 (end-of-life Nov 2017)").covers("2.0").answer == Covered::kYes);
  const auto models = VersionRange::read("MMT-1715 | MMT-1754 | MMT-1755");
  REQUIRE(models.conditions().size() == 1);
  CHECK(models.conditions()[0].names == std::vector<std::string>{"MMT-1715", "MMT-1754", "MMT-1755"});
}

TEST_CASE("range: a product's name may carry the version or the system") {
  CHECK(VersionRange::read("vers:all/*", "IntelliSpace Portal 7.0.x").text() == "= 7.0.x");
  CHECK(VersionRange::read("vers:all/*", "eNTEGRA 2.0/2.5 Workstation").text() == "= 2.0 or = 2.5");
  CHECK(VersionRange::read("vers:all/*", "Systems Windows 7-Based").text() ==
        "all versions (system: Windows 7)");
  CHECK(VersionRange::read("vers:all/*", "Windows 7").text() == "all versions");
  CHECK(VersionRange::read("vers:all/*", "1.5T Brivo MR355").text() == "all versions");
  CHECK(VersionRange::read("< 2", "Xeleris 3.0").text() == "< 2");
}

TEST_CASE("range: NVD's fields and CPE names") {
  CHECK(VersionRange::of_bounds("2.0", "", "", "3.1").text() == ">= 2.0, < 3.1");
  CHECK(VersionRange::of_bounds("", "1", "2", "").text() == "> 1, <= 2");
  CHECK(VersionRange::of_bounds("", "", "", "").all());
  CHECK_FALSE(VersionRange::of_bounds("", "", "?", "").readable());
  CHECK(VersionRange::of_cpe("*").all());
  CHECK(VersionRange::of_cpe("-").covers("1").answer == Covered::kYes);
  CHECK(VersionRange::of_cpe("1.2\\.3").text() == "= 1.2.3");
  CHECK(VersionRange::of_cpe("2.0", "sp3").covers("2.0 SP3").answer == Covered::kYes);
  CHECK(VersionRange::of_cpe("2.0", "sp3").covers("2.0").answer == Covered::kUnknown);
  CHECK(VersionRange::of_cpe("8.1.*").covers("8.1.7").answer == Covered::kYes);
  CHECK(VersionRange::of_cpe("-", "sp2").covers("1").answer == Covered::kUnknown);
}

TEST_CASE("date: as advisories write them") {
  for (const auto& [text, expected] :
       std::vector<std::pair<std::string_view, std::string_view>>{{"2018-05-01", "2018-05-01"},
                                                                  {"8/30/2024", "2024-08-30"},
                                                                  {"july 1 2017", "2017-07-01"},
                                                                  {"April 1, 2018", "2018-04-01"},
                                                                  {"26-June-2017", "2017-06-26"},
                                                                  {"07-August 2018", "2018-08-07"},
                                                                  {"May 2018", "2018-05"},
                                                                  {"august 28", "--08-28"},
                                                                  {"2016", "2016"},
                                                                  {"Nov 2017", "2017-11"}}) {
    const auto date = read_date(text);
    REQUIRE_MESSAGE(date.has_value(), text);
    CHECK(date->text() == expected);
  }
  for (const auto text : {"", "may", "13/40/2020", "2018-13-01", "1.2", "32 may 2018", "may may 2018"})
    CHECK_FALSE_MESSAGE(read_date(text).has_value(), text);
  CHECK(compare(*read_date("May 2018"), *read_date("2018-06-02")) == Order::kLess);
  CHECK(compare(*read_date("May 2018"), *read_date("2018-05-12")) == Order::kUnordered);
  CHECK(compare(*read_date("august 28"), *read_date("2018-05-12")) == Order::kUnordered);
}
