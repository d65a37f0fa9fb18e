#include "pipeline/stages.h"

#include <doctest/doctest.h>

#include <array>
#include <numeric>

namespace bedrail {

TEST_CASE("stages: every piece passes each lane once, in order, and never more are under way than allowed") {
  constexpr std::uint64_t kPieces = 500, kInFlight = 5;
  for (const unsigned threads : {1U, 2U, 3U, 8U}) {
    for (const unsigned lanes : {1U, 3U}) {
      CAPTURE(threads);
      CAPTURE(lanes);
      Stages stages(kInFlight);
      std::array<std::uint64_t, kInFlight> value = {};
      std::array<std::array<std::uint64_t, 3>, kInFlight> shares = {};
      std::vector<std::uint64_t> at(lanes, 0), ended;
      std::uint64_t begun = 0;
      std::atomic<bool> in_order{true};
      stages.begin([&](std::uint64_t piece) {
        in_order = in_order && piece == begun++;
        value[piece % kInFlight] = piece;
        return piece + 1 < kPieces;
      });
      stages.deal(lanes, [&](std::uint64_t piece) { value[piece % kInFlight] *= 3; });
      stages.share(lanes, [&](std::uint64_t piece, unsigned lane) {
        in_order = in_order && piece == at[lane]++;
        shares[piece % kInFlight][lane] = value[piece % kInFlight] + lane;
      });
      stages.share(1, [&](std::uint64_t piece, unsigned) {
        const auto& of_piece = shares[piece % kInFlight];
        ended.push_back(std::accumulate(of_piece.begin(), of_piece.begin() + lanes, std::uint64_t{0}));
      });
      stages.run(threads);
      CHECK(in_order);
      REQUIRE(ended.size() == kPieces);
      std::uint64_t wrong = 0;
      for (std::uint64_t i = 0; i < kPieces; ++i)
        wrong += ended[i] == lanes * 3 * i + lanes * (lanes - 1) / 2 ? 0 : 1;
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE("stages: one piece is enough to begin and to end with") {
  Stages stages(1);
  int begun = 0, ended = 0;
  stages.begin([&](std::uint64_t) { return ++begun, false; });
  stages.share(1, [&](std::uint64_t, unsigned) { ++ended; });
  stages.run(4);
  CHECK(begun == 1);
  CHECK(ended == 1);
}

}  // namespace bedrail
