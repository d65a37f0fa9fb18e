#pragma once

#include <absl/container/flat_hash_map.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "knowledge/tsv.h"
#include "model/observation.h"

namespace re2 {
class RE2;
}

namespace bedrail {

class PatternSet;

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

/// A pattern that reads one kind of statement and says something of the device.
struct Rule {
  struct Setting {
    Trait trait;
    std::string text;  ///< with $1..$9 for the pattern's groups
  };
  std::string id, source;
  std::optional<Role> role;
  std::shared_ptr<const re2::RE2> pattern;
  std::vector<Setting> settings;
  double confidence = 0;
};

/// One thing that a rule said about a statement.
struct RuleHit {
  const Rule* rule = nullptr;
  std::vector<std::pair<Trait, std::string>> values;
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
  Result<void> add(const Tsv& table);
  /// Once, after the last file: from here on a text is read once, however many rules there are for it.
  void compile();
  /// What the rules on `on` say about `text`; in the files' order.
  void match(std::string_view on, Role role, std::string_view text, std::vector<RuleHit>& out) const;
  [[nodiscard]] std::size_t size() const { return count_; }

 private:
  static Result<void> add_settings(const Tsv::Row& row, Rule& rule);
  Result<void> add_row(const Tsv::Row& row);

  struct Shelf {
    std::vector<Rule> rules;
    std::shared_ptr<const PatternSet> patterns;  ///< in their order; null before `compile`
  };
  static void apply(const Rule& rule, Role role, std::string_view text, std::vector<RuleHit>& out);

  absl::flat_hash_map<std::string, Shelf> shelves_;
  absl::flat_hash_map<std::string, std::string> ids_;
  std::size_t count_ = 0;
};

}  // namespace bedrail
