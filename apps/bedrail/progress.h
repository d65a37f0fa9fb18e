#pragma once

#include <chrono>
#include <cstdint>

namespace bedrail::app {

/// One line on the terminal while a long read goes on: share of the bytes, packets a second, time left.
/// Silent where standard error is no terminal, and for the first second.
class Progress {
 public:
  Progress();
  ~Progress() { clear(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// After each batch; `size` is 0 where it is not known (a pipe).
  void update(std::uint64_t packets, std::uint64_t position, std::uint64_t size);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  bool terminal_;
  bool shown_ = false;
  std::uint64_t packets_ = 0;
  unsigned calls_ = 0;
  Clock::time_point start_, next_;
};

}  // namespace bedrail::app
