#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/heard.h"
#include "dissect/radius/packet.h"
#include "format/eap.h"

namespace bedrail {
namespace {

using namespace radius;

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {1812, 1813, 1645, 1646, 3799};
constexpr std::string_view kClues[] = {
    "radius.access",        "radius.called", "radius.dhcp-class", "radius.eap-type",     "radius.lldp-system",
    "radius.message-check", "radius.nas-ip", "radius.nas-vendor", "radius.cdp-platform", "radius.port",
    "radius.port-type",     "radius.ssid",   "radius.user-agent"};

constexpr std::size_t kMostText = 128;

/// What stands behind a port (RFC 2865, 5.41).
std::string_view port_type_name(std::uint32_t type) {
  return type == 15 ? "ethernet" : type == 19 ? "wireless" : type == 5 ? "virtual" : "";
}

/// "00-11-22-AA-BB-CC:staff" or "001122aabbcc": the MAC and what follows it.
struct Station {
  std::optional<MacAddress> mac;
  std::string_view network;
};
Station read_station(std::string_view text) {
  for (const std::size_t size : {17, 14, 12}) {
    if (text.size() < size || (text.size() > size && text[size] != ':')) continue;
    const auto mac = parse_mac(text.substr(0, size));
    if (!mac || mac->is_zero() || mac->is_multicast()) continue;
    return {mac, text.size() > size ? text.substr(size + 1) : std::string_view{}};
  }
  return {};
}

/// RADIUS (RFC 2865, 2866, 3579): which device stands behind which port of which switch or access point.
class RadiusDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    Packet packet;
    if (!read_packet(bytes, packet)) {
      out.anomaly("truncated");
      return Progress::failed();
    }
    if (packet.malformed) out.anomaly("bad-attribute");
    if (direction == Direction::kToServer) {
      if (packet.code == kAccessRequest || packet.code == kAccountingRequest) asked(packet, out);
    } else {
      answered(packet, out);
    }
    return Progress::all(bytes);
  }

 private:
  bool first(std::string_view key, std::string_view value, std::uint64_t who = 0) {
    return heard_.first(mix(hash64(value, hash64(key)), who));
  }
  void clue(const Party& who, std::string_view key, std::string_view value, Role role, Observer& out) {
    value = trim(value.substr(0, kMostText));
    const std::uint64_t subject = who.mac_declared && who.mac ? who.mac->value() : 0;
    if (is_printable_ascii(value) && first(key, value, subject)) out.clue(who, key, value, role);
  }

  void asked(const Packet& packet, Observer& out) {
    if (packet.code == kAccessRequest) methods_[packet.identifier] = packet.method;
    asker(packet, out);
    const Station calling = read_station(packet.calling);
    if (calling.mac) device(packet, *calling.mac, out);
  }

  /// The switch, access point or gateway that asks.
  void asker(const Packet& packet, Observer& out) {
    const Party client = out.client();
    const std::string_view name = packet.nas_identifier;
    if (is_printable_ascii(name) && !parse_ip(name) && !parse_mac(name) && first("name", name))
      out.name(client, "radius", name);
    if (packet.nas_ip && packet.nas_ip != client.ip)
      clue(client, "radius.nas-ip", to_string(*packet.nas_ip), Role::kClient, out);
    clue(client, "radius.port-type", port_type_name(packet.port_type), Role::kClient, out);
    if (packet.vendor != 0)
      clue(client, "radius.nas-vendor", std::to_string(packet.vendor), Role::kClient, out);
    const Station called = read_station(packet.called);
    if (called.mac) clue(client, "radius.called", to_string(*called.mac), Role::kClient, out);
    clue(client, "radius.ssid", called.network, Role::kClient, out);
    // Without it an answer can be forged (CVE-2024-3596); EAP has always had it.
    if (packet.code == kAccessRequest && !packet.message_authenticator)
      clue(client, "radius.message-check", "absent", Role::kClient, out);
  }

  /// What is told of the device behind the port, by its own MAC.
  void device(const Packet& packet, const MacAddress& mac, Observer& out) {
    const Party device{std::nullopt, mac, 0, true};
    const std::string nas = is_printable_ascii(packet.nas_identifier) ? std::string(packet.nas_identifier)
                            : packet.nas_ip                           ? to_string(*packet.nas_ip)
                                                                      : std::string();
    const std::string_view port = packet.nas_port_id.substr(0, kMostText);
    if (is_printable_ascii(port))
      clue(device, "radius.port", nas.empty() ? std::string(port) : nas + " " + std::string(port),
           Role::kSelf, out);
    clue(device, "radius.ssid", read_station(packet.called).network, Role::kSelf, out);
    clue(device, "radius.access", name_of(packet.method), Role::kSelf, out);
    if (const std::string_view machine = eap::machine_of(packet.user);
        !machine.empty() && first("machine", machine, mac.value()))
      out.name(device, "radius", machine);
    eap::Packet inner;
    if (eap::read_packet(packet.eap, inner) && inner.code == eap::kResponse)
      clue(device, "radius.eap-type", eap::method_name(inner.type), Role::kSelf, out);
    if (packet.framed_ip && first("address", to_string(*packet.framed_ip), mac.value())) {
      out.address({*packet.framed_ip, mac, 0, true}, {*packet.framed_ip, mac, "radius", 0});
    }
    for_each_pair(packet.attributes, [&](std::string_view pair) { sensed(pair, device, out); });
  }

  /// What Cisco's device sensor repeats of the device's own announcements: a TLV of CDP, LLDP or DHCP.
  void sensed(std::string_view pair, const Party& device, Observer& out) {
    constexpr std::uint16_t kCdpPlatform = 6, kLldpName = 5, kLldpSystem = 6, kDhcpName = 12, kDhcpClass = 60;
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) return;
    const std::string_view kind = pair.substr(0, equals);
    ByteReader reader(as_bytes(pair.substr(equals + 1)));
    if (kind == "http-tlv") {
      reader.skip(4);
      clue(device, "radius.user-agent", as_text(reader.rest()), Role::kSelf, out);
      return;
    }
    if (kind != "cdp-tlv" && kind != "lldp-tlv" && kind != "dhcp-option") return;
    const std::uint16_t type = reader.be16(), length = reader.be16();
    const std::string_view value = reader.text(std::min<std::size_t>(length, reader.remaining()));
    const bool is_name =
        (kind == "lldp-tlv" && type == kLldpName) || (kind == "dhcp-option" && type == kDhcpName);
    if (kind == "cdp-tlv" && type == kCdpPlatform)
      clue(device, "radius.cdp-platform", value, Role::kSelf, out);
    if (kind == "lldp-tlv" && type == kLldpSystem)
      clue(device, "radius.lldp-system", value, Role::kSelf, out);
    if (kind == "dhcp-option" && type == kDhcpClass)
      clue(device, "radius.dhcp-class", value, Role::kSelf, out);
    if (is_name && is_printable_ascii(value) && first("sensed", value, device.mac->value()))
      out.name(device, kind == "lldp-tlv" ? "lldp" : "dhcp", value);
  }

  void answered(const Packet& packet, Observer& out) {
    if (first("service", "")) out.service("radius");
    const bool accepted = packet.code == kAccessAccept, refused = packet.code == kAccessReject;
    if (!accepted && !refused) return;
    const Method method = methods_[packet.identifier];
    if (method == Method::kNone) return;
    methods_[packet.identifier] = Method::kNone;
    LoginSeen login;
    login.protocol = "radius";
    login.mechanism = name_of(method);
    login.outcome = accepted ? Outcome::kAccepted : Outcome::kRefused;
    out.login(login);
  }

  std::array<Method, 256> methods_{};  ///< of the requests by their identifier
  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  return probe.on_port && fits(probe.bytes) ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& radius_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<RadiusDissector>({.name = "radius",
                                   .title = "Remote Authentication Dial-In User Service",
                                   .layers = kLayers,
                                   .ports = kPorts,
                                   .clues = kClues,
                                   .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
