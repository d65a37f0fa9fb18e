#include "report/assessment_reader.h"

#include <doctest/doctest.h>

#include <string>

#include "report/csv_report.h"
#include "report/html_report.h"
#include "report/json_report.h"
#include "sample_assessment.h"

namespace bedrail {
namespace {

std::string sample_json() {
  static const std::string json = to_json(test::sample_assessment());
  return json;
}

/// The sample with the first `from` (which must be there) made `to`.
std::string changed(const std::string& from, const std::string& to) {
  std::string json = sample_json();
  const std::size_t at = json.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  return json.replace(at, from.size(), to);
}

std::string error_of(std::string_view json) {
  const auto read = read_assessment(json);
  return read ? "" : read.error().message;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("assessment reader: what was written comes back whole") {
  for (const Assessment& assessment :
       {test::sample_assessment(), test::large_assessment(200), Assessment{}}) {
    const std::string json = to_json(assessment);
    const auto read = read_assessment(json);
    REQUIRE_MESSAGE(read, read.error().message);
    CHECK(to_json(*read) == json);
    CHECK(to_html(*read) == to_html(assessment));
    CHECK(to_csv(*read) == to_csv(assessment));
  }
}

TEST_CASE("assessment reader: an alert with one target and with none") {
  for (const std::size_t targets : {0U, 1U, 2U}) {
    Assessment assessment;
    assessment.alerts = {test::sample_alert()};
    assessment.alerts.front().targets.resize(targets);
    const auto read = read_assessment(to_json(assessment));
    REQUIRE(read);
    CHECK(read->alerts.front().targets.size() == targets);
    CHECK(to_json(*read) == to_json(assessment));
  }
}

TEST_CASE("assessment reader: keys that it does not know are passed over") {
  const auto read = read_assessment(changed("\"schema\":", "\"later\":{\"deep\":[1,{}]},\"schema\":"));
  REQUIRE(read);
  CHECK(to_json(*read) == sample_json());
}

TEST_CASE("assessment reader: what is wrong is named by its path") {
  CHECK(has(error_of(changed("\"level\":\"high\"", "\"level\":7")), ": devices[1].risk.level is not a text"));
  CHECK(has(error_of(changed("\"score\":71,", "")), ": devices[2].risk.score is missing"));
  CHECK(has(error_of(changed("\"frame\":12,", "\"frame\":-12,")),
            ": devices[0].names[0].evidence[0].frame is not a count"));
  CHECK(
      has(error_of(changed("\"port\":80", "\"port\":65536")), ": devices[0].services[0].port is too large"));
  CHECK(has(error_of(changed("\"confidence\":0.97", "\"confidence\":97")), ".confidence is too large"));
  CHECK(has(error_of(changed("\"as_of\":\"2026-11-01T", "\"as_of\":\"yesterday")), ": as_of is not a time"));
  CHECK(has(error_of(changed("\"devices\":[", "\"devices\":7,\"d\":[")), ": devices is not a list"));
  CHECK(has(error_of(changed("assessment/1", "assessment/2")), ": schema is not \"bedrail.assessment/1\""));
  CHECK(has(error_of(changed("\"arp\":{\"flows\":41", "\"arp\":{\"flows\":\"\"")),
            ": source.protocols.arp.flows is not a count"));
}

TEST_CASE("assessment reader: redacted evidence stays so whatever the document holds") {
  const auto read = read_assessment(changed("\"field\":\"password\",\"value\":\"<redacted>\"",
                                            "\"field\":\"password\",\"value\":\"MUSTNOTAPPEAR\""));
  REQUIRE(read);
  CHECK(to_json(*read) == sample_json());
}

TEST_CASE("assessment reader: any cut and any depth ends with a sentence") {
  const std::string json = sample_json();
  for (std::size_t length = 0; length + 2 < json.size(); length += 1 + json.size() / 997) {
    CHECK_FALSE(read_assessment(std::string_view(json).substr(0, length)));
  }
  CHECK_FALSE(read_assessment(std::string(1'000'000, '[')));
  CHECK_FALSE(read_assessment("[]"));
  CHECK_FALSE(read_assessment("\xff\xfe"));
  CHECK(has(error_of("{}"), ": schema is missing"));
}

}  // namespace bedrail
