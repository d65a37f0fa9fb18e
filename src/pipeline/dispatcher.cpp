#include "pipeline/dispatcher.h"

#include <fmt/format.h>

#include <algorithm>

namespace bedrail {
namespace {

/// Alone, a chunk should stay in the core's cache; with workers it should be worth a thread's turn.
constexpr std::size_t kInlineBatch = 256, kThreadedBatch = kSweepPackets;
/// Large packets make a shorter chunk: what is read should be in the cache when it is decoded.
constexpr std::uint64_t kThreadedBytes = 512 * 1024;

/// Packets whose headers are fetched ahead: another core may have read them.
constexpr std::size_t kHeadersAhead = 8;

void decode_packet(const RawPacket& raw, std::uint64_t sequence, DecodedPacket& to) {
  decode(raw, to.packet);
  to.sequence = sequence;
  to.time = raw.time;
  to.frame = raw.frame;
  to.file = raw.file;
  if (to.packet.has_ip) {
    const KeyedPacket keyed = key_of(to.packet);
    to.key = keyed.key;
    to.source_is_high = keyed.source_is_high;
    to.hash = hash_of(keyed.key);
  } else {
    to.hash = hash_of(to.packet.source_mac);
  }
}

}  // namespace

Dispatcher::Dispatcher(PacketSource& source, const PipelineLimits& limits, unsigned workers)
    : source_(source), threaded_(workers > 1), workers_(workers), defragmenter_(limits.fragments) {}

bool Dispatcher::read(Chunk& chunk) {
  chunk.count = 0;
  chunk.sweep = false;
  chunk.finished.reset();
  chunk.bytes.clear();
  chunk.held.clear();
  if (!ended_) read_packets(chunk);
  chunk.last_sequence = sequence_;
  if (!ended_ || chunk.count > 0) return true;
  chunk.finished = finished_++;
  return finished_ < kShards;
}

void Dispatcher::read_packets(Chunk& chunk) {
  const std::size_t room = std::min<std::size_t>(kSweepPackets - sequence_ % kSweepPackets,
                                                 threaded_ ? kThreadedBatch : kInlineBatch);
  chunk.raw.resize(std::max(chunk.raw.size(), room));
  // Reads give what lies in their buffer, which may be little; a chunk for threads is worth a turn.
  std::uint64_t bytes = 0;
  do {
    const std::span<RawPacket> free = std::span(chunk.raw).subspan(chunk.count, room - chunk.count);
    const std::span<RawPacket> got = free.first(source_.read(free));
    ended_ = got.empty();
    std::shared_ptr<const void> held = threaded_ && !ended_ ? source_.hold() : nullptr;
    for (RawPacket& raw : got) {
      bytes += raw.wire_length;
      if (threaded_ && !held) raw.data = chunk.bytes.copy(raw.data);
    }
    if (held) chunk.held.push_back(std::move(held));
    chunk.count += got.size();
  } while (threaded_ && chunk.count < room && bytes < kThreadedBytes && !ended_);
  bytes_ += bytes;
  if (chunk.count == 0) return;
  sequence_ += chunk.count;
  chunk.sweep = sequence_ % kSweepPackets == 0;
  chunk.now = chunk.raw[chunk.count - 1].time;
}

void Dispatcher::decode_all(Chunk& chunk) {
  chunk.packets.resize(std::max(chunk.packets.size(), chunk.count));
  const std::uint64_t first = chunk.last_sequence + 1 - chunk.count;
  for (std::size_t i = 0; i < chunk.count; ++i) {
    const std::byte* const ahead = chunk.raw[std::min(i + kHeadersAhead, chunk.count - 1)].data.data();
    __builtin_prefetch(ahead);
    __builtin_prefetch(ahead + 64);
    decode_packet(chunk.raw[i], first + i, chunk.packets[i]);
  }
}

void Dispatcher::arrange(Chunk& chunk) {
  for (WorkerOutput& output : chunk.outputs) output.clear();
  chunk.packets.resize(chunk.count);
  for (std::size_t i = 0; i < chunk.count; ++i) {
    const Packet::Content content = chunk.packets[i].packet.content;
    count(chunk.packets[i].packet, chunk.raw[i].wire_length);
    note_time(chunk.raw[i].time, chunk.packets[i].sequence);
    if (content == Packet::Content::kNothing) continue;
    // What it completes takes the place of the last fragment: every packet is counted once.
    if (content == Packet::Content::kFragment && defragment(i, chunk)) continue;
    give(i, chunk);
  }
}

void Dispatcher::note_time(Timestamp time, std::uint64_t sequence) {
  constexpr std::int64_t kReordered = kNanosecondsPerSecond;
  if (sequence == 1) latest_ = time;
  if (elapsed(time, latest_) > kReordered) ++late_;
  latest_ = std::max(latest_, time);
}

void Dispatcher::give(std::size_t place, Chunk& chunk) const {
  const unsigned worker =
      workers_ == 1 ? 0 : static_cast<unsigned>(chunk.packets[place].hash >> 60) % workers_;
  chunk.outputs[worker].packets.push_back(static_cast<std::uint32_t>(place));
}

/// True where it completed a datagram, which went to its worker.
bool Dispatcher::defragment(std::size_t place, Chunk& chunk) {
  const std::uint64_t malformed = defragmenter_.counters().malformed;
  const Packet& fragment = chunk.packets[place].packet;
  RawPacket whole = defragmenter_.add(chunk.raw[place], fragment);
  if (defragmenter_.counters().malformed > malformed && fragment.anomaly.empty()) ++malformed_;
  if (whole.data.empty()) return false;
  whole.data = chunk.bytes.copy(whole.data);
  DecodedPacket decoded;
  decode_packet(whole, chunk.packets[place].sequence, decoded);
  const Packet::Content content = decoded.packet.content;
  if (content == Packet::Content::kNothing || content == Packet::Content::kFragment) return false;
  chunk.packets.push_back(decoded);
  give(chunk.packets.size() - 1, chunk);
  return true;
}

void Dispatcher::count(const Packet& packet, std::uint32_t wire_length) {
  if (!packet.anomaly.empty()) {
    ++anomalies_[packet.anomaly];
    ++malformed_;
  }
  if (packet.content == Packet::Content::kNothing) {
    if (packet.anomaly.empty()) ++undecoded_;
    ++undecoded_link_.packets;
    undecoded_link_.bytes += wire_length;
  }
}

void Dispatcher::report(PipelineResult& result) const {
  result.packets = sequence_;
  result.bytes = bytes_;
  result.losses.malformed_packets = malformed_;
  result.losses.undecoded_packets = undecoded_;
  if (undecoded_link_.packets > 0) result.protocols["undecoded"] = undecoded_link_;
  for (const auto& [name, count] : anomalies_) result.anomalies[fmt::format("decode/{}", name)] = count;
  const Defragmenter::Counters& fragments = defragmenter_.counters();
  const auto note = [&](std::string_view name, std::uint64_t count) {
    if (count > 0) result.anomalies[fmt::format("decode/{}", name)] = count;
  };
  note("fragment-overlap", fragments.overlaps);
  note("fragment-malformed", fragments.malformed);
  note("fragment-expired", fragments.expired);
  note("fragment-cut", fragments.cut);
  if (const std::uint64_t incomplete = fragments.expired + defragmenter_.waiting(); incomplete > 0) {
    result.notices.push_back(
        {"fragments-missing",
         fmt::format("Of {} fragmented datagrams not all fragments were recorded (whole); what they carried "
                     "was not read. Check the mirror if there are many.",
                     incomplete),
         incomplete});
  }
  if (late_ > 0) {
    result.notices.push_back(
        {"times-go-back",
         fmt::format("{} packets carry a time more than a second before that of a packet in front of them. "
                     "When something happened, and how long it took, may be wrong; check the recorder's "
                     "clock, or sort the capture (reordercap).",
                     late_),
         late_});
  }
  if (fragments.evicted > 0) {
    result.notices.push_back(
        {"table-full",
         fmt::format(
             "{} fragmented datagrams were given up because too many were incomplete at a time; what they "
             "carried was not read. Raise the limit of fragments if the network is healthy.",
             fragments.evicted),
         fragments.evicted});
  }
}

}  // namespace bedrail
