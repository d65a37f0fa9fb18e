#include "dissect/dissector.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kEther};
/// SNAP protocol of the organisation 00000c.
constexpr std::uint16_t kSnapProtocols[] = {0x2000};
constexpr std::string_view kClues[] = {"cdp.capabilities", "cdp.location", "cdp.platform", "cdp.version",
                                       "cdp.vlan"};

enum Tlv : std::uint16_t {
  kDeviceId = 0x0001,
  kAddresses = 0x0002,
  kPortId = 0x0003,
  kCapabilities = 0x0004,
  kVersion = 0x0005,
  kPlatform = 0x0006,
  kNativeVlan = 0x000a,
  kSystemName = 0x0014,
  kManagementAddresses = 0x0016,
  kLocation = 0x0017,
};

constexpr std::size_t kTlvHead = 4;
/// Addresses read of one list: devices announce a handful.
constexpr std::uint32_t kAddressLimit = 32;

/// Bits of the capabilities; the place is the bit.
constexpr std::string_view kCapabilityNames[] = {
    "router",   "bridge", "source-route-bridge", "switch", "host",     "igmp",
    "repeater", "phone",  "remotely-managed",    "cvta",   "mac-relay"};

std::string capability_names(std::uint32_t bits) {
  std::string out;
  for (std::size_t i = 0; i < std::size(kCapabilityNames); ++i) {
    if ((bits >> i & 1) != 0) out.append(out.empty() ? "" : ",").append(kCapabilityNames[i]);
  }
  return out;
}

/// The Cisco Discovery Protocol: a device tells its neighbour on the cable what it is.
class CdpDissector final : public Dissector {
 public:
  Progress consume(Direction, Bytes bytes, Observer& out) override {
    // Bridges that speak the protocol do not forward it, so the frame's MAC is taken for the subject's own.
    Party who = out.client();
    who.mac_declared = who.mac.has_value();
    ByteReader reader(bytes);
    const std::uint8_t version = reader.u8();
    reader.skip(3);  // time to live, checksum
    if (!reader.ok() || version < 1 || version > 2) {
      out.anomaly(reader.ok() ? "bad-version" : "truncated-tlv");
      return Progress::failed();
    }
    while (reader.remaining() >= kTlvHead) {
      const std::uint16_t type = reader.be16();
      const std::size_t length = reader.be16();
      if (length < kTlvHead || length - kTlvHead > reader.remaining()) {
        out.anomaly("truncated-tlv");
        return Progress::failed();
      }
      value(type, reader.slice(length - kTlvHead), who, out);
    }
    return Progress::done();
  }

 private:
  static void value(std::uint16_t type, ByteReader reader, const Party& who, Observer& out) {
    switch (type) {
      case kDeviceId:
      case kSystemName:
        out.name(who, "cdp", as_text(reader.rest()));
        break;
      case kAddresses:
      case kManagementAddresses:
        addresses(reader, who, out);
        break;
      case kPortId:
        out.neighbour(who, as_text(reader.rest()));
        break;
      case kCapabilities:
        out.clue(who, "cdp.capabilities", capability_names(reader.be32()));
        break;
      case kVersion:
        out.clue(who, "cdp.version", as_text(reader.rest()));
        break;
      case kPlatform:
        out.clue(who, "cdp.platform", as_text(reader.rest()));
        break;
      case kNativeVlan:
        if (const std::uint16_t vlan = reader.be16(); reader.ok())
          out.clue(who, "cdp.vlan", std::to_string(vlan));
        break;
      case kLocation:
        reader.skip(1);
        out.clue(who, "cdp.location", as_text(reader.rest()));
        break;
      default:
        break;
    }
    if (!reader.ok()) out.anomaly("short-value");
  }

  static void addresses(ByteReader& reader, const Party& who, Observer& out) {
    const std::uint32_t count = std::min(reader.be32(), kAddressLimit);
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
      reader.skip(1);  // the protocol's kind: NLPID or 802.2
      reader.skip(reader.u8());
      const Bytes bytes = reader.bytes(reader.be16());
      // Their length tells IPv4 and IPv6 from the others in use.
      const IpAddress ip = IpAddress::from(bytes);
      if (!ip.is_unicast() || ip.is_loopback() || !who.mac) continue;
      out.address({ip, who.mac, who.vlan, true}, {ip, *who.mac, "cdp", 0});
    }
  }
};

}  // namespace

const DissectorInfo& cdp_dissector() {
  static constexpr DissectorInfo kInfo = with_state<CdpDissector>({.name = "cdp",
                                                                   .title = "Cisco Discovery Protocol",
                                                                   .layers = kLayers,
                                                                   .ports = kSnapProtocols,
                                                                   .clues = kClues});
  return kInfo;
}

}  // namespace bedrail
