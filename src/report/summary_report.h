#pragma once

#include <string>

#include "model/assessment.h"

namespace bedrail {

/// The assessment on one screen: at most 24 lines of at most `columns` columns (from 40 on): the headline
/// figures with their denominators, what to do first, the devices at most risk, what could not be seen.
/// `colour` adds ANSI colours. Captured text cannot move the cursor: control characters never pass. Says
/// nothing that was not measured.
std::string to_summary(const Assessment& assessment, int columns = 80, bool colour = false);

}  // namespace bedrail
