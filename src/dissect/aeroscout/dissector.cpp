#include "dissect/dissector.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/recent_set.h"

namespace bedrail {
namespace aeroscout {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kAccessPointPort = 1144;
constexpr std::uint16_t kEnginePorts[] = {12091, 12092};
constexpr std::uint16_t kPorts[] = {kAccessPointPort, 12091, 12092};
constexpr std::string_view kClues[] = {"aeroscout.role", "aeroscout.access-point"};

constexpr std::uint16_t kMagic = 0x7c83;
constexpr std::size_t kHeader = 8;
constexpr std::uint8_t kNotification = 0xd9, kAcknowledgement = 0xd0;

bool is_engine(std::uint16_t port) {
  return std::find(std::begin(kEnginePorts), std::end(kEnginePorts), port) != std::end(kEnginePorts);
}

/// Wireless access points that report location tags to an AeroScout (Stanley, Securitas) location engine.
class AeroscoutDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    const std::uint16_t magic = reader.be16();
    reader.skip(2);
    const std::uint8_t code = reader.u8();
    reader.skip(1);
    ByteReader body = reader.slice(reader.be16());
    if (magic != kMagic || !reader.ok()) {
      out.anomaly(magic == kMagic ? "truncated" : "bad-magic");
      return Progress::all(bytes);
    }
    ends(out);
    if (code != kNotification) return Progress::all(bytes);
    const Bytes octets = body.bytes(6);
    if (!body.ok()) {
      out.anomaly("truncated");
      return Progress::all(bytes);
    }
    MacAddress mac;
    std::transform(octets.begin(), octets.end(), mac.octets.begin(),
                   [](std::byte b) { return static_cast<std::uint8_t>(b); });
    if (mac.is_zero() || mac.is_multicast() || !said_.insert(hash_of(mac))) return Progress::all(bytes);
    const Party sender = direction == Direction::kToServer ? out.client() : out.server();
    out.clue(sender, "aeroscout.access-point", to_string(mac));
    return Progress::all(bytes);
  }

 private:
  /// Which end is which: the ports tell, whoever spoke first.
  void ends(Observer& out) {
    if (told_) return;
    told_ = true;
    const FlowKey& key = out.flow().key;
    const bool engine_serves = is_engine(key.server.port);
    if (!engine_serves && !is_engine(key.client.port)) return;
    const Party engine = engine_serves ? out.server() : out.client();
    out.service_at(engine, {Transport::kUdp, engine_serves ? key.server.port : key.client.port, "aeroscout",
                            "", "", false});
    out.clue(engine, "aeroscout.role", "engine");
    const std::uint16_t other = engine_serves ? key.client.port : key.server.port;
    if (other == kAccessPointPort)
      out.clue(engine_serves ? out.client() : out.server(), "aeroscout.role", "access-point");
  }

  RecentSet<16> said_;
  bool told_ = false;
};

Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  const std::uint16_t magic = reader.be16();
  reader.skip(2);
  const std::uint8_t code = reader.u8();
  reader.skip(1);
  const std::uint16_t length = reader.be16();
  if (!reader.ok() || magic != kMagic || length != probe.bytes.size() - kHeader) return Recognition::kNo;
  const bool known = code == kNotification || code == kAcknowledgement;
  return known || probe.on_port ? Recognition::kYes : Recognition::kNo;
}

}  // namespace
}  // namespace aeroscout

const DissectorInfo& aeroscout_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<aeroscout::AeroscoutDissector>({.name = "aeroscout",
                                                 .title = "AeroScout location engine and access points",
                                                 .layers = aeroscout::kLayers,
                                                 .ports = aeroscout::kPorts,
                                                 .clues = aeroscout::kClues,
                                                 .recognise = aeroscout::recognise,
                                                 .first_bytes = FirstBytes::of("\x7c")});
  return kInfo;
}

}  // namespace bedrail
