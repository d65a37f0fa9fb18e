#include "assess/risk.h"

#include <doctest/doctest.h>

#include <cmath>

#include "facts.h"
#include "knowledge_folder.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

AssessedDevice of_kind(const std::string& type, const std::string& category) {
  AssessedDevice out;
  if (!type.empty()) out.type.emplace().value = type;
  if (!category.empty()) out.category.emplace().value = category;
  return out;
}

DraftFinding draft(double likelihood, double confidence = 1, const std::string& severity = "high") {
  DraftFinding out;
  out.finding.id = "fnd-" + std::to_string(likelihood);
  out.finding.title = "Something";
  out.finding.severity = severity;
  out.finding.confidence = confidence;
  out.likelihood = likelihood;
  return out;
}

Risk judged(const AssessedDevice& device, std::vector<DraftFinding> findings,
            const DeviceFacts& facts = some_device()) {
  return risk_of(facts, device, small_knowledge(), findings);
}

/// Points in tenths add up without a rest.
long tenths(const std::vector<RiskReason>& reasons) {
  long out = 0;
  for (const RiskReason& reason : reasons) {
    const double exact = reason.points * 10;
    CHECK(std::abs(exact - std::round(exact)) < 1e-6);
    CHECK(reason.points >= 0);
    out += std::lround(exact);
  }
  return out;
}

}  // namespace

TEST_CASE("risk: the points of the reasons add up to the score, however many there are") {
  for (const std::size_t count : {0U, 1U, 2U, 7U, 40U, 300U}) {
    for (const double likelihood : {0.0, 0.001, 0.03, 0.35, 0.999}) {
      std::vector<DraftFinding> findings(count, draft(likelihood));
      DeviceFacts facts = some_device();
      facts.internal_peers = 7, facts.external_peers = 2;
      const Risk risk = risk_of(facts, of_kind("pump", "medical"), small_knowledge(), findings);
      CAPTURE(count);
      CAPTURE(likelihood);
      CHECK(tenths(risk.reasons) == 10L * risk.score);
      CHECK(risk.reasons.size() == count + 3);
      for (std::size_t i = 1; i < risk.reasons.size(); ++i)
        CHECK(risk.reasons[i - 1].points >= risk.reasons[i].points);
      for (const DraftFinding& one : findings) CHECK(tenths(one.finding.reasons) == 10L * one.finding.risk);
    }
  }
}

TEST_CASE("risk: the formula, worked by hand") {
  // likelihood 1 - 0.98 * 0.7; impact (7 * 5 + 7 * 2.5 + 7 * 2.5) / 100
  const Risk risk = judged(of_kind("", "medical"), {draft(0.3)});
  CHECK(risk.likelihood == doctest::Approx(0.314));
  CHECK(risk.score == 22);
  CHECK(risk.level == "low");
  CHECK(risk.patient_safety == 7);
  CHECK(risk.reasons[0].text == "Something.");
  CHECK(risk.reasons[0].finding == draft(0.3).finding.id);
}

TEST_CASE("risk: impacts are the kind's, else the category's, else those of the unknown") {
  CHECK(judged(of_kind("pump", "medical"), {}).patient_safety == 10);
  CHECK(judged(of_kind("unheard-of", "medical"), {}).patient_safety == 7);
  CHECK(judged(of_kind("", "it"), {}).patient_safety == 3);
  CHECK(judged(of_kind("", ""), {}).patient_safety == 4);
  CHECK(judged(of_kind("", "unlisted"), {}).patient_safety == 0);
}

TEST_CASE("risk: what keeps patients alive weighs more") {
  // pump: (10*5 + 6*2.5 + 8*2.5) / 100 = 0.85, times 1.25, at most 1
  const Risk risk = judged(of_kind("pump", "medical"), {draft(0.99)});
  CHECK(risk.score == 99);  // nothing is certain
  CHECK(risk.level == "critical");
  CHECK(judged(of_kind("ct-scanner", "medical"), {draft(0.99)}).score == 79);
}

TEST_CASE("risk: levels by score") {
  const auto level = [](double likelihood) {
    return judged(of_kind("pump", "medical"), {draft(likelihood)});
  };
  std::string seen;
  for (int i = 0; i <= 99; ++i) {
    const Risk risk = level(i / 100.0);
    const std::string expected = risk.score >= 80   ? "critical"
                                 : risk.score >= 60 ? "high"
                                 : risk.score >= 35 ? "medium"
                                 : risk.score >= 10 ? "low"
                                                    : "info";
    CHECK(risk.level == expected);
    if (seen.find(risk.level) == std::string::npos) seen += risk.level + " ";
  }
  CHECK(seen == "info low medium high critical ");
}

TEST_CASE("risk: more never makes it less") {
  int before = 0;
  std::vector<DraftFinding> findings;
  for (int i = 0; i < 12; ++i) {
    const int score = judged(of_kind("", "medical"), findings).score;
    CHECK(score >= before);
    before = score;
    findings.push_back(draft(0.1));
  }
  CHECK(before > 30);
  before = 0;
  for (int i = 0; i <= 10; ++i) {
    const int score = judged(of_kind("", "medical"), {draft(0.8, i / 10.0)}).score;
    CHECK(score >= before);
    before = score;
  }
  before = 0;
  DeviceFacts facts = some_device();
  for (facts.internal_peers = 0; facts.internal_peers <= 60; facts.internal_peers += 5) {
    const int score = judged(of_kind("", "medical"), {}, facts).score;
    CHECK(score >= before);
    before = score;
  }
}

TEST_CASE("risk: exposure has a limit; the Internet counts for devices of the network") {
  DeviceFacts facts = some_device();
  facts.internal_peers = 25;
  const Risk some = judged(of_kind("", "medical"), {}, facts);
  facts.internal_peers = 2500;
  CHECK(judged(of_kind("", "medical"), {}, facts).score == some.score);
  facts.external_peers = 1;
  CHECK(judged(of_kind("", "medical"), {}, facts).score > some.score);
  facts.is_internal = false;
  CHECK(judged(of_kind("", "medical"), {}, facts).score == some.score);
}

TEST_CASE(
    "risk: a finding's own risk grows with likelihood, confidence and impact, and never passes the "
    "device's") {
  const auto own = [](double likelihood, double confidence, const AssessedDevice& device) {
    std::vector<DraftFinding> findings = {draft(likelihood, confidence, "high")};
    const Risk risk = risk_of(some_device(), device, small_knowledge(), findings);
    CHECK(risk.score >= findings[0].finding.risk);
    return findings[0].finding.risk;
  };
  const AssessedDevice pump = of_kind("pump", "medical"), printer = of_kind("printer", "it");
  CHECK(own(0.5, 1, pump) == 50);
  CHECK(own(0.5, 0.5, pump) == 25);
  CHECK(own(0.8, 1, pump) == 80);
  CHECK(own(0.5, 1, printer) < 30);
  CHECK(own(0, 1, pump) == 0);
}

}  // namespace bedrail
