#pragma once

#include "assess/finding_maker.h"
#include "model/device_facts.h"

namespace bedrail {

/// A device's risk from its findings, exposure and kind, by the formula of `knowledge/risk.toml`; each
/// finding's own risk is set, too. Every point has its reason: the reasons' points add up to the score.
Risk risk_of(const DeviceFacts& facts, const AssessedDevice& device, const Knowledge& knowledge,
             std::vector<DraftFinding>& findings);

}  // namespace bedrail
