#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace bedrail {

/// Calls `work(i)` for every i below `count`, spread over `threads` threads, the caller's among them. The
/// calls must not depend on each other and must not throw. With one thread, or little to do, in order and
/// here.
template <typename Work>
void parallel_for(unsigned threads, std::size_t count, const Work& work) {
  constexpr std::size_t kPiece = 32;
  std::atomic<std::size_t> next{0};
  const auto run = [&] {
    for (std::size_t at = next.fetch_add(kPiece); at < count; at = next.fetch_add(kPiece)) {
      const std::size_t end = std::min(count, at + kPiece);
      for (std::size_t i = at; i < end; ++i) work(i);
    }
  };
  std::vector<std::thread> others;
  const std::size_t pieces = (count + kPiece - 1) / kPiece;
  for (std::size_t i = 1; i < std::min<std::size_t>(threads, pieces); ++i) others.emplace_back(run);
  run();
  for (std::thread& other : others) other.join();
}

}  // namespace bedrail
