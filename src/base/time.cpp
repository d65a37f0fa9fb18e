#include "base/time.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace bedrail {
namespace {

struct Civil {
  int year;
  unsigned month, day;
  std::int64_t seconds_of_day, nanoseconds;
};

Civil civil(Timestamp time) {
  std::int64_t seconds = time.nanoseconds / kNanosecondsPerSecond;
  std::int64_t rest = time.nanoseconds % kNanosecondsPerSecond;
  if (rest < 0) {
    rest += kNanosecondsPerSecond;
    --seconds;
  }
  std::int64_t days = seconds / 86400;
  std::int64_t second = seconds % 86400;
  if (second < 0) {
    second += 86400;
    --days;
  }
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  return {int(date.year()), unsigned(date.month()), unsigned(date.day()), second, rest};
}

/// Reads exactly `digits` decimal digits at the front of `text` and removes them.
std::optional<int> number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool literal(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

/// The fraction after the seconds, in nanoseconds; digits beyond the ninth are dropped.
std::optional<std::int64_t> fraction(std::string_view& text) {
  std::int64_t value = 0;
  std::size_t digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
    if (digits < 9) value = value * 10 + (text.front() - '0');
    ++digits;
    text.remove_prefix(1);
  }
  if (digits == 0) return std::nullopt;
  for (; digits < 9; ++digits) value *= 10;
  return value;
}

/// Seconds east of UTC at the end of an RFC 3339 time.
std::optional<std::int64_t> offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  const std::int64_t sign = text.front() == '-' ? -1 : 1;
  text.remove_prefix(1);
  const auto hours = number(text, 2);
  if (!hours || !literal(text, ':')) return std::nullopt;
  const auto minutes = number(text, 2);
  if (!minutes || !text.empty()) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

}  // namespace

std::string format_rfc3339(Timestamp time) {
  const Civil c = civil(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", c.year, c.month, c.day,
                     c.seconds_of_day / 3600, c.seconds_of_day / 60 % 60, c.seconds_of_day % 60,
                     c.nanoseconds);
}

std::string format_date(Timestamp time) {
  const Civil c = civil(time);
  return fmt::format("{:04}-{:02}-{:02}", c.year, c.month, c.day);
}

Timestamp from_civil(int year, unsigned month, unsigned day) {
  const std::chrono::sys_days days{std::chrono::year{year} / std::chrono::month{month} /
                                   std::chrono::day{day}};
  return {days.time_since_epoch().count() * 86400 * kNanosecondsPerSecond};
}

std::optional<Timestamp> parse_rfc3339(std::string_view text) {
  const auto year = number(text, 4);
  if (!year || *year < 1678 || *year > 2261 || !literal(text, '-')) return std::nullopt;
  const auto month = number(text, 2);
  if (!month || !literal(text, '-')) return std::nullopt;
  const auto day = number(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{unsigned(*month)},
                                         std::chrono::day{unsigned(*day)}};
  if (!date.ok()) return std::nullopt;
  const Timestamp midnight = from_civil(*year, unsigned(*month), unsigned(*day));
  if (text.empty()) return midnight;
  if (!literal(text, 'T') && !literal(text, 't') && !literal(text, ' ')) return std::nullopt;
  const auto hour = number(text, 2);
  if (!hour || *hour > 23 || !literal(text, ':')) return std::nullopt;
  const auto minute = number(text, 2);
  if (!minute || *minute > 59 || !literal(text, ':')) return std::nullopt;
  const auto second = number(text, 2);
  if (!second || *second > 60) return std::nullopt;
  std::int64_t nanoseconds = 0;
  if (literal(text, '.')) {
    const auto read = fraction(text);
    if (!read) return std::nullopt;
    nanoseconds = *read;
  }
  const auto east = offset(text);
  if (!east) return std::nullopt;
  const std::int64_t seconds = *hour * 3600 + *minute * 60 + *second - *east;
  return Timestamp{midnight.nanoseconds + seconds * kNanosecondsPerSecond + nanoseconds};
}

}  // namespace bedrail
