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
  std::string site;       ///< what the site added to it; empty: beside the knowledge
};

struct ExplainArguments {
  std::string wanted, assessment;
};

struct ObserveArguments {
  CaptureArguments input;
};

/// `bedrail knowledge ...`
struct KnowledgeArguments {
  enum class What { kImport, kImportFeed, kList, kDiff, kRollback, kCheck, kWhy } what = What::kList;
  std::string knowledge;  ///< empty: beside the program
  std::string site;       ///< empty: beside the knowledge
  std::string folder;     ///< what to import
  bool preview = false;
  std::string feed;                ///< the kind of feed to import
  std::vector<std::string> paths;  ///< its files and folders
  bool all = false;                ///< they hold all there is: the rest is withdrawn
  bool yes = false;                ///< apply without asking
  int from = 0, to = 0;            ///< diff: generations; rollback: `to`, 0 for the one before
  std::optional<Timestamp> as_of;  ///< list: the day by which ages are told; none: today
  std::string word;                ///< list: only rules in whose row it stands
  bool rules = false;
  std::string rule;  ///< why
  CaptureArguments input;
};

/// `bedrail knowledge correct`, `corrections` and `export-corrections`
struct CorrectionArguments {
  enum class What { kCorrect, kList, kRemove, kExport } what = What::kList;
  std::string knowledge, site;  ///< as above
  std::string assessment;       ///< the document that the device stands in
  std::string device, because;
  std::vector<std::string> settings;  ///< ATTRIBUTE=VALUE
  std::string by;                     ///< what the siblings have in common; empty: vendor and model
  std::string date;                   ///< empty: the assessment's day
  bool siblings = false, preview = false;
  std::string id;    ///< what to remove
  std::string file;  ///< where an export goes
  bool without_reasons = false;
};

/// Help, version or completion was printed, or a usage error: leave with this code.
struct Leave {
  int code = 0;
};

using Arguments = std::variant<Leave, AssessArguments, ExplainArguments, ObserveArguments, KnowledgeArguments,
                               CorrectionArguments>;

/// Reads the command line; prints help and errors itself.
Arguments parse_arguments(int argc, char** argv);

}  // namespace bedrail::app
