#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "knowledge/pattern.h"
#include "knowledge/rules.h"
#include "knowledge/tsv.h"
#include "model/observation.h"

namespace bedrail {

/// Which kinds of recog's fingerprints a text that was heard is given to (`recog_kinds.tsv`).
class RecogKinds {
 public:
  /// One kind, and the text as its fingerprints expect it.
  struct Use {
    std::string kind, text;
  };

  /// Adds a row. Errors name file and line.
  Result<void> add(const Tsv::Row& row, Patterns when, const std::shared_ptr<PatternFaults>& faults);
  [[nodiscard]] std::vector<Use> uses(std::string_view on, Role role, std::string_view text) const;
  /// The kinds whose texts are told on one line, with spaces for line ends (column `lines`: y).
  [[nodiscard]] const std::vector<std::string>& on_one_line() const { return on_one_line_; }
  /// What a kind is heard as: "clue ssh.banner"; empty where nothing that is heard is of this kind.
  [[nodiscard]] std::string heard_as(std::string_view kind) const;

 private:
  struct Entry {
    std::string kind, as;
    std::optional<Role> role;
    std::shared_ptr<const Pattern> part;  ///< null: the whole text
  };
  std::map<std::string, std::vector<Entry>, std::less<>> by_subject_;
  std::vector<std::string> on_one_line_;
};

/// What recog's words are in ours (`recog_terms.tsv`), by what they name: vendor, type, system, family,
/// model-prefix.
class RecogTerms {
 public:
  Result<void> add(const Tsv::Row& row);
  /// Ours; empty where there is none. Case does not matter.
  [[nodiscard]] std::string_view ours(std::string_view what, std::string_view theirs) const;

 private:
  std::map<std::string, std::string, std::less<>> terms_;
};

}  // namespace bedrail
