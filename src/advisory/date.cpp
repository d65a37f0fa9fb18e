#include "advisory/date.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/text.h"

namespace bedrail {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};

/// 1 to 12 for a month's name or its first three letters (and "sept"), else 0.
std::uint8_t month_of(std::string_view word) {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (word.size() < 3 || !kMonths[i].starts_with(word)) continue;
    if (word.size() == 3 || word.size() == kMonths[i].size() || word == "sept")
      return static_cast<std::uint8_t>(i + 1);
  }
  return 0;
}

std::optional<unsigned> number_of(std::string_view word) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc{} || end != word.data() + word.size() || word.empty() || word.size() > 4)
    return std::nullopt;
  return value;
}

bool is_year(std::string_view word) {
  const auto value = number_of(word);
  return word.size() == 4 && value && *value >= 1980 && *value <= 2099;
}

/// A date of these parts, or nothing where a part is impossible. 0 stands for a part not said.
std::optional<PartialDate> made(unsigned year, unsigned month, unsigned day) {
  if (month > 12 || day > 31) return std::nullopt;
  return PartialDate{static_cast<std::uint16_t>(year), static_cast<std::uint8_t>(month),
                     static_cast<std::uint8_t>(day)};
}

std::vector<std::string_view> words_of(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < text.size() && words.size() < 5;) {
    const std::size_t start = text.find_first_not_of(separators, at);
    if (start == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(separators, start), text.size());
    words.push_back(text.substr(start, end - start));
    at = end;
  }
  return words;
}

/// All digits: year-month-day, or month/day/year.
std::optional<PartialDate> numeric(std::string_view text) {
  const auto dashed = words_of(text, "-");
  if (dashed.size() == 3 && is_year(dashed[0]) && std::count(text.begin(), text.end(), '-') == 2) {
    const auto month = number_of(dashed[1]), day = number_of(dashed[2]);
    if (month && day && *month > 0 && *day > 0) return made(*number_of(dashed[0]), *month, *day);
  }
  const auto slashed = words_of(text, "/");
  if (slashed.size() == 3 && is_year(slashed[2]) && std::count(text.begin(), text.end(), '/') == 2) {
    const auto month = number_of(slashed[0]), day = number_of(slashed[1]);
    if (month && day && *month > 0 && *day > 0) return made(*number_of(slashed[2]), *month, *day);
  }
  return std::nullopt;
}

/// The first and last day that it can be, as yyyymmdd.
std::pair<std::uint32_t, std::uint32_t> span_of(const PartialDate& date) {
  const std::uint32_t year = date.year * 10000U;
  if (date.month == 0) return {year + 101, year + 1231};
  const std::uint32_t month = year + date.month * 100U;
  if (date.day == 0) return {month + 1, month + 31};
  return {month + date.day, month + date.day};
}

}  // namespace

std::string PartialDate::text() const {
  if (year == 0) return day == 0 ? fmt::format("--{:02}", month) : fmt::format("--{:02}-{:02}", month, day);
  if (month == 0) return fmt::format("{:04}", year);
  if (day == 0) return fmt::format("{:04}-{:02}", year, month);
  return fmt::format("{:04}-{:02}-{:02}", year, month, day);
}

std::optional<PartialDate> read_date(std::string_view text) {
  const std::string lower = to_lower(trim(text));
  if (lower.size() > 32) return std::nullopt;
  if (const auto date = numeric(lower)) return date;
  const auto words = words_of(lower, " ,-");
  if (words.size() == 1 && is_year(words[0])) return made(*number_of(words[0]), 0, 0);
  unsigned year = 0, month = 0, day = 0;
  for (const std::string_view word : words) {
    if (const std::uint8_t named = month_of(word); named != 0) {
      if (month != 0) return std::nullopt;
      month = named;
    } else if (is_year(word)) {
      if (year != 0) return std::nullopt;
      year = *number_of(word);
    } else {
      const auto value = number_of(word);
      if (!value || day != 0 || *value == 0) return std::nullopt;
      day = *value;
    }
  }
  if (month == 0 || words.size() > 3 || (year == 0 && day == 0)) return std::nullopt;
  return made(year, month, day);
}

Order compare(const PartialDate& a, const PartialDate& b) {
  if (a.year == b.year && a.month == b.month && a.day == b.day) return Order::kEqual;
  if (a.year == 0 || b.year == 0) return Order::kUnordered;
  const auto [a_first, a_last] = span_of(a);
  const auto [b_first, b_last] = span_of(b);
  if (a_last < b_first) return Order::kLess;
  if (b_last < a_first) return Order::kGreater;
  return Order::kUnordered;
}

}  // namespace bedrail
