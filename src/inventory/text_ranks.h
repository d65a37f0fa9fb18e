#pragma once

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

namespace bedrail {

/// Numbers for a few different texts in their order, so that much can be sorted by them cheaply.
class TextRanks {
 public:
  /// The texts outlive this.
  void add(std::string_view text) { ranks_.try_emplace(text, 0); }
  /// After the last `add`.
  void number() {
    std::vector<std::string_view> texts;
    for (const auto& [text, rank] : ranks_) texts.push_back(text);
    std::sort(texts.begin(), texts.end());
    for (std::uint32_t i = 0; i < texts.size(); ++i) ranks_[texts[i]] = i;
  }
  [[nodiscard]] std::uint32_t of(std::string_view text) const { return ranks_.find(text)->second; }

 private:
  absl::flat_hash_map<std::string_view, std::uint32_t> ranks_;
};

}  // namespace bedrail
