#include "dissect/dissector.h"
#include "base/byte_reader.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kEther};
constexpr std::uint16_t kEtherTypes[] = {0x0806};

/// ARP for Ethernet and IPv4 (RFC 826): who claims which address.
class ArpDissector final : public Dissector {
 public:
  Progress consume(Direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    const std::uint16_t hardware = reader.be16();
    const std::uint16_t protocol = reader.be16();
    const std::uint8_t hardware_length = reader.u8();
    const std::uint8_t protocol_length = reader.u8();
    const std::uint16_t operation = reader.be16();
    const MacAddress sender_mac = MacAddress::from(reader.bytes(6));
    const IpAddress sender_ip = IpAddress::from(reader.bytes(4));
    reader.skip(10);
    if (!reader.ok()) {
      out.anomaly("truncated");
      return Progress::failed();
    }
    if (hardware != 1 || protocol != 0x0800 || hardware_length != 6 || protocol_length != 4)
      return Progress::failed();
    if (operation < 1 || operation > 2) return Progress::done();
    // A probe (RFC 5227) has no sender address yet and binds nothing.
    if (!sender_ip.is_unicast() || sender_mac.is_zero() || sender_mac.is_multicast()) return Progress::done();
    if (const auto frame_mac = out.client().mac; frame_mac && *frame_mac != sender_mac)
      out.anomaly("sender-mismatch");
    out.address({sender_ip, sender_mac, out.flow().key.vlan, true}, {sender_ip, sender_mac, "arp", 0});
    return Progress::done();
  }
};

}  // namespace

const DissectorInfo& arp_dissector() {
  static constexpr DissectorInfo kInfo = with_state<ArpDissector>(
      {.name = "arp", .title = "Address Resolution Protocol", .layers = kLayers, .ports = kEtherTypes});
  return kInfo;
}

}  // namespace bedrail
