// TCP's part of a shard: connection state, and segments into the two streams.
#include "pipeline/shard.h"

namespace bedrail {

using State = ConnectionSeen::State;

/// Hands a stream's ordered bytes to the flow's dissection.
struct Shard::StreamSink {
  Shard& shard;
  Flow& flow;
  /// Whose bytes; not by direction, which recognition may turn round in the middle of a delivery.
  bool source_is_high;
  [[nodiscard]] Direction direction() const { return static_cast<Direction>(flow.direction(source_is_high)); }
  void data(Bytes bytes, const PacketRef& where) {
    if (flow.dissection != nullptr) shard.stream_data(flow, direction(), bytes, where);
  }
  void gap(std::uint64_t count, const PacketRef& where) {
    flow.gap_bytes += count;
    if (flow.dissection != nullptr) shard.stream_gap(flow, direction(), count, where);
  }
};

/// A SYN that belongs to a new connection between the same ports (RFC 9293, 3.6.1; ports are used again).
bool Shard::restarts(const Flow& flow, const Packet& packet, std::size_t direction) const {
  if (packet.content != Packet::Content::kTcp ||
      (packet.tcp_flags & (tcp_flag::kSyn | tcp_flag::kAck | tcp_flag::kRst)) != tcp_flag::kSyn) {
    return false;
  }
  if (flow.state == State::kClosed || flow.state == State::kReset || flow.state == State::kRefused)
    return true;
  if (direction == 1) return flow.state != State::kAttempted;
  // Sent again it has the same number; with data since, a different one is a new connection.
  if (flow.state != State::kEstablished) return flow.midstream;
  return !flow.syn[0] || packet.sequence != flow.isn;
}

void Shard::tcp(Flow& flow, const DecodedPacket& decoded, const PacketRef& where) {
  const Packet& packet = decoded.packet;
  std::size_t direction = flow.direction(decoded.source_is_high);
  const std::uint8_t flags = packet.tcp_flags;
  std::uint32_t sequence = packet.sequence;
  if ((flags & tcp_flag::kSyn) != 0) {
    ++sequence;
    flow.syn[direction] = true;
    flow.directed = true;
    if (!flow.start[direction].present)
      flow.start[direction] = tcp_start_of(packet.window, packet.tcp_options, packet.ttl);
    if (direction == 0) flow.isn = packet.sequence;
    flow.stream[direction].start(sequence);
  }
  if (packet.payload_length > 0) {
    flow.front[direction].keep(packet.payload);
    if (!flow.had_payload) {
      flow.had_payload = true;
      flow.dissection = make_dissection(flow);
    }
    if (flow.dissection != nullptr) {
      StreamSink sink{*this, flow, decoded.source_is_high};
      flow.stream[direction].segment(sequence, packet.payload, packet.payload_length, where,
                                     limits_.reassembly, counters_.reassembly, sink);
      // Its payload may have shown that client and server were taken the wrong way round.
      direction = flow.direction(decoded.source_is_high);
    }
  }
  if ((flags & tcp_flag::kAck) != 0 && flow.stream[1 - direction].waiting()) {
    StreamSink sink{*this, flow, !decoded.source_is_high};
    flow.stream[1 - direction].acknowledged(packet.acknowledgement, where, counters_.reassembly, sink);
  }
  if ((flags & tcp_flag::kFin) != 0) flow.stream[direction].fin(sequence + packet.payload_length);
  tcp_state(flow, packet, direction);
  if (flow.state == State::kClosed || flow.state == State::kReset) {
    flush_streams(flow, where);
    close_dissection(flow, where);
  }
}

/// The flow ends: what waits behind a hole is delivered, the hole announced; a hole at the end is counted.
void Shard::flush_streams(Flow& flow, const PacketRef& where) {
  for (std::size_t d = 0; d < 2; ++d) {
    StreamSink sink{*this, flow, flow.client_is_high == (d == 0)};
    flow.stream[d].flush(where, counters_.reassembly, sink);
    // Where nobody reads (any more) the stream's place is not kept up.
    if (flow.dissection == nullptr && flow.had_payload) continue;
    const std::uint32_t missing = flow.stream[d].give_up_end();
    flow.gap_bytes += missing;
    counters_.reassembly.gap_bytes += missing;
    counters_.reassembly.gaps += missing > 0 ? 1 : 0;
  }
}

void Shard::tcp_state(Flow& flow, const Packet& packet, std::size_t direction) {
  const std::uint8_t flags = packet.tcp_flags;
  if (flow.state == State::kClosed || flow.state == State::kReset || flow.state == State::kRefused) return;
  if ((flags & tcp_flag::kRst) != 0) {
    // A number far from the stream's place is forged or of another connection (RFC 5961).
    constexpr std::int32_t kPlausible = 1 << 24;
    const TcpStream& stream = flow.stream[direction];
    const std::int32_t offset = static_cast<std::int32_t>(packet.sequence - stream.next());
    if (stream.started() && (flags & tcp_flag::kSyn) == 0 && (offset > kPlausible || offset < -kPlausible))
      return;
    flow.state = flow.state == State::kAttempted ? State::kRefused : State::kReset;
    flow.flow_class = FlowClass::kClosed;
    return;
  }
  if ((flags & tcp_flag::kSyn) != 0) {
    if ((flags & tcp_flag::kAck) == 0 && flow.state == State::kUnknown) flow.state = State::kAttempted;
    if ((flags & tcp_flag::kAck) == 0) return;
  }
  if ((flags & tcp_flag::kAck) != 0 && flow.state != State::kEstablished) {
    flow.state = State::kEstablished;
    flow.flow_class = FlowClass::kEstablished;
  }
  const bool both = flow.stream[0].fin_seen() && flow.stream[1].fin_seen();
  if (!both) return;
  // Segments that are still missing may come late; nothing else will.
  flow.flow_class = FlowClass::kClosed;
  if (flow.dissection == nullptr || (flow.stream[0].finished() && flow.stream[1].finished()))
    flow.state = State::kClosed;
}

}  // namespace bedrail
