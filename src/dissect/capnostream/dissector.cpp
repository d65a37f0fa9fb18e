#include "base/text.h"
#include "dissect/serial_line.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::string_view kClues[] = {"capnostream.device", "capnostream.oximetry", "capnostream.serial",
                                       "capnostream.software"};

constexpr std::uint8_t kStart = 0x85, kEscape = 0x80;
constexpr std::size_t kMessageLimit = 255;
enum : std::uint8_t {
  kWave = 0,
  kNumerics = 1,
  kPatientId = 2,
  kDeviceId = 4,
  kPatientIdWide = 12,
  kNewPatient = 57,
  kNewPatientWide = 58,
  kSetup = 60,
  kSetPatient = 61,
  kSetPatientWide = 62,
};
/// "V04.56 01/02/2019 N 12000001": software, its date, the oximetry board (four characters), the serial
/// number.
constexpr std::string_view kIdentityForm = "A99.99 99/99/9999 ";
constexpr std::size_t kBoard = 4, kSerial = 6;

/// One message without its frame and escapes.
struct Message {
  std::uint8_t code = 0;
  std::array<char, kMessageLimit> payload;
  std::size_t size = 0;
  std::size_t wire = 0;  ///< bytes that it took
  [[nodiscard]] std::string_view text() const { return {payload.data(), size}; }
};

enum class Read : std::uint8_t { kWhole, kMore, kBad };

/// Reads the message at the front of `bytes`, which is the start mark. The sum is over the bytes as sent.
Read read_message(Bytes bytes, Message& out) {
  std::size_t at = 1;
  std::uint8_t sum = 0;
  const auto next = [&](std::uint8_t& value) {
    if (at >= bytes.size()) return Read::kMore;
    value = static_cast<std::uint8_t>(bytes[at++]);
    if (value == kStart) return Read::kBad;
    sum ^= value;
    return Read::kWhole;
  };
  std::uint8_t length = 0;
  if (const Read read = next(length); read != Read::kWhole) return read;
  if (length == 0) return Read::kBad;
  out.size = 0;
  for (unsigned i = 0; i < length; ++i) {
    std::uint8_t value = 0;
    if (const Read read = next(value); read != Read::kWhole) return read;
    if (value == kEscape) {
      if (const Read read = next(value); read != Read::kWhole) return read;
      value = static_cast<std::uint8_t>(value | kEscape);
    }
    if (i == 0) {
      out.code = value;
    } else {
      out.payload[out.size++] = static_cast<char>(value);
    }
  }
  if (at >= bytes.size()) return Read::kMore;
  const bool fits = static_cast<std::uint8_t>(bytes[at++]) == sum;
  out.wire = at;
  return fits ? Read::kWhole : Read::kBad;
}

/// Oridion's (Medtronic's) Capnostream monitors.
class CapnostreamDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    bool& lost = lost_[static_cast<std::size_t>(direction)];
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t start = text.find(static_cast<char>(kStart), at);
      if (start == std::string_view::npos) return Progress::all(bytes);
      Message message;
      switch (read_message(bytes.subspan(start), message)) {
        case Read::kMore:
          return Progress::need(start, 0);
        case Read::kBad:
          if (!lost) out.anomaly("bad-message");
          at = start + 1;
          break;
        case Read::kWhole:
          read(message, direction, out);
          at = start + message.wire;
          break;
      }
      lost = false;
    }
    return Progress::all(bytes);
  }
  bool gap(Direction direction, std::uint64_t, Observer&) override {
    lost_[static_cast<std::size_t>(direction)] = true;
    return true;
  }

 private:
  void read(const Message& message, Direction direction, Observer& out) {
    // Commands share the numbers of what the monitor sends, but have nothing behind them.
    const bool tells = message.size > 0 && (message.code <= kPatientId || message.code == kDeviceId);
    if (tells) {
      line_.device(direction, "capnostream", out);
      line_.clue("capnostream.device", "tells", out);
    }
    if (message.code == kDeviceId && message.size > 0) identity(message.text(), out);
    const bool patient = message.code == kPatientId || message.code == kPatientIdWide ||
                         (message.code >= kNewPatient && message.code <= kNewPatientWide) ||
                         message.code == kSetPatient || message.code == kSetPatientWide;
    if (patient && !trim(message.text()).empty()) line_.patient(direction, "patient-id", "id", out);
    if (message.code == kSetup && message.size > 0 && !line_.is_device(direction)) line_.told("setup", out);
  }

  void identity(std::string_view text, Observer& out) {
    if (text.size() < kIdentityForm.size() + kBoard + kSerial || !begins_like(text, kIdentityForm)) {
      out.anomaly("bad-identity");
      return;
    }
    line_.clue("capnostream.software", text.substr(0, text.find(' ')), out);
    line_.clue("capnostream.oximetry", trim(text.substr(kIdentityForm.size(), kBoard)), out);
    line_.clue("capnostream.serial", trim(text.substr(kIdentityForm.size() + kBoard, kSerial)), out);
  }

  SerialLine line_;
  std::array<bool, 2> lost_{};
};

Recognition recognise(const Probe& probe) {
  Bytes rest = probe.bytes;
  // One message of no content is too short to be sure of; two are not.
  for (std::size_t seen = 0; !rest.empty() && static_cast<std::uint8_t>(rest.front()) == kStart;) {
    Message message;
    const Read read = read_message(rest, message);
    if (read == Read::kBad) return Recognition::kNo;
    if (read == Read::kMore) return seen > 0 ? Recognition::kMaybe : Recognition::kMore;
    rest = rest.subspan(message.wire);
    seen += message.wire;
    if (seen >= 8) return Recognition::kYes;
    if (rest.empty()) return Recognition::kMaybe;
  }
  return Recognition::kNo;
}

}  // namespace

const DissectorInfo& capnostream_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<CapnostreamDissector>({.name = "capnostream",
                                        .title = "Capnostream monitor",
                                        .layers = kLayers,
                                        .clues = kClues,
                                        .recognise = recognise,
                                        .first_bytes = FirstBytes::of("\x85"),
                                        .max_buffer = 2 * 1024});
  return kInfo;
}

}  // namespace bedrail
