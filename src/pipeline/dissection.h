#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "dissect/stream_feeder.h"
#include "pipeline/recogniser.h"

namespace bedrail {

/// The front of a stream that nobody has recognised yet, kept to be read again by who does.
struct Undecided {
  struct Piece {
    Direction direction = Direction::kToServer;
    std::uint32_t length = 0;  ///< bytes held, from the direction's text
    std::uint64_t gap = 0;     ///< or bytes that were lost here
    PacketRef where;
  };
  std::array<std::vector<std::byte>, 2> text;
  std::array<ProtocolSet, 2> candidates;
  std::array<bool, 2> exhausted = {false, false};  ///< nobody knows this direction's front
  std::array<bool, 2> broken = {false, false};     ///< a gap or the limit ended what is held
  std::array<std::uint8_t, 2> restarts = {0, 0};
  std::vector<Piece> pieces;  ///< in order of arrival

  /// As new, but for the memory, which serves again.
  void clear() {
    for (std::vector<std::byte>& one : text) one.clear();
    candidates = {};
    exhausted = broken = {false, false};
    restarts = {0, 0};
    pieces.clear();
  }
};

/// What reads a flow's payload: first nobody (`undecided`), then a dissector.
struct Dissection {
  std::unique_ptr<Undecided> undecided;
  Dissector* dissector = nullptr;
  std::uint8_t protocol = 0;
  bool certain = false;    ///< recognised beyond doubt, or its dissector has read something
  bool upgraded = false;   ///< the flow's own protocol is done; only TLS may follow
  StreamFeeder feeder[2];  ///< by Direction
};

/// Memory for dissections and dissectors' states, with an account of it. One shard's; freed blocks are used
/// again.
class DissectionPool {
 public:
  explicit DissectionPool(std::uint64_t limit) : limit_(limit) {}
  ~DissectionPool();
  DissectionPool(const DissectionPool&) = delete;
  DissectionPool& operator=(const DissectionPool&) = delete;

  /// True where another dissection and the largest state may not fit any more.
  [[nodiscard]] bool full() const { return used_ >= limit_; }
  [[nodiscard]] std::uint64_t used() const { return used_; }
  Dissection* make();
  /// What `dissection` holds until it is recognised; made where there was nothing yet.
  Undecided& undecided(Dissection& dissection);
  /// It is not needed any more; its memory serves the next.
  void give_back(std::unique_ptr<Undecided> held);
  /// Makes the state of `info` in `dissection`.
  void start(Dissection& dissection, std::uint8_t protocol, const DissectorInfo& info);
  /// Takes the dissector back and leaves the flow without one.
  void end(Dissection& dissection, const Recogniser& recogniser);
  /// Ends it; the dissector has been closed, where it had to be.
  void release(Dissection* dissection, const Recogniser& recogniser);

 private:
  static constexpr std::size_t kStep = 64, kClasses = 512;  ///< states up to 32 KiB
  struct Free {
    Free* next;
  };
  void* allocate(std::size_t size);
  void free(void* place, std::size_t size);
  static std::size_t class_of(std::size_t size) { return (size + kStep - 1) / kStep; }

  std::uint64_t limit_;
  std::uint64_t used_ = 0;
  std::array<Free*, kClasses + 1> free_ = {};
  std::vector<void*> blocks_;
  std::vector<std::unique_ptr<Undecided>> spare_;  ///< empty ones, a few
};

}  // namespace bedrail
