#include "knowledge/pattern_index.h"

#include <algorithm>

#include "knowledge/literals.h"

namespace bedrail {
namespace {

constexpr std::size_t kBegin = 3;

std::uint32_t begin_of(std::string_view text) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < kBegin; ++i) out = out << 8 | static_cast<unsigned char>(text[i]);
  return out;
}

std::size_t slot(std::uint32_t begin, std::size_t slots) { return (begin * 2654435761U >> 12) % slots; }

}  // namespace

PatternIndex::PatternIndex(const std::vector<std::string_view>& patterns) : filter_(kFilterBits) {
  for (std::uint32_t i = 0; i < patterns.size(); ++i) {
    std::vector<std::string> words = required_literals(patterns[i], kBegin);
    if (words.empty()) always_.push_back(i);
    for (std::string& word : words) {
      const std::uint32_t begin = begin_of(word);
      filter_[slot(begin, kFilterBits)] = true;
      words_.push_back({begin, i, std::move(word)});
    }
  }
  std::sort(words_.begin(), words_.end(), [](const Word& a, const Word& b) { return a.begin < b.begin; });
}

std::vector<std::uint32_t> PatternIndex::candidates(std::string_view text) const {
  std::vector<std::uint32_t> out = always_;
  const std::string low = folded(text);
  for (std::string_view rest = low; rest.size() >= kBegin; rest.remove_prefix(1)) {
    const std::uint32_t begin = begin_of(rest);
    if (!filter_[slot(begin, kFilterBits)]) continue;
    auto word = std::lower_bound(words_.begin(), words_.end(), begin,
                                 [](const Word& w, std::uint32_t b) { return w.begin < b; });
    for (; word != words_.end() && word->begin == begin; ++word) {
      if (rest.starts_with(word->text)) out.push_back(word->pattern);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace bedrail
