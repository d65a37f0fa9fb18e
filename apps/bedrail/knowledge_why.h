#pragma once

#include "arguments.h"
#include "knowledge/knowledge.h"

namespace bedrail::app {

/// `bedrail knowledge why`: where a rule, or an imported fingerprint, fires in captures.
int run_why(const KnowledgeArguments& arguments, const Knowledge& knowledge);

}  // namespace bedrail::app
