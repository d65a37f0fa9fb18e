#include "decode/defragmenter.h"

#include <bitset>
#include <cstring>
#include <list>
#include <unordered_map>

namespace bedrail {
namespace {

/// Fragments lie on multiples of 8 bytes (RFC 791, 3.2), so what arrived is kept in such units.
constexpr std::size_t kUnit = 8, kUnits = 8192, kMaxDatagram = 65535;
constexpr std::int64_t kPatience = 30 * kNanosecondsPerSecond;

struct Key {
  IpAddress source, destination;
  std::uint32_t id = 0;
  std::uint16_t vlan = 0;
  std::uint8_t protocol = 0;
  friend bool operator==(const Key&, const Key&) = default;
};

struct KeyHash {
  std::size_t operator()(const Key& key) const {
    return mix(mix(hash_of(key.source), hash_of(key.destination)),
               std::uint64_t{key.id} << 24 | std::uint64_t{key.vlan} << 8 | key.protocol);
  }
};

struct Datagram {
  Key key;
  Timestamp first;
  std::vector<std::byte> data;
  std::bitset<kUnits> have;
  std::size_t units = 0;
  std::size_t total = 0;  ///< bytes, once the last fragment came
};

void put16(std::vector<std::byte>& out, std::size_t value) {
  out.push_back(static_cast<std::byte>(value >> 8 & 0xff));
  out.push_back(static_cast<std::byte>(value & 0xff));
}

void put(std::vector<std::byte>& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }
void put(std::vector<std::byte>& out, const MacAddress& mac) {
  put(out, std::as_bytes(std::span(mac.octets)));
}

/// A header without options in front of the datagram's data; the checksum is left at zero, which nobody here
/// reads.
void write_ip(std::vector<std::byte>& out, const Packet& packet, std::size_t size) {
  const auto source = std::as_bytes(std::span(packet.source.octets)),
             destination = std::as_bytes(std::span(packet.destination.octets));
  if (packet.source.is_v4()) {
    put16(out, 0x4500);
    put16(out, size + 20 > kMaxDatagram ? 0 : size + 20);
    put16(out, packet.fragment_id);
    put16(out, 0);
    put16(out, std::size_t{packet.ttl} << 8 | packet.ip_protocol);
    put16(out, 0);
    put(out, source.subspan(12));
    put(out, destination.subspan(12));
    return;
  }
  put16(out, 0x6000);
  put16(out, 0);
  put16(out, size > kMaxDatagram ? 0 : size);
  put16(out, std::size_t{packet.ip_protocol} << 8 | packet.ttl);
  put(out, source);
  put(out, destination);
}

void write_link(std::vector<std::byte>& out, const Packet& packet) {
  if (!packet.has_mac) return;
  put(out, packet.destination_mac);
  put(out, packet.source_mac);
  if (packet.vlan != 0) {
    put16(out, 0x8100);
    put16(out, packet.vlan);
  }
  put16(out, packet.source.is_v4() ? 0x0800 : 0x86dd);
}

}  // namespace

struct Defragmenter::State {
  explicit State(Limits l) : limits(l) {}

  using Order = std::list<Datagram>;
  Limits limits;
  Counters counters;
  Order order;  ///< oldest first
  std::unordered_map<Key, Order::iterator, KeyHash> table;
  std::size_t bytes = 0;
  std::vector<std::byte> frame;

  void drop(Order::iterator datagram) {
    bytes -= datagram->data.size();
    table.erase(datagram->key);
    order.erase(datagram);
  }
  void expire(Timestamp now) {
    while (!order.empty() && elapsed(order.front().first, now) > kPatience) {
      ++counters.expired;
      drop(order.begin());
    }
  }
  Order::iterator find(const Key& key, Timestamp now) {
    if (const auto found = table.find(key); found != table.end()) return found->second;
    while (!order.empty() && order.size() >= limits.max_datagrams) evict();
    order.push_back({key, now, {}, {}, 0, 0});
    table[key] = std::prev(order.end());
    return std::prev(order.end());
  }
  void evict() {
    ++counters.evicted;
    drop(order.begin());
  }
  /// The bytes that came first win, in units of 8.
  void place(Datagram& datagram, std::size_t offset, Bytes data) {
    const std::size_t end = offset + data.size();
    if (datagram.data.size() < end) {
      bytes += end - datagram.data.size();
      datagram.data.resize(end);
    }
    bool overlap = false;
    for (std::size_t at = 0; at < data.size(); at += kUnit) {
      const std::size_t unit = (offset + at) / kUnit;
      if (datagram.have[unit]) {
        overlap = true;
        continue;
      }
      datagram.have.set(unit);
      ++datagram.units;
      std::memcpy(datagram.data.data() + offset + at, data.data() + at, std::min(kUnit, data.size() - at));
    }
    if (overlap) ++counters.overlaps;
  }
};

Defragmenter::Defragmenter(Limits limits) : state_(std::make_unique<State>(limits)) {}
Defragmenter::~Defragmenter() = default;
Defragmenter::Defragmenter(Defragmenter&&) noexcept = default;
const Defragmenter::Counters& Defragmenter::counters() const { return state_->counters; }
std::size_t Defragmenter::waiting() const { return state_->order.size(); }

RawPacket Defragmenter::add(const RawPacket& raw, const Packet& packet) {
  State& state = *state_;
  ++state.counters.fragments;
  state.expire(raw.time);
  const Bytes data = packet.payload;
  const std::size_t end = packet.fragment_offset + data.size();
  if (data.size() < packet.payload_length) {
    ++state.counters.cut;
    return {};
  }
  // An odd length in the middle, or a datagram longer than IP allows.
  if (data.empty() || (packet.more_fragments && data.size() % kUnit != 0) || end > kMaxDatagram) {
    ++state.counters.malformed;
    return {};
  }
  const auto found = state.find(
      {packet.source, packet.destination, packet.fragment_id, packet.vlan, packet.ip_protocol}, raw.time);
  Datagram& datagram = *found;
  // A second end, or data behind the end: the first one's word counts.
  const bool contradicts =
      datagram.total != 0 && (end > datagram.total || (!packet.more_fragments && end != datagram.total));
  if (contradicts || (!packet.more_fragments && datagram.data.size() > end)) {
    ++state.counters.malformed;
    return {};
  }
  if (!packet.more_fragments) datagram.total = end;
  state.place(datagram, packet.fragment_offset, data);
  if (datagram.total == 0 || datagram.units != (datagram.total + kUnit - 1) / kUnit) {
    while (state.bytes > state.limits.max_bytes && !state.order.empty()) state.evict();
    return {};
  }
  ++state.counters.completed;
  state.frame.clear();
  write_link(state.frame, packet);
  write_ip(state.frame, packet, datagram.total);
  put(state.frame, datagram.data);
  state.drop(found);
  RawPacket whole = raw;
  whole.data = state.frame;
  whole.wire_length = static_cast<std::uint32_t>(state.frame.size());
  whole.link = packet.has_mac ? LinkType::kEthernet : LinkType::kRaw;
  return whole;
}

}  // namespace bedrail
