#include <charconv>

#include "base/text.h"
#include "dissect/serial_line.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::string_view kClues[] = {"pb840.id", "pb840.report"};

constexpr std::size_t kLineLimit = 4096;
constexpr char kStartText = '\x02', kEndText = '\x03';
constexpr std::string_view kCommands[] = {"SNDA", "SNDF", "RSET"};
constexpr std::string_view kReports[] = {"MISCA", "MISCF", "VRPT"};
/// The second port's waves: "BS, S:n,", lines of flow and pressure, "BE".
constexpr std::string_view kWaves = "BS, S:";

template <std::size_t N>
bool is_one_of(std::string_view word, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::string_view field(std::string_view& rest) {
  const std::string_view out = rest.substr(0, rest.find(','));
  rest.remove_prefix(std::min(rest.size(), out.size() + 1));
  return trim(out);
}

int number(std::string_view text) {
  int value = -1;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && stop == text.data() + text.size() ? value : -1;
}

/// "MISCF,bytes,fields,<STX>time,id,...<ETX>".
struct Report {
  std::string_view kind, content;
};

bool read_report(std::string_view line, Report& out) {
  std::string_view rest = line;
  out.kind = field(rest);
  const int bytes = number(field(rest)), fields = number(field(rest));
  if (!is_one_of(out.kind, kReports) || bytes < 0 || fields < 0 || !rest.starts_with(kStartText))
    return false;
  out.content = rest.substr(1, rest.find(kEndText) - 1);
  return rest.ends_with(kEndText) && out.content.size() == static_cast<std::size_t>(bytes);
}

/// The report that Puritan Bennett's 840 and 980 ventilators give, and Respironics' V60 in the same form.
class Pb840Dissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    return line_.lines(direction, bytes, kLineLimit, out,
                       [&](std::string_view line) { read(line, direction, out); });
  }
  bool gap(Direction direction, std::uint64_t, Observer&) override {
    line_.lose(direction);
    return true;
  }

 private:
  void read(std::string_view line, Direction direction, Observer& out) {
    if (is_one_of(line, kCommands)) {
      line_.device(opposite(direction), "pb840", out);
      if (line == "RSET") line_.told(line, out);
      return;
    }
    if (line.starts_with(kWaves)) {
      line_.device(direction, "pb840", out);
      line_.clue("pb840.report", "waves", out);
      waves_ = true;
      return;
    }
    Report report;
    if (read_report(line, report)) {
      line_.device(direction, "pb840", out);
      line_.clue("pb840.report", report.kind, out);
      // What stands where in the V60's report is not known.
      if (report.kind == "VRPT") return;
      std::string_view rest = report.content;
      field(rest);
      line_.clue("pb840.id", field(rest), out);
    } else if (!waves_) {
      out.anomaly("bad-report");
    }
  }

  SerialLine line_;
  bool waves_ = false;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  const std::size_t end = text.find('\r');
  const std::string_view line = text.substr(0, end);
  // A reset alone may be a mail client's.
  if (end != std::string_view::npos && (line == "SNDA" || line == "SNDF")) return Recognition::kYes;
  if (text.starts_with(kWaves)) {
    const std::string_view count = text.substr(kWaves.size());
    const std::size_t comma = count.find(',');
    if (comma == std::string_view::npos) return count.size() < 8 ? Recognition::kMore : Recognition::kNo;
    return number(trim(count.substr(0, comma))) >= 0 ? Recognition::kYes : Recognition::kNo;
  }
  if (const std::size_t start = text.find(kStartText); start != std::string_view::npos) {
    std::string_view rest = text.substr(0, start);
    const std::string_view kind = field(rest);
    const int bytes = number(field(rest)), fields = number(field(rest));
    const bool report = is_one_of(kind, kReports) && bytes >= 0 && fields >= 0 && rest.empty();
    return report ? Recognition::kYes : Recognition::kNo;
  }
  for (const std::string_view word : {"SNDA", "SNDF", "MISCA,", "MISCF,", "VRPT,", "BS, S:"}) {
    const std::size_t size = std::min(text.size(), word.size());
    if (text.substr(0, size) == word.substr(0, size) && text.size() < 24 && end == std::string_view::npos)
      return Recognition::kMore;
  }
  return Recognition::kNo;
}

}  // namespace

const DissectorInfo& pb840_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<Pb840Dissector>({.name = "pb840",
                                  .title = "Puritan Bennett ventilator report",
                                  .layers = kLayers,
                                  .clues = kClues,
                                  .recognise = recognise,
                                  .first_bytes = FirstBytes::of("SMVB"),
                                  .max_buffer = 8 * 1024});
  return kInfo;
}

}  // namespace bedrail
