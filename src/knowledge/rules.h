#pragma once

#include <absl/container/flat_hash_map.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/pattern.h"
#include "knowledge/tsv.h"
#include "model/observation.h"

namespace bedrail {

class PatternIndex;

/// What a rule may say of a device.
enum class Trait : std::uint8_t {
  kCategory,
  kType,
  kVendor,
  kModel,
  kFirmware,
  kSerial,
  kHardware,
  kOsFamily,
  kOsProduct,
  kOsVersion,
  kOsBuild,
  kDepartment,
  kLocation,
};
inline constexpr std::size_t kTraits = 13;
/// "category", ..., "os.family": as in the rules' files and the assessment.
std::string_view to_string(Trait trait);

/// "client", "server", "self"; nothing for any other word.
std::optional<Role> role_of(std::string_view name);

/// A pattern that reads one kind of statement and says something of the device.
struct Rule {
  struct Setting {
    Trait trait;
    std::string text;  ///< with $1..$9 for the pattern's groups
  };
  std::string id, source;
  std::optional<Role> role;
  std::shared_ptr<const Pattern> pattern;
  std::vector<Setting> settings;
  double confidence = 0;
};

/// One thing that a rule said about a statement.
struct RuleHit {
  const Rule* rule = nullptr;
  std::vector<std::pair<Trait, std::string>> values;
  std::string matched;  ///< the part of the statement that the pattern matched
};

/// All rules, found by what they are read on: "clue http.server", "name dhcp", "service ssh", "organisation",
/// "certificate", "message hl7".
class RuleBook {
 public:
  RuleBook();
  ~RuleBook();
  RuleBook(RuleBook&&) noexcept;
  RuleBook& operator=(RuleBook&&) noexcept;

  /// Adds the rules of one file. Errors name the line: a pattern that does not compile, an unknown attribute.
  Result<void> add(const Tsv& table, Patterns when = Patterns::kAtOnce);
  /// The same for one row.
  Result<void> add(const Tsv::Row& row, Patterns when);
  /// All rules and what they are read on, by id.
  [[nodiscard]] std::vector<std::pair<std::string_view, const Rule*>> all() const;
  /// What is wrong with the first pattern that was needed and is none; empty where all are well.
  [[nodiscard]] std::string fault() const { return faults_->first(); }
  /// What the rules on `on` say about `text`; in the files' order.
  void match(std::string_view on, Role role, std::string_view text, std::vector<RuleHit>& out) const;
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  struct Shelf;
  static Result<void> add_settings(const Tsv::Row& row, Rule& rule);
  /// What can be told of a rule once its pattern is compiled.
  static Result<void> check(const Rule& rule);
  void apply(const Rule& rule, Role role, std::string_view text, std::vector<RuleHit>& out) const;

  absl::flat_hash_map<std::string, std::unique_ptr<Shelf>> shelves_;
  std::shared_ptr<PatternFaults> faults_ = std::make_shared<PatternFaults>();
  absl::flat_hash_map<std::string, std::string> ids_;
  std::size_t count_ = 0;
};

}  // namespace bedrail
