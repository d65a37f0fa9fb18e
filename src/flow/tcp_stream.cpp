#include "flow/tcp_stream.h"

#include <algorithm>

namespace bedrail {
namespace {

/// Signed distance of sequence numbers, which wrap (RFC 9293, 3.4).
std::int32_t ahead(std::uint32_t sequence, std::uint32_t of) {
  return static_cast<std::int32_t>(sequence - of);
}

/// Packets of either direction that may follow an acknowledged hole: mirrors reorder between directions.
constexpr std::uint32_t kAcknowledgedGrace = 4;

}  // namespace

void TcpStream::odd_segment(std::uint32_t sequence, Bytes payload, std::uint32_t length,
                            const PacketRef& where, const ReassemblyLimits& limits,
                            ReassemblyCounters& counters) {
  const std::uint32_t cut = length - static_cast<std::uint32_t>(payload.size());
  std::int32_t offset = ahead(sequence, next_);
  if (offset > kWindow || offset < -kWindow) return;
  if (offset < 0) {
    const std::uint32_t known = static_cast<std::uint32_t>(-offset);
    ++counters.retransmitted;
    if (known >= length) return;
    // What lies behind the captured part but before `next_` is known already; nothing is left of the payload
    // then.
    const std::size_t skipped = std::min<std::size_t>(known, payload.size());
    payload = payload.subspan(skipped);
    const std::uint32_t missing = payload.empty() ? length - known : cut;
    insert(next_, payload, missing, where, counters);
    return;
  }
  if (offset > 0) ++counters.out_of_order;
  insert(sequence, payload, cut, where, counters);
  if (pending_ == nullptr || pending_->pieces.empty() || pending_->pieces.front().sequence == next_) return;
  ++pending_->passed;
  const bool full = pending_->held > limits.stream_bytes ||
                    pending_->pieces.size() > limits.stream_segments ||
                    counters.held_bytes > limits.shard_bytes || pending_->passed > limits.hole_packets;
  if (full) {
    ++counters.given_up;
    give_up_hole(counters);
  }
}

void TcpStream::insert(std::uint32_t sequence, Bytes payload, std::uint32_t missing, const PacketRef& where,
                       ReassemblyCounters& counters) {
  if (pending_ == nullptr) pending_ = std::make_unique<Pending>();
  auto& pieces = pending_->pieces;
  std::uint32_t end = sequence + static_cast<std::uint32_t>(payload.size()) + missing;
  // From the back: a segment nearly always belongs there.
  std::size_t at = pieces.size();
  while (at > 0 && ahead(pieces[at - 1].sequence, sequence) > 0) --at;
  // What came first stands: cut the front by the piece before ...
  if (at > 0 && ahead(pieces[at - 1].end(), sequence) > 0) {
    ++counters.overlaps;
    if (ahead(pieces[at - 1].end(), end) >= 0) return;
    const std::uint32_t known = pieces[at - 1].end() - sequence;
    const std::size_t skipped = std::min<std::size_t>(known, payload.size());
    if (skipped < known) missing -= known - static_cast<std::uint32_t>(skipped);
    payload = payload.subspan(skipped);
    sequence += known;
  }
  // ... and fill only the holes between the pieces behind.
  while (ahead(end, sequence) > 0) {
    const bool bounded = at < pieces.size() && ahead(pieces[at].sequence, end) < 0;
    const std::uint32_t until = bounded ? pieces[at].sequence : end;
    const std::uint32_t length = until - sequence;
    if (length > 0) {
      const std::size_t have = std::min<std::size_t>(length, payload.size());
      Piece piece;
      piece.sequence = sequence;
      piece.missing = length - static_cast<std::uint32_t>(have);
      piece.data.assign(payload.begin(), payload.begin() + static_cast<std::ptrdiff_t>(have));
      piece.where = where;
      pending_->held += static_cast<std::uint32_t>(have);
      counters.held_bytes += have;
      pieces.insert(pieces.begin() + static_cast<std::ptrdiff_t>(at), std::move(piece));
      ++at;
    }
    if (!bounded) break;
    ++counters.overlaps;
    const std::uint32_t resume = pieces[at].end();
    if (ahead(resume, end) >= 0) break;
    payload = payload.subspan(std::min<std::size_t>(resume - sequence, payload.size()));
    sequence = resume;
    ++at;
  }
}

bool TcpStream::hole_is_acknowledged(std::uint32_t acknowledgement) {
  if (pending_->pieces.empty()) return false;
  if (ahead(acknowledgement, pending_->pieces.front().sequence) < 0) return false;
  return ++pending_->acknowledged > kAcknowledgedGrace;
}

void TcpStream::give_up_hole(ReassemblyCounters& counters) {
  pending_->give_up = true;
  if (pending_->pieces.empty()) drop(counters);
}

bool TcpStream::take(Piece& piece, std::uint64_t& gap, ReassemblyCounters& counters) {
  auto& pieces = pending_->pieces;
  if (pieces.empty()) {
    pending_.reset();
    return false;
  }
  gap = 0;
  if (pieces.front().sequence != next_) {
    if (!pending_->give_up) return false;
    gap = pieces.front().sequence - next_;
    counters.gap_bytes += gap;
    ++counters.gaps;
  }
  pending_->give_up = false;
  pending_->passed = pending_->acknowledged = 0;
  piece = std::move(pieces.front());
  pieces.erase(pieces.begin());
  next_ = piece.end();
  pending_->held -= static_cast<std::uint32_t>(piece.data.size());
  counters.held_bytes -= piece.data.size();
  if (pieces.empty()) pending_.reset();
  return true;
}

void TcpStream::drop(ReassemblyCounters& counters) {
  if (pending_ == nullptr) return;
  counters.held_bytes -= pending_->held;
  pending_.reset();
}

}  // namespace bedrail
