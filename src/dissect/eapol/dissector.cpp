#include "dissect/dissector.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "format/eap.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kEther};
constexpr std::uint16_t kEtherTypes[] = {0x888e};
constexpr std::string_view kClues[] = {
    "eapol.key",        "eapol.method",    "eapol.nas",       "eapol.network",          "eapol.start",
    "eapol.wps-device", "eapol.wps-maker", "eapol.wps-model", "eapol.wps-model-number", "eapol.wps-serial"};

/// Types of packets (IEEE 802.1X-2020, 11.3.2).
constexpr std::uint8_t kEapPacket = 0, kStart = 1, kKey = 3, kMostType = 9;
constexpr std::uint8_t kExpanded = 254;
constexpr std::size_t kMostText = 128;

/// 802.1X and the keys of wireless networks on the link: what a device proves itself with.
class EapolDissector final : public Dissector {
 public:
  Progress consume(Direction, Bytes bytes, Observer& out) override {
    // The frame is never forwarded, so its MAC is the subject's own.
    Party who = out.client();
    who.mac_declared = who.mac.has_value();
    ByteReader reader(bytes);
    const std::uint8_t version = reader.u8(), type = reader.u8();
    const std::uint16_t length = reader.be16();
    if (!reader.ok() || length > reader.remaining()) {
      out.anomaly("truncated");
      return Progress::done();
    }
    if (version == 0 || version > 3 || type > kMostType) {
      out.anomaly("bad-header");
      return Progress::done();
    }
    const Bytes body = reader.bytes(length);
    if (type == kEapPacket) {
      authentication(body, who, out);
    } else if (type == kStart) {
      out.clue(who, "eapol.start", "802.1X-" + std::string(year_of(version)), Role::kClient);
    } else if (type == kKey) {
      key(ByteReader(body), who, out);
    }
    return Progress::done();
  }

 private:
  static std::string_view year_of(std::uint8_t version) {
    return version == 1 ? "2001" : version == 2 ? "2004" : "2010";
  }

  static void authentication(Bytes body, const Party& who, Observer& out) {
    eap::Packet packet;
    if (!eap::read_packet(body, packet)) return out.anomaly("bad-eap");
    const bool answers = packet.code == eap::kResponse;
    const Role role = answers ? Role::kClient : Role::kServer;
    if (packet.type == eap::kIdentity) {
      if (answers) {
        // A person's identity is an account: only a machine's is told.
        out.name(who, "eapol", eap::machine_of(as_text(packet.data)));
      } else if (packet.code == eap::kRequest) {
        asked(as_text(packet.data), who, out);
      }
      return;
    }
    out.clue(who, "eapol.method", eap::method_name(packet.type), role);
    if (packet.type == kExpanded) protected_setup(ByteReader(packet.data), who, out);
  }

  /// What an authenticator says of itself in its question (RFC 4284, 2): "\0networkid=N,nasid=A,portid=7".
  static void asked(std::string_view text, const Party& who, Observer& out) {
    const auto field = [&](std::string_view key) {
      const std::size_t at = text.find(key);
      const std::string_view value = at == std::string_view::npos ? "" : text.substr(at + key.size());
      return value.substr(0, std::min(value.find(','), kMostText));
    };
    out.clue(who, "eapol.nas", field("nasid="), Role::kServer);
    out.clue(who, "eapol.network", field("networkid="), Role::kServer);
  }

  /// Wi-Fi Protected Setup (Wi-Fi Simple Configuration 2.0, 7.7.1, 12): a device describes itself in clear.
  static void protected_setup(ByteReader reader, const Party& who, Observer& out) {
    constexpr std::uint32_t kAlliance = 0x00372a, kSimpleConfiguration = 1;
    constexpr std::uint8_t kLengthFollows = 2;
    constexpr unsigned kMostAttributes = 64;
    const std::uint32_t vendor = reader.be24(), type = reader.be32();
    reader.skip(1);
    const std::uint8_t flags = reader.u8();
    if (!reader.ok() || vendor != kAlliance || type != kSimpleConfiguration) return;
    if ((flags & kLengthFollows) != 0) reader.skip(2);
    for (unsigned i = 0; i < kMostAttributes && reader.ok() && reader.remaining() >= 4; ++i) {
      const std::uint16_t attribute = reader.be16(), length = reader.be16();
      const std::string_view value = reader.text(length);
      const std::string_view clue = setup_clue(attribute);
      if (reader.ok() && !clue.empty() && is_printable_ascii(trim(value))) out.clue(who, clue, value);
    }
  }

  static std::string_view setup_clue(std::uint16_t attribute) {
    switch (attribute) {
      case 0x1011:
        return "eapol.wps-device";
      case 0x1021:
        return "eapol.wps-maker";
      case 0x1023:
        return "eapol.wps-model";
      case 0x1024:
        return "eapol.wps-model-number";
      case 0x1042:
        return "eapol.wps-serial";
      default:
        return {};
    }
  }

  /// A handshake's message (IEEE 802.11-2020, 12.7.2): who asks is the access point.
  static void key(ByteReader reader, const Party& who, Observer& out) {
    constexpr std::uint8_t kRc4 = 1, kRsn = 2, kWpa = 254;
    constexpr std::uint16_t kAcknowledge = 0x80;
    const std::uint8_t descriptor = reader.u8();
    if (descriptor == kRc4) return out.clue(who, "eapol.key", "wep");
    const std::uint16_t information = reader.be16();
    if (!reader.ok()) return out.anomaly("truncated");
    if (descriptor != kRsn && descriptor != kWpa) return out.anomaly("bad-key");
    const unsigned version = information & 7;
    // 1 goes with TKIP, 2 and 3 with AES; 0 leaves it to the suite, as SAE does.
    const std::string cipher = version == 1 ? "-tkip" : version == 0 ? "" : "-aes";
    out.clue(who, "eapol.key", (descriptor == kRsn ? "rsn" : "wpa") + cipher,
             (information & kAcknowledge) != 0 ? Role::kServer : Role::kClient);
  }
};

}  // namespace

const DissectorInfo& eapol_dissector() {
  static constexpr DissectorInfo kInfo = with_state<EapolDissector>({.name = "eapol",
                                                                     .title = "802.1X over LANs",
                                                                     .layers = kLayers,
                                                                     .ports = kEtherTypes,
                                                                     .clues = kClues});
  return kInfo;
}

}  // namespace bedrail
