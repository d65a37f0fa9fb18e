#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "knowledge/pattern.h"
#include "knowledge/recog/fingerprint.h"

namespace bedrail {

/// What a fingerprint says of a text.
struct RecogHit {
  std::string id, source;
  double certainty = 0;
  RecogFields fields;
};

/// A fingerprint's pattern: over characters where a text is UTF-8, else over bytes.
class RecogPattern {
 public:
  RecogPattern(std::string_view text, const std::string& where, const std::shared_ptr<PatternFaults>& faults)
      : characters_(text, where, faults), bytes_(text, where, faults, Encoding::kBytes) {}

  /// What the params say of a text; nothing where the pattern is not found in it.
  [[nodiscard]] std::optional<RecogFields> match(const std::vector<RecogParam>& params,
                                                 std::string_view text) const;
  [[nodiscard]] bool found_in(std::string_view text) const;
  [[nodiscard]] std::string_view text() const { return characters_.text(); }
  [[nodiscard]] Result<void> check() const { return characters_.check(); }
  /// How many groups it has; 0 where it is none.
  [[nodiscard]] int groups() const;

 private:
  Pattern characters_, bytes_;
};

/// The fingerprints that were imported, by what they are read on. They are read row by row once a text of
/// their kind was heard.
class RecogBook {
 public:
  RecogBook();
  ~RecogBook();
  RecogBook(RecogBook&&) noexcept;
  RecogBook& operator=(RecogBook&&) noexcept;

  /// Reads the file of an import. `faults` is told what turns out to be wrong later.
  Result<void> read(const std::string& path, std::shared_ptr<PatternFaults> faults);
  /// From fingerprints at hand.
  void read(const std::vector<RecogFingerprint>& fingerprints, std::shared_ptr<PatternFaults> faults);

  /// Of these kinds a space stands for a line's end, too: what is told of a banner of several lines is one.
  void take_on_one_line(const std::vector<std::string>& kinds);
  [[nodiscard]] std::size_t size() const;
  /// How many there are of each kind.
  [[nodiscard]] std::map<std::string, std::size_t> kinds() const;
  /// What the first fingerprint of this kind that fits says, as recog has it; nothing where none does.
  [[nodiscard]] std::optional<RecogHit> match(std::string_view kind, std::string_view text) const;
  /// Each fault of the file, with its line.
  [[nodiscard]] std::vector<std::string> check() const;
  [[nodiscard]] std::optional<RecogFingerprint> find(std::string_view id) const;

 private:
  struct Shelf;
  struct Contents;
  std::unique_ptr<Contents> contents_;
};

}  // namespace bedrail
