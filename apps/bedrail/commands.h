#pragma once

#include "arguments.h"

namespace bedrail::app {

/// What the program tells the shell.
enum ExitCode : int {
  kComplete = 0,    ///< all was read
  kFailed = 1,      ///< nothing could be read, or the output could not be written
  kWrongUsage = 2,  ///< arguments
  kIncomplete = 3,  ///< something was skipped; standard error and the notices say what
};

int run_assess(const AssessArguments& arguments);
int run_explain(const ExplainArguments& arguments);
int run_observe(const ObserveArguments& arguments);
int run_knowledge(const KnowledgeArguments& arguments);
int run_corrections(const CorrectionArguments& arguments);

}  // namespace bedrail::app
