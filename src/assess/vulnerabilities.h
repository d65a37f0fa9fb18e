#pragma once

#include "assess/checks.h"
#include "assess/matching.h"

namespace bedrail {

/// Findings for the published vulnerabilities that a device has or may have, one each. What is fixed or not
/// affected gives none. A vulnerability that is attacked through a service counts only where the device
/// offers it, if the device's system has it and what traffic shows cannot rule it out.
void check_vulnerabilities(const Subjected& subject, const Matcher& matcher, FindingMaker& make);

}  // namespace bedrail
