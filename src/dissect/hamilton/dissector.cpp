#include "base/text.h"
#include "dissect/serial_line.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::string_view kClues[] = {"hamilton.device", "hamilton.number", "hamilton.software"};

constexpr char kStart = '\x02', kEndText = '\x03', kEnd = '\r', kNextItem = '\x0b';
constexpr std::size_t kFrameLimit = 2048;
/// A request, an answer of five characters, an answer of a wave; each with its marks.
constexpr std::size_t kRequestSize = 4, kAnswerSize = 9, kWaveSize = 13;
constexpr char kNumberId = '\x56';
/// Group 40h identifies, too; whom is not known, so its texts are not kept.
constexpr std::uint8_t kSoftware = 0x41;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// CRC-8 with the polynomial D5h.
std::uint8_t crc8(std::string_view bytes) {
  unsigned crc = 0;
  for (const char c : bytes) {
    crc ^= static_cast<std::uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 0x80) != 0 ? crc << 1 ^ 0xd5 : crc << 1;
  }
  return static_cast<std::uint8_t>(crc);
}

enum class Kind : std::uint8_t { kNone, kRequest, kAnswer, kWave, kBlock };

/// What a frame is, from its start to its CR, both included.
Kind kind_of(std::string_view frame) {
  if (frame.size() < kRequestSize || frame.front() != kStart || frame.back() != kEnd) return Kind::kNone;
  const bool block = frame.size() > 6 && frame[frame.size() - 4] == kEndText && frame[1] == '1';
  if (block) {
    const int high = hex_digit(frame[frame.size() - 3]), low = hex_digit(frame[frame.size() - 2]);
    const bool fits = high >= 0 && low >= 0 && crc8(frame.substr(0, frame.size() - 3)) == high * 16 + low;
    if (fits) return Kind::kBlock;
  }
  if (frame[frame.size() - 2] != kEndText) return Kind::kNone;
  if (frame.size() == kRequestSize) return Kind::kRequest;
  if (frame.size() == kWaveSize) return Kind::kWave;
  return frame.size() == kAnswerSize && is_printable_ascii(frame.substr(2, 5)) ? Kind::kAnswer : Kind::kNone;
}

/// Hamilton's ventilators (G5, S1, C1 to C6) in polling and in block mode.
class HamiltonDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    bool& lost = lost_[static_cast<std::size_t>(direction)];
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t start = text.find(kStart, at);
      if (start == std::string_view::npos) return Progress::all(bytes);
      const std::size_t end = text.find(kEnd, start);
      if (end == std::string_view::npos) {
        if (text.size() - start <= kFrameLimit) return Progress::need(start, 0);
        out.anomaly("frame-too-long");
        return Progress::failed();
      }
      const std::string_view frame = text.substr(start, end + 1 - start);
      const Kind kind = kind_of(frame);
      if (kind == Kind::kNone && !lost) out.anomaly("bad-frame");
      if (kind != Kind::kNone) read(kind, frame, direction, out);
      lost = false;
      at = end + 1;
    }
    return Progress::all(bytes);
  }
  bool gap(Direction direction, std::uint64_t, Observer&) override {
    lost_[static_cast<std::size_t>(direction)] = true;
    return true;
  }

 private:
  void read(Kind kind, std::string_view frame, Direction direction, Observer& out) {
    if (kind == Kind::kRequest) return;
    line_.device(direction, "hamilton", out);
    line_.clue("hamilton.device", kind == Kind::kBlock ? "block" : "answers", out);
    if (kind == Kind::kBlock) return block(frame.substr(2, frame.size() - 6), out);
    const bool number = kind == Kind::kAnswer && frame[1] == kNumberId;
    if (number) line_.clue("hamilton.number", trim(frame.substr(2, 5)), out);
  }

  /// Items of a block: group, parameter, text.
  void block(std::string_view items, Observer& out) {
    while (!items.empty()) {
      const std::string_view item = items.substr(0, items.find(kNextItem));
      items.remove_prefix(std::min(items.size(), item.size() + 1));
      if (item.size() < 3) continue;
      const auto group = static_cast<std::uint8_t>(item[0]);
      const std::string_view text = trim(item.substr(2));
      if (!is_printable_ascii(text)) continue;
      if (group == kSoftware) line_.clue("hamilton.software", text, out);
    }
  }

  SerialLine line_;
  std::array<bool, 2> lost_{};
};

Recognition recognise(const Probe& probe) {
  std::string_view text = as_text(probe.bytes);
  unsigned requests = 0, answers = 0;
  // Few bytes are fixed: it takes a sum, or some frames in a row.
  while (!text.empty()) {
    const bool seen = requests + answers > 0;
    if (text.front() != kStart) return seen ? Recognition::kMaybe : Recognition::kNo;
    const std::size_t end = text.find(kEnd);
    if (end == std::string_view::npos) break;
    const Kind kind = kind_of(text.substr(0, end + 1));
    if (kind == Kind::kNone) return seen ? Recognition::kMaybe : Recognition::kNo;
    if (kind == Kind::kBlock) return Recognition::kYes;
    ++(kind == Kind::kRequest ? requests : answers);
    if (answers >= 2 || requests >= 4) return Recognition::kYes;
    text.remove_prefix(end + 1);
  }
  if (requests + answers > 0) return Recognition::kMaybe;
  return text.size() < kFrameLimit / 2 && (text.size() < 2 || text[1] == '1' || text.size() < kWaveSize)
             ? Recognition::kMore
             : Recognition::kNo;
}

}  // namespace

const DissectorInfo& hamilton_dissector() {
  static constexpr DissectorInfo kInfo = with_state<HamiltonDissector>({.name = "hamilton",
                                                                        .title = "Hamilton ventilator",
                                                                        .layers = kLayers,
                                                                        .clues = kClues,
                                                                        .recognise = recognise,
                                                                        .first_bytes = FirstBytes::of("\x02"),
                                                                        .max_buffer = 4 * 1024});
  return kInfo;
}

}  // namespace bedrail
