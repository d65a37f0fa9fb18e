#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "base/hash.h"
#include "base/short_text.h"
#include "dissect/heard.h"
#include "format/hl7_patient.h"
#include "format/hl7_segment.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp, Layer::kUdp};
/// Announcements (UDP), results, and what is written to the monitor.
constexpr std::uint16_t kPorts[] = {4600, 4601, 4678};
constexpr std::string_view kClues[] = {"mindray-pds.bed", "mindray-pds.device", "mindray-pds.message"};

constexpr char kStartBlock = '\x0b', kEndBlock = '\x1c', kEndSegment = '\r';
/// The segments that are read are short; of longer ones (waves) the rest is passed over.
constexpr std::size_t kSegmentLimit = 1024;
constexpr std::size_t kDatagramText = 4096;
constexpr std::string_view kVersion = "2.3.1";
constexpr std::string_view kBedNumber = "2308";

enum : std::uint8_t { kIdKind = kHl7Id, kNameKind = kHl7Name, kBirthDateKind = kHl7BirthDate, kSexKind = 8 };
constexpr std::string_view kKinds[] = {"id", "name", "birth-date", "sex"};

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// The dialect's header: nobody named as sender or receiver, a number for the message's kind, version 2.3.1.
bool is_dialect(const Hl7Segment& header) {
  for (std::size_t field = 3; field <= 7; ++field) {
    if (!header.field(field).empty()) return false;
  }
  return header.id() == "MSH" && header.field(9).size() >= 3 && is_number(header.field(10)) &&
         header.component(header.field(12), 1) == kVersion;
}

/// A whole number in decimal; 0 where it is none.
std::uint32_t number_of(std::string_view text) {
  std::uint32_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && stop == text.data() + text.size() ? value : 0;
}

/// UTF-16 (little endian) as bytes: the delimiters and numbers that are read are ASCII, anything else becomes
/// '?'.
std::string narrow(Bytes bytes) {
  std::string out;
  for (std::size_t i = 0; i + 1 < bytes.size() && out.size() < kDatagramText; i += 2)
    out.push_back(bytes[i + 1] == std::byte{0} ? static_cast<char>(bytes[i]) : '?');
  return out;
}

/// What the segments of one message told.
struct Message {
  bool open = false;
  std::uint8_t patient = 0;
  std::uint16_t port = 0;     ///< where its results can be had
  std::uint32_t address = 0;  ///< the monitor's own, as PV1-3 tells it
  ShortText<8> number;        ///< the message's kind: MSH-10
  ShortText<16> type;         ///< "ORU^R01"
  ShortText<64> bed, device;  ///< "office^bed"; OBR-4
};

void read_patient(const Hl7Segment& segment, Message& message) {
  unsigned kinds = message.patient;
  if (segment.says_something(3)) kinds |= kIdKind;
  if (segment.says_something(5)) kinds |= kNameKind;
  if (segment.says_something(7)) kinds |= kBirthDateKind;
  if (segment.says_something(8)) kinds |= kSexKind;
  message.patient = static_cast<std::uint8_t>(kinds);
}

/// PV1-3: "^^office&bed&address as decimal number&port&&1".
void read_place(const Hl7Segment& segment, Message& message) {
  const std::string_view place = segment.component(segment.field(3), 3);
  const char sub = segment.separators().subcomponent;
  const std::string_view office = hl7_part(place, sub, 1), bed = hl7_part(place, sub, 2);
  message.address = number_of(hl7_part(place, sub, 3));
  const std::uint32_t port = number_of(hl7_part(place, sub, 4));
  if (port <= 0xffff) message.port = static_cast<std::uint16_t>(port);
  message.bed.assign(segment.text(office));
  if (!bed.empty()) message.bed.join("^", segment.text(bed));
}

void read_segment(std::string_view text, Message& message) {
  // A patient's fields may follow in the same line, where another character ends segments.
  const Hl7Sound sound = hl7_sound(text, {});
  const Hl7Segment segment(sound.text, {});
  message.patient =
      static_cast<std::uint8_t>(message.patient | (sound.patient & (kHl7Id | kHl7Name | kHl7BirthDate)));
  const std::string_view id = segment.id();
  if (id == "PID") read_patient(segment, message);
  if (id == "PV1") read_place(segment, message);
  if (id == "OBR" && message.device.empty()) message.device.assign(segment.text(segment.field(4)));
  if (id == "OBX" && segment.component(segment.field(3), 1) == kBedNumber && message.bed.empty())
    message.bed.assign(segment.text(segment.field(5)));
}

/// Mindray's patient data share: monitors and their central talk HL7 2.3.1 in a dialect of their own.
class MindrayPdsDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    return out.flow().key.transport == Transport::kUdp ? datagram(direction, bytes, out)
                                                       : stream(direction, as_text(bytes), out);
  }

  bool gap(Direction direction, std::uint64_t, Observer&) override {
    Side& side = side_of(direction);
    side.message = {};
    side.lost = true;
    return true;
  }

 private:
  struct Side {
    Message message;
    bool skipping = false;  ///< in a segment of which no more is read
    bool lost = false;      ///< bytes are missing: nothing is sure before the next start block
  };

  Side& side_of(Direction direction) { return sides_[static_cast<std::size_t>(direction)]; }

  /// An announcement; the one open reader takes it for UTF-16.
  Progress datagram(Direction direction, Bytes bytes, Observer& out) {
    const std::string text = bytes.size() > 1 && bytes[1] == std::byte{0}
                                 ? narrow(bytes)
                                 : std::string(as_text(bytes.first(std::min(bytes.size(), kDatagramText))));
    std::string_view rest = text;
    while (rest.starts_with(kStartBlock)) rest.remove_prefix(1);
    Message message;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find_first_of("\r\n\x1c"), rest.size());
      segment(rest.substr(0, end), message, out);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    finish(direction, message, out);
    return Progress::all(bytes);
  }

  Progress stream(Direction direction, std::string_view text, Observer& out) {
    Side& side = side_of(direction);
    std::size_t at = 0;
    while (at < text.size()) {
      const std::string_view rest = text.substr(at);
      const std::size_t end = rest.find_first_of("\r\x0b\x1c");
      if (side.lost && end == std::string_view::npos) return Progress::need(text.size(), 0);
      if (end == std::string_view::npos && !side.skipping && rest.size() < kSegmentLimit)
        return Progress::need(at, 0);
      const std::size_t size = std::min(end, rest.size());
      if (!side.lost && !side.skipping)
        segment(rest.substr(0, std::min(size, kSegmentLimit)), side.message, out);
      side.skipping = end == std::string_view::npos;
      at += size;
      if (side.skipping) continue;
      mark(direction, rest[size], out);
      ++at;
    }
    return Progress::need(at, 0);
  }

  void mark(Direction direction, char c, Observer& out) {
    Side& side = side_of(direction);
    if (c == kStartBlock) {
      if (side.message.open) out.anomaly("missing-end-block");
      side.message = {};
      side.lost = false;
    } else if (c == kEndBlock && !side.lost) {
      finish(direction, side.message, out);
      side.message = {};
    }
  }

  static void segment(std::string_view text, Message& message, Observer& out) {
    if (text.empty()) return;
    if (!text.starts_with("MSH")) {
      if (message.open) read_segment(text, message);
      return;
    }
    const Hl7Segment header(text, {});
    message = {};
    message.open = is_dialect(header);
    if (!message.open) out.anomaly("other-dialect");
    message.number.assign(header.field(10));
    message.type.assign(header.text(header.field(9)));
  }

  void finish(Direction direction, const Message& message, Observer& out) {
    if (!message.open) return;
    const bool up = direction == Direction::kToServer;
    const Party sender = up ? out.client() : out.server();
    const Party receiver = up ? out.server() : out.client();
    const bool udp = out.flow().key.transport == Transport::kUdp;
    serve(message, sender, udp, out);
    const std::string_view number = message.number.view();
    if (heard_.first(hash64(number, hash64(message.type.view()))))
      out.message(sender, receiver, message.type.view(), number);
    const Role role = udp ? Role::kSelf : up ? Role::kClient : Role::kServer;
    // Keep-alives (106) go both ways; results come from the monitor.
    if (message.type.view().starts_with("ORU") && number != "106")
      say(sender, "mindray-pds.message", "results", role, out);
    say(sender, "mindray-pds.device", message.device.view(), role, out);
    // A central that repeats its monitors' messages says in each where which of them stands.
    const IpAddress address = IpAddress::v4(message.address);
    const bool repeated = message.address != 0 && address != sender.ip;
    if (!repeated) say(sender, "mindray-pds.bed", message.bed.view(), role, out);
    if (repeated && address.is_unicast())
      say({address, std::nullopt, sender.vlan, false}, "mindray-pds.bed", message.bed.view(), Role::kSelf,
          out);
    std::string kinds;
    for (std::size_t i = 0; i < std::size(kKinds); ++i) {
      if ((message.patient >> i & 1) != 0) kinds.append(kinds.empty() ? "" : ",").append(kKinds[i]);
    }
    if (!kinds.empty() && heard_.first(hash64(kinds, 1)))
      out.patient_data(sender, receiver, message.type.view(), kinds);
  }

  void serve(const Message& message, const Party& sender, bool udp, Observer& out) {
    if (udp) {
      if (message.port != 0 && sender.ip == IpAddress::v4(message.address) &&
          heard_.first(hash64("service", message.port)))
        out.service_at(sender, {Transport::kTcp, message.port, "mindray-pds", {}, {}, false});
    } else if (heard_.first(hash64("service"))) {
      out.service("mindray-pds");
      out.session({"mindray-pds", SessionSeen::Authentication::kNone, false});
    }
  }

  void say(const Party& who, std::string_view key, std::string_view value, Role role, Observer& out) {
    if (!value.empty() && heard_.first(hash64(value, hash64(key, who.ip ? hash_of(*who.ip) : 0))))
      out.clue(who, key, value, role);
  }

  std::array<Side, 2> sides_;
  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  std::string wide;
  std::string_view text = as_text(probe.bytes);
  const bool utf16 = text.size() > 8 && text[1] == '\0' && text[3] == '\0' && probe.on_port;
  if (utf16) {
    wide = narrow(probe.bytes);
    text = wide;
  }
  if (text.starts_with(kStartBlock)) text.remove_prefix(1);
  constexpr std::string_view kHeader = "MSH|^~\\&||||||";
  const std::string_view shared = text.substr(0, kHeader.size());
  if (!kHeader.starts_with(shared)) return Recognition::kNo;
  const std::size_t end = text.find(kEndSegment);
  if (end == std::string_view::npos) return text.size() < 64 ? Recognition::kMore : Recognition::kNo;
  if (!is_dialect(Hl7Segment(text.substr(0, end), {}))) return Recognition::kNo;
  // Elsewhere it is a gateway that passes monitors' messages on, among others.
  return probe.on_port ? Recognition::kYes : Recognition::kMaybe;
}

}  // namespace

const DissectorInfo& mindray_pds_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<MindrayPdsDissector>({.name = "mindray-pds",
                                       .title = "Mindray patient data share",
                                       .layers = kLayers,
                                       .ports = kPorts,
                                       .clues = kClues,
                                       .recognise = recognise,
                                       .first_bytes = FirstBytes::of("\x0bM"),
                                       .max_buffer = 4 * 1024});
  return kInfo;
}

}  // namespace bedrail
