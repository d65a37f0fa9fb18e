// Dissection's part of a shard: recognising a flow, feeding its dissector, giving it up.
#include "pipeline/shard.h"

#include <algorithm>

namespace bedrail {
namespace {

/// Datagrams of a flow that are asked about before it counts as unknown.
constexpr std::uint8_t kDatagramsAsked = 4;
/// Segments of a stream without a start that are tried as a beginning.
constexpr std::uint8_t kRestarts = 32;
/// Pieces held with a place of their own; further ones share their neighbour's. Then most pieces, most with
/// gaps.
constexpr std::size_t kPlacedPieces = 64, kHeldPieces = 128, kHeldWithGaps = 192;

constexpr std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }

}  // namespace

/// Sets who the dissector will be speaking of.
void Shard::speak_of(const Flow& flow) {
  context_.key = {flow.client(), flow.server(), flow.key.transport, flow.key.vlan};
  context_.client_mac = flow.has_mac[0] ? std::optional(flow.mac[0]) : std::nullopt;
  context_.server_mac = flow.has_mac[1] ? std::optional(flow.mac[1]) : std::nullopt;
}

Dissection* Shard::make_dissection(Flow& flow) {
  if (pool_.full()) make_room();
  if (pool_.full()) {
    flow.undissected = true;
    ++counters_.evicted_dissections;
    return nullptr;
  }
  return pool_.make();
}

/// Ends the dissection of the flow that has been silent longest; looks no further than a few hundred flows.
void Shard::make_room() {
  std::size_t looked = 0;
  for (std::size_t i = 0; i < kFlowClasses; ++i) {
    for (Flow* flow = flows_.oldest(static_cast<FlowClass>(i)); flow != nullptr && looked < 256;
         flow = flow->newer, ++looked) {
      if (flow->dissection == nullptr) continue;
      drop_dissection(*flow);
      flow->undissected = true;
      ++counters_.evicted_dissections;
      return;
    }
  }
}

void Shard::datagram(Flow& flow, Bytes payload, Direction direction, const PacketRef& where) {
  if (payload.empty()) return;
  if (flow.dissection == nullptr) {
    if (flow.protocol != 0 || flow.undissected || flow.datagrams_asked >= kDatagramsAsked) return;
    ++flow.datagrams_asked;
    ProtocolSet candidates = recogniser_.candidates(Layer::kUdp, static_cast<std::uint8_t>(payload.front()));
    if (candidates.none()) return;
    const Probe probe{direction, payload, flow.client().port, flow.server().port, false, false};
    const Recogniser::Verdict verdict = recogniser_.ask(Layer::kUdp, probe, candidates, true, false);
    if (verdict.kind != Recogniser::Verdict::Kind::kTaken) return;
    flow.dissection = make_dissection(flow);
    if (flow.dissection == nullptr) return;
    flow.protocol = verdict.protocol;
    pool_.start(*flow.dissection, verdict.protocol, recogniser_.info(verdict.protocol));
    flow.dissection->certain = verdict.certain;
  }
  speak_of(flow);
  Observer observer(*out_);
  observer.at(where, context_, recogniser_.info(flow.protocol).name);
  const Progress progress = flow.dissection->dissector->consume(direction, payload, observer);
  if (progress.status == Progress::Status::kDone) stop(flow, StreamFeeder::Result::kDone);
  if (progress.status == Progress::Status::kFailed) stop(flow, StreamFeeder::Result::kFailed);
  if (flow.dissection != nullptr) flow.dissection->certain = true;
}

void Shard::stream_data(Flow& flow, Direction direction, Bytes bytes, const PacketRef& where) {
  Dissection& dissection = *flow.dissection;
  if (dissection.dissector == nullptr) return undecided_data(flow, direction, bytes, where);
  speak_of(flow);
  const DissectorInfo& info = recogniser_.info(dissection.protocol);
  Observer observer(*out_);
  observer.at(where, context_, info.name);
  const StreamFeeder::Result result =
      dissection.feeder[index(direction)].feed(*dissection.dissector, info, direction, bytes, observer);
  if (result == StreamFeeder::Result::kDone) return await_upgrade(flow, direction, bytes, where);
  if (result != StreamFeeder::Result::kContinue) return stop(flow, result);
  dissection.certain = true;
}

/// A dissector that is done may have heard both ends agree on TLS (STARTTLS and its like): the client's next
/// bytes are asked whether they begin it. Where they do not, or the server speaks first, nothing follows.
void Shard::await_upgrade(Flow& flow, Direction direction, Bytes bytes, const PacketRef& where) {
  Dissection& dissection = *flow.dissection;
  const std::uint8_t tls = recogniser_.upgrade();
  if (tls == 0 || dissection.upgraded || dissection.protocol == tls)
    return stop(flow, StreamFeeder::Result::kDone);
  pool_.end(dissection, recogniser_);
  for (StreamFeeder& feeder : dissection.feeder) feeder = {};
  dissection.upgraded = true;
  // Some know TLS by its first byte, and are done when they see it: it stands in front of what they were
  // given.
  constexpr std::byte kHandshake{22};
  if (direction == Direction::kToServer && bytes.front() == kHandshake)
    undecided_data(flow, direction, bytes, where);
}

void Shard::stream_gap(Flow& flow, Direction direction, std::uint64_t count, const PacketRef& where) {
  Dissection& dissection = *flow.dissection;
  if (dissection.dissector != nullptr) {
    speak_of(flow);
    Observer observer(*out_);
    observer.at(where, context_, recogniser_.info(dissection.protocol).name);
    const StreamFeeder::Result result =
        dissection.feeder[index(direction)].gap(*dissection.dissector, direction, count, observer);
    if (result != StreamFeeder::Result::kContinue) stop(flow, result);
    return;
  }
  if (dissection.upgraded) return drop_dissection(flow);
  Undecided& held = pool_.undecided(dissection);
  flow.midstream = true;
  // Before anything was held the stream just starts later.
  if (held.text[index(direction)].empty()) return;
  hold_gap(flow, direction, count, where);
}

/// Bytes that are not held: lost, or beyond the limits.
void Shard::hold_gap(Flow& flow, Direction direction, std::uint64_t count, const PacketRef& where) {
  Undecided& held = *flow.dissection->undecided;
  held.broken[index(direction)] = true;
  if (!held.pieces.empty() && held.pieces.back().gap > 0 && held.pieces.back().direction == direction) {
    held.pieces.back().gap += count;
  } else if (held.pieces.size() < kHeldWithGaps) {
    held.pieces.push_back({direction, 0, count, where});
  } else {
    drop_dissection(flow);
  }
}

void Shard::undecided_data(Flow& flow, Direction direction, Bytes bytes, const PacketRef& where) {
  Dissection& dissection = *flow.dissection;
  Undecided& held = pool_.undecided(dissection);
  const std::size_t d = index(direction);
  std::vector<std::byte>& text = held.text[d];
  if (text.empty())
    held.candidates[d] = recogniser_.candidates(Layer::kTcp, static_cast<std::uint8_t>(bytes.front()));
  if (dissection.upgraded && text.empty()) {
    held.candidates[d] &= ProtocolSet().set(recogniser_.upgrade() - 1U);
    const bool begins = direction == Direction::kToServer || !held.text[0].empty();
    if (!begins || held.candidates[d].none()) return drop_dissection(flow);
  }
  // What goes beyond the limit is a gap for whoever recognises the flow later; one packet is always held
  // whole.
  const bool shares = held.pieces.size() >= kPlacedPieces && held.pieces.back().direction == direction &&
                      held.pieces.back().gap == 0;
  const bool fits = !held.broken[d] && (shares || held.pieces.size() < kHeldPieces) &&
                    (text.empty() || text.size() + bytes.size() <= std::size_t{limits_.undecided_bytes} * 4);
  if (fits) {
    text.insert(text.end(), bytes.begin(), bytes.end());
    if (shares) {
      held.pieces.back().length += static_cast<std::uint32_t>(bytes.size());
    } else {
      held.pieces.push_back({direction, static_cast<std::uint32_t>(bytes.size()), 0, where});
    }
  } else {
    hold_gap(flow, direction, bytes.size(), where);
    if (flow.dissection == nullptr) return;
  }
  if (!held.exhausted[d]) decide(flow, direction);
}

void Shard::decide(Flow& flow, Direction direction) {
  Undecided& held = *flow.dissection->undecided;
  const std::size_t d = index(direction);
  const Bytes text =
      Bytes(held.text[d]).first(std::min<std::size_t>(held.text[d].size(), limits_.undecided_bytes));
  const bool whole = held.broken[d] || held.text[d].size() >= limits_.undecided_bytes;
  // Not while segments wait: the streams are exchanged with the ends.
  const bool may_swap = flow.midstream && !flow.dissection->upgraded && !flow.syn[0] && !flow.syn[1] &&
                        !flow.stream[0].waiting() && !flow.stream[1].waiting();
  Recogniser::Verdict verdict;
  if (held.candidates[d].any()) {
    const Probe probe{direction, text, flow.client().port, flow.server().port, flow.midstream, false};
    verdict = recogniser_.ask(Layer::kTcp, probe, held.candidates[d], whole, may_swap);
  }
  if (verdict.kind == Recogniser::Verdict::Kind::kWait) return;
  if (verdict.kind == Recogniser::Verdict::Kind::kTaken) {
    flow.directed = flow.directed || shows_direction(flow, direction, text, verdict);
    return take(flow, verdict);
  }
  if (flow.dissection->upgraded) return drop_dissection(flow);
  if (flow.midstream && held.restarts[d] < kRestarts) {
    // The next segment may be where a message begins.
    ++held.restarts[d];
    held.text[d].clear();
    held.broken[d] = false;
    std::erase_if(held.pieces, [&](const Undecided::Piece& piece) { return piece.direction == direction; });
    return;
  }
  held.exhausted[d] = true;
  if (held.exhausted[1 - d]) drop_dissection(flow);
}

/// What was recognised beyond doubt as one end's words cannot be the other's.
bool Shard::shows_direction(const Flow& flow, Direction direction, Bytes text,
                            const Recogniser::Verdict& verdict) const {
  if (!verdict.certain || verdict.swapped) return verdict.swapped;
  const DissectorInfo& info = recogniser_.info(verdict.protocol);
  Probe probe{opposite(direction), text, flow.client().port, flow.server().port, flow.midstream, false};
  probe.on_port = recogniser_.on_port(Layer::kTcp, probe)[verdict.protocol - 1U];
  return info.recognise(probe) == Recognition::kNo;
}

void Shard::take(Flow& flow, const Recogniser::Verdict& verdict) {
  Dissection& dissection = *flow.dissection;
  std::unique_ptr<Undecided> held = std::move(dissection.undecided);
  if (verdict.swapped) {
    swap_ends(flow);
    for (Undecided::Piece& piece : held->pieces) piece.direction = opposite(piece.direction);
    std::swap(held->text[0], held->text[1]);
  }
  // Behind an upgrade the conversation stays what it was.
  if (!dissection.upgraded) flow.protocol = verdict.protocol;
  pool_.start(dissection, verdict.protocol, recogniser_.info(verdict.protocol));
  dissection.certain = verdict.certain;
  if (flow.midstream && !dissection.upgraded) forget_foreign(flow, *held);
  replay(flow, *held);
  pool_.give_back(std::move(held));
}

/// Where a stream is joined in the middle, the other direction may hold the rest of a message: not a
/// beginning of the protocol that was recognised, so it is left out as if it had not been captured.
void Shard::forget_foreign(const Flow& flow, Undecided& held) const {
  for (const Direction direction : {Direction::kToServer, Direction::kToClient}) {
    std::vector<std::byte>& text = held.text[index(direction)];
    if (text.empty()) continue;
    const Bytes front = Bytes(text).first(std::min<std::size_t>(text.size(), limits_.undecided_bytes));
    const DissectorInfo& info = recogniser_.info(flow.protocol);
    Probe probe{direction, front, flow.client().port, flow.server().port, true, false};
    probe.on_port = recogniser_.on_port(Layer::kTcp, probe)[flow.protocol - 1U];
    if (info.recognise(probe) != Recognition::kNo) continue;
    text.clear();
    std::erase_if(held.pieces, [&](const Undecided::Piece& piece) { return piece.direction == direction; });
  }
}

void Shard::replay(Flow& flow, const Undecided& held) {
  std::array<std::size_t, 2> at = {0, 0};
  for (const Undecided::Piece& piece : held.pieces) {
    if (flow.dissection == nullptr) return;
    const std::size_t d = index(piece.direction);
    if (piece.gap > 0) {
      stream_gap(flow, piece.direction, piece.gap, piece.where);
    } else {
      stream_data(flow, piece.direction, Bytes(held.text[d]).subspan(at[d], piece.length), piece.where);
      at[d] += piece.length;
    }
  }
}

void Shard::swap_ends(Flow& flow) {
  flow.client_is_high = !flow.client_is_high;
  std::swap(flow.packets[0], flow.packets[1]);
  std::swap(flow.bytes[0], flow.bytes[1]);
  std::swap(flow.stream[0], flow.stream[1]);
  std::swap(flow.mac[0], flow.mac[1]);
  std::swap(flow.has_mac[0], flow.has_mac[1]);
  std::swap(flow.ttl[0], flow.ttl[1]);
  std::swap(flow.syn[0], flow.syn[1]);
  std::swap(flow.start[0], flow.start[1]);
  std::swap(flow.front[0], flow.front[1]);
}

void Shard::stop(Flow& flow, StreamFeeder::Result why) {
  if (why == StreamFeeder::Result::kOverflow) ++counters_.overflowed;
  // Taken on a guess and refused at once: it was not this protocol.
  if (why == StreamFeeder::Result::kFailed && !flow.dissection->certain && !flow.dissection->upgraded)
    flow.protocol = 0;
  drop_dissection(flow);
}

void Shard::drop_dissection(Flow& flow) {
  for (TcpStream& stream : flow.stream) stream.drop(counters_.reassembly);
  pool_.release(flow.dissection, recogniser_);
  flow.dissection = nullptr;
}

void Shard::close_dissection(Flow& flow, const PacketRef& where) {
  for (std::size_t d = 0; d < 2 && flow.dissection != nullptr; ++d) {
    // The end of the capture, too, ends what was waiting.
    Undecided* held = flow.dissection->undecided.get();
    if (held == nullptr || held->exhausted[d] || held->text[d].empty()) continue;
    held->broken[d] = true;
    decide(flow, static_cast<Direction>(d));
  }
  if (flow.dissection == nullptr) return;
  if (Dissector* dissector = flow.dissection->dissector; dissector != nullptr) {
    speak_of(flow);
    Observer observer(*out_);
    observer.at(where, context_, recogniser_.info(flow.dissection->protocol).name);
    dissector->close(observer);
  }
  drop_dissection(flow);
}

}  // namespace bedrail
