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
    for (const auto& [text, rank] : ranks_) texts_.push_back(text);
    std::sort(texts_.begin(), texts_.end());
    for (std::uint32_t i = 0; i < texts_.size(); ++i) ranks_[texts_[i]] = i;
  }
  [[nodiscard]] std::uint32_t of(std::string_view text) const { return ranks_.find(text)->second; }
  [[nodiscard]] std::string_view text(std::uint32_t rank) const { return texts_[rank]; }

 private:
  absl::flat_hash_map<std::string_view, std::uint32_t> ranks_;
  std::vector<std::string_view> texts_;  ///< ascending
};

}  // namespace bedrail
