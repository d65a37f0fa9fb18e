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

}  // namespace bedrail
