#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/text.h"
#include "dissect/heard.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::string_view kClues[] = {"dri.device", "dri.level", "dri.location", "dri.mac", "dri.record"};

constexpr char kFlag = '\x7e', kEscape = '\x7d';
constexpr std::size_t kHeader = 40;
/// The header and an Ethernet frame's worth of data; each byte may be sent as two.
constexpr std::size_t kRecordLimit = kHeader + 1500;
constexpr std::size_t kFrameLimit = 2 * (kRecordLimit + 1);
constexpr unsigned kSubrecords = 8;
constexpr std::uint8_t kEndOfList = 0xff;
constexpr std::uint16_t kNetwork = 5;
constexpr std::uint8_t kLogin = 0, kPatient = 6;

/// A record without its frame, or nothing where the escapes, the length or the sum do not fit.
class Record {
 public:
  static std::optional<Record> of(std::string_view framed) {
    Record out;
    for (std::size_t i = 0; i < framed.size(); ++i) {
      char c = framed[i];
      if (c == kEscape) {
        if (++i == framed.size()) return std::nullopt;
        c = static_cast<char>(framed[i] | 0x20);
      }
      if (out.size_ == out.bytes_.size()) return std::nullopt;
      out.bytes_[out.size_++] = static_cast<std::byte>(c);
    }
    if (out.size_ <= kHeader) return std::nullopt;
    --out.size_;
    std::uint8_t sum = 0;
    for (const std::byte byte : out.bytes())
      sum = static_cast<std::uint8_t>(sum + static_cast<std::uint8_t>(byte));
    const bool fits = ByteReader(out.bytes()).le16() == out.size_;
    if (!fits || static_cast<std::byte>(sum) != out.bytes_[out.size_]) return std::nullopt;
    return out;
  }
  [[nodiscard]] Bytes bytes() const { return Bytes(bytes_).first(size_); }

 private:
  std::array<std::byte, kRecordLimit + 1> bytes_;
  std::size_t size_ = 0;
};

std::string_view record_kind(std::uint16_t main_type) {
  switch (main_type) {
    case 0:
      return "physiological";
    case 1:
      return "waveform";
    case 4:
      return "alarm";
    case kNetwork:
      return "network";
    case 8:
      return "event";
    default:
      return {};
  }
}

/// The Datex-Ohmeda Record Interface on a serial line that a terminal server carries.
class DriDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t start = text.find(kFlag, at);
      // What stands between frames is the rest of one whose front was lost.
      if (start == std::string_view::npos) return Progress::all(bytes);
      const std::size_t end = text.find(kFlag, start + 1);
      if (end == std::string_view::npos) {
        if (text.size() - start <= kFrameLimit) return Progress::need(start, 0);
        out.anomaly("frame-too-long");
        return Progress::failed();
      }
      const std::string_view framed = text.substr(start + 1, end - start - 1);
      const auto record = Record::of(framed);
      // Frames may share a flag.
      at = end;
      if (record) {
        read(record->bytes(), direction, out);
      } else if (framed.size() > kHeader && !lost(direction)) {
        out.anomaly("bad-record");
      }
      lost(direction) = false;
    }
    return Progress::all(bytes);
  }

  bool gap(Direction direction, std::uint64_t, Observer&) override {
    lost(direction) = true;
    return true;
  }

 private:
  bool& lost(Direction direction) { return lost_[static_cast<std::size_t>(direction)]; }

  void read(Bytes record, Direction direction, Observer& out) {
    ByteReader reader(record);
    reader.skip(3);
    const std::uint8_t level = reader.u8();
    reader.skip(2);
    const std::uint32_t time = reader.le32();
    reader.skip(4);
    const std::uint16_t main_type = reader.le16();
    const bool up = direction == Direction::kToServer;
    // A monitor stamps what it sends; who asks for it does not.
    const bool monitor = time != 0;
    if (heard_.first(hash64("served"))) {
      const Direction from = monitor ? direction : opposite(direction);
      if (from == Direction::kToClient) {
        out.service("dri");
        out.session({"dri", SessionSeen::Authentication::kNone, false});
      }
    }
    const std::string_view kind = record_kind(main_type);
    if (kind.empty()) return;
    if (!monitor) {
      // Who is asked for records has them.
      if (heard_.first(hash64("asked")))
        out.clue(up ? out.server() : out.client(), "dri.record", "asked", up ? Role::kServer : Role::kClient);
      return;
    }
    const Party who = up ? out.client() : out.server();
    say(who, up, "dri.record", kind, out);
    if (level != 0) say(who, up, "dri.level", std::to_string(level), out);
    if (main_type == kNetwork) network(record, who, up ? out.server() : out.client(), up, out);
  }

  void say(const Party& who, bool client, std::string_view key, std::string_view value, Observer& out) {
    if (!value.empty() && heard_.first(hash64(value, hash64(key))))
      out.clue(who, key, value, client ? Role::kClient : Role::kServer);
  }

  /// Monitors on the S/5 network log in with their address and kind, and tell of their patient.
  void network(Bytes record, const Party& who, const Party& peer, bool client, Observer& out) {
    ByteReader list(record);
    list.skip(16);
    for (unsigned i = 0; i < kSubrecords; ++i) {
      const std::uint16_t offset = list.le16();
      const std::uint8_t type = list.u8();
      if (type == kEndOfList) break;
      ByteReader part(record);
      part.skip(kHeader + offset);
      if (type == kLogin) {
        const MacAddress mac = MacAddress::from(part.bytes(6));
        const std::uint16_t device = part.le16();
        if (part.ok()) {
          if (!mac.is_zero()) say(who, client, "dri.mac", to_string(mac), out);
          say(who, client, "dri.device", std::to_string(device), out);
        }
      } else if (type == kPatient) {
        patient(part, who, peer, client, out);
      }
      if (!part.ok()) out.anomaly("bad-subrecord");
    }
  }

  /// First and last name, identifier, middle name; 13 numbers; where the monitor stands.
  void patient(ByteReader& part, const Party& who, const Party& peer, bool client, Observer& out) {
    const auto filled = [&](std::size_t size) { return field(part, size).empty() ? 0U : 1U; };
    unsigned name = filled(30);
    name |= filled(40);
    const unsigned id = filled(40);
    name |= filled(30);
    part.skip(26);
    const std::string_view location = field(part, 32);
    if (!part.ok()) return;
    if (name + id != 0 && heard_.first(hash64("patient", name * 2 + id)))
      out.patient_data(who, peer, "network", name == 0 ? "id" : id == 0 ? "name" : "id,name");
    say(who, client, "dri.location", location, out);
  }

  static std::string_view field(ByteReader& part, std::size_t size) {
    const std::string_view text = part.text(size);
    return trim(text.substr(0, std::min(text.find('\0'), text.size())));
  }

  Heard heard_;
  std::array<bool, 2> lost_{};
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  std::size_t start = 0;
  while (start + 1 < text.size() && text[start + 1] == kFlag) ++start;
  const std::size_t end = text.find(kFlag, start + 1);
  if (end != std::string_view::npos)
    return Record::of(text.substr(start + 1, end - start - 1)) ? Recognition::kYes : Recognition::kNo;
  if (text.size() > kFrameLimit) return Recognition::kNo;
  // A record's length is more than its header's and no more than a frame takes.
  const unsigned high = text.size() > start + 2 ? static_cast<std::uint8_t>(text[start + 2]) : 0;
  return high <= (kRecordLimit >> 8) ? Recognition::kMore : Recognition::kNo;
}

}  // namespace

const DissectorInfo& dri_dissector() {
  static constexpr DissectorInfo kInfo = with_state<DriDissector>({.name = "dri",
                                                                   .title = "Datex-Ohmeda Record Interface",
                                                                   .layers = kLayers,
                                                                   .clues = kClues,
                                                                   .recognise = recognise,
                                                                   .first_bytes = FirstBytes::of("\x7e")});
  return kInfo;
}

}  // namespace bedrail
