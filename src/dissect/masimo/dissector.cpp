#include "dissect/serial_line.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::string_view kClues[] = {"masimo.serial"};

constexpr std::size_t kLineLimit = 512;
constexpr std::string_view kForm = "99/99/99 99:99:99 SN=";

/// Masimo's "ASCII 1" output: a line a second with the time, the serial number, what is measured.
class MasimoDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    return line_.lines(direction, bytes, kLineLimit, out, [&](std::string_view line) {
      if (line.size() < kForm.size() || !begins_like(line, kForm)) {
        out.anomaly("bad-line");
        return;
      }
      const std::string_view serial = line.substr(kForm.size());
      line_.device(direction, "masimo", out);
      line_.clue("masimo.serial", serial.substr(0, serial.find(' ')), out);
    });
  }
  bool gap(Direction direction, std::uint64_t, Observer&) override {
    line_.lose(direction);
    return true;
  }

 private:
  SerialLine line_;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  if (!begins_like(text, kForm)) return Recognition::kNo;
  return text.size() < kForm.size() ? Recognition::kMore : Recognition::kYes;
}

}  // namespace

const DissectorInfo& masimo_dissector() {
  static constexpr DissectorInfo kInfo = with_state<MasimoDissector>({.name = "masimo",
                                                                      .title = "Masimo oximeter, ASCII 1",
                                                                      .layers = kLayers,
                                                                      .clues = kClues,
                                                                      .recognise = recognise,
                                                                      .first_bytes = FirstBytes::of("0123"),
                                                                      .max_buffer = 2 * 1024});
  return kInfo;
}

}  // namespace bedrail
