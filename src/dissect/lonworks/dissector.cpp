#include "dissect/dissector.h"

#include <optional>
#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "dissect/heard.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {1628, 1629};
constexpr std::string_view kClues[] = {"lonworks.message", "lonworks.vendor-code"};

/// Header (EIA-852): length, version, type, size of the extended header, flags, vendor, session, sequence,
/// time.
constexpr std::size_t kHeader = 20;
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kAuthenticated = 0x20;

std::string_view message_name(std::uint8_t type) {
  switch (type) {
    case 0x01:
      return "data";
    case 0x03:
      return "device-registration";
    case 0x04:
      return "channel-membership";
    case 0x06:
      return "send-list";
    case 0x07:
      return "acknowledge";
    case 0x08:
      return "channel-routing";
    case 0x60:
      return "statistics-request";
    case 0x63:
      return "device-configuration-request";
    case 0x64:
      return "channel-membership-request";
    case 0x66:
      return "send-list-request";
    case 0x68:
      return "channel-routing-request";
    case 0x70:
      return "statistics";
    case 0x71:
      return "device-configuration";
    case 0x7f:
      return "segment";
    default:
      return {};
  }
}

struct Header {
  std::string_view name;
  std::uint16_t vendor = 0;
  bool authenticated = false;
};

std::optional<Header> read_header(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint16_t length = reader.be16();
  const std::uint8_t version = reader.u8();
  Header out;
  out.name = message_name(reader.u8());
  const std::uint8_t extended = reader.u8();
  out.authenticated = (reader.u8() & kAuthenticated) != 0;
  out.vendor = reader.be16();
  reader.skip(12);
  // The extended header is counted in words of four octets.
  reader.skip(std::size_t{extended} * 4);
  if (!reader.ok() || length != bytes.size() || version != kVersion || out.name.empty()) return std::nullopt;
  return out;
}

bool is_port(std::uint16_t port) { return port == kPorts[0] || port == kPorts[1]; }

/// LonWorks over IP, seen as such: routers and devices of a LON, and who configures them.
class LonworksDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const auto header = read_header(bytes);
    if (!header) {
      out.anomaly("malformed-message");
      return Progress::all(bytes);
    }
    const bool client = direction == Direction::kToServer;
    const Party who = client ? out.client() : out.server();
    const auto side = static_cast<std::uint64_t>(direction);
    const FlowKey& key = out.flow().key;
    // Who speaks from a port of the moment listens at none that is known.
    if ((!client || is_port(key.client.port)) && heard_.first(hash64("service", side))) {
      out.service_at(who,
                     {key.transport, client ? key.client.port : key.server.port, "lonworks", {}, {}, false});
    }
    if (heard_.first(hash64(header->name, side))) out.clue(who, "lonworks.message", header->name);
    if (header->vendor != 0 && heard_.first(mix(side, header->vendor)))
      out.clue(who, "lonworks.vendor-code", std::to_string(header->vendor));
    if (client && heard_.first(hash64("session", header->authenticated ? 1 : 0)))
      out.session(
          {"lonworks",
           header->authenticated ? SessionSeen::Authentication::kPresent : SessionSeen::Authentication::kNone,
           false});
    return Progress::all(bytes);
  }

 private:
  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  // A length and small numbers: only on the ports is that LonWorks.
  return probe.on_port && read_header(probe.bytes) ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& lonworks_dissector() {
  static constexpr DissectorInfo kInfo = with_state<LonworksDissector>({.name = "lonworks",
                                                                        .title = "LonWorks over IP",
                                                                        .layers = kLayers,
                                                                        .ports = kPorts,
                                                                        .clues = kClues,
                                                                        .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
