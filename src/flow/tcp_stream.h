#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/bytes.h"
#include "model/observation.h"

namespace bedrail {

/// Bounds on what waits for a missing packet. Full policy: the hole is given up (announced as a gap) and what
/// waited is delivered, so nothing that was captured is lost.
struct ReassemblyLimits {
  std::uint32_t stream_bytes = 512 * 1024;
  std::uint32_t stream_segments = 512;
  /// Over all streams of one shard.
  std::uint64_t shard_bytes = std::uint64_t{16} * 1024 * 1024;
  /// Packets of the stream that may pass a hole before it is given up.
  std::uint32_t hole_packets = 256;
};

/// What a shard's streams hold and have met.
struct ReassemblyCounters {
  std::uint64_t held_bytes = 0;  ///< waiting now, over all streams
  std::uint64_t gap_bytes = 0, gaps = 0;
  std::uint64_t out_of_order = 0, retransmitted = 0, overlaps = 0;
  std::uint64_t given_up = 0;  ///< holes closed by a limit, not by an acknowledgement
};

/// One direction of a TCP connection, put back into order (RFC 9293, 3.4, 3.10). Where bytes come twice,
/// those that came first stand: what was delivered is never changed, what waits keeps its place. 24 bytes
/// while in order.
class TcpStream {
 public:
  /// Sequence number of the first byte, from a SYN (its number plus one) or the first segment seen.
  void start(std::uint32_t next) {
    next_ = next;
    started_ = true;
  }
  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] std::uint32_t next() const { return next_; }
  /// True while something waits for a missing packet.
  [[nodiscard]] bool waiting() const { return pending_ != nullptr; }
  /// Every byte up to the FIN was delivered or given up.
  [[nodiscard]] bool finished() const {
    return fin_ && started_ && static_cast<std::int32_t>(next_ - fin_sequence_) >= 0;
  }
  [[nodiscard]] bool fin_seen() const { return fin_; }
  void fin(std::uint32_t sequence) {
    fin_ = true;
    fin_sequence_ = sequence;
  }

  /// A segment's payload at `sequence`; `length` is what it had on the wire (more than `payload.size()` where
  /// the capture was cut: the rest becomes a gap). Delivers into `sink.data(Bytes, PacketRef)` and
  /// `sink.gap(std::uint64_t, PacketRef)`.
  template <typename Sink>
  void segment(std::uint32_t sequence, Bytes payload, std::uint32_t length, const PacketRef& where,
               const ReassemblyLimits& limits, ReassemblyCounters& counters, Sink& sink) {
    if (!started_) start(sequence);
    if (sequence == next_ && pending_ == nullptr && payload.size() == length) {
      next_ += length;
      sink.data(payload, where);
      return;
    }
    odd_segment(sequence, payload, length, where, limits, counters);
    deliver(where, counters, sink);
  }

  /// The other side acknowledged up to `acknowledgement`: a hole before it was lost by the capture, not by
  /// the network. It is given up after a few more packets (mirrors reorder between directions).
  template <typename Sink>
  void acknowledged(std::uint32_t acknowledgement, const PacketRef& where, ReassemblyCounters& counters,
                    Sink& sink) {
    if (pending_ == nullptr || !hole_is_acknowledged(acknowledgement)) return;
    give_up_hole(counters);
    deliver(where, counters, sink);
  }

  /// Delivers all that waits, holes announced as gaps.
  template <typename Sink>
  void flush(const PacketRef& where, ReassemblyCounters& counters, Sink& sink) {
    while (pending_ != nullptr) {
      give_up_hole(counters);
      deliver(where, counters, sink);
    }
  }
  /// Bytes before the FIN that never came, told once; all that waited was delivered.
  std::uint32_t give_up_end() {
    const std::int32_t missing = started_ && fin_ ? static_cast<std::int32_t>(fin_sequence_ - next_) : 0;
    // A FIN further off is forged or another connection's.
    if (missing <= 0 || missing > kWindow || waiting()) return 0;
    next_ = fin_sequence_;
    return static_cast<std::uint32_t>(missing);
  }
  /// Forgets what waits without delivering it (nobody reads any more).
  void drop(ReassemblyCounters& counters);

 private:
  /// Segments further off than this are strays of another connection or forged, not data of this one.
  static constexpr std::int32_t kWindow = 1 << 30;
  /// A captured piece that waits; `missing` bytes behind it were cut by the snap length.
  struct Piece {
    std::uint32_t sequence = 0;
    std::uint32_t missing = 0;
    std::vector<std::byte> data;
    PacketRef where;
    [[nodiscard]] std::uint32_t end() const {
      return sequence + static_cast<std::uint32_t>(data.size()) + missing;
    }
  };
  struct Pending {
    std::vector<Piece> pieces;  ///< ascending, not overlapping
    std::uint32_t held = 0;
    std::uint32_t passed = 0;        ///< segments that came while the hole stood open
    std::uint32_t acknowledged = 0;  ///< of them: packets since its acknowledgement
    bool give_up = false;
  };

  void odd_segment(std::uint32_t sequence, Bytes payload, std::uint32_t length, const PacketRef& where,
                   const ReassemblyLimits& limits, ReassemblyCounters& counters);
  void insert(std::uint32_t sequence, Bytes payload, std::uint32_t missing, const PacketRef& where,
              ReassemblyCounters& counters);
  [[nodiscard]] bool hole_is_acknowledged(std::uint32_t acknowledgement);
  void give_up_hole(ReassemblyCounters& counters);
  /// Takes the next piece that is due, if any, and the gap before it.
  bool take(Piece& piece, std::uint64_t& gap, ReassemblyCounters& counters);

  template <typename Sink>
  void deliver(const PacketRef& where, ReassemblyCounters& counters, Sink& sink) {
    Piece piece;
    std::uint64_t gap = 0;
    while (pending_ != nullptr && take(piece, gap, counters)) {
      if (gap > 0) sink.gap(gap, where);
      if (!piece.data.empty()) sink.data(Bytes(piece.data), piece.where);
      if (piece.missing > 0) {
        counters.gap_bytes += piece.missing;
        ++counters.gaps;
        sink.gap(piece.missing, piece.where);
      }
    }
  }

  std::unique_ptr<Pending> pending_;
  std::uint32_t next_ = 0;
  std::uint32_t fin_sequence_ = 0;
  bool started_ = false;
  bool fin_ = false;
};

}  // namespace bedrail
