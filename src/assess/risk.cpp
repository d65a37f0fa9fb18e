#include "assess/risk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace bedrail {
namespace {

double impact_of(const std::map<std::string, double, std::less<>>& table, const std::string& category) {
  const auto found = table.find(category);
  return found == table.end() ? 0 : found->second;
}

/// Impacts of the kind, else of the category, else of the unknown.
double set_impacts(const AssessedDevice& device, const Knowledge& knowledge, Risk& risk) {
  const RiskModel& model = knowledge.findings().risk();
  const DeviceType* type = device.type ? knowledge.type(device.type->value) : nullptr;
  if (type != nullptr) {
    risk.patient_safety = type->patient_safety;
    risk.confidentiality = type->confidentiality;
    risk.availability = type->availability;
  } else {
    const std::string category = device.category ? device.category->value : "unknown";
    risk.patient_safety = impact_of(model.category_impact_safety, category);
    risk.confidentiality = impact_of(model.category_impact_confidentiality, category);
    risk.availability = impact_of(model.category_impact_availability, category);
  }
  const double weights = model.safety_weight + model.confidentiality_weight + model.availability_weight;
  double impact =
      (risk.patient_safety * model.safety_weight + risk.confidentiality * model.confidentiality_weight +
       risk.availability * model.availability_weight) /
      (10 * weights);
  if (type != nullptr && type->life_supporting) impact *= model.life_supporting_bonus;
  return std::clamp(impact, 0.0, 1.0);
}

struct Cause {
  std::string text, finding;
  double likelihood = 0;
};

std::vector<Cause> causes_of(const DeviceFacts& facts, const RiskModel& model,
                             const std::vector<DraftFinding>& findings) {
  std::vector<Cause> out;
  out.push_back({"It is connected.", "", model.base_likelihood});
  if (facts.internal_peers > 0) {
    const double peers = std::min(static_cast<double>(facts.internal_peers), model.exposure_limit);
    out.push_back({fmt::format("It exchanges data with {} of the network.",
                               counted(facts.internal_peers, "device", "devices")),
                   "", peers * model.exposure_per_peer});
  }
  if (facts.external_peers > 0 && facts.is_internal) {
    out.push_back({fmt::format("It exchanges data with {} on the Internet.",
                               counted(facts.external_peers, "address", "addresses")),
                   "", model.external_likelihood});
  }
  for (const DraftFinding& draft : findings)
    out.push_back({draft.finding.title + ".", draft.finding.id, draft.likelihood * draft.finding.confidence});
  return out;
}

/// `score` parted in the ratio of `weights`, in whole points, so that they add up to it wherever they are
/// shown: each gets its whole points, and those that remain go to the largest remainders (the first of
/// equals).
std::vector<double> shares_of(int score, const std::vector<double>& weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  std::vector<int> points(weights.size());
  std::vector<std::pair<double, std::size_t>> remainders;
  int left = score;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double exact = sum > 0 ? score * weights[i] / sum : 0;
    points[i] = static_cast<int>(exact);
    left -= points[i];
    remainders.emplace_back(exact - points[i], i);
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; left > 0; i = (i + 1) % remainders.size(), --left) ++points[remainders[i].second];
  return {points.begin(), points.end()};
}

/// A finding's own risk: the device's score if it had this finding alone, on the same scale as the device's.
void judge(DraftFinding& draft, const Risk& risk, double impact) {
  Finding& finding = draft.finding;
  const double likelihood = std::clamp(draft.likelihood * finding.confidence, 0.0, 0.99);
  finding.risk = static_cast<int>(std::lround(100 * likelihood * impact));
  finding.reasons.push_back(
      {fmt::format(
           "Likelihood {:.0f} % (with a confidence of {:.0f} %), times the impact of the device: patient "
           "safety {:g}, confidentiality {:g}, availability {:g} of 10.",
           100 * draft.likelihood, 100 * finding.confidence, risk.patient_safety, risk.confidentiality,
           risk.availability),
       static_cast<double>(finding.risk), ""});
}

}  // namespace

Risk risk_of(const DeviceFacts& facts, const AssessedDevice& device, const Knowledge& knowledge,
             std::vector<DraftFinding>& findings) {
  const RiskModel& model = knowledge.findings().risk();
  Risk risk;
  const double impact = set_impacts(device, knowledge, risk);
  const std::vector<Cause> causes = causes_of(facts, model, findings);
  double calm = 1;
  for (const Cause& cause : causes) calm *= 1 - std::clamp(cause.likelihood, 0.0, 0.99);
  risk.likelihood = std::round((1 - calm) * 1000) / 1000;
  const double exact = 100 * (1 - calm) * impact;
  risk.score = static_cast<int>(std::lround(exact));
  for (const RiskModel::Level& level : model.levels) {
    if (risk.score >= level.from) {
      risk.level = level.name;
      break;
    }
  }
  std::vector<double> weights;
  weights.reserve(causes.size());
  for (const Cause& cause : causes) weights.push_back(-std::log(1 - std::clamp(cause.likelihood, 0.0, 0.99)));
  const std::vector<double> points = shares_of(risk.score, weights);
  for (std::size_t i = 0; i < causes.size(); ++i)
    risk.reasons.push_back({causes[i].text, points[i], causes[i].finding});
  std::stable_sort(risk.reasons.begin(), risk.reasons.end(),
                   [](const RiskReason& a, const RiskReason& b) { return a.points > b.points; });
  for (DraftFinding& draft : findings) judge(draft, risk, impact);
  return risk;
}

}  // namespace bedrail
