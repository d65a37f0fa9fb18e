#pragma once

#include <re2/re2.h>
#include <re2/set.h>

#include <optional>
#include <string_view>
#include <vector>

namespace bedrail {

/// Many patterns as one automaton: a text is read once, however many there are.
class PatternSet {
 public:
  explicit PatternSet(const std::vector<const re2::RE2*>& patterns);

  /// Which patterns are found in `text`, ascending; nothing where the set cannot tell (its automaton outgrew
  /// its memory) and they must be tried one by one.
  [[nodiscard]] std::optional<std::vector<int>> found_in(std::string_view text) const;

 private:
  re2::RE2::Set set_;
  bool whole_ = true;
};

}  // namespace bedrail
