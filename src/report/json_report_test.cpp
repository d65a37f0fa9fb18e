#include "report/json_report.h"

#include <doctest/doctest.h>

#include <string>

#include "sample_assessment.h"

namespace bedrail {
namespace {

bool has(const std::string& json, std::string_view part) { return json.find(part) != std::string::npos; }

Assessment only(AssessedDevice device) {
  Assessment assessment;
  assessment.tool_version = "1";
  assessment.devices.push_back(std::move(device));
  return assessment;
}

}  // namespace

TEST_CASE("JSON report: an empty assessment is whole") {
  Assessment empty;
  empty.tool_version = "0.1.0";
  CHECK(to_json(empty) ==
        "{\"schema\":\"bedrail.assessment/1\",\n"
        "\"tool\":{\"name\":\"bedrail\",\"version\":\"0.1.0\",\"knowledge\":{\"version\":\"\",\"date\":\"\","
        "\"advisories\":0,\"fingerprints\":0}},\n"
        "\"as_of\":\"1970-01-01T00:00:00.000000000Z\",\n"
        "\"source\":{\"files\":[],\"packets\":0,\"bytes\":0,\"first\":null,\"last\":null,\"losses\":{"
        "\"truncated_packets\":0,\"malformed_packets\":0,\"undecoded_packets\":0,\"tcp_gap_bytes\":0,"
        "\"evicted_flows\":0,\"capture_drops\":0},\"protocols\":{},\"anomalies\":{},"
        "\"unrecognised\":[],\"unrecognised_rest\":{\"flows\":0,\"packets\":0,\"bytes\":0}},\n"
        "\"summary\":{},\n\"devices\":[],\n\"connections\":[],\n\"findings\":[],\n\"alerts\":[],"
        "\n\"notices\":[]\n}\n");
}

TEST_CASE("JSON report: an attribute without a value is absent, one with a runner-up shows it") {
  const std::string unknown = to_json(only(test::unknown_device()));
  CHECK_FALSE(has(unknown, "\"type\":"));
  CHECK(has(unknown, "\"clinical\":{}"));
  CHECK(has(unknown, "\"names\":[]"));
  const std::string monitor = to_json(only(test::monitor()));
  CHECK(has(monitor,
            "\"conflicts\":[{\"value\":\"ventilator\",\"confidence\":0.31,\"evidence\":[{\"file\":0,"));
  CHECK(has(
      monitor,
      "\"rules\":[{\"rule\":\"hl7-mdc-vitals\",\"source\":\"ISO/IEEE 11073-10101\",\"confidence\":0.88}]"));
}

TEST_CASE("JSON report: a redacted value is never written, whatever it holds") {
  const std::string json = to_json(test::sample_assessment());
  CHECK_FALSE(has(json, "MUSTNOTAPPEAR"));
  CHECK(has(json, "\"field\":\"password\",\"value\":\"<redacted>\",\"redacted\":true}"));
}

TEST_CASE("JSON report: a share without a denominator is zero of zero") {
  Assessment assessment;
  assessment.summary = {{"medical_devices", {0, 0}}, {"unsupported_os", {1, 3}}};
  const std::string json = to_json(assessment);
  CHECK(has(json, "\"medical_devices\":{\"count\":0,\"of\":0,\"share\":0}"));
  CHECK(has(json, "\"unsupported_os\":{\"count\":1,\"of\":3,\"share\":0.3333}"));
}

TEST_CASE("JSON report: an alert lists targets where there are several") {
  Assessment assessment;
  assessment.alerts = {test::sample_alert()};
  CHECK(has(to_json(assessment),
            "\"target\":{\"device\":\"dev-51f0c2d8e7a94b63\",\"address\":\"10.20.8.14\",\"port\":445},"
            "\"targets\":[{"));
  assessment.alerts.front().targets.resize(1);
  CHECK_FALSE(has(to_json(assessment), "\"targets\""));
  CHECK(has(to_json(assessment), "\"address\":\"10.20.4.201\",\"port\":null}"));
}

}  // namespace bedrail
