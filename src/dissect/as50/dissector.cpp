#include "base/byte_reader.h"
#include "dissect/serial_line.h"
#include "format/crc16.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::string_view kClues[] = {"as50.device"};

/// "[DEV?]" and its sum: commands are a word, what follows a question a value.
constexpr std::size_t kCommandLimit = 64;
constexpr std::size_t kSum = 2;

/// The command at the front of `text`, which is "[", up to the sum's end; empty where the sum is another's.
std::string_view command_of(std::string_view text) {
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos || end + 1 + kSum > text.size()) return {};
  ByteReader sum(as_bytes(text.substr(end + 1, kSum)));
  return sum.be16() == crc16_ccitt(text.substr(0, end + 1), 0) ? text.substr(1, end - 1) : std::string_view();
}

/// Baxter's AS50 syringe pump: what it is asked and told.
class As50Dissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    for (std::size_t at = 0; at < text.size();) {
      // Between commands: acknowledgements, and answers that have another form.
      at = text.find('[', at);
      if (at == std::string_view::npos) return Progress::all(bytes);
      const std::string_view rest = text.substr(at);
      const std::size_t end = rest.find(']');
      if (std::min(end, rest.size()) > kCommandLimit) {
        ++at;
        continue;
      }
      if (end == std::string_view::npos || end + 1 + kSum > rest.size()) return Progress::need(at, 0);
      const std::string_view command = command_of(rest);
      if (command.empty()) {
        ++at;
        continue;
      }
      read(command, direction, out);
      at += end + 1 + kSum;
    }
    return Progress::all(bytes);
  }
  bool gap(Direction, std::uint64_t, Observer&) override { return true; }

 private:
  void read(std::string_view command, Direction direction, Observer& out) {
    if (command.ends_with('?')) {
      line_.device(opposite(direction), "as50", out);
      line_.clue("as50.device", "asked", out);
    } else if (const std::string_view word = command.substr(0, command.find_first_of("=0123456789. "));
               !line_.is_device(direction) && !word.empty() && word != "EXIT") {
      line_.told(word, out);
    }
  }

  SerialLine line_;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  if (!text.starts_with('[')) return Recognition::kNo;
  const std::size_t end = text.find(']');
  if (std::min(end, text.size()) > kCommandLimit) return Recognition::kNo;
  if (end == std::string_view::npos || end + 1 + kSum > text.size()) {
    const bool word = text.size() < 2 || (text[1] >= 'A' && text[1] <= 'Z');
    return word ? Recognition::kMore : Recognition::kNo;
  }
  return command_of(text).empty() ? Recognition::kNo : Recognition::kYes;
}

}  // namespace

const DissectorInfo& as50_dissector() {
  static constexpr DissectorInfo kInfo = with_state<As50Dissector>({.name = "as50",
                                                                    .title = "Baxter AS50 syringe pump",
                                                                    .layers = kLayers,
                                                                    .clues = kClues,
                                                                    .recognise = recognise,
                                                                    .first_bytes = FirstBytes::of("["),
                                                                    .max_buffer = 1024});
  return kInfo;
}

}  // namespace bedrail
