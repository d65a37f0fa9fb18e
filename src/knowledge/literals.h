#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bedrail {

/// Texts of which one must stand, whatever the case, in every text that a case-insensitive RE2 expression is
/// found in: {"laserjet", "officejet"} of "^HP (LaserJet|OfficeJet) [0-9]+". In lower case, each of at least
/// `shortest` bytes; none where the expression requires nothing of the kind, or is not understood.
std::vector<std::string> required_literals(std::string_view pattern, std::size_t shortest);

/// `text` as `required_literals` are compared with it: in lower case as RE2 folds it.
std::string folded(std::string_view text);

}  // namespace bedrail
