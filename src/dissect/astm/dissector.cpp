#include "dissect/dissector.h"

#include <array>

#include "base/text.h"
#include "dissect/astm/records.h"

namespace bedrail {
namespace astm {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {4000, 5000, 5001, 6000, 9001, 15200};
constexpr std::string_view kClues[] = {"astm.sender", "astm.receiver", "astm.analyser", "astm.declared"};

/// LIS1-A, 8: the characters that frame.
constexpr char kStx = 2, kEtx = 3, kEot = 4, kEnq = 5, kAck = 6, kNak = 0x15, kEtb = 0x17;
/// Of a record so much is read: comments and graphs may be longer.
constexpr std::size_t kRecordLimit = 1000;
/// So much between messages that is none: this is not ASTM (any more).
constexpr std::uint32_t kStrayLimit = 4096;

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// Analysers and laboratory systems: ASTM E1381 frames (CLSI LIS1-A) with E1394 records (LIS2-A2), or the
/// records alone.
class AstmDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    Side& side = sides_[static_cast<std::size_t>(direction)];
    const Speech speech{out, direction, said_};
    for (const char c : as_text(bytes)) {
      step(side, c, speech);
      if (side.stray > kStrayLimit) {
        out.anomaly("no-records");
        return Progress::failed();
      }
    }
    return Progress::all(bytes);
  }

  bool gap(Direction direction, std::uint64_t, Observer&) override {
    Side& side = sides_[static_cast<std::size_t>(direction)];
    // What the message held is not known whole: nothing of it is told.
    side = {};
    side.phase = Phase::kLost;
    return true;
  }

  void close(Observer& out) override {
    for (const Direction direction : {Direction::kToServer, Direction::kToClient}) {
      Side& side = sides_[static_cast<std::size_t>(direction)];
      side.message.finish({out, direction, said_});
    }
  }

 private:
  enum class Phase : std::uint8_t {
    kIdle,    ///< between frames
    kNumber,  ///< the frame's number follows
    kText,
    kCheckHigh,
    kCheckLow,
    kBare,  ///< in a record that no frame holds
    kLost,  ///< bytes are missing: nothing is sure before the next message
  };
  struct Side {
    Message message;
    Phase phase = Phase::kIdle;
    std::uint8_t sum = 0;  ///< of the frame so far, modulo 256 (LIS1-A, 8.3.1.3)
    std::int8_t high = 0;
    std::uint16_t size = 0;
    std::uint32_t stray = 0;
    std::array<char, kRecordLimit> record;
  };

  void step(Side& side, char c, const Speech& speech) {
    switch (side.phase) {
      case Phase::kLost:
        if (c == kEnq) side.phase = Phase::kIdle;
        return;
      case Phase::kIdle:
        return idle(side, c, speech);
      case Phase::kNumber:
        if (c < '0' || c > '7') speech.out.anomaly("bad-frame-number");
        side.sum = static_cast<std::uint8_t>(c);
        side.phase = Phase::kText;
        return;
      case Phase::kText:
        return text(side, c, speech);
      case Phase::kBare:
        if (c == '\r' || c == '\n') {
          end_record(side, speech);
          side.phase = Phase::kIdle;
        } else {
          add(side, c);
        }
        return;
      case Phase::kCheckHigh:
        side.high = static_cast<std::int8_t>(hex_digit(c));
        side.phase = Phase::kCheckLow;
        return;
      case Phase::kCheckLow:
        if (side.high * 16 + hex_digit(c) != side.sum) speech.out.anomaly("bad-checksum");
        side.phase = Phase::kIdle;
        return;
    }
  }

  void idle(Side& side, char c, const Speech& speech) {
    if (c == kStx) {
      side.phase = Phase::kNumber;
    } else if (c == kEot) {
      side.message.finish(speech);
      side.size = 0;
    } else if (c == kEnq || c == kAck || c == kNak) {
      side.size = 0;
    } else if (static_cast<unsigned char>(c) >= 0x20) {
      side.phase = Phase::kBare;
      add(side, c);
    }
  }

  void text(Side& side, char c, const Speech& speech) {
    side.sum = static_cast<std::uint8_t>(side.sum + static_cast<unsigned char>(c));
    if (c == '\r') return end_record(side, speech);
    if (c == kEtx || c == kEtb) {
      // A record goes on behind ETB, and some leave out the last one's own end.
      if (c == kEtx && side.size > 0) end_record(side, speech);
      side.phase = Phase::kCheckHigh;
    } else if (c == kStx) {
      speech.out.anomaly("missing-frame-end");
      side.size = 0;
      side.phase = Phase::kNumber;
    } else {
      add(side, c);
    }
  }

  static void add(Side& side, char c) {
    if (side.size < kRecordLimit) side.record[side.size++] = c;
    if (side.stray <= kStrayLimit) ++side.stray;
  }

  void end_record(Side& side, const Speech& speech) {
    std::string_view record(side.record.data(), side.size);
    while (!record.empty() && (record.front() == '\n' || record.front() == ' ')) record.remove_prefix(1);
    side.size = 0;
    if (side.message.record(record, speech)) {
      if (side.message.open()) side.stray = 0;
    } else {
      speech.out.anomaly("bad-record");
    }
    if (!served_ && side.message.open()) {
      served_ = true;
      speech.out.service("astm");
    }
  }

  std::array<Side, 2> sides_;
  Said said_;
  bool served_ = false;
};

Recognition recognise(const Probe& probe) {
  std::string_view text = as_text(probe.bytes);
  // Half duplex: who is asked answers each step with one of these characters.
  while (!text.empty() &&
         (text.front() == kAck || text.front() == kNak || text.front() == kEnq || text.front() == kEot))
    text.remove_prefix(1);
  if (probe.bytes.size() > text.size() + 8 && !probe.midstream) return Recognition::kNo;
  if (text.empty()) return Recognition::kMore;
  if (text.front() == kStx) {
    text.remove_prefix(1);
    if (text.empty()) return Recognition::kMore;
    if (text.front() < '0' || text.front() > '7') return Recognition::kNo;
    text.remove_prefix(1);
    // In the middle: a record of any kind, with the delimiter that everybody uses.
    if (text.size() >= 2 && probe.midstream && text[1] == '|' &&
        std::string_view("PORCQL").find(text[0]) != std::string_view::npos)
      return Recognition::kYes;
  }
  if (text.empty() || (text.size() < 6 && text.front() == 'H')) return Recognition::kMore;
  return starts_header(text) ? Recognition::kYes : Recognition::kNo;
}

}  // namespace
}  // namespace astm

const DissectorInfo& astm_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<astm::AstmDissector>({.name = "astm",
                                       .title = "ASTM E1381/E1394 (CLSI LIS1-A, LIS2-A2)",
                                       .layers = astm::kLayers,
                                       .ports = astm::kPorts,
                                       .clues = astm::kClues,
                                       .recognise = astm::recognise,
                                       .first_bytes = FirstBytes::of("\x02\x04\x05\x06\x15H")});
  return kInfo;
}

}  // namespace bedrail
