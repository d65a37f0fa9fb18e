#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kEther};
/// The access points of LLC, and Cisco's number for its trees of single VLANs.
constexpr std::uint16_t kNumbers[] = {0x4242, 0x010b};
constexpr std::string_view kClues[] = {"stp.bridge", "stp.region", "stp.root", "stp.variant", "stp.vlan"};

/// Types of messages (IEEE 802.1D-2004, 9.3).
constexpr std::uint8_t kConfiguration = 0, kRapid = 2, kTopologyChange = 0x80;
constexpr std::uint8_t kVersionRapid = 2, kVersionMultiple = 3, kVersionShortest = 4;

/// A bridge's identifier (802.1D-2004, 9.2.5): priority, number of the tree, MAC.
struct BridgeId {
  std::uint16_t priority = 0, tree = 0;
  MacAddress mac;
};
BridgeId read_bridge(ByteReader& reader) {
  const std::uint16_t head = reader.be16();
  return {static_cast<std::uint16_t>(head & 0xf000), static_cast<std::uint16_t>(head & 0x0fff),
          MacAddress::from(reader.bytes(6))};
}

/// The Spanning Tree Protocol and its descendants: switches, and which of them is the root.
class StpDissector final : public Dissector {
 public:
  Progress consume(Direction, Bytes bytes, Observer& out) override {
    // The frame is never forwarded, so its MAC is the switch's own: that of the port.
    Party who = out.client();
    who.mac_declared = who.mac.has_value();
    ByteReader reader(bytes);
    const std::uint16_t protocol = reader.be16();
    const std::uint8_t version = reader.u8(), type = reader.u8();
    if (!reader.ok()) {
      out.anomaly("truncated");
    } else if (protocol != 0) {
      // GARP and others share the access points.
      return Progress::done();
    } else if (type == kTopologyChange) {
      out.clue(who, "stp.variant", "stp");
    } else if (type == kConfiguration || type == kRapid) {
      configuration(version, reader, who, out);
    } else {
      out.anomaly("unknown-type");
    }
    return Progress::done();
  }

 private:
  static void configuration(std::uint8_t version, ByteReader reader, const Party& who, Observer& out) {
    reader.skip(1);
    const BridgeId root = read_bridge(reader);
    reader.skip(4);
    const BridgeId bridge = read_bridge(reader);
    reader.skip(2 + 8);
    if (!reader.ok()) return out.anomaly("truncated");
    if (bridge.mac.is_multicast() || root.mac.is_multicast()) return out.anomaly("bad-bridge");
    out.clue(who, "stp.variant", variant(version));
    out.clue(who, "stp.bridge", to_string(bridge.mac));
    out.clue(who, "stp.root", root.mac == bridge.mac ? "self" : to_string(root.mac));
    // Multiple trees number their instances instead.
    if (version < kVersionMultiple && bridge.tree != 0)
      out.clue(who, "stp.vlan", std::to_string(bridge.tree));
    if (version >= kVersionMultiple) region(reader, who, out);
  }

  static std::string_view variant(std::uint8_t version) {
    if (version >= kVersionShortest) return "spb";
    return version == kVersionMultiple ? "mstp" : version == kVersionRapid ? "rstp" : "stp";
  }

  /// What behind the first tree belongs to the region (802.1Q-2018, 13.8, 14.4): the name that its keepers
  /// gave it.
  static void region(ByteReader reader, const Party& who, Observer& out) {
    reader.skip(1 + 2);
    const std::uint8_t selector = reader.u8();
    const std::string_view name = trim(reader.text(32));
    if (!reader.ok()) return out.anomaly("truncated");
    if (selector == 0 && is_printable_ascii(name)) out.clue(who, "stp.region", name);
  }
};

}  // namespace

const DissectorInfo& stp_dissector() {
  static constexpr DissectorInfo kInfo = with_state<StpDissector>({.name = "stp",
                                                                   .title = "Spanning Tree Protocol",
                                                                   .layers = kLayers,
                                                                   .ports = kNumbers,
                                                                   .clues = kClues});
  return kInfo;
}

}  // namespace bedrail
