#include "progress.h"

#include <fmt/format.h>
#include <unistd.h>

namespace bedrail::app {

Progress::Progress()
    : terminal_(::isatty(STDERR_FILENO) == 1),
      start_(Clock::now()),
      next_(start_ + std::chrono::seconds(1)) {}

void Progress::update(std::uint64_t packets, std::uint64_t position, std::uint64_t size) {
  packets_ += packets;
  // The wall clock is for people only, and is not asked after every batch.
  if (!terminal_ || ++calls_ % 64 != 0) return;
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(250);
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const double rate = static_cast<double>(packets_) / seconds;
  shown_ = true;
  if (size == 0 || position == 0) {
    fmt::print(stderr, "\r\x1b[K{} packets, {:.0f} a second", packets_, rate);
  } else {
    const double share = static_cast<double>(position) / static_cast<double>(size);
    const auto left = static_cast<std::uint64_t>(seconds / share * (1 - share));
    fmt::print(stderr, "\r\x1b[K{:3.0f} % read, {} packets, {:.0f} a second, {}:{:02} left", share * 100,
               packets_, rate, left / 60, left % 60);
  }
  std::fflush(stderr);
}

void Progress::clear() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
  shown_ = false;
}

}  // namespace bedrail::app
