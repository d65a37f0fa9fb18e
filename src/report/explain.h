#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "model/assessment.h"

namespace bedrail {

/// How the values of one device, or one finding, came about, as text for a terminal: the rules with their
/// source, the frames, what else was claimed, the remedies and the reasons of the risk. `wanted` is a
/// device's id, one of its addresses or names (in any case), or a finding's id; where several devices carry
/// the name, they are listed. `json_text` is a document that `to_json` wrote. Fails with one sentence where
/// it is not, or where nothing in it answers to `wanted`.
Result<std::string> explain(std::string_view json_text, std::string_view wanted);

/// The same from the model.
Result<std::string> explain(const Assessment& assessment, std::string_view wanted);

/// The one device that answers to an id, an address or a name. Fails with a sentence where none does, and
/// with a list where several do.
Result<const AssessedDevice*> find_device(const Assessment& assessment, std::string_view wanted);

}  // namespace bedrail
