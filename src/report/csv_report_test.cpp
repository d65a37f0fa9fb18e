#include "report/csv_report.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sample_assessment.h"

namespace bedrail {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// A reader of RFC 4180 of its own; a bare quote or a line end that is not CRLF makes it give nothing.
Rows parse(const std::string& csv) {
  Rows rows;
  std::vector<std::string> row(1);
  for (std::size_t i = 0; i < csv.size();) {
    if (csv[i] == '"' && row.back().empty()) {
      for (++i; i < csv.size(); ++i) {
        if (csv[i] != '"') {
          row.back() += csv[i];
        } else if (i + 1 < csv.size() && csv[i + 1] == '"') {
          row.back() += csv[i++];
        } else {
          break;
        }
      }
      if (++i < csv.size() && csv[i] != ',' && csv[i] != '\r') return {};
    } else if (csv[i] == ',') {
      row.emplace_back(), ++i;
    } else if (csv[i] == '\r') {
      if (i + 1 >= csv.size() || csv[i + 1] != '\n') return {};
      rows.push_back(std::move(row));
      row.assign(1, {}), i += 2;
    } else {
      if (csv[i] == '"' || csv[i] == '\n') return {};
      row.back() += csv[i++];
    }
  }
  return rows;
}

std::string cell(const Rows& rows, std::size_t row, const std::string& column) {
  const auto found = std::find(rows.at(0).begin(), rows.at(0).end(), column);
  REQUIRE_MESSAGE(found != rows.at(0).end(), column);
  return rows.at(row).at(static_cast<std::size_t>(found - rows.at(0).begin()));
}

}  // namespace

TEST_CASE("CSV report: a header and one row a device, all of one width") {
  const Assessment sample = test::sample_assessment();
  const Rows rows = parse(to_csv(sample));
  REQUIRE(rows.size() == sample.devices.size() + 1);
  for (const auto& row : rows) CHECK(row.size() == rows.front().size());
  for (std::size_t i = 0; i < sample.devices.size(); ++i)
    CHECK(cell(rows, i + 1, "id") == sample.devices[i].id);
}

TEST_CASE("CSV report: what is known stands under its name") {
  const Rows rows = parse(to_csv(test::sample_assessment()));
  CHECK(cell(rows, 1, "name") == "PUMP-ICU-07");
  CHECK(cell(rows, 1, "type") == "infusion-pump");
  CHECK(cell(rows, 1, "type_confidence") == "0.97");
  CHECK(cell(rows, 1, "life_supporting") == "yes");
  CHECK(cell(rows, 1, "handles_phi").empty());
  CHECK(cell(rows, 1, "services") == "tcp/80 http InfuCare 5.1");
  CHECK(cell(rows, 1, "risk_score") == "82");
  CHECK(cell(rows, 1, "findings") == "2");
  CHECK(cell(rows, 1, "worst_finding") == "The maker's published password was accepted over HTTP");
  CHECK(cell(rows, 3, "vendor") == "Musterwerk Röntgen");
  CHECK(cell(rows, 3, "os_support") == "unsupported");
  CHECK(cell(rows, 3, "names") == "CT_RAUM_3; WIN-CT03");
  CHECK(cell(rows, 5, "type").empty());
  CHECK(cell(rows, 6, "internal") == "no");
}

TEST_CASE("CSV report: a device that only others tell of says so, and who they are") {
  Assessment sample = test::sample_assessment();
  sample.devices[1].heard = false;
  const Rows rows = parse(to_csv(sample));
  CHECK(cell(rows, 1, "heard") == "yes");
  CHECK(cell(rows, 1, "declared_by").empty());
  CHECK(cell(rows, 2, "heard") == "no");
  CHECK(cell(rows, 2, "declared_by") == sample.devices[1].declared_by.front().device);
}

TEST_CASE("CSV report: no value of any cell is a formula") {
  const Rows rows = parse(to_csv(test::sample_assessment()));
  REQUIRE(rows.size() == 8);
  for (const auto& row : rows) {
    for (const std::string& text : row) {
      for (const std::string start :
           {"=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"}) {
        CHECK_FALSE(text.starts_with(start));
        CHECK(text.find("; " + start) == std::string::npos);
      }
      CHECK(std::none_of(text.begin(), text.end(), [](char c) { return c >= 0 && c < 0x20; }));
    }
  }
  CHECK(cell(rows, 7, "vendor").starts_with("'=cmd|"));
  CHECK(cell(rows, 7, "location").starts_with("'=HYPERLINK"));
  CHECK(cell(rows, 7, "model") == "'-2+3 \"two\" lines");
}

TEST_CASE("CSV report: each start of a formula is guarded") {
  for (const std::string start :
       {"=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", " ="}) {
    Assessment assessment;
    assessment.devices = {test::pump()};
    assessment.devices.front().model->value = start + "1";
    CHECK(cell(parse(to_csv(assessment)), 1, "model").starts_with("'"));
  }
}

TEST_CASE("CSV report: a cell keeps within a spreadsheet's limit and counts what is left out") {
  Assessment assessment;
  assessment.devices = {test::pump()};
  assessment.devices.front().ipv6.assign(5'000, std::string(300, 'a'));
  const std::string text = cell(parse(to_csv(assessment)), 1, "ipv6");
  CHECK(text.size() <= 32'767);
  CHECK(text.find("; and ") != std::string::npos);
}

}  // namespace bedrail
