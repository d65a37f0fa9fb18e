#include "model/rhythm.h"

#include <doctest/doctest.h>

namespace bedrail {
namespace {

Timestamp at(double seconds) {
  return {static_cast<std::int64_t>(seconds * static_cast<double>(kNanosecondsPerSecond))};
}

}  // namespace

TEST_CASE("rhythm: mean and spread of what comes every minute, a little early or late") {
  Rhythm rhythm = Rhythm::from(at(0));
  for (int i = 1; i <= 8; ++i) rhythm.beat(at(60.0 * i + (i % 2 == 0 ? 2 : -2)));
  CHECK(rhythm.gaps == 8);
  CHECK(rhythm.mean == doctest::Approx(60.25));
  CHECK(rhythm.spread() < 0.1);
  CHECK(rhythm.steady());
}

TEST_CASE("rhythm: bursts, few times and times out of order are not steady") {
  Rhythm bursts = Rhythm::from(at(0));
  for (int i = 1; i <= 20; ++i) bursts.beat(at(i % 5 == 0 ? 600.0 * i : 600.0 * (i - i % 5) + i % 5));
  CHECK(bursts.gaps > 8);
  CHECK(!bursts.steady());
  Rhythm few = Rhythm::from(at(0));
  for (int i = 1; i <= 7; ++i) few.beat(at(i));
  CHECK(few.spread() == doctest::Approx(0));
  CHECK(!few.steady());
  few.beat(at(3));
  few.beat(at(7));
  CHECK(few.gaps == 7);
  CHECK(Rhythm{}.spread() == 0);
}

}  // namespace bedrail
