#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/date.h"
#include "advisory/order.h"

namespace bedrail {

/// What stands in a version between its numbers.
enum class LabelKind : std::uint8_t {
  kNone,      ///< nothing: the numbers at the front
  kRevision,  ///< a letter that counts: B.06.18, C.03; A before B
  kScheme,    ///< letters that say how the maker counts: BT02, L81, VM5.0; others are not comparable
  kPre,       ///< before the release: alpha, beta, rc
  kService,   ///< after it: SP, SR, MR, patch, hotfix
  kLetter,    ///< a letter after a number: 2.4A; A before B, and none before A
  kBuild,     ///< a build's number; a version that says none may be any build
  kTag        ///< anything else: the U of 012U000040, a hash; comparable only where it is the same
};

/// A version as a device or an advisory writes it: "8.2.2", "B.06.18", "012U000040", "1.3.1 Build 13",
/// "2.0 SP3", "10.0.19045", "2023-05-01". A value of its own text; at most 128 bytes and 24 parts.
class Version {
 public:
  /// Nothing where the text is no version: without a digit (a single letter is a revision), or with marks
  /// that versions have not. Words like "version", "firmware", "Rev", "v" and "R" at the front say nothing.
  static std::optional<Version> read(std::string_view text);

  /// As it was written, without the words at the front and doubled blanks.
  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] bool is_date() const { return date_.has_value(); }
  /// One letter alone, which names all that begins with it ("Rev M").
  [[nodiscard]] bool is_lone_letter() const;

  /// A strict partial order, with numbers filled up with zeros (1.2 is 1.2.0). Unordered are different
  /// schemes, a date against a number, a missing build against a build.
  friend Order compare(const Version& a, const Version& b);
  /// How a version stands to all those that begin with `prefix` (14.1 for "14.1.x"): equal is one of them.
  friend Order compare_to_prefix(const Version& version, const Version& prefix);
  /// True where `part` says the same with less: 1.3.1 of "1.3.1 Build 13", 9.7 of 9.7.1. Equal ones do not.
  friend bool is_leading_part(const Version& part, const Version& whole);

 private:
  struct Segment {
    LabelKind kind = LabelKind::kNone;
    std::string word;
    /// Digits as written.
    std::vector<std::string> numbers;
  };
  friend class VersionReader;
  static Order compare_labels(const Segment* a, const Segment* b);
  static Order compare_numbers(const Segment& a, const Segment& b, std::size_t count);

  std::string text_;
  std::vector<Segment> segments_;
  std::optional<PartialDate> date_;
};

Order compare(const Version& a, const Version& b);
Order compare_to_prefix(const Version& version, const Version& prefix);
bool is_leading_part(const Version& part, const Version& whole);

}  // namespace bedrail
