#pragma once

#include <algorithm>
#include <vector>

#include "dissect/dissector.h"

namespace bedrail {

/// Feeds one direction of a stream to a dissector: keeps what it did not consume (up to `max_buffer`), waits
/// until it has what it needs, drops what it skips. Shared by the engine, the tests and the fuzz targets, so
/// that all of them cut a stream alike. Its buffer is empty (no memory) while the dissector keeps up.
class StreamFeeder {
 public:
  enum class Result : std::uint8_t { kContinue, kDone, kFailed, kOverflow };

  /// Bytes that follow the last ones.
  Result feed(Dissector& dissector, const DissectorInfo& info, Direction direction, Bytes bytes,
              Observer& out) {
    if (skip_ > 0) {
      const std::size_t dropped = static_cast<std::size_t>(std::min<std::uint64_t>(skip_, bytes.size()));
      skip_ -= dropped;
      bytes = bytes.subspan(dropped);
      if (bytes.empty()) return Result::kContinue;
    }
    if (buffer_.empty()) return run(dissector, info, direction, bytes, out);
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    if (buffer_.size() < needed_)
      return buffer_.size() > info.max_buffer ? Result::kOverflow : Result::kContinue;
    std::vector<std::byte> whole;
    whole.swap(buffer_);
    return run(dissector, info, direction, whole, out);
  }

  /// `count` bytes were lost. Bytes that would have been skipped anyway cost nothing.
  Result gap(Dissector& dissector, Direction direction, std::uint64_t count, Observer& out) {
    const std::uint64_t skipped = std::min(skip_, count);
    skip_ -= skipped;
    count -= skipped;
    if (count == 0) return Result::kContinue;
    buffer_.clear();
    buffer_.shrink_to_fit();
    needed_ = 0;
    return dissector.gap(direction, count, out) ? Result::kContinue : Result::kDone;
  }

  /// Bytes held for the dissector now.
  [[nodiscard]] std::size_t buffered() const { return buffer_.capacity(); }

 private:
  Result run(Dissector& dissector, const DissectorInfo& info, Direction direction, Bytes bytes,
             Observer& out) {
    while (!bytes.empty()) {
      const Progress progress = dissector.consume(direction, bytes, out);
      if (progress.status == Progress::Status::kDone) return Result::kDone;
      if (progress.status == Progress::Status::kFailed) return Result::kFailed;
      if (progress.consumed >= bytes.size()) {
        skip_ = progress.consumed - bytes.size();
        return Result::kContinue;
      }
      bytes = bytes.subspan(static_cast<std::size_t>(progress.consumed));
      // Progress was made and the rest may hold another message: ask again at once. Else wait for more.
      if (progress.consumed > 0 && progress.needed <= bytes.size()) continue;
      const std::size_t needed = std::max<std::size_t>(progress.needed, bytes.size() + 1);
      if (needed > info.max_buffer) return Result::kOverflow;
      needed_ = needed;
      buffer_.assign(bytes.begin(), bytes.end());
      return Result::kContinue;
    }
    return Result::kContinue;
  }

  std::vector<std::byte> buffer_;
  std::size_t needed_ = 0;
  std::uint64_t skip_ = 0;
};

}  // namespace bedrail
