#include "base/parallel.h"

#include <doctest/doctest.h>

#include <numeric>

namespace bedrail {

TEST_CASE("parallel_for: each place once, with any number of threads and any count") {
  for (const unsigned threads : {0U, 1U, 2U, 5U}) {
    for (const std::size_t count : {0U, 1U, 31U, 32U, 33U, 1000U}) {
      CAPTURE(threads);
      CAPTURE(count);
      std::vector<int> calls(count, 0);
      parallel_for(threads, count, [&](std::size_t i) { ++calls[i]; });
      CHECK(std::count(calls.begin(), calls.end(), 1) == static_cast<std::ptrdiff_t>(count));
    }
  }
}

TEST_CASE("parallel_sort: as std::sort, with any number of threads and any count") {
  for (const unsigned threads : {0U, 1U, 2U, 3U, 5U, 16U}) {
    for (const std::size_t count : {0U, 1U, 4096U, 8191U, 12'288U, 50'001U}) {
      CAPTURE(threads);
      CAPTURE(count);
      std::vector<std::uint64_t> values(count);
      for (std::size_t i = 0; i < count; ++i) values[i] = (i * 0x9e3779b97f4a7c15ULL) >> 50;
      std::vector<std::uint64_t> sorted = values;
      std::sort(sorted.begin(), sorted.end());
      parallel_sort(threads, values);
      CHECK(values == sorted);
    }
  }
}

}  // namespace bedrail
