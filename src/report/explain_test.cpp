#include "report/explain.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <sstream>
#include <string>

#include "report/json_report.h"
#include "report/terminal_text.h"
#include "sample_assessment.h"

namespace bedrail {
namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

std::string explained(std::string_view wanted) {
  const auto text = explain(test::sample_assessment(), wanted);
  REQUIRE_MESSAGE(text, text.error().message);
  return *text;
}

}  // namespace

TEST_CASE("explain: a device with its rules, frames, runner-up and risk") {
  const std::string text = explained("dev-2a91d4c07bb81e05");
  CHECK(has(text, "Type: patient-monitor (88 %)\n  rule hl7-mdc-vitals (88 %), from ISO/IEEE 11073-10101\n"));
  CHECK(has(text, "  seen in ward-4.pcap:2207, 2026-10-14 06:01:30.487, hl7, OBX-3=MDC_ECG_HEART_RATE\n"));
  CHECK(has(text, "  runner-up: ventilator (31 %)\n    seen in ward-4.pcap:2260"));
  CHECK(has(text, "PID-5=<redacted>"));
  CHECK(has(text, "Risk: 64 of 100 (high)"));
  CHECK(has(text, "+41 points: patient data leaves it in clear (fnd-2222aaaa3333bbbb)"));
  CHECK(has(text, "Findings\n  fnd-2222aaaa3333bbbb   60  high  Patient data travels"));
  CHECK(has(explained("WIN-CT03"), "support as of 2026-11-01: unsupported, end 2020-01-14"));
}

TEST_CASE("explain: who told of a device, and that it was not heard itself") {
  Assessment assessment = test::sample_assessment();
  const std::string id = assessment.devices[1].id, teller = assessment.devices[1].declared_by.front().device;
  auto text = explain(assessment, id);
  REQUIRE(text);
  CHECK(has(*text, "Told of by\n  " + teller + " in hl7, which gives it 00:00:5e:00:53:02\n    seen in "));
  CHECK(!has(*text, "Its own traffic was not seen"));
  assessment.devices[1].heard = false;
  text = explain(assessment, id);
  REQUIRE(text);
  CHECK(has(*text, "Its own traffic was not seen: it is known from what others say of it."));
}

TEST_CASE("explain: a device by its id, addresses and names in any case") {
  const std::string whole = explained("dev-2a91d4c07bb81e05");
  for (const std::string_view wanted :
       {"DEV-2A91D4C07BB81E05", "00:00:5E:00:53:12", "10.20.4.57", "FE80::200:5eff:fe00:5312", " bed12 "}) {
    CHECK(explained(wanted) == whole);
  }
}

TEST_CASE("explain: several devices of one name are listed") {
  Assessment assessment = test::sample_assessment();
  assessment.devices[0].names[0].name = "BED12";
  const auto text = explain(assessment, "bed12");
  REQUIRE(text);
  CHECK(has(*text, "2 devices answer to \"bed12\""));
  CHECK(has(*text, assessment.devices[0].id));
  CHECK(has(*text, assessment.devices[1].id));
}

TEST_CASE("explain: a finding with its remedies and what matched") {
  const std::string text = explained("fnd-77770000aaaa1111");
  CHECK(has(text, "CVE         CVE-2099-12345"));
  CHECK(has(text, "Matched     Example Infusion InfuCare 5 < 5.2, rule vendor-product-version"));
  CHECK(has(text, "1. Update: Install version 5.2 or later. (ICSMA-99-001-01)"));
  CHECK(has(text, "+40 points: known to be exploited"));
  CHECK(has(text, "Device      dev-0b3e5f6a91c20d47  PUMP-ICU-07"));
}

TEST_CASE("explain: prose keeps its margin, a list's lines go on further in") {
  const std::string text = explained("fnd-0101deadbeef0202");
  CHECK(has(text, "\nWhy\n  Build 7601"));
  CHECK(has(text, "edition shows the same build and\n  ended on 2020-10-13"));
  CHECK(has(text, "order number of the\n    upgrade."));
}

TEST_CASE("explain: from the document the same as from the model") {
  const Assessment sample = test::sample_assessment();
  const std::string json = to_json(sample);
  for (const AssessedDevice& device : sample.devices)
    CHECK(*explain(json, device.id) == *explain(sample, device.id));
  for (const Finding& finding : sample.findings)
    CHECK(*explain(json, finding.id) == *explain(sample, finding.id));
}

TEST_CASE("explain: within 100 columns, no control character, no secret") {
  const Assessment sample = test::sample_assessment();
  std::string all;
  for (const AssessedDevice& device : sample.devices) all += *explain(sample, device.id);
  for (const Finding& finding : sample.findings) all += *explain(sample, finding.id);
  CHECK(has(all, "=cmd|"));
  CHECK_FALSE(has(all, "MUSTNOTAPPEAR"));
  CHECK_FALSE(has(all, "\u202e"));
  CHECK(std::none_of(all.begin(), all.end(), [](char c) { return c >= 0 && c < 0x20 && c != '\n'; }));
  std::istringstream stream(all);
  for (std::string line; std::getline(stream, line);) CHECK_MESSAGE(terminal::width(line) <= 100, line);
}

TEST_CASE("explain: what is not there fails with a sentence") {
  const auto nobody = explain(test::sample_assessment(), "NOBODY");
  REQUIRE_FALSE(nobody);
  CHECK(has(nobody.error().message, "answers to \"NOBODY\""));
  CHECK_FALSE(explain(test::sample_assessment(), " "));
  CHECK_FALSE(explain(std::string_view("{"), "BED12"));
}

}  // namespace bedrail
