#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace bedrail {

/// The last statements of a flow, by their hashes: announcements repeated every few minutes are then told
/// once. Fixed size, no heap: part of a dissector's state.
class Heard {
 public:
  /// True where the statement is not among the last 64 different ones.
  bool first(std::uint64_t hash) {
    if (std::find(hashes_.begin(), hashes_.end(), hash) != hashes_.end()) return false;
    hashes_[next_++ % hashes_.size()] = hash;
    return true;
  }

 private:
  std::array<std::uint64_t, 64> hashes_{};
  std::uint32_t next_ = 0;
};

}  // namespace bedrail
