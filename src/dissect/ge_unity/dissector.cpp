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
/// Announcements, alarms, requests and the time; 3073 and 3074 are where a central has numbers and waves
/// sent.
constexpr std::uint16_t kPorts[] = {7000, 7001, 2000, 3073, 3074};
constexpr std::string_view kClues[] = {"ge-unity.bed", "ge-unity.message", "ge-unity.services"};

constexpr std::uint32_t kRwhatFront = 0x01040000;
constexpr std::size_t kRwhatSize = 88;
constexpr std::size_t kTimeSize = 64;
constexpr std::size_t kHeader = 24;
constexpr std::size_t kBedSize = 16;
constexpr std::size_t kPatientSize = 14;
constexpr std::uint16_t kDataKind = 0x00c9, kRequestKind = 0x00ca;
constexpr std::uint16_t kAlarmCode = 0x0004, kVitalsCode = 0x0014;
/// What a wave is of: the electrocardiogram's I, II, III, V, the pulse oximeter's, respiration.
constexpr std::uint16_t kWaveCodes[] = {0x07fb, 0x08fb, 0x09fb, 0x0afb, 0x2709, 0x1709};
constexpr unsigned kServiceLimit = 64;

/// "UNIT|BED" padded with NUL: up to 7 and 6 characters. Empty where the bytes are none.
std::string_view bed_of(Bytes bytes) {
  std::string_view text = as_text(bytes);
  text = text.substr(0, std::min(text.find('\0'), text.size()));
  const std::size_t bar = text.find('|');
  if (bar == std::string_view::npos || bar == 0 || bar > 7) return {};
  const std::string_view bed = text.substr(bar + 1);
  const bool fits = !bed.empty() && bed.size() <= 6 && bed.find('|') == std::string_view::npos;
  return fits && is_printable_ascii(text) ? text : std::string_view();
}

enum class Kind : std::uint8_t { kNone, kRwhat, kAlarm, kRequest, kAnswer, kWaves, kTime };

/// A message's front; what it is follows from it, its size and, where the bytes are weak, from its port.
struct Front {
  Kind kind = Kind::kNone;
  std::uint16_t code = 0;
  IpAddress sender;      ///< as the message says; unspecified in requests
  std::string_view bed;  ///< "UNIT|BED"
};

Front read_rwhat(Bytes bytes) {
  ByteReader reader(bytes);
  reader.skip(4);
  Front out;
  out.sender = IpAddress::from(reader.bytes(4));
  reader.skip(4);
  out.bed = bed_of(reader.bytes(kBedSize));
  reader.skip(kPatientSize);
  const std::uint16_t services = reader.be16();
  reader.skip(std::size_t{services} * 4);
  if (reader.ok() && !out.bed.empty() && services <= kServiceLimit) out.kind = Kind::kRwhat;
  return out;
}

Front read_front(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint32_t first = reader.be32();
  if (first == kRwhatFront) return read_rwhat(bytes);
  if ((first & 0xffff) == 0 && bytes.size() > kHeader) {
    ByteReader wave(bytes.subspan(4));
    const std::uint16_t code = wave.be16();
    if (std::find(std::begin(kWaveCodes), std::end(kWaveCodes), code) != std::end(kWaveCodes))
      return {Kind::kWaves, code, {}, {}};
  }
  const std::uint16_t gap = reader.be16();
  Front out;
  out.sender = IpAddress::from(reader.bytes(4));
  const std::uint16_t second_gap = reader.be16();
  const bool zeros = gap == 0 && second_gap == 0;
  const std::uint16_t kind = reader.be16();
  out.code = reader.be16();
  reader.seek(kHeader);
  if (bytes.size() >= kHeader + kBedSize) out.bed = bed_of(reader.bytes(kBedSize));
  if (!reader.ok()) return out;
  if (kind == kRequestKind && !out.bed.empty()) {
    // Its first twelve bytes are whatever was in memory.
    out.sender = {};
    out.kind = Kind::kRequest;
  } else if (zeros && kind == kDataKind) {
    out.kind = out.code == kAlarmCode && !out.bed.empty() ? Kind::kAlarm : Kind::kAnswer;
  } else if (zeros && kind == 0 && out.code == 0 && !out.bed.empty() && bytes.size() == kTimeSize) {
    out.kind = Kind::kTime;
  }
  return out;
}

/// GE's Unity (CARESCAPE) network of monitors, telemetry and central stations.
class GeUnityDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const Front front = read_front(bytes);
    const bool up = direction == Direction::kToServer;
    const Party sender = up ? out.client() : out.server();
    const Party receiver = up ? out.server() : out.client();
    if (front.kind == Kind::kNone) {
      out.anomaly("malformed");
      return Progress::all(bytes);
    }
    const bool tells_sender = front.kind != Kind::kRequest && front.kind != Kind::kWaves;
    if (tells_sender && front.sender != sender.ip) {
      // An answer's bytes are weak: without the sender's address in it, it is somebody else's.
      if (front.kind == Kind::kAnswer) return Progress::failed();
      out.anomaly("other-sender");
      return Progress::all(bytes);
    }
    switch (front.kind) {
      case Kind::kRwhat:
        rwhat(bytes, front, sender, receiver, out);
        break;
      case Kind::kAlarm:
        say(sender, "alarm", front.bed, out);
        break;
      case Kind::kTime:
        say(sender, "time-master", front.bed, out);
        break;
      case Kind::kAnswer:
        say(sender, front.code == kVitalsCode ? "vitals" : "data", {}, out);
        break;
      case Kind::kWaves:
        say(sender, "waves", {}, out);
        break;
      default:
        request(sender, receiver, out);
        break;
    }
    return Progress::all(bytes);
  }

 private:
  void say(const Party& who, std::string_view message, std::string_view bed, Observer& out) {
    if (heard_.first(hash64(message))) out.clue(who, "ge-unity.message", message);
    if (bed.empty() || !heard_.first(hash64(bed, 1))) return;
    out.clue(who, "ge-unity.bed", bed);
    out.name(who, "ge-unity", bed);
  }

  void rwhat(Bytes bytes, const Front& front, const Party& sender, const Party& everybody, Observer& out) {
    say(sender, "rwhat", front.bed, out);
    ByteReader reader(bytes);
    reader.skip(12 + kBedSize);
    const std::string_view patient = reader.text(kPatientSize);
    const bool named = !trim(patient.substr(0, std::min(patient.find('\0'), patient.size()))).empty();
    if (named && heard_.first(hash64("patient"))) out.patient_data(sender, everybody, "RWHAT", "name");
    std::string services;
    const std::uint16_t count = reader.be16();
    for (unsigned i = 0; i < count; ++i) {
      const std::uint16_t service = reader.be16();
      const std::uint16_t port = reader.be16();
      services.append(i == 0 ? "" : ",").append(std::to_string(service) + ":" + std::to_string(port));
      // Requests for numbers and waves go there; no other number's meaning is known.
      if (port == 2000 && heard_.first(hash64("service"))) {
        out.service_at(sender, {Transport::kUdp, port, "ge-unity", {}, {}, false});
      }
    }
    if (heard_.first(hash64(services, 2))) out.clue(sender, "ge-unity.services", services);
  }

  /// A central or a viewer asks a monitor for its numbers or waves; nobody asks who it is.
  void request(const Party& sender, const Party& monitor, Observer& out) {
    if (!heard_.first(hash64("request"))) return;
    out.clue(sender, "ge-unity.message", "request", Role::kClient);
    if (!monitor.ip || monitor.ip != out.server().ip || !monitor.ip->is_unicast()) return;
    out.service("ge-unity");
    out.session({"ge-unity", SessionSeen::Authentication::kNone, false});
  }

  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  const Front front = read_front(probe.bytes);
  switch (front.kind) {
    case Kind::kRwhat:
      return probe.on_port || probe.bytes.size() == kRwhatSize ? Recognition::kYes : Recognition::kNo;
    case Kind::kAlarm:
      return Recognition::kYes;
    case Kind::kRequest:
    case Kind::kTime:
      return probe.on_port ? Recognition::kYes : Recognition::kNo;
    case Kind::kAnswer:
    case Kind::kWaves:
      return probe.on_port ? Recognition::kMaybe : Recognition::kNo;
    default:
      return Recognition::kNo;
  }
}

}  // namespace

const DissectorInfo& ge_unity_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<GeUnityDissector>({.name = "ge-unity",
                                    .title = "GE Unity (CARESCAPE) monitoring network",
                                    .layers = kLayers,
                                    .ports = kPorts,
                                    .clues = kClues,
                                    .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
