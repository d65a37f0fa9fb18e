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

/// Sorts ascending, in as many parts as there are threads, which are merged then. Values that compare equal
/// must be equal: their order is not kept.
template <typename T>
void parallel_sort(unsigned threads, std::vector<T>& values) {
  constexpr std::size_t kLeast = 4096;  ///< of a part: less is not worth a thread
  const std::size_t parts = std::clamp<std::size_t>(values.size() / kLeast, 1, std::max(threads, 1U));
  const auto bound = [&](std::size_t part) {
    return values.begin() + static_cast<std::ptrdiff_t>(values.size() * std::min(part, parts) / parts);
  };
  std::vector<std::thread> others;
  for (std::size_t i = 1; i < parts; ++i) others.emplace_back([&, i] { std::sort(bound(i), bound(i + 1)); });
  std::sort(bound(0), bound(1));
  for (std::thread& other : others) other.join();
  for (std::size_t width = 1; width < parts; width *= 2) {
    for (std::size_t i = 0; i + width < parts; i += 2 * width)
      std::inplace_merge(bound(i), bound(i + width), bound(i + 2 * width));
  }
}

}  // namespace bedrail
