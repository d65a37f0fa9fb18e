#include "dissect/dissector.h"

#include <algorithm>
#include <charconv>

#include "base/hash.h"
#include "base/short_text.h"
#include "dissect/heard.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {4001};
constexpr std::string_view kClues[] = {"bcc.bed",  "bcc.module-serial", "bcc.module-software",
                                       "bcc.pump", "bcc.pump-serial",   "bcc.records",
                                       "bcc.slot"};

constexpr char kStart = '\x01', kText = '\x02', kEnd = '\x04', kNextRecord = '\x1e';
/// Start, five digits, start of text; then end of text, five digits, end.
constexpr std::size_t kFront = 7, kBack = 7;
constexpr std::size_t kFrameLimit = 32768;
constexpr std::size_t kBedLimit = 15;
/// Behind the bed's name in each frame.
constexpr std::string_view kAddressed = "/1/1>";
/// The communication module's own records; those of a pump name its place.
constexpr std::string_view kModule = "50100";

/// Five digits as a number; -1 where they are none.
int five_digits(std::string_view text) {
  int value = -1;
  if (text.size() != 5) return -1;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && stop == text.data() + text.size() && value >= 0 ? value : -1;
}

/// A frame's bytes one by one, with D and E ("EX", "EE", and the same in small letters) as they were before
/// stuffing, which is in use or not as the device is set up.
class Unstuffed {
 public:
  Unstuffed(std::string_view bytes, bool stuffed) : bytes_(bytes), stuffed_(stuffed) {}
  bool next(char& out) {
    if (at_ == bytes_.size()) return false;
    out = bytes_[at_++];
    if (!stuffed_ || (out != 'E' && out != 'e') || at_ == bytes_.size()) return true;
    const char second = bytes_[at_++];
    const char unstuffed_d = out == 'E' ? 'D' : 'd';
    if (second == (out == 'E' ? 'X' : 'x')) out = unstuffed_d;
    return true;
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool stuffed_;
};

enum class Check : std::uint8_t { kFits, kLength, kSum };

/// Whether a frame from start to end, both included, has its length and sum.
Check check(std::string_view frame, bool stuffed) {
  if (frame.size() < kFront + kBack) return Check::kLength;
  const std::string_view covered = frame.substr(0, frame.size() - 6);
  Unstuffed bytes(covered, stuffed);
  unsigned sum = 0;
  int length = 6;
  for (char c = 0; bytes.next(c); ++length) sum += static_cast<std::uint8_t>(c);
  if (five_digits(frame.substr(1, 5)) != length) return Check::kLength;
  const bool fits = five_digits(frame.substr(frame.size() - 6, 5)) == static_cast<int>(sum & 0xff);
  return fits ? Check::kFits : Check::kSum;
}

/// One record "time,address,parameter,value"; no value is longer than this.
using Record = ShortText<128>;

std::string_view part(std::string_view& rest) {
  const std::string_view out = rest.substr(0, rest.find(','));
  rest.remove_prefix(std::min(rest.size(), out.size() + 1));
  return out;
}

/// B. Braun's communication protocol of pump racks: SpaceCom and compactplus tell what their pumps do.
class BccDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    std::size_t at = 0;
    while (at < text.size()) {
      // Between frames: acknowledgements.
      const std::size_t start = text.find(kStart, at);
      if (start == std::string_view::npos) return Progress::all(bytes);
      const std::size_t end = text.find(kEnd, start);
      if (end == std::string_view::npos) {
        if (text.size() - start <= kFrameLimit) return Progress::need(start, 0);
        out.anomaly("frame-too-long");
        return Progress::failed();
      }
      frame(text.substr(start, end + 1 - start), direction, out);
      at = end + 1;
    }
    return Progress::all(bytes);
  }

  bool gap(Direction direction, std::uint64_t, Observer&) override {
    lost_[static_cast<std::size_t>(direction)] = true;
    return true;
  }

 private:
  void frame(std::string_view frame, Direction direction, Observer& out) {
    bool stuffed = false;
    Check verdict = check(frame, stuffed);
    if (verdict == Check::kLength) {
      stuffed = true;
      verdict = check(frame, stuffed);
    }
    bool& lost = lost_[static_cast<std::size_t>(direction)];
    if (verdict != Check::kFits) {
      // After a lost segment a frame's front may be joined with another's end.
      if (!lost) out.anomaly(verdict == Check::kLength ? "bad-length" : "bad-checksum");
      lost = false;
      return;
    }
    lost = false;
    Unstuffed bytes(frame.substr(kFront, frame.size() - kFront - kBack), stuffed);
    // "bed/1/1>" stands in front of the first record.
    Record bed;
    char c = 0;
    while (!bed.full() && !bed.view().ends_with(kAddressed) && bytes.next(c)) bed.push_back(c);
    if (!bed.view().ends_with(kAddressed)) {
      out.anomaly("no-address");
      return;
    }
    const std::string_view name = bed.view().substr(0, bed.view().size() - kAddressed.size());
    Record record;
    bool more = true;
    while (more) {
      more = bytes.next(c);
      if (more && c != kNextRecord) {
        record.push_back(c);
        continue;
      }
      read(record.view(), name, direction, out);
      record.clear();
    }
  }

  void read(std::string_view record, std::string_view bed, Direction direction, Observer& out) {
    const bool up = direction == Direction::kToServer;
    const Party sender = up ? out.client() : out.server();
    const Role role = up ? Role::kClient : Role::kServer;
    if (record.find(',') == std::string_view::npos) {
      // "ADMIN:ALIVE", "MEM:GETSLOT#11": asked of the device at the other end.
      const std::string_view command = record.substr(0, record.find('#'));
      serves(opposite(direction), out);
      if (!command.empty() && heard_.first(hash64(command)))
        out.message(sender, up ? out.server() : out.client(), command);
      return;
    }
    std::string_view rest = record;
    part(rest);
    const std::string_view address = part(rest), parameter = part(rest), value = rest;
    if (address.size() != kModule.size() || !address.starts_with("501") || parameter.empty()) {
      out.anomaly("bad-record");
      return;
    }
    serves(direction, out);
    say(sender, role, "bcc.records", "tells", out);
    say(sender, role, "bcc.bed", bed, out);
    if (address != kModule) say(sender, role, "bcc.slot", address.substr(3), out);
    if (value.empty() || value == "_NV") return;
    if (parameter == "COMSWVERSION") say(sender, role, "bcc.module-software", value, out);
    if (parameter == "COMSERIALNO") say(sender, role, "bcc.module-serial", value, out);
    if (parameter == "GNMODEL" || parameter == "GNNEW") say(sender, role, "bcc.pump", value, out);
    if (parameter == "INSERNUM" || parameter == "INNR") say(sender, role, "bcc.pump-serial", value, out);
    if (parameter == "PATID" && heard_.first(hash64("patient")))
      out.patient_data(sender, up ? out.server() : out.client(), "record", "id");
  }

  /// Who sends in the direction `of` has the pumps; it does not ask who reads them.
  void serves(Direction of, Observer& out) {
    if (of != Direction::kToClient || !heard_.first(hash64("serves"))) return;
    out.service("bcc");
    out.session({"bcc", SessionSeen::Authentication::kNone, false});
  }

  void say(const Party& who, Role role, std::string_view key, std::string_view value, Observer& out) {
    if (!value.empty() && heard_.first(hash64(value, hash64(key)))) out.clue(who, key, value, role);
  }

  Heard heard_;
  bool lost_[2] = {};
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  if (!text.starts_with(kStart)) return Recognition::kNo;
  for (std::size_t i = 1; i < std::min<std::size_t>(text.size(), 6); ++i) {
    if (text[i] < '0' || text[i] > '9') return Recognition::kNo;
  }
  if (text.size() < kFront) return Recognition::kMore;
  if (text[kFront - 1] != kText) return Recognition::kNo;
  // A bed's name may be stuffed; the digits and marks behind it are not.
  const std::string_view rest = text.substr(kFront, 2 * kBedLimit + kAddressed.size());
  if (rest.find(kAddressed) != std::string_view::npos) return Recognition::kYes;
  return rest.size() < 2 * kBedLimit + kAddressed.size() ? Recognition::kMore : Recognition::kNo;
}

}  // namespace

const DissectorInfo& bcc_dissector() {
  static constexpr DissectorInfo kInfo = with_state<BccDissector>({.name = "bcc",
                                                                   .title = "B. Braun BCC",
                                                                   .layers = kLayers,
                                                                   .ports = kPorts,
                                                                   .clues = kClues,
                                                                   .recognise = recognise,
                                                                   .first_bytes = FirstBytes::of("\x01"),
                                                                   .max_buffer = 40 * 1024});
  return kInfo;
}

}  // namespace bedrail
