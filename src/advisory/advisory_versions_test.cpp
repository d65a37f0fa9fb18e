#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include "advisory/range.h"
#include "table_rows.h"

using namespace bedrail;

// The product entries of the public medical advisories. BEDRAIL_READINGS=FILE writes every text and its
// reading.
TEST_CASE("range: the entries of all medical advisories") {
  const char* shared = std::getenv("BEDRAIL_SHARED");
  const auto rows =
      test::table_rows(std::string(shared != nullptr ? shared : "") + "/kb/advisory_versions.tsv");
  if (rows.empty()) {
    MESSAGE("skipped: BEDRAIL_SHARED names no folder with kb/advisory_versions.tsv");
    return;
  }
  REQUIRE(rows.size() == 607);
  std::ofstream out;
  if (const char* path = std::getenv("BEDRAIL_READINGS")) out.open(path);
  std::size_t read = 0, certain = 0;
  for (const auto& row : rows) {
    REQUIRE(row.size() >= 5);
    const auto range = VersionRange::read(row[4], row[2]);
    const auto& conditions = range.conditions();
    read += range.readable();
    certain += std::all_of(conditions.begin(), conditions.end(),
                           [](const Condition& c) { return c.kind == ConditionKind::kNote; });
    if (!range.readable()) MESSAGE(row[0] << ": not read: " << row[4]);
    if (out) out << row[0] << '\t' << row[2] << '\t' << row[4] << '\t' << range.text() << '\n';
  }
  MESSAGE(read << " of 607 entries read, " << certain << " without a condition beside the version");
  CHECK(read >= 577);  // 95 %
}

TEST_CASE("range: readings checked by hand") {
  const auto rows = test::table_rows(BEDRAIL_SOURCE_DIR "/src/advisory/readings.tsv");
  REQUIRE(rows.size() >= 100);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 3);
    CAPTURE(row[0]);
    CAPTURE(row[1]);
    CHECK(VersionRange::read(row[1], row[0]).text() == row[2]);
  }
}
