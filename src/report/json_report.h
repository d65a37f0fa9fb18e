#pragma once

#include <string>

#include "model/assessment.h"

namespace bedrail {

/// The assessment as one JSON object of `bedrail.assessment/1`: UTF-8, keys in the contract's order, one line
/// a device, connection, finding and alert, a newline at the end. The same assessment gives the same bytes.
/// Described by `docs/assessment.schema.json`.
///
/// Every key of the contract is there but for attributes without a value and `vulnerability`, which are
/// absent where nothing supports them. A text that is not known is "", a number or time that is not known is
/// null. The value of redacted evidence is never written, whatever it holds.
std::string to_json(const Assessment& assessment);

}  // namespace bedrail
