#include "base/recent_set.h"

#include <doctest/doctest.h>

namespace bedrail {

TEST_CASE("recent set: tells the first time from later ones, zero among them") {
  RecentSet<16> set;
  for (const std::uint64_t hash : {0ULL, 7ULL, 9ULL}) {
    CHECK(set.insert(hash));
    CHECK_FALSE(set.insert(hash));
  }
}

TEST_CASE("recent set: forgets the oldest of a full set, not the newest") {
  RecentSet<8> set;
  for (std::uint64_t hash = 10; hash < 19; ++hash) CHECK(set.insert(hash));
  CHECK_FALSE(set.insert(11));
  CHECK_FALSE(set.insert(18));
  CHECK(set.insert(10));
}

}  // namespace bedrail
