#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bedrail {

/// A packet's time: nanoseconds since 1970-01-01T00:00:00Z. The only clock inside the pipeline.
struct Timestamp {
  std::int64_t nanoseconds = 0;

  friend auto operator<=>(const Timestamp&, const Timestamp&) = default;
};

inline constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;

/// Elapsed nanoseconds; negative where `later` is in truth earlier (clock steps happen).
inline std::int64_t elapsed(Timestamp earlier, Timestamp later) {
  return later.nanoseconds - earlier.nanoseconds;
}

/// "2026-11-01T00:00:00.000000000Z" (RFC 3339, UTC, nanoseconds; years 1677-2262, what 64 bits hold).
std::string format_rfc3339(Timestamp time);
/// "2026-11-01".
std::string format_date(Timestamp time);
/// Reads RFC 3339 with any offset and fraction, or a bare date (midnight UTC). Empty where it is neither.
std::optional<Timestamp> parse_rfc3339(std::string_view text);
/// Midnight UTC of a civil date (proleptic Gregorian calendar).
Timestamp from_civil(int year, unsigned month, unsigned day);

}  // namespace bedrail
