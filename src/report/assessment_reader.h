#pragma once

#include <string_view>

#include "base/result.h"
#include "model/assessment.h"

namespace bedrail {

/// Reads a document of `bedrail.assessment/1` back into the model: what `to_json` wrote comes back whole, so
/// that writing it again gives the same bytes. Keys it does not know are passed over; a missing key or a
/// value of another type fails with its path ("devices[3].risk.score"). Any bytes are safe to give it: size
/// and depth are bounded.
Result<Assessment> read_assessment(std::string_view json_text);

}  // namespace bedrail
