#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "report/csv_report.h"
#include "report/html_report.h"
#include "report/json_report.h"
#include "report/summary_report.h"
#include "sample_assessment.h"

namespace bedrail {
namespace {

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  CHECK_MESSAGE(file.good(), path.string());
}

}  // namespace

// Where BEDRAIL_SAMPLE_DIR names a folder, the outputs are left there: for tests/report_schema_test.py, and
// to be looked at.
TEST_CASE("report: the sample in every form") {
  const Assessment sample = test::sample_assessment();
  const std::string json = to_json(sample);
  CHECK(json == to_json(sample));
  const char* folder = std::getenv("BEDRAIL_SAMPLE_DIR");
  if (folder == nullptr) return;
  write(std::filesystem::path(folder) / "sample.json", json);
  write(std::filesystem::path(folder) / "sample.csv", to_csv(sample));
  write(std::filesystem::path(folder) / "sample.html", to_html(sample));
  write(std::filesystem::path(folder) / "sample.txt", to_summary(sample));
}

}  // namespace bedrail
