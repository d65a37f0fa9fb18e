#include "dissect/dissector.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/recent_set.h"

namespace bedrail {
namespace rtls {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
/// What the maker's guides use; each site sets its own.
constexpr std::uint16_t kPorts[] = {8000, 8050, 8180};
constexpr std::string_view kClues[] = {"rtls.access-point", "rtls.role", "rtls.tag"};

constexpr std::size_t kHeader = 16;
/// HMAC-SHA1 behind a message that is sent by itself.
constexpr std::size_t kSignature = 20;
constexpr unsigned kMessageLimit = 64;

enum Type : std::uint16_t {
  kConfigSet = 0x00,
  kStationRequest = 0x01,
  kAck = 0x10,
  kNack = 0x11,
  kTagReport = 0x12,
  kStationReport = 0x13,
  kCompound = 0x14,
  kNotification = 0x15,
  kMmsConfigSet = 0x16,
  kStationExReport = 0x17,
  kApExReport = 0x18,
};

struct Header {
  std::uint16_t type = 0;
  std::uint8_t major = 0, minor = 0;
  std::uint16_t length = 0, padding = 0;
  MacAddress access_point;
  bool whole = false;
};

MacAddress read_mac(ByteReader& reader) {
  MacAddress mac;
  const Bytes octets = reader.bytes(mac.octets.size());
  std::transform(octets.begin(), octets.end(), mac.octets.begin(),
                 [](std::byte b) { return static_cast<std::uint8_t>(b); });
  return mac;
}

Header read_header(ByteReader& reader) {
  Header out;
  out.type = reader.be16();
  reader.skip(2);
  out.major = reader.u8();
  out.minor = reader.u8();
  out.length = reader.be16();
  out.access_point = read_mac(reader);
  out.padding = reader.be16();
  out.whole = reader.ok();
  return out;
}

bool is_type(std::uint16_t type) { return type <= kStationRequest || (type >= kAck && type <= kApExReport); }
/// Only access points report; the engine configures, asks and acknowledges.
bool is_report(std::uint16_t type) {
  return type == kTagReport || type == kStationReport || type == kCompound || type == kNotification ||
         type == kStationExReport || type == kApExReport;
}
bool is_engines(std::uint16_t type) {
  return type == kConfigSet || type == kStationRequest || type == kMmsConfigSet;
}

/// Aruba's location interface: access points report tags to an engine.
class RtlsDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    const Header header = read_header(reader);
    ByteReader body = reader.slice(header.length);
    if (!reader.ok() || !is_type(header.type)) {
      out.anomaly(reader.ok() ? "bad-type" : "truncated");
      return Progress::all(bytes);
    }
    if (!is_report(header.type) && !is_engines(header.type)) return Progress::all(bytes);
    const bool up = direction == Direction::kToServer;
    const bool from_engine = is_engines(header.type);
    const Party sender = up ? out.client() : out.server(), receiver = up ? out.server() : out.client();
    const FlowKey& key = out.flow().key;
    ends(from_engine ? sender : receiver, up != from_engine ? key.server.port : key.client.port,
         from_engine ? receiver : sender, out);
    if (from_engine) return Progress::all(bytes);
    access_point(header, sender, out);
    if (header.type == kTagReport) tag(body, sender, out);
    if (header.type == kCompound) compound(body, sender, out);
    return Progress::all(bytes);
  }

 private:
  void ends(const Party& engine, std::uint16_t port, const Party& access_point, Observer& out) {
    if (told_) return;
    told_ = true;
    out.service_at(engine, {Transport::kUdp, port, "rtls", "", "", false});
    out.clue(engine, "rtls.role", "engine");
    out.clue(access_point, "rtls.role", "access-point");
  }

  void access_point(const Header& header, const Party& who, Observer& out) {
    const MacAddress mac = header.access_point;
    if (!mac.is_zero() && !mac.is_multicast() && said_.insert(hash_of(mac)))
      out.clue(who, "rtls.access-point", to_string(mac));
  }

  /// Several messages without signatures of their own (in one datagram: no deeper nesting is read).
  void compound(ByteReader body, const Party& who, Observer& out) {
    const std::uint16_t count = body.be16();
    body.skip(2);
    for (unsigned i = 0; i < count && i < kMessageLimit; ++i) {
      const Header header = read_header(body);
      const ByteReader inner = body.slice(header.length);
      if (!body.ok()) return out.anomaly("truncated");
      if (header.type == kTagReport) tag(inner, who, out);
    }
  }

  /// A tag has no address but its MAC: it is a device of its own.
  void tag(ByteReader body, const Party& reporter, Observer& out) {
    body.skip(6 + 1 + 1 + 4);
    const MacAddress mac = read_mac(body);
    if (!body.ok()) return out.anomaly("truncated");
    if (mac.is_zero() || mac.is_multicast() || !said_.insert(mix(hash_of(mac), 1))) return;
    out.clue(Party{std::nullopt, mac, reporter.vlan, true}, "rtls.tag", "tag");
  }

  RecentSet<128> said_;
  bool told_ = false;
};

Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  const Header header = read_header(reader);
  if (!header.whole || !is_type(header.type) || header.major != 1 || header.minor > 1 ||
      header.padding != 0 || header.access_point.is_zero() || header.access_point.is_multicast())
    return Recognition::kNo;
  const std::size_t rest = probe.bytes.size() - kHeader;
  if (rest != header.length + kSignature && rest != header.length) return Recognition::kNo;
  // The first two types begin with zeros, as much else does.
  return header.type >= kAck || probe.on_port ? Recognition::kYes : Recognition::kNo;
}

}  // namespace
}  // namespace rtls

const DissectorInfo& rtls_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<rtls::RtlsDissector>({.name = "rtls",
                                       .title = "Aruba location reports (RTLS)",
                                       .layers = rtls::kLayers,
                                       .ports = rtls::kPorts,
                                       .clues = rtls::kClues,
                                       .recognise = rtls::recognise,
                                       .first_bytes = FirstBytes::of(std::string_view("\0", 1))});
  return kInfo;
}

}  // namespace bedrail
