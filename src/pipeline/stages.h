#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

namespace bedrail {

/// Work on numbered pieces in stages, one behind the other. A stage has lanes; each lane takes its pieces in
/// order and one at a time, and whichever thread is free takes the next step of any lane. So all threads are
/// busy as long as there is work, and what a lane's work touches needs no lock.
class Stages {
 public:
  /// `in_flight`: pieces that are begun and not ended, at most. What a piece needs may be kept in as many
  /// places, by its number.
  explicit Stages(std::uint64_t in_flight) : in_flight_(in_flight) {}

  /// The first stage begins pieces. `work(piece)` gives false where there is none after this one.
  void begin(std::function<bool(std::uint64_t)> work);
  /// A stage behind the last one with `lanes` lanes, all of which do something of every piece:
  /// `work(piece, lane)`.
  void share(unsigned lanes, std::function<void(std::uint64_t, unsigned)> work);
  /// The same, where each piece is one lane's: pieces next to each other are worked on at the same time.
  void deal(unsigned lanes, std::function<void(std::uint64_t)> work);

  /// Until the last stage has done the last piece, with `threads` threads, the caller's among them.
  void run(unsigned threads);

 private:
  struct alignas(64) Lane {
    std::atomic<bool> busy{false};
    std::atomic<std::uint64_t> next{0};  ///< its next piece: those before are done
  };
  struct Stage {
    std::vector<std::unique_ptr<Lane>> lanes;
    std::uint64_t stride = 1;  ///< from one piece of a lane to its next
    std::function<void(std::uint64_t, unsigned)> work;
  };

  void add(unsigned lanes, std::uint64_t stride, std::function<void(std::uint64_t, unsigned)> work);
  void work(unsigned thread);
  /// Some lane's next piece; those near the end first, as their pieces are in the cache. False where there is
  /// nothing to do now.
  bool step(unsigned thread);
  bool step(std::size_t stage, unsigned lane);
  [[nodiscard]] bool ready(std::size_t stage, std::uint64_t piece) const;
  /// The stage has done all pieces before this one.
  [[nodiscard]] std::uint64_t reached(const Stage& stage) const;

  std::uint64_t in_flight_;
  unsigned threads_ = 1;
  std::vector<Stage> stages_;
  std::atomic<std::uint64_t> count_{UINT64_MAX};     ///< of the pieces, once it is known
  alignas(64) std::atomic<std::uint32_t> steps_{0};  ///< done; who finds nothing to do waits for the next
};

}  // namespace bedrail
