#pragma once

#include "knowledge/knowledge.h"
#include "model/assessment.h"
#include "model/device_facts.h"

namespace bedrail {

/// What a device is, from its facts and the rules of `knowledge`: values with confidence, evidence,
/// runner-up, or no value where nothing supports one. Support of the operating system is judged as of
/// `as_of`. Pure.
AssessedDevice identify(const DeviceFacts& facts, const Knowledge& knowledge, Timestamp as_of);

}  // namespace bedrail
