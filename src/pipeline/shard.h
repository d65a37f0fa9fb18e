#pragma once

#include <absl/container/flat_hash_map.h>

#include <vector>

#include "pipeline/dissection.h"
#include "pipeline/limits.h"
#include "pipeline/unrecognised.h"

namespace bedrail {

/// What a shard has counted; sums over the shards are what the user sees.
struct ShardCounters {
  struct Protocol {
    std::uint64_t flows = 0, packets = 0, bytes = 0;
  };
  std::vector<Protocol> protocols;  ///< by 1 + index; [0] is unused
  Protocol unknown_tcp, unknown_udp, empty_tcp, icmp, other_ip, fragments, other_frames;
  std::uint64_t evicted_flows = 0;        ///< the flow table was full
  std::uint64_t evicted_dissections = 0;  ///< memory for dissectors was full
  std::uint64_t overflowed = 0;           ///< a message was longer than its dissector's buffer
  std::uint64_t unlisted_talkers = 0;     ///< MACs without IP beyond the table's limit
  ReassemblyCounters reassembly;
};

/// One sixteenth of the conversations: their table, streams and dissections. Gives the same observations for
/// the same packets whoever runs it. One thread at a time.
class Shard {
 public:
  Shard(const Recogniser& recogniser, const PipelineLimits& limits);
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  /// Both before `packet`, the first earlier: they bring nearer what it will need.
  void prefetch(const DecodedPacket& packet) const { flows_.prefetch(packet.hash); }
  void prefetch_flow(const DecodedPacket& packet) const { flows_.prefetch_flow(packet.hash); }
  /// One packet; what it shows goes to `out`.
  void packet(const DecodedPacket& packet, std::vector<Observation>& out);
  /// Ends the flows that have been silent too long at `now`.
  void sweep(Timestamp now, std::vector<Observation>& out);
  /// The input is over: ends all flows, oldest first, and tells of the link talkers.
  void finish(std::vector<Observation>& out);

  [[nodiscard]] const ShardCounters& counters() const { return counters_; }
  [[nodiscard]] const UnrecognisedTable& unrecognised() const { return unrecognised_; }

 private:
  struct StreamSink;

  // shard.cpp: flows
  Flow& open(const DecodedPacket& packet, const PacketRef& where);
  void account(Flow& flow, const DecodedPacket& packet, std::size_t direction);
  void end(Flow& flow, bool evicted);
  void count(const Flow& flow);
  bool source_is_client(const Packet& packet) const;
  void frame(const DecodedPacket& packet, const PacketRef& where);
  void talker(const DecodedPacket& packet, const PacketRef& where);
  void ip_payload(Flow& flow, const DecodedPacket& packet, std::size_t direction, const PacketRef& where);
  // tcp_flow.cpp
  bool restarts(const Flow& flow, const Packet& packet, std::size_t direction) const;
  void tcp(Flow& flow, const DecodedPacket& decoded, const PacketRef& where);
  void tcp_state(Flow& flow, const Packet& packet, std::size_t direction);
  void flush_streams(Flow& flow, const PacketRef& where);
  // flow_dissection.cpp
  void datagram(Flow& flow, Bytes payload, Direction direction, const PacketRef& where);
  void stream_data(Flow& flow, Direction direction, Bytes bytes, const PacketRef& where);
  void stream_gap(Flow& flow, Direction direction, std::uint64_t count, const PacketRef& where);
  void await_upgrade(Flow& flow, Direction direction, Bytes bytes, const PacketRef& where);
  void undecided_data(Flow& flow, Direction direction, Bytes bytes, const PacketRef& where);
  void hold_gap(Flow& flow, Direction direction, std::uint64_t count, const PacketRef& where);
  void decide(Flow& flow, Direction direction);
  [[nodiscard]] bool shows_direction(const Flow& flow, Direction direction, Bytes text,
                                     const Recogniser::Verdict& verdict) const;
  void take(Flow& flow, const Recogniser::Verdict& verdict);
  void forget_foreign(const Flow& flow, Undecided& held) const;
  void replay(Flow& flow, const Undecided& held);
  void swap_ends(Flow& flow);
  Dissection* make_dissection(Flow& flow);
  void make_room();
  void stop(Flow& flow, StreamFeeder::Result why);
  void drop_dissection(Flow& flow);
  void close_dissection(Flow& flow, const PacketRef& where);
  void speak_of(const Flow& flow);

  const Recogniser& recogniser_;
  PipelineLimits limits_;
  FlowTable flows_;
  DissectionPool pool_;
  ShardCounters counters_;
  UnrecognisedTable unrecognised_;
  std::vector<Observation>* out_ = nullptr;
  FlowContext context_;
  std::vector<std::byte> frame_state_;  ///< where frames' dissectors live for one frame
  struct Talker {
    std::uint64_t packets = 0, bytes = 0;
    PacketRef first;
    Timestamp last;
    std::uint16_t vlan = 0;
  };
  absl::flat_hash_map<std::uint64_t, Talker> talkers_;  ///< by MAC << 16 | EtherType
};

}  // namespace bedrail
