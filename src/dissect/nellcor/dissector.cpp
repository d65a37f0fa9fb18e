#include "base/text.h"
#include "dissect/serial_line.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::string_view kClues[] = {"nellcor.model", "nellcor.version"};

constexpr std::size_t kLineLimit = 512;
constexpr std::string_view kDataForm = "99-AAA-99 99:99:99  ";

/// "N-560    VERSION 1.56.00    CRC:XXXX  SpO2 Limit: 90-100%    PR Limit: 60-170BPM".
struct Header {
  std::string_view model, version;
};

Header read_header(std::string_view line) {
  constexpr std::string_view kVersion = " VERSION ";
  const std::size_t at = line.find(kVersion);
  if (at == std::string_view::npos || line.find(" CRC:") == std::string_view::npos) return {};
  const std::string_view model = trim(line.substr(0, at));
  const std::string_view rest = line.substr(at + kVersion.size());
  const bool word = !model.empty() && model.find(' ') == std::string_view::npos;
  return word && rest.find("SpO2 Limit") != std::string_view::npos
             ? Header{model, rest.substr(0, rest.find(' '))}
             : Header{};
}

/// Nellcor oximeters' ASCII output: a header with model and version every page, then a line for each
/// measurement.
class NellcorDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    return line_.lines(direction, bytes, kLineLimit, out, [&](std::string_view line) {
      const Header header = read_header(line);
      if (header.model.empty()) return;
      line_.device(direction, "nellcor", out);
      line_.clue("nellcor.model", header.model, out);
      line_.clue("nellcor.version", header.version, out);
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
  const std::string_view line = text.substr(0, text.find_first_of("\r\n"));
  if (!read_header(line).model.empty()) return Recognition::kYes;
  if (begins_like(text, kDataForm)) {
    // A time and numbers may be anybody's log: only the header that follows says whose.
    const std::size_t header = text.find(" VERSION ");
    const bool shown = header != std::string_view::npos &&
                       text.find("CRC:", header) != std::string_view::npos &&
                       text.find("SpO2 Limit", header) != std::string_view::npos;
    if (shown) return Recognition::kYes;
    return probe.bytes.size() < 1500 ? Recognition::kMore : Recognition::kNo;
  }
  const bool open =
      line.size() == text.size() && text.size() < 80 && std::string_view("N-").starts_with(text.substr(0, 2));
  return open ? Recognition::kMore : Recognition::kNo;
}

}  // namespace

const DissectorInfo& nellcor_dissector() {
  static constexpr DissectorInfo kInfo = with_state<NellcorDissector>({.name = "nellcor",
                                                                       .title = "Nellcor oximeter, ASCII",
                                                                       .layers = kLayers,
                                                                       .clues = kClues,
                                                                       .recognise = recognise,
                                                                       .first_bytes = FirstBytes::of("N0123"),
                                                                       .max_buffer = 2 * 1024});
  return kInfo;
}

}  // namespace bedrail
