#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {1985};
constexpr std::string_view kClues[] = {"hsrp.address", "hsrp.authentication", "hsrp.group",
                                       "hsrp.router-mac"};

constexpr std::size_t kVersion1 = 20;
constexpr std::uint8_t kGroupState = 1, kGroupStateLength = 40, kTextProof = 3, kMd5Proof = 4;

/// Cisco's Hot Standby Router Protocol (RFC 2281), and its second version.
class HsrpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const Party sender = direction == Direction::kToServer ? out.client() : out.server();
    ByteReader reader(bytes);
    const bool first_version = reader.peek() == 0;
    if (first_version) {
      version1(reader, sender, out);
    } else {
      version2(reader, sender, out);
    }
    // One that greets is heard every few seconds.
    return Progress::done();
  }

 private:
  static void version1(ByteReader reader, const Party& sender, Observer& out) {
    reader.skip(6);
    const std::uint8_t group = reader.u8();
    reader.skip(1);
    const std::string_view proof = trim(reader.text(8));
    const Bytes address = reader.bytes(4);
    if (!reader.ok()) return out.anomaly("truncated");
    out.clue(sender, "hsrp.group", std::to_string(group));
    // The word that it has from the factory (RFC 2281, 5.1); any other is a password, which is not told.
    out.clue(sender, "hsrp.authentication", proof == "cisco" ? "default" : proof.empty() ? "none" : "plain");
    told(IpAddress::from(address), sender, out);
  }

  static void version2(ByteReader reader, const Party& sender, Observer& out) {
    constexpr unsigned kMostFields = 8;
    std::string_view proof = "none";
    for (unsigned i = 0; i < kMostFields && reader.remaining() >= 2; ++i) {
      const std::uint8_t type = reader.u8(), length = reader.u8();
      ByteReader field = reader.slice(length);
      if (!reader.ok()) return out.anomaly("truncated");
      if (type == kGroupState && length == kGroupStateLength) state(field, sender, out);
      if (type == kTextProof) proof = trim(field.text(length)) == "cisco" ? "default" : "plain";
      if (type == kMd5Proof) proof = "md5";
    }
    out.clue(sender, "hsrp.authentication", proof);
  }

  static void state(ByteReader& field, const Party& sender, Observer& out) {
    field.skip(3);
    const std::uint8_t family = field.u8();
    const std::uint16_t group = field.be16();
    // The router's own MAC: its frames bear the group's.
    const MacAddress mac = MacAddress::from(field.bytes(6));
    field.skip(12);
    const Bytes address = field.bytes(16);
    out.clue(sender, "hsrp.group", std::to_string(group));
    out.clue(sender, "hsrp.router-mac", to_string(mac));
    told(IpAddress::from(family == 4 ? address.first(4) : address), sender, out);
  }

  static void told(const IpAddress& ip, const Party& sender, Observer& out) {
    if (ip.is_unicast() && !ip.is_link_local()) out.clue(sender, "hsrp.address", to_string(ip));
  }
};

Recognition recognise(const Probe& probe) {
  if (!probe.on_port || probe.client_port != probe.server_port) return Recognition::kNo;
  const std::string_view text = as_text(probe.bytes);
  // Version 0 and one of four operations; or the first field of the second version.
  const bool old = text.size() >= kVersion1 && text[0] == 0 && text[1] >= 0 && text[1] <= 3;
  const bool recent = text.size() >= kGroupStateLength + 2U && text[0] == kGroupState &&
                      text[1] == kGroupStateLength && text[2] == 2;
  return old || recent ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& hsrp_dissector() {
  static constexpr DissectorInfo kInfo = with_state<HsrpDissector>({.name = "hsrp",
                                                                    .title = "Hot Standby Router Protocol",
                                                                    .layers = kLayers,
                                                                    .ports = kPorts,
                                                                    .clues = kClues,
                                                                    .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
