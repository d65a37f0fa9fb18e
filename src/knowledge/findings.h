#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/assessment.h"

namespace bedrail {

/// What is to be said of one kind of finding (`knowledge/findings.toml`). Texts may hold {device},
/// {protocol}, {version}, {detail}, {count}, {peers}.
struct FindingText {
  std::string kind, title, severity, explanation;
  double likelihood = 0;  ///< points towards how likely the device is to be attacked or to fail
  std::vector<Remedy> remedies;
};

/// A protocol's version that is out of date (`[[outdated]]` in the same file).
struct OutdatedProtocol {
  std::string protocol, version;  ///< version empty: any
  std::string title, severity, explanation, source;
  double likelihood = 0;
};

/// The formula of the risk score (`knowledge/risk.toml`).
struct RiskModel {
  double base_likelihood = 0;
  double external_likelihood = 0;  ///< added where a device talks with the Internet
  double exposure_per_peer = 0, exposure_limit = 0;
  double safety_weight = 0, confidentiality_weight = 0, availability_weight = 0;
  double life_supporting_bonus = 0;
  struct Level {
    std::string name;
    double from = 0;
  };
  std::vector<Level> levels;  ///< descending
  /// How likely a published vulnerability is used, by how it is attacked.
  struct Vulnerability {
    double network = 0, adjacent = 0, local = 0, physical = 0;
    double hindered = 1;   ///< factor for each of: high complexity, privileges needed, a user's help
    double exploited = 0;  ///< it is known to be exploited
    double potential = 0;  ///< share of confidence where the affected version was not seen
  } vulnerability;
  std::map<std::string, double, std::less<>> category_impact_safety, category_impact_confidentiality,
      category_impact_availability;
};

/// Findings' texts and the risk model.
class FindingBook {
 public:
  /// From the texts of findings.toml and risk.toml; `name` for error messages.
  Result<void> read(const std::string& findings_name, std::string_view findings_text,
                    const std::string& risk_name, std::string_view risk_text);
  [[nodiscard]] const FindingText* text(std::string_view kind) const;
  [[nodiscard]] const OutdatedProtocol* outdated(std::string_view protocol, std::string_view version) const;
  [[nodiscard]] const RiskModel& risk() const { return risk_; }

 private:
  std::map<std::string, FindingText, std::less<>> texts_;
  std::vector<OutdatedProtocol> outdated_;
  RiskModel risk_;
};

}  // namespace bedrail
