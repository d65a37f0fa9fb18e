#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "capture/raw_packet.h"
#include "decode/packet.h"

namespace bedrail {

/// Puts IPv4 and IPv6 fragments together (of the innermost IP packet), by (source, destination, protocol, id,
/// vlan). Overlaps: the bytes that came first win (stated policy; each overlap is counted). Bounded:
/// `max_datagrams` at a time and 64 KiB each; the oldest is dropped when full, any older than 30 s of packet
/// time is dropped. Both are counted.
class Defragmenter {
 public:
  struct Limits {
    std::size_t max_datagrams = 1024;
    std::size_t max_bytes = std::size_t{16} * 1024 * 1024;
  };
  struct Counters {
    std::uint64_t fragments = 0, completed = 0, evicted = 0, expired = 0, overlaps = 0, malformed = 0;
    std::uint64_t cut = 0;  ///< fragments of which the recorder kept only the front
  };
  explicit Defragmenter(Limits limits);
  Defragmenter() : Defragmenter(Limits{}) {}
  ~Defragmenter();
  Defragmenter(Defragmenter&&) noexcept;

  /// `packet` is decoded from `raw` and is a kFragment. Where it completes a datagram, gives a whole frame
  /// (the last fragment's MACs and VLAN, an IP header without options, the reassembled payload) that decodes
  /// as the packet would have before it was cut; it stays valid until the next call. Else an empty frame.
  RawPacket add(const RawPacket& raw, const Packet& packet);
  [[nodiscard]] const Counters& counters() const;
  /// Datagrams that are not whole yet.
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace bedrail
