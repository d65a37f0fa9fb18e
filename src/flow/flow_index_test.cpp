#include "flow/flow_index.h"

#include <doctest/doctest.h>

#include <array>

namespace bedrail {

TEST_CASE("flow index: finds what is there and nothing else, also where hashes collide and wrap around") {
  std::array<Flow, 600> flows;
  // Few homes, the last ones of the table among them; some hashes are the same.
  const auto hash_of_flow = [](std::size_t i) {
    return i % 3 == 0 ? std::uint64_t{0xffff} : (std::uint64_t{i / 2} << 32 | (0xfff8 + i % 16));
  };
  FlowIndex index;
  std::array<bool, 600> there = {};
  std::uint64_t random = 1;
  for (int round = 0; round < 5000; ++round) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    const std::size_t i = (random >> 33) % flows.size();
    there[i] ? index.erase(hash_of_flow(i), &flows[i]) : index.insert(hash_of_flow(i), &flows[i]);
    there[i] = !there[i];
    if (round % 100 != 0) continue;
    std::size_t count = 0, wrong = 0;
    for (std::size_t k = 0; k < flows.size(); ++k) {
      count += there[k] ? 1 : 0;
      const Flow* found = index.find(hash_of_flow(k), [&](const Flow& flow) { return &flow == &flows[k]; });
      wrong += found != (there[k] ? &flows[k] : nullptr) ? 1 : 0;
    }
    CHECK(wrong == 0);
    CHECK(index.size() == count);
  }
}

}  // namespace bedrail
