#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kIp};
constexpr std::uint16_t kProtocols[] = {112};
constexpr std::string_view kClues[] = {"vrrp.address", "vrrp.authentication", "vrrp.router", "vrrp.variant"};

constexpr unsigned kMostAddresses = 16;

/// The Virtual Router Redundancy Protocol (RFC 3768, 5798), and CARP, which has its number: routers that
/// stand in for each other.
class VrrpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const Party sender = direction == Direction::kToServer ? out.client() : out.server();
    ByteReader reader(bytes);
    const std::uint8_t head = reader.u8(), group = reader.u8(), priority = reader.u8(), count = reader.u8();
    const unsigned version = head >> 4;
    // CARP says how long its proof is where VRRP counts addresses.
    constexpr std::size_t kCarpSize = 36;
    constexpr std::uint8_t kCarpWords = 7;
    if (!reader.ok()) {
      out.anomaly("truncated");
    } else if ((head & 15) != 1 || version < 2 || version > 3 || group == 0) {
      out.anomaly("bad-header");
    } else if (version == 2 && count == kCarpWords && bytes.size() == kCarpSize) {
      out.clue(sender, "vrrp.variant", "carp");
      out.clue(sender, "vrrp.router", std::to_string(group));
    } else {
      announced(version, group, priority, count, reader, sender, out);
    }
    return Progress::done();
  }

 private:
  static void announced(unsigned version, unsigned group, unsigned priority, unsigned count,
                        ByteReader reader, const Party& sender, Observer& out) {
    const std::uint8_t proof = reader.u8();
    reader.skip(3);
    const bool ipv6 = sender.ip && !sender.ip->is_v4();
    out.clue(sender, "vrrp.variant", version == 2 ? "2" : "3");
    // Whose addresses they are has the priority 255.
    out.clue(sender, "vrrp.router", std::to_string(group) + (priority == 255 ? " owner" : ""));
    // Version 3 has none; the others' password stands in clear (RFC 2338, 5.3.6) and is not read.
    if (version == 2)
      out.clue(sender, "vrrp.authentication", proof == 0 ? "none" : proof == 1 ? "plain" : "md5");
    for (unsigned i = 0; i < count && i < kMostAddresses; ++i) {
      const Bytes octets = reader.bytes(ipv6 ? 16 : 4);
      if (!reader.ok()) return out.anomaly("truncated");
      const IpAddress ip = IpAddress::from(octets);
      if (ip.is_unicast() && !ip.is_link_local()) out.clue(sender, "vrrp.address", to_string(ip));
    }
  }
};

}  // namespace

const DissectorInfo& vrrp_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<VrrpDissector>({.name = "vrrp",
                                 .title = "Virtual Router Redundancy Protocol",
                                 .layers = kLayers,
                                 .ports = kProtocols,
                                 .clues = kClues});
  return kInfo;
}

}  // namespace bedrail
