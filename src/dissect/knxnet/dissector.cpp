#include "dissect/dissector.h"

#include <optional>
#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "dissect/heard.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp, Layer::kTcp};
constexpr std::uint16_t kPorts[] = {3671};
constexpr std::string_view kClues[] = {"knxnet.address", "knxnet.serial", "knxnet.mac",
                                       "knxnet.maker",   "knxnet.device", "knxnet.services"};

/// Header (KNX specification 3/8/2, 2.3): its size, the version, the service, the whole length.
constexpr std::uint8_t kHeader = 6;
constexpr std::uint8_t kVersion = 0x10, kVersionSecond = 0x20;
/// Service types (3/8/1, 2): core, device management, tunnelling, routing.
constexpr std::uint16_t kSearchResponse = 0x0202, kDescriptionResponse = 0x0204, kConnectRequest = 0x0205,
                        kConnectResponse = 0x0206, kSearchResponseExtended = 0x020c, kRouting = 0x0530,
                        kSecureWrapper = 0x0950, kSecureSession = 0x0951;
/// Blocks of a description (3/8/2, 7.5.4).
constexpr std::uint8_t kDeviceInformation = 1, kServiceFamilies = 2, kManufacturerData = 0xfe;
/// Kinds of connection (3/8/2, 7.5.2).
constexpr std::uint8_t kDeviceManagement = 3, kTunnel = 4;
constexpr std::size_t kNameSize = 30;

struct Header {
  std::uint16_t service = 0, length = 0;
};

std::optional<Header> read_header(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint8_t size = reader.u8(), version = reader.u8();
  const Header out{reader.be16(), reader.be16()};
  if (!reader.ok() || size != kHeader || (version != kVersion && version != kVersionSecond) ||
      out.length < kHeader)
    return std::nullopt;
  const std::uint16_t family = out.service >> 8;
  const bool known =
      family == 2 || family == 3 || family == 4 || family == 5 || family == 7 || family == 8 || family == 9;
  return known ? std::optional(out) : std::nullopt;
}

/// A service family's name (3/8/2, 7.5.4.3).
std::string_view family_name(std::uint8_t family) {
  switch (family) {
    case 2:
      return "core";
    case 3:
      return "management";
    case 4:
      return "tunnelling";
    case 5:
      return "routing";
    case 6:
      return "remote-logging";
    case 7:
      return "remote-configuration";
    case 8:
      return "object-server";
    case 9:
      return "security";
    default:
      return {};
  }
}

/// An individual address "area.line.device".
std::string individual_address(std::uint16_t address) {
  return std::to_string(address >> 12) + "." + std::to_string(address >> 8 & 15) + "." +
         std::to_string(address & 255);
}

/// KNX over IP: which gateways and devices there are, and who works through them.
class KnxnetDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const bool stream = out.flow().key.transport == Transport::kTcp;
    if (stream && bytes.size() < kHeader) return Progress::need(0, kHeader);
    const auto header = read_header(bytes);
    if (!header || (!stream && header->length != bytes.size())) {
      out.anomaly("malformed-message");
      return stream ? Progress::failed() : Progress::all(bytes);
    }
    if (bytes.size() < header->length) return Progress::need(0, header->length);
    ByteReader body(bytes.subspan(kHeader, header->length - kHeader));
    message(direction, header->service, body, out);
    if (!body.ok()) out.anomaly("malformed-message");
    return Progress::need(header->length, 0);
  }

 private:
  void message(Direction direction, std::uint16_t service, ByteReader& body, Observer& out) {
    switch (service) {
      case kSearchResponse:
      case kSearchResponseExtended:
        body.skip(body.peek());  // its control endpoint
        described(direction, body, out);
        break;
      case kDescriptionResponse:
        described(direction, body, out);
        break;
      case kConnectRequest: {
        body.skip(body.peek());
        body.skip(body.peek());
        body.skip(1);
        connection_ = body.u8();
        break;
      }
      case kConnectResponse:
        connected(direction, body, out);
        break;
      case kRouting:
        routed(direction, body, out);
        break;
      case kSecureWrapper:
      case kSecureSession:
        if (heard_.first(hash64("secure"))) {
          serves(direction, out);
          out.session({"knxnet", SessionSeen::Authentication::kPresent, true});
        }
        break;
      default:
        break;
    }
  }

  static Party sender(Direction direction, Observer& out) {
    return direction == Direction::kToServer ? out.client() : out.server();
  }

  void serves(Direction direction, Observer& out) {
    const FlowKey& key = out.flow().key;
    const bool client = direction == Direction::kToServer;
    // Who answers from a port of the moment listens at none that is known.
    if (client && key.client.port != kPorts[0]) return;
    if (!heard_.first(hash64("service", static_cast<std::uint64_t>(direction)))) return;
    const std::uint16_t port = client ? key.client.port : key.server.port;
    out.service_at(sender(direction, out), {key.transport, port, "knxnet", {}, {}, false});
  }

  void tell(Direction direction, std::string_view key, std::string_view text, Observer& out) {
    if (heard_.first(mix(hash64(key, static_cast<std::uint64_t>(direction)), hash64(text))))
      out.clue(sender(direction, out), key, text, Role::kServer);
  }

  void described(Direction direction, ByteReader& body, Observer& out) {
    serves(direction, out);
    while (body.remaining() >= 2) {
      const std::uint8_t size = body.u8();
      if (size < 2) return body.fail();
      ByteReader block = body.slice(size - 2U + 1U);
      const std::uint8_t kind = block.u8();
      if (!body.ok()) return;
      if (kind == kDeviceInformation) device(direction, block, out);
      if (kind == kServiceFamilies) families(direction, block, out);
      if (kind == kManufacturerData) tell(direction, "knxnet.maker", std::to_string(block.be16()), out);
      if (!block.ok()) return body.fail();
    }
  }

  /// The block that says what the device is (3/8/2, 7.5.4.2).
  void device(Direction direction, ByteReader& block, Observer& out) {
    block.skip(2);  // medium, status
    const std::uint16_t address = block.be16();
    block.skip(2);  // project
    const Bytes serial = block.bytes(6);
    block.skip(4);  // multicast address
    const MacAddress mac = MacAddress::from(block.bytes(6));
    const std::string_view name = block.text(kNameSize);
    if (!block.ok()) return;
    // 15.15.255 is what a device without one says.
    if (address != 0 && address != 0xffff)
      tell(direction, "knxnet.address", individual_address(address), out);
    ByteReader maker(serial);
    const std::uint16_t number = maker.be16();
    if (number != 0 || maker.be32() != 0) {
      tell(direction, "knxnet.serial", to_hex(serial), out);
      tell(direction, "knxnet.maker", std::to_string(number), out);
    }
    const Party who = sender(direction, out);
    if (!mac.is_zero() && !mac.is_multicast()) {
      const std::string written = to_string(mac);
      tell(direction, "knxnet.mac", written, out);
      // Behind a router the frame's is the router's.
      if (who.ip && heard_.first(hash64(written, 6))) out.address(who, {*who.ip, mac, "knxnet", 0});
    }
    const std::string_view text = name.substr(0, name.find('\0'));
    if (heard_.first(hash64(text, 30))) {
      out.name(who, "knxnet", text);
      tell(direction, "knxnet.device", text, out);
    }
  }

  void families(Direction direction, ByteReader& block, Observer& out) {
    std::string list;
    while (block.remaining() >= 2) {
      const std::string_view name = family_name(block.u8());
      block.skip(1);  // version
      if (name.empty()) continue;
      list.append(list.empty() ? "" : ",").append(name);
    }
    if (!list.empty()) tell(direction, "knxnet.services", list, out);
  }

  void connected(Direction direction, ByteReader& body, Observer& out) {
    body.skip(1);  // channel
    const std::uint8_t status = body.u8();
    serves(direction, out);
    if (direction != Direction::kToClient || status != 0 || !body.ok()) return;
    if (heard_.first(hash64("session"))) out.session({"knxnet", SessionSeen::Authentication::kNone, false});
    const std::string_view kind = connection_ == kDeviceManagement ? "device management"
                                  : connection_ == kTunnel         ? "tunnel"
                                                                   : std::string_view{};
    if (!kind.empty() && heard_.first(hash64(kind))) out.message(out.client(), out.server(), kind);
  }

  /// A telegram that a router sends on: its own address is not in it, but that it routes is told.
  void routed(Direction direction, ByteReader& body, Observer& out) {
    body.skip(2);
    if (body.ok()) tell(direction, "knxnet.services", "routing", out);
  }

  Heard heard_;
  std::uint8_t connection_ = 0;
};

Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  if (probe.bytes.size() < kHeader) {
    const bool fits = reader.u8() == kHeader && (probe.bytes.size() < 2 || reader.peek() == kVersion ||
                                                 reader.peek() == kVersionSecond);
    return fits ? Recognition::kMore : Recognition::kNo;
  }
  const auto header = read_header(probe.bytes);
  if (!header) return Recognition::kNo;
  return probe.on_port || header->length == probe.bytes.size() ? Recognition::kYes : Recognition::kMaybe;
}

}  // namespace

const DissectorInfo& knxnet_dissector() {
  static constexpr DissectorInfo kInfo = with_state<KnxnetDissector>({.name = "knxnet",
                                                                      .title = "KNXnet/IP",
                                                                      .layers = kLayers,
                                                                      .ports = kPorts,
                                                                      .clues = kClues,
                                                                      .recognise = recognise,
                                                                      .first_bytes = FirstBytes::of("\x06"),
                                                                      .max_buffer = 66 * 1024});
  return kInfo;
}

}  // namespace bedrail
