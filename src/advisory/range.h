#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/version.h"

namespace bedrail {

enum class Comparison : std::uint8_t { kBefore, kUpTo, kExactly, kFrom, kAfter, kNot };

/// One bound of a range: "< 8.2.2", or "<= 12.2.x", where all that begins with 12.2 is meant.
struct Bound {
  Comparison comparison = Comparison::kExactly;
  Version version;
  /// The version stands for all that begin with it.
  bool wildcard = false;
};

/// Bounds that must all hold.
using BoundSet = std::vector<Bound>;

/// What a range depends on beside the version.
enum class ConditionKind : std::uint8_t {
  kNote,             ///< said for information only: "end-of-life 2011"
  kModel,            ///< a model, part or order number: only these
  kDate,             ///< a date of shipping, manufacture or release, which a version does not tell
  kOperatingSystem,  ///< a system underneath
  kOption,           ///< a module, option or installation that must be there, perhaps of certain versions
  kUnread            ///< words that could not be read
};

/// A condition beside a range; all but notes keep a match from being certain until someone settles them.
struct Condition {
  ConditionKind kind = ConditionKind::kNote;
  /// As the advisory says it.
  std::string text;
  /// kModel: the numbers or names, any of which it may be.
  std::vector<std::string> names;
  /// kOption: versions of the option, any of these sets.
  std::vector<BoundSet> versions;
  /// kDate: the period, either end open where its parts are 0; `before` means that `to` itself is outside.
  PartialDate from, to;
  bool before = false;
};

enum class Covered : std::uint8_t { kYes, kNo, kUnknown };

/// Whether a range holds for a version, and why: "8.2.1 < 8.2.2", "the build of 1.3.1 is not known".
struct Coverage {
  Covered answer = Covered::kUnknown;
  std::string reason;
};

/// Which versions an advisory speaks of. A value; made once, asked often.
class VersionRange {
 public:
  /// From `vers:` (the VERS specification), from operators ("< 8.2.2", ">= 4.01 | <= 4.34", lists with |),
  /// wildcards ("14.1.x"), words ("all versions prior to 2.1", "2.1 through 3.0", "2.3.6 and below", "Rev
  /// B-M") and what stands in such fields instead: models, dates, operating systems. Texts over 1,024 bytes
  /// are not read. `product`: the advisory's product name; where the text means all versions, a version
  /// in that name counts ("IntelliSpace Portal 7.0.x").
  static VersionRange read(std::string_view text, std::string_view product = {});
  /// NVD's four fields (versionStartIncluding, versionStartExcluding, versionEndIncluding,
  /// versionEndExcluding); empty ones are open.
  static VersionRange of_bounds(std::string_view start_including, std::string_view start_excluding,
                                std::string_view end_including, std::string_view end_excluding);
  /// A CPE 2.3 name's version and update: `*` is every version, `-` none that is known. Escapes ("\-") are
  /// undone.
  static VersionRange of_cpe(std::string_view version, std::string_view update = "*");

  /// False where the text, or a part of it, could not be read; `conditions` holds the words.
  [[nodiscard]] bool readable() const;
  /// No bound: every version, as far as the conditions go.
  [[nodiscard]] bool all() const { return alternatives_.empty(); }
  /// Sets of bounds, any of which must hold; none means every version.
  [[nodiscard]] const std::vector<BoundSet>& alternatives() const { return alternatives_; }
  [[nodiscard]] const std::vector<Condition>& conditions() const { return conditions_; }
  /// For showing: ">= 4.01, <= 4.34", "= 9.13 or = 9.19", "all versions (models: MMT-508)".
  [[nodiscard]] std::string text() const;

  /// Conditions (but for notes) turn a yes into unknown. An empty text is a version that is not known.
  [[nodiscard]] Coverage covers(std::string_view version) const;
  [[nodiscard]] Coverage covers(const Version& version) const;
  /// The same without the conditions, for those who have settled them.
  [[nodiscard]] Coverage covers_number(const Version& version) const;

 private:
  friend class RangeReader;
  std::vector<BoundSet> alternatives_;
  std::vector<Condition> conditions_;
};

/// "< 8.2.2", "= 14.1.x".
std::string text_of(const Bound& bound);
std::string text_of(const std::vector<BoundSet>& alternatives);

}  // namespace bedrail
