#include "assess/vulnerabilities.h"

#include <fmt/format.h>

#include <algorithm>

#include "advisory/cvss.h"

namespace bedrail {
namespace {

bool offers(const AssessedDevice& device, std::string_view protocol) {
  return std::any_of(device.services.begin(), device.services.end(),
                     [&](const DeviceService& service) { return service.protocol == protocol; });
}

/// The vectors that can be read, as facts, and the one that counts: of the latest version the highest.
struct Scores {
  std::vector<VulnerabilityFacts::Cvss> facts;
  std::optional<Cvss> leading;
};

std::string version_text(CvssVersion version) {
  constexpr const char* kTexts[] = {"2.0", "3.0", "3.1", "4.0"};
  return kTexts[static_cast<std::size_t>(version)];
}

Scores scores_of(const KnownVulnerability& known) {
  Scores out;
  for (const std::string& vector : known.cvss) {
    const auto cvss = Cvss::parse(vector);
    if (!cvss) continue;
    out.facts.push_back({version_text(cvss->version()), cvss->vector(), cvss->base_score()});
    const auto weight = [](const Cvss& c) { return std::pair(c.version(), c.base_score()); };
    if (!out.leading || weight(*cvss) > weight(*out.leading)) out.leading = *cvss;
  }
  return out;
}

/// How likely an attack through it succeeds, by how it is carried out (`[vulnerability]` of risk.toml).
double likelihood_of(const std::optional<Cvss>& cvss, bool exploited, const RiskModel::Vulnerability& model) {
  if (exploited) return model.exploited;
  if (!cvss) return model.adjacent;
  const std::string_view way = cvss->metric("AV");
  double out = way == "N"   ? model.network
               : way == "A" ? model.adjacent
               : way == "P" ? model.physical
                            : model.local;
  if (const std::string_view complexity = cvss->metric("AC"); complexity == "H" || complexity == "M")
    out *= model.hindered;
  if (const std::string_view needed = cvss->metric("PR"); needed == "L" || needed == "H")
    out *= model.hindered;
  if (const std::string_view user = cvss->metric("UI"); !user.empty() && user != "N") out *= model.hindered;
  return out;
}

std::string severity_of(const std::optional<Cvss>& cvss) {
  if (!cvss) return "medium";
  const std::string_view severity = cvss_severity(cvss->base_score(), cvss->version());
  return severity == "none" ? "info" : std::string(severity);
}

Remedy cure(const Verdict& verdict) {
  const ProductStatement& statement = *verdict.statement;
  if (!verdict.fixed_in.empty()) {
    return {"update", fmt::format("Have the maker bring it to version {} or later.", verdict.fixed_in),
            statement.source};
  }
  return {"update",
          fmt::format("Ask the maker for a version in which it is put right; {} says what it advises.",
                      statement.advisory),
          statement.source};
}

/// "CVE-2019-0708 (BlueKeep)".
std::string title_of(const KnownVulnerability& known) {
  return known.name.empty() ? known.cve : fmt::format("{} ({})", known.cve, known.name);
}

void tell(const Verdict& verdict, const RiskModel& risk, FindingMaker& make) {
  const KnownVulnerability& known = *verdict.vulnerability;
  const Component& component = *verdict.component;
  const ProductStatement& statement = *verdict.statement;
  const bool confirmed = verdict.standing == Standing::kConfirmed;
  Scores scores = scores_of(known);
  const std::string product = component.version.empty()
                                  ? component.product
                                  : fmt::format("{} {}", component.product, component.version);
  DraftFinding* draft = make.make(
      "vulnerability",
      {.subject = known.cve,
       .confidence = component.confidence * (confirmed ? 1 : risk.vulnerability.potential),
       .inferred = !confirmed,
       .evidence = component.evidence,
       .words = {
           {"cve", title_of(known)},
           {"detail", product},
           {"reason", verdict.reason},
           {"note", verdict.settle.empty() ? "" : fmt::format("To be sure, find out {}.", verdict.settle)}}});
  if (draft == nullptr) return;
  Finding& finding = draft->finding;
  finding.status = to_string(verdict.standing);
  finding.severity = severity_of(scores.leading);
  finding.remediation.insert(finding.remediation.begin(), cure(verdict));
  VulnerabilityFacts& facts = finding.vulnerability.emplace();
  facts.cve = known.cve;
  facts.advisory = statement.advisory;
  facts.cvss = std::move(scores.facts);
  facts.kev = !known.kev.empty();
  facts.cwe = known.cwe;
  facts.matched_vendor = statement.vendor;
  facts.matched_product = statement.product;
  facts.matched_range = verdict.range;
  facts.matched_rule = statement.source;
  draft->likelihood = likelihood_of(scores.leading, facts.kev, risk.vulnerability);
}

}  // namespace

void check_vulnerabilities(const Subjected& subject, const Matcher& matcher, FindingMaker& make) {
  const std::vector<Component> components = components_of(subject.device);
  for (const Verdict& verdict : matcher.verdicts(components)) {
    if (verdict.standing != Standing::kConfirmed && verdict.standing != Standing::kPotential) continue;
    const std::string& service = verdict.statement->service;
    if (!service.empty() && !offers(subject.device, service)) continue;
    tell(verdict, subject.knowledge.findings().risk(), make);
  }
}

}  // namespace bedrail
