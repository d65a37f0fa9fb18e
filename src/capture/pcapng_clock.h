#pragma once

#include "base/time.h"

namespace bedrail {

/// How an interface of a pcapng file counts time: `if_tsresol` (10^-n, or 2^-n where the top bit is set) and
/// `if_tsoffset` (seconds).
class PcapngClock {
 public:
  explicit PcapngClock(std::uint8_t resolution = 6, std::int64_t offset = 0);
  /// The time of a count; the earliest or latest there is where 64 bits of nanoseconds do not hold it.
  [[nodiscard]] Timestamp time(std::uint64_t ticks) const;

 private:
  std::uint64_t ticks_per_second_ = 1'000'000;
  std::uint64_t nanoseconds_per_tick_ = 1000;  ///< 0 where it is no whole number
  std::uint64_t plain_ticks_ = 0;              ///< up to here a count times that is the time
  std::int64_t offset_ = 0;
};

}  // namespace bedrail
