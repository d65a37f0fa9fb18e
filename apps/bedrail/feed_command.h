#pragma once

#include <string>

#include "arguments.h"

namespace bedrail::app {

// `bedrail knowledge import KIND`, `diff`, `rollback`, and what `list` says of feeds. `site`: the folder of
// what the site added.
int run_import_feed(const KnowledgeArguments& arguments, const std::string& site);
int run_diff(const KnowledgeArguments& arguments, const std::string& site);
int run_rollback(const KnowledgeArguments& arguments, const std::string& site);
Result<std::string> feeds_text(const KnowledgeArguments& arguments, const std::string& site);

}  // namespace bedrail::app
