#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <string>
#include <utility>

#include "advisory/cvss_metrics.h"

namespace bedrail {
namespace {

using Weights = std::initializer_list<std::pair<std::string_view, double>>;

/// The weight of a metric's value; `undefined` where it is not defined.
double weight(std::string_view value, Weights weights, double undefined = 1.0) {
  for (const auto& [name, number] : weights)
    if (name == value) return number;
  return undefined;
}

double rounded(double value) { return std::round(value * 10.0) / 10.0; }

/// The smallest tenth that is not below the value, without being misled by binary fractions (3.1, appendix
/// A).
double rounded_up(double value) {
  const long whole = std::lround(value * 100000.0);
  if (whole % 10000 == 0) return static_cast<double>(whole) / 100000.0;
  return static_cast<double>(whole / 10000 + 1) / 10.0;
}

// Version 2.0 (3.2).

double impact2(const Cvss& cvss, std::string_view metric) {
  return weight(cvss.metric(metric), {{"N", 0.0}, {"P", 0.275}, {"C", 0.660}});
}
double requirement2(const Cvss& cvss, std::string_view metric) {
  return weight(cvss.metric(metric), {{"L", 0.5}, {"M", 1.0}, {"H", 1.51}});
}

double base2(const Cvss& cvss, double impact) {
  const double exploitability = 20.0 * weight(cvss.metric("AV"), {{"L", 0.395}, {"A", 0.646}, {"N", 1.0}}) *
                                weight(cvss.metric("AC"), {{"H", 0.35}, {"M", 0.61}, {"L", 0.71}}) *
                                weight(cvss.metric("Au"), {{"M", 0.45}, {"S", 0.56}, {"N", 0.704}});
  return rounded((0.6 * impact + 0.4 * exploitability - 1.5) * (impact == 0.0 ? 0.0 : 1.176));
}

double temporal2(const Cvss& cvss, double base) {
  return rounded(base * weight(cvss.metric("E"), {{"U", 0.85}, {"POC", 0.9}, {"F", 0.95}, {"H", 1.0}}) *
                 weight(cvss.metric("RL"), {{"OF", 0.87}, {"TF", 0.90}, {"W", 0.95}, {"U", 1.0}}) *
                 weight(cvss.metric("RC"), {{"UC", 0.90}, {"UR", 0.95}, {"C", 1.0}}));
}

// Version 3 (7.1 to 7.4).

/// The metrics of a vector as base or as modified by the environment.
class Metrics3 {
 public:
  Metrics3(const Cvss& cvss, bool environment) : cvss_(cvss), environment_(environment) {}

  [[nodiscard]] std::string_view value(std::string_view name) const {
    const std::string_view modified =
        environment_ ? cvss_.metric("M" + std::string(name)) : std::string_view{};
    return modified.empty() ? cvss_.metric(name) : modified;
  }
  [[nodiscard]] bool changed() const { return value("S") == "C"; }
  [[nodiscard]] double loss(std::string_view name, std::string_view requirement) const {
    const double impact = weight(value(name), {{"H", 0.56}, {"L", 0.22}, {"N", 0.0}});
    if (!environment_) return 1.0 - impact;
    return 1.0 - impact * weight(cvss_.metric(requirement), {{"H", 1.5}, {"M", 1.0}, {"L", 0.5}});
  }
  [[nodiscard]] double exploitability() const {
    return 8.22 * weight(value("AV"), {{"N", 0.85}, {"A", 0.62}, {"L", 0.55}, {"P", 0.2}}) *
           weight(value("AC"), {{"L", 0.77}, {"H", 0.44}}) *
           weight(value("PR"), {{"N", 0.85}, {"L", changed() ? 0.68 : 0.62}, {"H", changed() ? 0.5 : 0.27}}) *
           weight(value("UI"), {{"N", 0.85}, {"R", 0.62}});
  }
  [[nodiscard]] double impact() const {
    double lost = 1.0 - loss("C", "CR") * loss("I", "IR") * loss("A", "AR");
    if (environment_) lost = std::min(lost, 0.915);
    if (!changed()) return 6.42 * lost;
    const bool newer = environment_ && cvss_.version() == CvssVersion::k31;
    return 7.52 * (lost - 0.029) -
           3.25 * (newer ? std::pow(lost * 0.9731 - 0.02, 13.0) : std::pow(lost - 0.02, 15.0));
  }

 private:
  const Cvss& cvss_;
  bool environment_;
};

}  // namespace

double cvss2_score(const Cvss& cvss, bool threat, bool environment) {
  const double c = impact2(cvss, "C"), i = impact2(cvss, "I"), a = impact2(cvss, "A");
  if (!environment) {
    const double base = base2(cvss, 10.41 * (1.0 - (1.0 - c) * (1.0 - i) * (1.0 - a)));
    return threat ? temporal2(cvss, base) : base;
  }
  const double impact = std::min(
      10.0, 10.41 * (1.0 - (1.0 - c * requirement2(cvss, "CR")) * (1.0 - i * requirement2(cvss, "IR")) *
                               (1.0 - a * requirement2(cvss, "AR"))));
  const double adjusted = temporal2(cvss, base2(cvss, impact));
  const double damage =
      weight(cvss.metric("CDP"), {{"N", 0.0}, {"L", 0.1}, {"LM", 0.3}, {"MH", 0.4}, {"H", 0.5}}, 0.0);
  const double spread = weight(cvss.metric("TD"), {{"N", 0.0}, {"L", 0.25}, {"M", 0.75}, {"H", 1.0}});
  return rounded((adjusted + (10.0 - adjusted) * damage) * spread);
}

double cvss3_score(const Cvss& cvss, bool threat, bool environment) {
  const Metrics3 metrics(cvss, environment);
  const double impact = metrics.impact();
  if (impact <= 0.0) return 0.0;
  const double sum = (impact + metrics.exploitability()) * (metrics.changed() ? 1.08 : 1.0);
  const double score = rounded_up(std::min(sum, 10.0));
  if (!threat) return score;
  return rounded_up(score * weight(cvss.metric("E"), {{"H", 1.0}, {"F", 0.97}, {"P", 0.94}, {"U", 0.91}}) *
                    weight(cvss.metric("RL"), {{"U", 1.0}, {"W", 0.97}, {"T", 0.96}, {"O", 0.95}}) *
                    weight(cvss.metric("RC"), {{"C", 1.0}, {"R", 0.96}, {"U", 0.92}}));
}

}  // namespace bedrail
