#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "advisory/cvss.h"

namespace bedrail {

enum class CvssGroup : std::uint8_t { kBase, kThreat, kEnvironment, kSupplement };

/// One metric of a version: its values parted by '|'. "X" and "ND" mean that it is not defined.
struct CvssMetric {
  std::string_view name, values;
  CvssGroup group;
};

/// In the standard's order (2.0: 2.4; 3.1: table 15; 4.0: table 23).
std::span<const CvssMetric> cvss_metrics(CvssVersion version);

// The scores of each version, by its equations. `environment` and `threat` say which groups count.
double cvss2_score(const Cvss& cvss, bool threat, bool environment);
double cvss3_score(const Cvss& cvss, bool threat, bool environment);
double cvss4_score(const Cvss& cvss, bool threat, bool environment);

}  // namespace bedrail
