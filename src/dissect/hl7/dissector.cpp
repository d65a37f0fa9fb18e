#include "dissect/dissector.h"

#include <array>

#include "dissect/hl7/message.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {2575, 6661};
constexpr std::string_view kClues[] = {"hl7.declared",
                                       "hl7.equipment",
                                       "hl7.equipment-eui64",
                                       "hl7.equipment-firmware",
                                       "hl7.equipment-hardware",
                                       "hl7.equipment-mac",
                                       "hl7.equipment-maker",
                                       "hl7.equipment-model",
                                       "hl7.equipment-module",
                                       "hl7.equipment-serial",
                                       "hl7.equipment-software",
                                       "hl7.equipment-type",
                                       "hl7.location",
                                       "hl7.profile",
                                       "hl7.receiving-application",
                                       "hl7.receiving-facility",
                                       "hl7.sending-application",
                                       "hl7.sending-eui64",
                                       "hl7.sending-facility",
                                       "hl7.sending-mac",
                                       "hl7.software-product",
                                       "hl7.software-vendor",
                                       "hl7.software-version",
                                       "hl7.udi"};

/// MLLP's frame (HL7 v2, transport specification, release 1): VT, the message, FS, CR.
constexpr char kStartBlock = '\x0b';
constexpr char kEndBlock = '\x1c';
/// A segment beyond this (a document or a waveform in OBX-5) is read up to here; the rest is passed over.
constexpr std::size_t kSegmentLimit = 8 * 1024;
/// So much between messages that is none: this is no HL7 (any more).
constexpr std::uint32_t kStrayLimit = 64 * 1024;

bool ends_segment(char c) { return c == '\r' || c == '\n' || c == kEndBlock || c == kStartBlock; }

/// Where the segment at the front of `text` ends; npos where not yet.
std::size_t segment_end(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (ends_segment(text[at])) return at;
  }
  return std::string_view::npos;
}

/// Separators in a row behind the encoding characters where MSH-3 to MSH-7 are empty.
constexpr std::size_t kFieldsThatName = 6;

/// A header segment's start: "MSH" and a separator.
bool starts_header(std::string_view text) {
  return is_hl7_header(text.substr(0, 3)) && Hl7Separators::of(text).has_value();
}

/// HL7 version 2 over MLLP.
class Hl7Dissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    Side& side = side_of(direction);
    const Hl7Speech speech{out, direction, said_};
    const std::string_view text = as_text(bytes);
    std::size_t at = 0;
    while (at < text.size()) {
      const std::size_t taken = step(side, text.substr(at), speech);
      if (taken == 0) return Progress::need(at, 0);
      at += taken;
      if (side.stray > kStrayLimit) {
        out.anomaly("no-messages");
        return Progress::failed();
      }
    }
    return Progress::all(bytes);
  }

  bool gap(Direction direction, std::uint64_t, Observer& out) override {
    Side& side = side_of(direction);
    side.message.finish({out, direction, said_});
    side.phase = Phase::kLost;
    side.batch = false;
    return true;
  }

  void close(Observer& out) override {
    for (const Direction direction : {Direction::kToServer, Direction::kToClient})
      side_of(direction).message.finish({out, direction, said_});
  }

 private:
  enum class Phase : std::uint8_t {
    kBetween,   ///< before a message, or at the start of one of its segments
    kSkipping,  ///< in a segment of which no more is read
    kLost,      ///< bytes are missing: nothing is sure before the next start block
  };
  struct Side {
    Hl7Message message;
    Phase phase = Phase::kBetween;
    bool framed = false;  ///< a start block came and no end block yet
    bool batch = false;   ///< in a batch: messages follow each other in one frame
    std::uint32_t stray = 0;
  };

  Side& side_of(Direction direction) { return sides_[static_cast<std::size_t>(direction)]; }

  /// Handles what stands at the front; how much of it, or 0 where more is needed.
  std::size_t step(Side& side, std::string_view text, const Hl7Speech& speech) {
    if (side.phase == Phase::kLost) {
      const std::size_t start = text.find(kStartBlock);
      if (start == std::string_view::npos) return text.size();
      side.phase = Phase::kBetween;
      if (start > 0) return start;
    }
    if (ends_segment(text.front())) {
      mark(side, text.front(), speech);
      return 1;
    }
    const std::size_t end = segment_end(text);
    if (side.phase == Phase::kSkipping) {
      const std::size_t skipped = std::min(end, text.size());
      if (!side.message.open())
        side.stray += static_cast<std::uint32_t>(std::min<std::size_t>(skipped, kStrayLimit));
      return skipped;
    }
    const bool whole = end != std::string_view::npos;
    const std::string_view segment = text.substr(0, std::min(end, kSegmentLimit));
    if (!whole && text.size() < kSegmentLimit) {
      if (text.size() < 4) return 0;
      // A segment that is not read need not be waited for.
      const bool wanted =
          side.message.open() ? Hl7Message::is_read(segment.substr(0, 3)) : starts_header(segment);
      if (wanted) return 0;
    }
    read(side, segment, speech);
    side.phase = Phase::kSkipping;
    return segment.size();
  }

  /// A character that ends a segment, a message or a batch.
  void mark(Side& side, char c, const Hl7Speech& speech) {
    side.phase = Phase::kBetween;
    if (c == kStartBlock) {
      if (side.message.open()) speech.out.anomaly("missing-end-block");
      side.message.finish(speech);
      side.framed = true;
      side.batch = false;
    } else if (c == kEndBlock) {
      side.message.finish(speech);
      side.framed = side.batch = false;
    }
  }

  void read(Side& side, std::string_view text, const Hl7Speech& speech) {
    if (starts_header(text)) return header(side, text, speech);
    if (!side.message.open()) {
      // Batches end with trailers of their own (BTS, FTS).
      if (!side.batch) side.stray += static_cast<std::uint32_t>(text.size());
    } else if (!side.message.segment(text, speech)) {
      speech.out.anomaly("bad-segment");
    }
  }

  void header(Side& side, std::string_view text, const Hl7Speech& speech) {
    const bool message = text.starts_with("MSH");
    if (side.message.open() && !side.batch) speech.out.anomaly("missing-end-block");
    side.message.finish(speech);
    if (!side.framed && !side.batch) speech.out.anomaly("missing-start-block");
    if (!message) side.batch = true;
    side.stray = 0;
    if (!served_) {
      served_ = true;
      speech.out.service("hl7");
    }
    side.message.header(text, speech);
  }

  std::array<Side, 2> sides_;
  Hl7Said said_;
  bool served_ = false;
};

Recognition recognise(const Probe& probe) {
  std::string_view text = as_text(probe.bytes);
  // A capture may begin with the end of the message before.
  while (probe.midstream && !text.empty() &&
         (text.front() == kEndBlock || text.front() == '\r' || text.front() == '\n'))
    text.remove_prefix(1);
  const bool framed = text.starts_with(kStartBlock);
  if (framed) text.remove_prefix(1);
  if (text.size() < 8) {
    for (const std::string_view id : {"MSH", "FHS", "BHS"}) {
      if (id.starts_with(text.substr(0, 3))) return Recognition::kMore;
    }
    return Recognition::kNo;
  }
  // Without the frame, the encoding characters and the separator after them have to be there.
  const auto separators = is_hl7_header(text.substr(0, 3)) ? Hl7Separators::of(text) : std::nullopt;
  if (!separators || separators->component == '\r') return Recognition::kNo;
  const std::size_t encoding = hl7_part(text, separators->field, 2).size();
  if (!framed && encoding > 5) return Recognition::kNo;
  // Who names neither sender nor receiver nor time may speak a maker's dialect, whose own dissector is surer.
  const std::string_view fields = text.substr(std::min(text.size(), 4 + encoding));
  const std::size_t empty = std::min(fields.find_first_not_of(separators->field), fields.size());
  if (empty == fields.size() && empty < kFieldsThatName) return Recognition::kMore;
  if (empty >= kFieldsThatName) return Recognition::kMaybe;
  // Who opened the connection is not known in the middle of it, but acknowledgements come from the receiver.
  const std::string_view type = hl7_part(hl7_part(text, separators->field, 9), separators->component, 1);
  if (probe.midstream && type == "ACK" && probe.direction == Direction::kToServer && !probe.on_port)
    return Recognition::kNo;
  return Recognition::kYes;
}

}  // namespace

const DissectorInfo& hl7_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<Hl7Dissector>({.name = "hl7",
                                .title = "HL7 version 2 over MLLP",
                                .layers = kLayers,
                                .ports = kPorts,
                                .clues = kClues,
                                .recognise = recognise,
                                .first_bytes = FirstBytes::of("\x0bMFB\x1c\r\n"),
                                .max_buffer = 16 * 1024});
  return kInfo;
}

}  // namespace bedrail
