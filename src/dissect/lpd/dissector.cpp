#include "dissect/dissector.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/text.h"
#include "dissect/heard.h"
#include "format/text_line.h"
#include "format/text_protocol.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {515};
constexpr std::string_view kClues[] = {"lpd.queue"};

/// Commands (RFC 1179, 5) and those within a job (6).
constexpr char kPrintWaiting = 1, kReceiveJob = 2, kRemoveJobs = 5;
constexpr char kAbort = 1, kControlFile = 2, kDataFile = 3;
constexpr std::size_t kLineLimit = 256;
constexpr std::uint32_t kControlLimit = 8192;
constexpr std::uint64_t kSkipAll = std::uint64_t{1} << 48;

/// What stands before the first blank.
std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

std::string_view command_name(char command) {
  constexpr std::string_view kNames[] = {
      "", "print-waiting", "receive-job", "queue-state", "queue-state", "remove-jobs"};
  return kNames[static_cast<unsigned char>(command)];
}

/// The line printer daemon's protocol (RFC 1179): which queues a printer has, which hosts print.
class LpdDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    if (direction == Direction::kToClient) {
      answered(bytes, out);
      return Progress::all(bytes);
    }
    const std::string_view text = as_text(bytes);
    if (phase_ == Phase::kControl) return control_file(text, out);
    if (phase_ == Phase::kFinished) return Progress::need(kSkipAll, 0);
    const std::size_t end = text.substr(0, kLineLimit).find('\n');
    if (end == std::string_view::npos) {
      if (text.size() < kLineLimit) return Progress::need(0, static_cast<std::uint32_t>(text.size() + 1));
      out.anomaly("line-too-long");
      return Progress::failed();
    }
    const std::string_view line = text.substr(1, end == 0 ? 0 : end - 1);
    const bool fits =
        phase_ == Phase::kCommand ? command(text.front(), line, out) : subcommand(text.front(), line);
    if (!fits) {
      out.anomaly("unknown-command");
      return Progress::failed();
    }
    const std::uint64_t skip = skip_;
    skip_ = 0;
    return Progress::need(end + 1 + skip, 0);
  }

 private:
  enum class Phase : std::uint8_t { kCommand, kJob, kControl, kFinished };

  bool command(char code, std::string_view line, Observer& out) {
    if (code < kPrintWaiting || code > kRemoveJobs) return false;
    const std::string_view queue = first_word(line);
    if (!queue.empty() && !is_printable_ascii(queue)) return false;
    if (!queue.empty() && heard_.first(hash64(queue)))
      out.clue(out.server(), "lpd.queue", queue, Role::kServer);
    if (heard_.first(hash64(command_name(code), 1)))
      out.message(out.client(), out.server(), command_name(code));
    asked_ = true;
    phase_ = code == kReceiveJob ? Phase::kJob : Phase::kFinished;
    return true;
  }

  /// "count SP name": what follows is a file of so many bytes and a zero.
  bool subcommand(char code, std::string_view line) {
    if (code == kAbort) return true;
    if (code != kControlFile && code != kDataFile) return false;
    const auto count = field_number(first_word(line));
    if (!count) return false;
    if (code == kControlFile && *count <= kControlLimit) {
      control_ = *count;
      phase_ = Phase::kControl;
    } else if (*count == 0) {
      // Some send 0 and end with the connection.
      phase_ = Phase::kFinished;
    } else {
      skip_ = std::uint64_t{*count} + 1;
    }
    return true;
  }

  /// The host that prints (7.2); who prints and what are not kept.
  Progress control_file(std::string_view text, Observer& out) {
    if (text.size() < control_ + 1U) return Progress::need(0, control_ + 1U);
    std::string_view file = text.substr(0, control_);
    while (const auto line = first_line(file)) {
      if (line->text.starts_with('H') && heard_.first(hash64(line->text, 2)) &&
          is_printable_ascii(line->text))
        out.name(out.client(), "lpd", line->text.substr(1));
      file.remove_prefix(line->size);
    }
    phase_ = Phase::kJob;
    return Progress::need(control_ + 1U, 0);
  }

  /// A zero accepts; a queue's state is text, with names of jobs and users: not read.
  void answered(Bytes bytes, Observer& out) {
    if (!asked_ || served_ || bytes.empty()) return;
    served_ = true;
    out.service("lpd");
    const bool accepted = bytes.front() == std::byte{0};
    if (phase_ != Phase::kFinished && accepted)
      out.session({"lpd", SessionSeen::Authentication::kNone, false});
  }

  Heard heard_;
  std::uint64_t skip_ = 0;
  std::uint32_t control_ = 0;
  Phase phase_ = Phase::kCommand;
  bool asked_ = false, served_ = false;
};

Recognition recognise(const Probe& probe) {
  // A number and a word: only on the port is that LPD.
  if (!probe.on_port || probe.direction != Direction::kToServer) return Recognition::kNo;
  const std::string_view text = as_text(probe.bytes);
  if (text.front() < kPrintWaiting || text.front() > kRemoveJobs) return Recognition::kNo;
  const auto line = first_line(text.substr(1));
  if (!line) {
    const bool may = text.size() < kLineLimit && (text.size() == 1 || is_printable_ascii(text.substr(1)));
    return may ? Recognition::kMore : Recognition::kNo;
  }
  return line->size <= kLineLimit && is_printable_ascii(line->text) ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& lpd_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<LpdDissector>({.name = "lpd",
                                .title = "Line Printer Daemon",
                                .layers = kLayers,
                                .ports = kPorts,
                                .clues = kClues,
                                .recognise = recognise,
                                .first_bytes = FirstBytes::of("\x01\x02\x03\x04\x05")});
  return kInfo;
}

}  // namespace bedrail
