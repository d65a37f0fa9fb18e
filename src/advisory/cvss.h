#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bedrail {

enum class CvssVersion : std::uint8_t { k2, k30, k31, k40 };

/// A vector of the Common Vulnerability Scoring System (FIRST.Org, Inc.), of version 2.0, 3.0, 3.1 or 4.0.
/// Scores are computed from it, 0.0 to 10.0 in tenths.
class Cvss {
 public:
  /// Strict: the version's prefix (2.0 has none; brackets around it are taken off), each metric once, every
  /// mandatory one there, nothing else; version 4.0 in its order (7). The error names the metric.
  static Result<Cvss> parse(std::string_view vector);

  [[nodiscard]] CvssVersion version() const { return version_; }
  /// In the standard's order, without metrics that are not defined.
  [[nodiscard]] std::string vector() const;
  /// A metric's value as written ("N" of AV:N); empty where it is not defined or not of this version.
  [[nodiscard]] std::string_view metric(std::string_view name) const;
  /// The same vector with a metric set, for the environment of a device: with("MAV", "A"). Refused like in
  /// `parse`.
  [[nodiscard]] Result<Cvss> with(std::string_view name, std::string_view value) const;

  /// From the base metrics alone (CVSS-B).
  [[nodiscard]] double base_score() const;
  /// With what is known of threats: version 2 and 3's temporal score, CVSS-BT.
  [[nodiscard]] double threat_score() const;
  /// With all metrics: the environmental score where one of its metrics is defined, else `threat_score`.
  [[nodiscard]] double score() const;
  /// "CVSS-B", "CVSS-BT", "CVSS-BE", "CVSS-BTE" (version 4.0, 1.3); the same letters for older versions.
  [[nodiscard]] std::string nomenclature() const;

 private:
  friend class CvssReader;
  Cvss() { values_.fill(kUndefined); }
  [[nodiscard]] bool has_threat() const;
  [[nodiscard]] bool has_environment() const;

  static constexpr std::uint8_t kUndefined = 0xff;
  CvssVersion version_ = CvssVersion::k31;
  /// For each metric of the version the place of its value in the metric's list.
  std::array<std::uint8_t, 32> values_{};
};

/// The qualitative scale: none, low, medium, high, critical (3.1, 5). Version 2.0 has none of its own; there
/// it is NVD's: low, medium, high.
std::string_view cvss_severity(double score, CvssVersion version = CvssVersion::k31);

}  // namespace bedrail
