#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "advisory/range.h"

namespace bedrail {

/// Sets of bounds from operators, lists and words of comparison, with nothing left over; none means all
/// versions. Nothing where a part of the text is something else.
std::optional<std::vector<BoundSet>> read_bounds(std::string_view text);

/// A version behind a comparison, with its wildcard ("14.1.x", "C.0x"); a range where one bound is not
/// enough.
std::optional<BoundSet> read_bound(Comparison comparison, std::string_view value);

/// A number that names a model rather than a version: "24950", "MMT-1710", "7900 MRI".
bool looks_like_model(std::string_view value);

}  // namespace bedrail
