#include "pipeline/shard.h"

#include <algorithm>
#include <memory>

namespace bedrail {
namespace {

PacketRef ref_of(const DecodedPacket& packet) {
  return {packet.sequence, packet.time, packet.frame, packet.file};
}

MacAddress mac_of(std::uint64_t value) {
  MacAddress mac;
  for (std::size_t i = 0; i < 6; ++i) mac.octets[i] = static_cast<std::uint8_t>(value >> (40 - 8 * i));
  return mac;
}

}  // namespace

Shard::Shard(const Recogniser& recogniser, const PipelineLimits& limits)
    : recogniser_(recogniser),
      limits_(limits),
      flows_(limits.flows),
      pool_(limits.dissection_bytes),
      unrecognised_(limits.unrecognised) {
  counters_.protocols.resize(recogniser.dissectors().size() + 1);
  std::size_t largest = 0;
  for (const DissectorInfo* info : recogniser.dissectors())
    largest = std::max<std::size_t>(largest, info->state_size + info->state_align);
  frame_state_.resize(largest);
}

Shard::~Shard() {
  // Feeders and undecided fronts own memory; flows that were not ended (an error stopped the run) give it
  // back here.
  for (std::size_t i = 0; i < kFlowClasses; ++i) {
    for (Flow* flow = flows_.oldest(static_cast<FlowClass>(i)); flow != nullptr; flow = flow->newer) {
      if (flow->dissection != nullptr) pool_.release(flow->dissection, recogniser_);
    }
  }
}

void Shard::packet(const DecodedPacket& packet, std::vector<Observation>& out) {
  out_ = &out;
  const PacketRef where = ref_of(packet);
  if (!packet.packet.has_ip) return frame(packet, where);
  if (packet.packet.content == Packet::Content::kFragment) {
    // Counted here; what it completes comes as a packet of its own.
    ++counters_.fragments.packets;
    counters_.fragments.bytes += packet.packet.ip_length;
    return;
  }
  Flow* flow = flows_.find(packet.key, packet.hash);
  if (flow != nullptr && (flows_.is_expired(*flow, packet.time) ||
                          restarts(*flow, packet.packet, flow->direction(packet.source_is_high)))) {
    end(*flow, false);
    flow = nullptr;
  }
  if (flow == nullptr) flow = &open(packet, where);
  const std::size_t direction = flow->direction(packet.source_is_high);
  account(*flow, packet, direction);
  switch (packet.packet.content) {
    case Packet::Content::kTcp:
      tcp(*flow, packet, where);
      break;
    case Packet::Content::kUdp:
      flow->had_payload |= packet.packet.payload_length > 0;
      flow->front[direction].keep(packet.packet.payload);
      if (flow->packets[0] > 0 && flow->packets[1] > 0) flow->state = ConnectionSeen::State::kEstablished;
      datagram(*flow, packet.packet.payload, static_cast<Direction>(direction), where);
      break;
    default:
      ip_payload(*flow, packet, direction, where);
      break;
  }
  flows_.touch(*flow, flow->flow_class, where);
}

Flow& Shard::open(const DecodedPacket& packet, const PacketRef& where) {
  if (flows_.full()) {
    end(*flows_.victim(), true);
    ++counters_.evicted_flows;
  }
  Flow& flow = flows_.add(packet.key, packet.hash);
  flow.first = where;
  flow.last = where;
  flow.first_from_high = packet.source_is_high;
  flow.client_is_high = packet.source_is_high == source_is_client(packet.packet);
  const bool tcp = packet.packet.content == Packet::Content::kTcp;
  flow.midstream = tcp && (packet.packet.tcp_flags & tcp_flag::kSyn) == 0;
  flow.flow_class = FlowClass::kDatagram;
  if (tcp) flows_.touch(flow, FlowClass::kAttempted, where);
  return flow;
}

/// Who opened the conversation. A SYN tells; else the end with a protocol's own port is the server, then the
/// one with a low port, then the one whose port is no ephemeral one, then who did not speak first.
bool Shard::source_is_client(const Packet& packet) const {
  if (packet.content == Packet::Content::kTcp && (packet.tcp_flags & tcp_flag::kSyn) != 0)
    return (packet.tcp_flags & tcp_flag::kAck) == 0;
  if (packet.content != Packet::Content::kTcp && packet.content != Packet::Content::kUdp) return true;
  if (packet.link_group || !packet.destination.is_unicast()) return true;
  const std::uint16_t source = packet.source_port, destination = packet.destination_port;
  const Layer layer = packet.content == Packet::Content::kTcp ? Layer::kTcp : Layer::kUdp;
  const bool source_known = recogniser_.is_service_port(layer, source),
             destination_known = recogniser_.is_service_port(layer, destination);
  if (source_known != destination_known) return destination_known;
  constexpr std::uint16_t kWellKnown = 1024, kEphemeral = 32768;
  if ((source < kWellKnown) != (destination < kWellKnown)) return destination < kWellKnown;
  if ((source >= kEphemeral) != (destination >= kEphemeral)) return source >= kEphemeral;
  return true;
}

void Shard::account(Flow& flow, const DecodedPacket& packet, std::size_t direction) {
  ++flow.packets[direction];
  flow.bytes[direction] += packet.packet.ip_length;
  const bool first = flow.packets[direction] == 1;
  if (first) flow.ttl[direction] = packet.packet.ttl;
  if (first && packet.source_is_high != flow.first_from_high) flow.reply = ref_of(packet);
  if (!packet.packet.has_mac) return;
  if (first && !packet.packet.source_mac.is_multicast()) {
    flow.mac[direction] = packet.packet.source_mac;
    flow.has_mac[direction] = true;
  }
  // The receiver's MAC is known from the frame, too, until its own frames say it better.
  if (flow.packets[1 - direction] == 0 && !flow.has_mac[1 - direction] &&
      !packet.packet.destination_mac.is_multicast()) {
    flow.mac[1 - direction] = packet.packet.destination_mac;
    flow.has_mac[1 - direction] = true;
  }
}

void Shard::ip_payload(Flow& flow, const DecodedPacket& packet, std::size_t direction,
                       const PacketRef& where) {
  if (flow.packets[0] > 0 && flow.packets[1] > 0) flow.state = ConnectionSeen::State::kEstablished;
  const std::uint8_t protocol = recogniser_.by_number(Layer::kIp, packet.packet.ip_protocol);
  if (protocol == 0) return;
  flow.protocol = protocol;
  void* place = frame_state_.data();
  std::size_t space = frame_state_.size();
  const DissectorInfo& info = recogniser_.info(protocol);
  Dissector* dissector = info.create(std::align(info.state_align, info.state_size, place, space));
  Observer observer(*out_);
  speak_of(flow);
  observer.at(where, context_, info.name);
  (void)dissector->consume(static_cast<Direction>(direction), packet.packet.payload, observer);
}

void Shard::frame(const DecodedPacket& packet, const PacketRef& where) {
  const Packet& p = packet.packet;
  if (p.content != Packet::Content::kEther) return;
  talker(packet, where);
  const std::uint8_t protocol = recogniser_.by_number(Layer::kEther, p.ether_type);
  ShardCounters::Protocol& totals = protocol == 0 ? counters_.other_frames : counters_.protocols[protocol];
  ++totals.flows;
  ++totals.packets;
  totals.bytes += p.payload_length;
  if (protocol == 0) return;
  context_ = {};
  context_.key.vlan = p.vlan;
  if (p.has_mac) {
    context_.client_mac = p.source_mac;
    if (!p.destination_mac.is_multicast()) context_.server_mac = p.destination_mac;
  }
  void* place = frame_state_.data();
  std::size_t space = frame_state_.size();
  const DissectorInfo& info = recogniser_.info(protocol);
  Dissector* dissector = info.create(std::align(info.state_align, info.state_size, place, space));
  Observer observer(*out_);
  observer.at(where, context_, info.name);
  (void)dissector->consume(Direction::kToServer, p.payload, observer);
}

void Shard::talker(const DecodedPacket& packet, const PacketRef& where) {
  const Packet& p = packet.packet;
  if (!p.has_mac || p.source_mac.is_multicast() || p.source_mac.is_zero()) return;
  const std::uint64_t key = p.source_mac.value() << 16 | p.ether_type;
  auto found = talkers_.find(key);
  if (found == talkers_.end()) {
    if (talkers_.size() >= limits_.link_talkers) {
      ++counters_.unlisted_talkers;
      return;
    }
    found = talkers_.emplace(key, Talker{0, 0, where, {}, p.vlan}).first;
  }
  ++found->second.packets;
  found->second.bytes += p.ip_length;
  found->second.last = packet.time;
}

void Shard::sweep(Timestamp now, std::vector<Observation>& out) {
  out_ = &out;
  while (Flow* flow = flows_.expired(now)) end(*flow, false);
}

void Shard::finish(std::vector<Observation>& out) {
  out_ = &out;
  for (std::size_t i = 0; i < kFlowClasses; ++i) {
    while (Flow* flow = flows_.oldest(static_cast<FlowClass>(i))) end(*flow, false);
  }
  std::vector<std::uint64_t> keys;
  for (const auto& [key, talker] : talkers_) keys.push_back(key);
  std::sort(keys.begin(), keys.end());
  for (const std::uint64_t key : keys) {
    const Talker& talker = talkers_.at(key);
    out.push_back({talker.first,
                   {std::nullopt, mac_of(key >> 16), talker.vlan, false},
                   {},
                   "ethernet",
                   LinkTraffic{static_cast<std::uint16_t>(key), talker.packets, talker.bytes, talker.last}});
  }
  talkers_.clear();
}

void Shard::end(Flow& flow, bool evicted) {
  flush_streams(flow, flow.last);
  close_dissection(flow, flow.last);
  if (flow.state == ConnectionSeen::State::kEstablished && flow.stream[0].fin_seen() &&
      flow.stream[1].fin_seen())
    flow.state = ConnectionSeen::State::kClosed;
  count(flow);
  ConnectionSeen seen;
  seen.key = {flow.client(), flow.server(), flow.key.transport, flow.key.vlan};
  if (flow.has_mac[0]) seen.client_mac = flow.mac[0];
  if (flow.has_mac[1]) seen.server_mac = flow.mac[1];
  seen.client_ttl = flow.ttl[0];
  seen.server_ttl = flow.ttl[1];
  seen.client_start = flow.start[0];
  seen.server_start = flow.start[1];
  seen.first = flow.first;
  seen.reply = flow.reply;
  seen.server_began = flow.first_from_high != flow.client_is_high;
  seen.directed = flow.directed;
  seen.last = flow.last.time;
  seen.packets_to_server = flow.packets[0];
  seen.packets_to_client = flow.packets[1];
  seen.bytes_to_server = flow.bytes[0];
  seen.bytes_to_client = flow.bytes[1];
  seen.gap_bytes = flow.gap_bytes;
  if (flow.protocol != 0) seen.protocol = recogniser_.info(flow.protocol).name;
  seen.state = flow.state;
  seen.evicted = evicted;
  const Party client{seen.key.client.ip, seen.client_mac, seen.key.vlan, false},
      server{seen.key.server.ip, seen.server_mac, seen.key.vlan, false};
  out_->push_back({flow.first, client, server, "flow", seen});
  flows_.release(flow);
}

void Shard::count(const Flow& flow) {
  const auto totals = [&]() -> ShardCounters::Protocol& {
    if (flow.protocol != 0) return counters_.protocols[flow.protocol];
    switch (flow.key.transport) {
      case Transport::kTcp:
        return flow.had_payload ? counters_.unknown_tcp : counters_.empty_tcp;
      case Transport::kUdp:
        return counters_.unknown_udp;
      case Transport::kIcmp:
        return counters_.icmp;
      default:
        return counters_.other_ip;
    }
  };
  ShardCounters::Protocol& to = totals();
  ++to.flows;
  to.packets += flow.packets[0] + flow.packets[1];
  to.bytes += flow.bytes[0] + flow.bytes[1];
  if (&to == &counters_.unknown_tcp || &to == &counters_.unknown_udp) unrecognised_.add(flow);
}

}  // namespace bedrail
