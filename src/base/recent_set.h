#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace bedrail {

/// Remembers about `Capacity` 64-bit hashes in fixed memory and forgets the older ones: keeps a statement
/// that comes with every message from being repeated. A repetition stays possible, a loss only where two
/// hashes are equal.
template <std::size_t Capacity>
class RecentSet {
 public:
  /// True where `hash` is not remembered; it is from now on.
  bool insert(std::uint64_t hash) {
    // 0 marks a free place.
    hash += hash == 0 ? 1 : 0;
    auto& set = sets_[hash % sets_.size()];
    if (std::find(set.begin(), set.end(), hash) != set.end()) return false;
    std::rotate(set.begin(), set.end() - 1, set.end());
    set.front() = hash;
    return true;
  }

 private:
  static constexpr std::size_t kWays = 8;
  static_assert(Capacity >= kWays && Capacity % kWays == 0);
  std::array<std::array<std::uint64_t, kWays>, Capacity / kWays> sets_{};
};

}  // namespace bedrail
