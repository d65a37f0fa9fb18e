#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "advisory/order.h"

namespace bedrail {

/// A day, month or year as advisories write it; 0 where a part is not said ("august 28" has no year).
struct PartialDate {
  std::uint16_t year = 0;
  std::uint8_t month = 0, day = 0;

  /// "2018-05-01", "2018-05", "2018", "--08-28".
  [[nodiscard]] std::string text() const;
};

/// "2018-05-01", "8/30/2024" (month first, as the United States write), "july 1 2017", "April 1, 2018",
/// "26-June-2017", "07-August 2018", "May 2018", "august 28", "2016". Nothing where it is none of these.
std::optional<PartialDate> read_date(std::string_view text);

/// Periods are ordered where they do not overlap: May 2018 stands before 2018-06-02, and in no order to
/// 2018-05-12. Without a year nothing is told.
Order compare(const PartialDate& a, const PartialDate& b);

}  // namespace bedrail
