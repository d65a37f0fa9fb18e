#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "limits.h"

namespace bedrail::app {

/// What is to be read, as given on the command line.
struct CaptureArguments {
  std::vector<std::string> captures;
  unsigned threads = 1;
  std::optional<Timestamp> since, until;
  bool hash = true;  ///< give the files' SHA-256
  Limits limits;
};

struct AssessArguments {
  CaptureArguments input;
  std::string output_folder;  ///< empty: none
  std::string format;         ///< "summary", "json", "html", "csv"; what goes to standard output
  std::optional<Timestamp> as_of;
  std::string knowledge;  ///< empty: beside the program
};

struct ExplainArguments {
  std::string wanted, assessment;
};

struct ObserveArguments {
  CaptureArguments input;
};

/// Help, version or completion was printed, or a usage error: leave with this code.
struct Leave {
  int code = 0;
};

/// Reads the command line; prints help and errors itself.
std::variant<Leave, AssessArguments, ExplainArguments, ObserveArguments> parse_arguments(int argc,
                                                                                         char** argv);

}  // namespace bedrail::app
