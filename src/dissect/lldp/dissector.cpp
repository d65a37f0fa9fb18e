#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/text.h"
#include "dissect/lldp/civic.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kEther};
constexpr std::uint16_t kEtherTypes[] = {0x88cc};
constexpr std::string_view kClues[] = {
    "lldp.chassis",      "lldp.capabilities", "lldp.port-description", "lldp.system-description",
    "lldp.profinet-mac", "lldp-med.class",    "lldp-med.hardware",     "lldp-med.firmware",
    "lldp-med.software", "lldp-med.serial",   "lldp-med.manufacturer", "lldp-med.model",
    "lldp-med.asset",    "lldp-med.location"};

/// TLV types of IEEE 802.1AB-2016, table 8-1.
enum Tlv : std::uint8_t {
  kEnd = 0,
  kChassisId = 1,
  kPortId = 2,
  kTimeToLive = 3,
  kPortDescription = 4,
  kSystemName = 5,
  kSystemDescription = 6,
  kCapabilities = 7,
  kManagementAddress = 8,
  kOrganisation = 127,
};
constexpr std::uint32_t kMedOrganisation = 0x0012bb;
constexpr std::uint32_t kProfinetOrganisation = 0x000ecf;
constexpr std::uint8_t kProfinetChassisMac = 5;

/// Bits of the capabilities (802.1AB-2016, table 8-4) and their names; the place is the bit.
constexpr std::string_view kCapabilityNames[] = {"other",  "repeater",  "bridge", "wlan-ap",
                                                 "router", "telephone", "docsis", "station",
                                                 "c-vlan", "s-vlan",    "relay"};

std::string capability_names(std::uint16_t bits) {
  std::string out;
  for (std::size_t i = 0; i < std::size(kCapabilityNames); ++i) {
    if ((bits >> i & 1) != 0) out.append(out.empty() ? "" : ",").append(kCapabilityNames[i]);
  }
  return out;
}

/// A network address as TLVs hold it: the family (1 IPv4, 2 IPv6), then its bytes.
std::optional<IpAddress> network_address(std::uint8_t family, Bytes bytes) {
  if ((family == 1 && bytes.size() == 4) || (family == 2 && bytes.size() == 16))
    return IpAddress::from(bytes);
  return std::nullopt;
}

/// Identifiers of chassis and ports: a MAC, an address, text, or bytes shown in hexadecimal.
std::string identifier_text(Bytes id, bool is_mac, bool is_address) {
  if (is_mac && id.size() == 6) return to_string(MacAddress::from(id));
  if (is_address && !id.empty()) {
    if (const auto ip = network_address(static_cast<std::uint8_t>(id.front()), id.subspan(1)))
      return to_string(*ip);
  }
  const std::string_view text = trim(as_text(id));
  return is_printable_ascii(text) ? std::string(text) : to_hex(id);
}

/// The Link Layer Discovery Protocol: a station tells its neighbour on the cable what it is.
class LldpDissector final : public Dissector {
 public:
  Progress consume(Direction, Bytes bytes, Observer& out) override {
    // The frame is never forwarded, so its MAC is the subject's own.
    Party who = out.client();
    who.mac_declared = who.mac.has_value();
    ByteReader reader(bytes);
    for (unsigned index = 0; reader.remaining() >= 2; ++index) {
      const std::uint16_t head = reader.be16();
      const auto type = static_cast<std::uint8_t>(head >> 9);
      if (index < 3 && type != index + kChassisId) {
        out.anomaly("bad-order");
        return Progress::failed();
      }
      if (type == kEnd) return Progress::done();
      const std::size_t length = head & 0x1ff;
      if (length > reader.remaining()) {
        out.anomaly("truncated-tlv");
        return Progress::failed();
      }
      value(type, reader.slice(length), who, out);
    }
    return Progress::done();
  }

 private:
  static void value(std::uint8_t type, ByteReader reader, const Party& who, Observer& out) {
    switch (type) {
      case kChassisId: {
        const std::uint8_t subtype = reader.u8();
        out.clue(who, "lldp.chassis", identifier_text(reader.rest(), subtype == 4, subtype == 5));
        break;
      }
      case kPortId: {
        const std::uint8_t subtype = reader.u8();
        out.neighbour(who, identifier_text(reader.rest(), subtype == 3, subtype == 4));
        break;
      }
      case kPortDescription:
        out.clue(who, "lldp.port-description", as_text(reader.rest()));
        break;
      case kSystemName:
        out.name(who, "lldp", as_text(reader.rest()));
        break;
      case kSystemDescription:
        out.clue(who, "lldp.system-description", as_text(reader.rest()));
        break;
      case kCapabilities:
        reader.skip(2);  // what it could do; what follows is enabled
        out.clue(who, "lldp.capabilities", capability_names(reader.be16()));
        break;
      case kManagementAddress:
        management_address(reader, who, out);
        break;
      case kOrganisation:
        organisation(reader, who, out);
        break;
      default:
        break;
    }
    if (!reader.ok()) out.anomaly("short-value");
  }

  static void management_address(ByteReader& reader, const Party& who, Observer& out) {
    // The length counts the family's byte.
    const std::size_t length = reader.u8();
    const std::uint8_t family = reader.u8();
    if (length < 2) return reader.fail();
    const auto ip = network_address(family, reader.bytes(length - 1));
    if (!ip || !ip->is_unicast() || ip->is_loopback() || !who.mac) return;
    out.address({*ip, who.mac, who.vlan, true}, {*ip, *who.mac, "lldp", 0});
  }

  static void organisation(ByteReader& reader, const Party& who, Observer& out) {
    const std::uint32_t organisation = reader.be24();
    const std::uint8_t subtype = reader.u8();
    if (!reader.ok()) return;
    if (organisation == kMedOrganisation) return media_endpoint(subtype, reader, who, out);
    if (organisation == kProfinetOrganisation && subtype == kProfinetChassisMac) {
      const Bytes mac = reader.bytes(6);
      if (reader.ok()) out.clue(who, "lldp.profinet-mac", to_string(MacAddress::from(mac)));
    }
  }

  /// LLDP-MED (ANSI/TIA-1057, 10.2).
  static void media_endpoint(std::uint8_t subtype, ByteReader& reader, const Party& who, Observer& out) {
    constexpr std::string_view kInventory[] = {
        "lldp-med.hardware",     "lldp-med.firmware", "lldp-med.software", "lldp-med.serial",
        "lldp-med.manufacturer", "lldp-med.model",    "lldp-med.asset"};
    constexpr std::string_view kClasses[] = {"", "endpoint", "media-endpoint", "communication-endpoint",
                                             "network"};
    if (subtype == 1) {
      reader.skip(2);
      const std::uint8_t device_class = reader.u8();
      if (device_class < std::size(kClasses)) out.clue(who, "lldp-med.class", kClasses[device_class]);
    } else if (subtype == 3) {
      const std::uint8_t format = reader.u8();
      if (format == 2) out.clue(who, "lldp-med.location", civic_text(reader));
      if (format == 3) out.clue(who, "lldp-med.location", as_text(reader.rest()));
    } else if (subtype >= 5 && subtype < 5 + std::size(kInventory)) {
      out.clue(who, kInventory[subtype - 5], as_text(reader.rest()));
    }
  }
};

}  // namespace

const DissectorInfo& lldp_dissector() {
  static constexpr DissectorInfo kInfo = with_state<LldpDissector>({.name = "lldp",
                                                                    .title = "Link Layer Discovery Protocol",
                                                                    .layers = kLayers,
                                                                    .ports = kEtherTypes,
                                                                    .clues = kClues});
  return kInfo;
}

}  // namespace bedrail
