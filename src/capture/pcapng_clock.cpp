#include "capture/pcapng_clock.h"

#include <limits>

namespace bedrail {
namespace {
__extension__ using Wide = __int128;
constexpr std::int64_t kLatest = std::numeric_limits<std::int64_t>::max();
}  // namespace

PcapngClock::PcapngClock(std::uint8_t resolution, std::int64_t offset) : offset_(offset) {
  const bool binary = (resolution & 0x80) != 0;
  // Finer than 2^-63 or 10^-19, 64 bits hold less than a second: those clocks stand still, at the offset.
  const unsigned exponent = resolution & 0x7f, finest = binary ? 63 : 19;
  ticks_per_second_ = exponent > finest ? 0 : 1;
  for (unsigned i = 0; i < exponent; ++i) ticks_per_second_ *= binary ? 2 : 10;
  constexpr auto kPerSecond = static_cast<std::uint64_t>(kNanosecondsPerSecond);
  const bool whole = ticks_per_second_ != 0 && kPerSecond % ticks_per_second_ == 0;
  nanoseconds_per_tick_ = whole ? kPerSecond / ticks_per_second_ : 0;
  plain_ticks_ = whole && offset == 0 ? static_cast<std::uint64_t>(kLatest) / nanoseconds_per_tick_ : 0;
}

Timestamp PcapngClock::time(std::uint64_t ticks) const {
  if (ticks <= plain_ticks_ && nanoseconds_per_tick_ != 0 && offset_ == 0) {
    return {static_cast<std::int64_t>(ticks * nanoseconds_per_tick_)};
  }
  Wide time = Wide{offset_} * kNanosecondsPerSecond;
  if (ticks_per_second_ != 0) time += Wide{ticks} * kNanosecondsPerSecond / ticks_per_second_;
  if (time > kLatest) return {kLatest};
  if (time < -Wide{kLatest}) return {-kLatest};
  return {static_cast<std::int64_t>(time)};
}

}  // namespace bedrail
