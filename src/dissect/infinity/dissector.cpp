#include "dissect/dissector.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/text.h"
#include "dissect/heard.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kDiscoveryPort = 2150, kDataPort = 2050;
constexpr std::uint16_t kPorts[] = {kDiscoveryPort, kDataPort};
constexpr std::string_view kClues[] = {"infinity.bed",   "infinity.data",   "infinity.firmware",
                                       "infinity.model", "infinity.serial", "infinity.services",
                                       "infinity.unit"};

constexpr std::size_t kDiscoveryHeader = 24;
constexpr std::uint16_t kSegment = 0x002d;
constexpr std::size_t kSegmentHead = 7, kNdoHead = 4;
enum : std::uint8_t { kFullName = 1, kPatient = 5, kService = 11, kDevice = 13 };
enum : std::uint16_t { kWaveform = 12, kParameters = 14 };
/// Segments or objects in one datagram; it holds no more than so many of the smallest.
constexpr unsigned kItemLimit = 512;

/// Announcements: the sender's address, 4, 1, then segments up to one whose mark is 0.
bool is_discovery(Bytes bytes) {
  ByteReader reader(bytes);
  reader.skip(4);
  const bool front = reader.be16() == 4 && reader.be32() == 1;
  reader.seek(std::min(kDiscoveryHeader, bytes.size()));
  for (unsigned i = 0; i < kItemLimit && front && reader.ok(); ++i) {
    reader.skip(2);
    if (const std::uint16_t mark = reader.be16(); mark != kSegment) return reader.ok() && mark == 0 && i > 0;
    const std::uint16_t length = reader.be16();
    if (length <= kSegmentHead) return false;
    reader.skip(length - std::size_t{6});
  }
  return false;
}

/// Measurements: as many network data objects as the header says, which fill the datagram.
bool is_data(Bytes bytes) {
  ByteReader reader(bytes);
  reader.skip(29);
  const std::uint8_t count = reader.u8();
  reader.skip(2);
  for (unsigned i = 0; i < count; ++i) {
    reader.skip(2);
    const std::uint16_t length = reader.be16();
    if (length < kNdoHead) return false;
    reader.skip(length - kNdoHead);
  }
  return reader.ok() && reader.empty() && count > 0;
}

/// A UTF-16 text of `length` characters, padded to an even number of them.
std::string wide(ByteReader& reader, std::size_t length) {
  const Bytes text = reader.bytes(2 * length);
  if (length % 2 == 1) reader.skip(2);
  return std::string(trim(utf16be_to_utf8(text)));
}

/// What an announcement's segments add up to.
struct Announced {
  std::string services;
  bool name = false, id = false;  ///< of a patient
};

/// Draeger's Infinity network of patient monitors: announcements and measurements to multicast groups.
class InfinityDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const bool up = direction == Direction::kToServer;
    const Party sender = up ? out.client() : out.server();
    const bool discovery = is_discovery(bytes);
    ByteReader reader(bytes);
    reader.skip(discovery ? 0 : 12);
    const IpAddress declared = IpAddress::from(reader.bytes(4));
    if (!discovery && !is_data(bytes)) {
      out.anomaly("malformed");
    } else if (declared != sender.ip) {
      out.anomaly("other-sender");
    } else if (discovery) {
      announced(bytes, sender, up ? out.server() : out.client(), out);
    } else {
      measured(bytes, sender, out);
    }
    return Progress::all(bytes);
  }

 private:
  void say(const Party& who, std::string_view key, std::string_view value, Observer& out) {
    if (!value.empty() && heard_.first(hash64(value, hash64(key)))) out.clue(who, key, value);
  }

  void announced(Bytes bytes, const Party& sender, const Party& everybody, Observer& out) {
    ByteReader reader(bytes);
    reader.skip(20);
    say(sender, "infinity.unit", std::to_string(reader.u8()), out);
    reader.skip(3);
    Announced all;
    for (unsigned i = 0; i < kItemLimit; ++i) {
      reader.skip(2);
      if (reader.be16() != kSegment) break;
      const std::uint16_t length = reader.be16();
      const std::uint8_t code = reader.u8();
      ByteReader segment = reader.slice(length - kSegmentHead);
      const std::string name = wide(segment, segment.u8());
      if (code == kFullName) named(sender, name, out);
      if (code == kPatient) patient(segment, all);
      if (code == kService) service(segment, all);
      if (code == kDevice) device(segment, sender, out);
      if (!segment.ok()) out.anomaly("bad-segment");
    }
    say(sender, "infinity.services", all.services, out);
    const std::string_view kinds = all.name ? (all.id ? "id,name" : "name") : all.id ? "id" : "";
    if (!kinds.empty() && heard_.first(hash64(kinds, 1)))
      out.patient_data(sender, everybody, "discovery", kinds);
  }

  /// Its full name is the bed's label.
  void named(const Party& sender, const std::string& name, Observer& out) {
    if (!name.empty() && heard_.first(hash64(name))) out.name(sender, "infinity", name);
    say(sender, "infinity.bed", name, out);
  }

  static void patient(ByteReader& segment, Announced& all) {
    segment.skip(9);
    const std::uint8_t name = segment.u8();
    const std::uint8_t id = segment.u8();
    segment.skip(1);
    all.name = !wide(segment, name).empty() || all.name;
    all.id = !wide(segment, id).empty() || all.id;
  }

  /// Address, 0, a number, the port, the kind of service: "2050:4" is where measurements go.
  static void service(ByteReader& segment, Announced& all) {
    segment.skip(8);
    if (!segment.ok() || segment.remaining() < 4) return;
    const std::uint16_t port = segment.be16();
    const std::uint16_t kind = segment.be16();
    all.services.append(all.services.empty() ? "" : ",")
        .append(std::to_string(port) + ":" + std::to_string(kind));
  }

  void device(ByteReader& segment, const Party& sender, Observer& out) {
    segment.skip(11);
    const std::uint8_t firmware = segment.u8();
    const std::uint8_t model = segment.u8();
    const std::uint8_t serial = segment.u8();
    segment.skip(2);
    const std::string texts[] = {wide(segment, firmware), wide(segment, model), wide(segment, serial)};
    if (!segment.ok()) return;
    say(sender, "infinity.firmware", texts[0], out);
    say(sender, "infinity.model", texts[1], out);
    say(sender, "infinity.serial", texts[2], out);
  }

  void measured(Bytes bytes, const Party& sender, Observer& out) {
    ByteReader reader(bytes);
    reader.skip(29);
    const std::uint8_t count = reader.u8();
    reader.skip(2);
    for (unsigned i = 0; i < count; ++i) {
      const std::uint16_t id = reader.be16();
      reader.skip(reader.be16() - kNdoHead);
      if (id == kWaveform) say(sender, "infinity.data", "waveform", out);
      if (id == kParameters) say(sender, "infinity.data", "parameters", out);
    }
  }

  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  if (is_discovery(probe.bytes)) return Recognition::kYes;
  return probe.on_port && is_data(probe.bytes) ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& infinity_dissector() {
  static constexpr DissectorInfo kInfo = with_state<InfinityDissector>({.name = "infinity",
                                                                        .title = "Draeger Infinity network",
                                                                        .layers = kLayers,
                                                                        .ports = kPorts,
                                                                        .clues = kClues,
                                                                        .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
