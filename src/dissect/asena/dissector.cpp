#include <charconv>

#include "dissect/serial_line.h"
#include "format/crc16.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::string_view kClues[] = {"asena.device", "asena.protocol", "asena.serial"};

constexpr std::size_t kLineLimit = 512;
/// What changes an infusion, or who may change it.
constexpr std::string_view kControls[] = {"INF_RATE", "INF_BOLUS", "INF_VTBI", "REMOTE_CTRL", "REMOTE_CFG"};

/// "!NAME^argument^...|hhhh": a name, its arguments, the sum over both.
struct Line {
  std::string_view name, arguments;
};

bool read_line(std::string_view text, Line& out) {
  if (text.size() < 7 || text.front() != '!' || text[text.size() - 5] != '|') return false;
  const std::string_view digits = text.substr(text.size() - 4);
  const std::string_view body = text.substr(1, text.size() - 6);
  unsigned sum = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), sum, 16);
  if (error != std::errc() || stop != digits.data() + digits.size() || sum != crc16_ccitt(body, 0xffff))
    return false;
  out.name = body.substr(0, body.find('^'));
  out.arguments = body.substr(std::min(body.size(), out.name.size() + 1));
  return !out.name.empty();
}

/// Alaris syringe pumps (Asena, GH, CC, TIVA): what they are asked and told, and what they answer.
class AsenaDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    return line_.lines(direction, bytes, kLineLimit, out, [&](std::string_view text) {
      Line line;
      if (read_line(text, line)) {
        read(line, direction, out);
      } else {
        out.anomaly("bad-line");
      }
    });
  }
  bool gap(Direction direction, std::uint64_t, Observer&) override {
    line_.lose(direction);
    return true;
  }

 private:
  void read(const Line& line, Direction direction, Observer& out) {
    const bool starts = line.name == "INF_START" || line.name == "INF_STOP";
    const bool control =
        starts || std::find(std::begin(kControls), std::end(kControls), line.name) != std::end(kControls);
    if (!control) line_.device(line.arguments.empty() ? opposite(direction) : direction, "asena", out);
    if (line_.is_device(direction)) {
      line_.clue("asena.device", "answers", out);
      if (line.name == "INST_SERIALNO") line_.clue("asena.serial", line.arguments, out);
      if (line.name == "COMMS_PROTOCOL") line_.clue("asena.protocol", line.arguments, out);
      return;
    }
    // Without arguments the others only ask.
    if (control && (starts || !line.arguments.empty())) line_.told(line.name, out);
  }

  SerialLine line_;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  if (!text.starts_with('!')) return Recognition::kNo;
  const std::size_t end = text.find('\r');
  if (end == std::string_view::npos) {
    const bool name = text.size() < 2 || (text[1] >= 'A' && text[1] <= 'Z');
    return name && text.size() < kLineLimit ? Recognition::kMore : Recognition::kNo;
  }
  Line line;
  return read_line(text.substr(0, end), line) ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& asena_dissector() {
  static constexpr DissectorInfo kInfo = with_state<AsenaDissector>({.name = "asena",
                                                                     .title = "Alaris ASENA syringe pump",
                                                                     .layers = kLayers,
                                                                     .clues = kClues,
                                                                     .recognise = recognise,
                                                                     .first_bytes = FirstBytes::of("!"),
                                                                     .max_buffer = 2 * 1024});
  return kInfo;
}

}  // namespace bedrail
