#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace bedrail::quic {

/// Puts the pieces of a client's hello in order: they come in any order, in several packets. Fixed size; what
/// came first stands.
class HelloBuffer {
 public:
  static constexpr std::size_t kSize = 4096;

  /// False where the piece reaches beyond what is held.
  bool add(std::uint64_t offset, Bytes piece) {
    if (offset > kSize || piece.size() > kSize - offset) return false;
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const std::size_t at = static_cast<std::size_t>(offset) + i;
      if ((known_[at >> 3] >> (at & 7) & 1) != 0) continue;
      known_[at >> 3] = static_cast<std::uint8_t>(known_[at >> 3] | 1U << (at & 7));
      octets_[at] = piece[i];
    }
    while (front_ < kSize && (known_[front_ >> 3] >> (front_ & 7) & 1) != 0) ++front_;
    return true;
  }
  /// What is there without a hole, from the start.
  [[nodiscard]] Bytes front() const { return Bytes(octets_).first(front_); }
  void clear() {
    known_.fill(0);
    front_ = 0;
  }

 private:
  std::array<std::byte, kSize> octets_{};
  std::array<std::uint8_t, kSize / 8> known_{};
  std::size_t front_ = 0;
};

}  // namespace bedrail::quic
