#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bedrail {

/// Which of many case-insensitive RE2 expressions may be found in a text: those whose words stand in it, and
/// those that require no word. The text is read once, however many expressions there are; none is compiled.
class PatternIndex {
 public:
  explicit PatternIndex(const std::vector<std::string_view>& patterns);

  /// Ascending. Each pattern that is found in `text` is among them.
  [[nodiscard]] std::vector<std::uint32_t> candidates(std::string_view text) const;

 private:
  struct Word {
    std::uint32_t begin = 0;  ///< its first three bytes
    std::uint32_t pattern = 0;
    std::string text;
  };
  static constexpr std::size_t kFilterBits = 8192;

  std::vector<Word> words_;            ///< by `begin`
  std::vector<std::uint32_t> always_;  ///< patterns that require no word
  std::vector<bool> filter_;           ///< whether words may begin so
};

}  // namespace bedrail
