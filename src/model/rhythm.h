#pragma once

#include <cmath>
#include <cstdint>

#include "base/time.h"

namespace bedrail {

/// How regularly something comes again: mean and spread of the times between one and the next, added up as
/// they come (Welford's sums), of fixed size. What comes out of order is not counted.
struct Rhythm {
  Timestamp last;
  std::uint64_t gaps = 0;
  double mean = 0;     ///< seconds
  double squares = 0;  ///< sum of the squared differences from the mean

  static Rhythm from(Timestamp at) { return {at, 0, 0, 0}; }

  void beat(Timestamp at) {
    if (at <= last) return;
    const double gap = static_cast<double>(elapsed(last, at)) / static_cast<double>(kNanosecondsPerSecond);
    last = at;
    ++gaps;
    const double off = gap - mean;
    mean += off / static_cast<double>(gaps);
    squares += off * (gap - mean);
  }
  /// Standard deviation as a share of the mean; 0 where nothing came again.
  [[nodiscard]] double spread() const {
    return gaps == 0 || mean <= 0 ? 0 : std::sqrt(squares / static_cast<double>(gaps)) / mean;
  }
  /// Often enough to say so, and never far from the mean.
  [[nodiscard]] bool steady() const {
    constexpr std::uint64_t kFew = 8;
    constexpr double kSpread = 0.35;
    return gaps >= kFew && spread() <= kSpread;
  }
};

}  // namespace bedrail
