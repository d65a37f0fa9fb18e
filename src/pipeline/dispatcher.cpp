#include "pipeline/dispatcher.h"

#include <fmt/format.h>

namespace bedrail {
namespace {

/// Alone, a chunk should stay in the core's cache; with workers it should be worth waking one.
constexpr std::size_t kInlineBatch = 128, kThreadedBatch = kSweepPackets;

}  // namespace

Dispatcher::Dispatcher(PacketSource& source, const PipelineLimits& limits, unsigned workers)
    : source_(source),
      workers_(workers),
      threaded_(workers > 1),
      defragmenter_(limits.fragments),
      batch_(workers > 1 ? kThreadedBatch : kInlineBatch) {}

void Dispatcher::fill(Chunk& chunk) {
  chunk.count = 0;
  chunk.sweep = chunk.last = false;
  chunk.bytes.clear();
  chunk.held.clear();
  for (WorkerOutput& output : chunk.outputs) output.clear();
  // Reads give what lies in their buffer, which may be little; a chunk for threads is worth waking one.
  do {
    if (batch_at_ == batch_size_) read_batch(chunk);
    if (held_) chunk.held.push_back(held_);
    while (batch_at_ < batch_size_ && !chunk.sweep) {
      take(batch_[batch_at_++], chunk);
      chunk.sweep = sequence_ % kSweepPackets == 0;
    }
  } while (threaded_ && !chunk.sweep && !chunk.last);
  chunk.last_sequence = sequence_;
}

void Dispatcher::read_batch(Chunk& chunk) {
  batch_size_ = source_.read(batch_);
  batch_at_ = 0;
  chunk.last = batch_size_ == 0;
  if (threaded_) held_ = source_.hold();
}

void Dispatcher::take(RawPacket raw, Chunk& chunk) {
  ++sequence_;
  ++packets_;
  bytes_ += raw.wire_length;
  chunk.now = raw.time;
  if (threaded_ && !held_) raw.data = chunk.bytes.copy(raw.data);
  const Packet& packet = decode_next(raw, chunk);
  count(packet, raw.wire_length);
  if (packet.content == Packet::Content::kNothing) return;
  const bool fragment = packet.content == Packet::Content::kFragment;
  RawPacket whole;
  if (fragment) whole = defragmenter_.add(raw, packet);
  append(raw, chunk);
  if (!fragment || whole.data.empty()) return;
  whole.data = chunk.bytes.copy(whole.data);
  const Packet::Content content = decode_next(whole, chunk).content;
  if (content != Packet::Content::kNothing && content != Packet::Content::kFragment) append(raw, chunk);
}

/// Into the place behind the chunk's packets; `append` makes it one of them.
const Packet& Dispatcher::decode_next(const RawPacket& raw, Chunk& chunk) {
  if (chunk.count == chunk.packets.size()) chunk.packets.resize(chunk.count + 256);
  Packet& packet = chunk.packets[chunk.count].packet;
  decode(raw, packet);
  return packet;
}

void Dispatcher::append(const RawPacket& raw, Chunk& chunk) {
  DecodedPacket& to = chunk.packets[chunk.count];
  const Packet& packet = to.packet;
  to.sequence = sequence_;
  to.time = raw.time;
  to.frame = raw.frame;
  to.file = raw.file;
  if (packet.has_ip) {
    const KeyedPacket keyed = key_of(packet);
    to.key = keyed.key;
    to.source_is_high = keyed.source_is_high;
    to.hash = hash_of(keyed.key);
  } else {
    to.hash = hash_of(packet.source_mac);
  }
  const unsigned worker = workers_ == 1 ? 0 : static_cast<unsigned>(to.hash >> 60) % workers_;
  chunk.outputs[worker].packets.push_back(static_cast<std::uint32_t>(chunk.count++));
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
  result.packets = packets_;
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
