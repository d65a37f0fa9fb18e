#pragma once

#include "arguments.h"

namespace CLI {
class App;
}

namespace bedrail::app {

/// The part of the command line that is about corrections: three commands of `bedrail knowledge`.
class CorrectionOptions {
 public:
  explicit CorrectionOptions(CLI::App& knowledge);
  [[nodiscard]] bool parsed() const;
  [[nodiscard]] CorrectionArguments arguments() const;

 private:
  void describe_correct();
  void describe_others();

  CLI::App *correct_, *corrections_, *list_, *remove_, *export_;
  CorrectionArguments given_;
};

}  // namespace bedrail::app
