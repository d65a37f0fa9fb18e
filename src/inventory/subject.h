#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "inventory/fact_book.h"
#include "model/device_facts.h"

namespace bedrail {

/// A claim that an IP address belongs to a MAC.
struct Binding {
  MacAddress mac;
  std::string_view how;
  PacketRef first;
  std::uint64_t count = 0;
};

/// Frames with the subject's address as source came from this MAC: conversations by what their TTL tells.
struct Sighting {
  MacAddress mac;
  PacketRef first;             ///< of all
  PacketRef untouched;         ///< of those on the link
  std::uint64_t on_link = 0;   ///< as systems set it
  std::uint64_t off_link = 0;  ///< counted down: a router stood in between
  std::uint64_t odd = 0;       ///< neither: of the sender's own making
};

/// A way in which the subject began TCP connections.
struct Introduction {
  TcpStart start;
  Role role = Role::kClient;
  PacketRef first;
  Timestamp last;
  std::uint64_t count = 0;
};

/// One address, during one ownership, or one MAC. It may turn out to be a device's, a router's far end, or
/// silent.
struct Subject {
  std::optional<IpAddress> ip;
  std::optional<MacAddress> mac;
  bool spoke = false;     ///< a packet came from it, or a neighbour named it as present
  bool replaced = false;  ///< its address went on to another device later
  std::optional<PacketRef> first;
  std::optional<PacketRef> last;
  std::vector<std::uint16_t> vlans;
  std::vector<Binding> bindings;            ///< of an IP, by first packet
  std::vector<Sighting> sightings;          ///< of an IP
  std::vector<Introduction> introductions;  ///< of an IP; the first few
  std::unique_ptr<FactBook> facts;
  std::uint64_t link_packets = 0, link_bytes = 0;
  std::uint8_t initial_ttls = 0;  ///< of its TCP connections: bit 0: 32, 1: 64, 2: 128, 3: 255

  void seen(const PacketRef& at) {
    if (!first || at.sequence < first->sequence) first = at;
    if (!last || at.time > last->time) last = at;
  }
  void on_vlan(std::uint16_t vlan);
  /// A packet with this TTL was seen in the VLAN, which is the subject's own unless a router sent it there.
  void passed(std::uint16_t vlan, std::uint8_t ttl) {
    if (hops_of(ttl) != Hops::kSome) on_vlan(vlan);
  }
  void sighted(const MacAddress& from, std::uint8_t ttl, const PacketRef& at);
  void introduced(const TcpStart& start, Role role, const ConnectionSeen& seen);
  void bound(const MacAddress& to, std::string_view how, const PacketRef& at);

 private:
  enum class Hops : std::uint8_t { kNone, kSome, kOdd };
  [[nodiscard]] Hops hops_of(std::uint8_t ttl) const;
};

/// The bit in `Subject::initial_ttls` of the start value from which a TTL was counted down.
std::uint8_t initial_ttl_bit(std::uint8_t ttl);

/// The sender's TTL as systems set it at the start: the packet crossed no router. Multicast protocols use 1
/// to 4.
bool is_initial_ttl(std::uint8_t ttl);

}  // namespace bedrail
