#pragma once

#include "identify/votes.h"
#include "model/assessment.h"

namespace bedrail {

/// Puts what the site says of this device, or of its like, in the place of what was concluded; what stood
/// there is a conflict. What is bound to the device itself wins over what is said of its siblings, of two the
/// later one. Called once all attributes but the category are settled.
void apply_corrections(const DeviceFacts& facts, const Ballots& ballots, const Knowledge& knowledge,
                       Timestamp as_of, AssessedDevice& device);

/// A kind that the site gave brings its category, whatever else speaks for another.
void apply_corrected_category(const Knowledge& knowledge, AssessedDevice& device);

}  // namespace bedrail
