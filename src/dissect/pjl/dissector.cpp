#include "dissect/dissector.h"

#include <algorithm>
#include <string>

#include "base/hash.h"
#include "base/text.h"
#include "dissect/heard.h"
#include "format/text_line.h"
#include "format/text_protocol.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {9100, 9101, 9102, 9103};
constexpr std::string_view kClues[] = {"pjl.id",      "pjl.status",   "pjl.serial", "pjl.firmware",
                                       "pjl.product", "pjl.language", "pjl.domain", "zpl.identity",
                                       "zpl.model",   "zpl.firmware"};

/// Universal exit language (PJL Technical Reference Manual, chapter 2): what begins and ends all PJL.
constexpr std::string_view kUel = "\x1b%-12345X", kMark = "@PJL";
constexpr std::size_t kLineLimit = 1024;
constexpr std::uint64_t kSkipAll = std::uint64_t{1} << 48;
/// Zebra's command language: a label, a request for who the printer is, a request for its state.
constexpr std::string_view kLabel = "^XA", kHostIdentity = "~HI", kHostStatus = "~HS";
constexpr char kStart = '\x02', kEnd = '\x03';

/// Commands that read or change the printer's files, its panel, its defaults or its memory.
constexpr std::string_view kTelling[] = {
    "FSDIRLIST", "FSUPLOAD", "FSDOWNLOAD", "FSDELETE",   "FSMKDIR", "FSQUERY", "FSINIT", "RDYMSG",
    "OPMSG",     "STMSG",    "DEFAULT",    "INITIALIZE", "RESET",   "RNVRAM",  "WNVRAM", "DMCMD"};

std::string_view first_word(std::string_view text) { return text.substr(0, text.find_first_of(" \t=")); }
std::string_view after_word(std::string_view text) {
  text.remove_prefix(std::min(first_word(text).size(), text.size()));
  return trim(text);
}
std::string_view unquoted(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  return text;
}
bool is_zpl(std::string_view text) {
  return text.starts_with(kLabel) || text.starts_with(kHostIdentity) || text.starts_with(kHostStatus);
}

/// Printers on the raw port: what they answer in the Printer Job Language, and label printers' own words.
class PjlDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const std::string_view text = as_text(bytes);
    return direction == Direction::kToServer ? client(text, out) : server(text, out);
  }

 private:
  enum class Answer : std::uint8_t { kNone, kId, kStatus, kProduct, kOther };

  /// Commands are lines; from the language that a job enters on, all is the job's.
  Progress client(std::string_view text, Observer& out) {
    if (data_) return Progress::need(kSkipAll, 0);
    if (text.starts_with(kUel)) {
      pjl_ = true;
      return Progress::need(kUel.size(), 0);
    }
    const std::size_t shown = std::min(text.size(), kUel.size());
    if (text.substr(0, shown) == kUel.substr(0, shown))
      return Progress::need(0, static_cast<std::uint32_t>(kUel.size()));
    if (!pjl_) return label(text, out);
    const auto line = first_line(text.substr(0, kLineLimit));
    if (!line) {
      // A job without a language's name begins at once.
      const bool may_be =
          starts_with_ignoring_case(text, kMark.substr(0, std::min(kMark.size(), text.size())));
      if (may_be && text.size() < kLineLimit)
        return Progress::need(0, static_cast<std::uint32_t>(text.size() + 1));
      if (may_be) out.anomaly("line-too-long");
      return skip_data();
    }
    if (trim(line->text).empty()) return Progress::need(line->size, 0);
    if (!starts_with_ignoring_case(line->text, kMark)) return skip_data();
    command(trim(line->text.substr(kMark.size())), out);
    return data_ ? Progress::need(kSkipAll, 0) : Progress::need(line->size, 0);
  }

  Progress skip_data() {
    data_ = true;
    return Progress::need(kSkipAll, 0);
  }

  void command(std::string_view text, Observer& out) {
    const std::string_view word = first_word(text), rest = after_word(text);
    if (equals_ignoring_case(word, "ENTER")) {
      const std::size_t equal = rest.find('=');
      if (equal != std::string_view::npos) tell("pjl.language", to_lower(trim(rest.substr(equal + 1))), out);
      data_ = true;
    } else if (equals_ignoring_case(word, "SET")) {
      attribute(field_parameter(rest, "JOBATTR"), out);
    } else if (equals_ignoring_case(word, "JOB")) {
      password(field_parameter(rest, "PASSWORD"), out);
    } else {
      const auto* told = std::find_if(std::begin(kTelling), std::end(kTelling), [&](std::string_view name) {
        return equals_ignoring_case(word, name);
      });
      if (told != std::end(kTelling) && heard_.first(hash64(*told)))
        out.message(out.client(), out.server(), *told);
    }
  }

  /// What a driver says of the job's origin: its computer and domain (HP's drivers). The rest is of persons
  /// and their work.
  void attribute(std::string_view text, Observer& out) {
    constexpr std::string_view kComputer = "JobAcct2=", kDomain = "JobAcct3=";
    if (text.starts_with(kComputer)) {
      const std::string_view name = trim(text.substr(kComputer.size()));
      if (heard_.first(hash64(name, 2))) out.name(out.client(), "pjl", name);
    } else if (text.starts_with(kDomain)) {
      const std::string_view domain = trim(text.substr(kDomain.size()));
      if (!domain.empty() && heard_.first(hash64(domain, 3)))
        out.clue(out.client(), "pjl.domain", domain, Role::kClient);
    }
  }

  /// A job's password unlocks the printer's defaults; 0 is none (chapter 7).
  void password(std::string_view secret, Observer& out) {
    if (secret.empty() || secret == "0" || !heard_.first(hash64(secret, 7))) return;
    out.login({.protocol = "pjl",
               .mechanism = "plain",
               .cleartext = true,
               .account_and_secret = digest_secret({}, secret)});
  }

  /// Without PJL only a label printer's language is known by its first bytes.
  Progress label(std::string_view text, Observer& out) {
    if (text.size() < kLabel.size()) return Progress::need(0, static_cast<std::uint32_t>(kLabel.size()));
    if (!is_zpl(text)) return Progress::failed();
    zpl_ = true;
    if (text.starts_with(kLabel) && heard_.first(hash64("label"))) {
      out.service("zpl");
      tell("pjl.language", "zpl", out);
      out.message(out.client(), out.server(), "label");
    }
    return skip_data();
  }

  Progress server(std::string_view text, Observer& out) {
    if (zpl_) return identity(text, out);
    const auto line = first_line(text.substr(0, kLineLimit));
    if (!line) {
      // The form feed that ends an answer stands alone.
      if (text.front() == '\f') return form_feed();
      if (text.size() < kLineLimit) return Progress::need(0, static_cast<std::uint32_t>(text.size() + 1));
      out.anomaly("line-too-long");
      return Progress::failed();
    }
    if (text.front() == '\f') return form_feed();
    answer(trim(line->text), out);
    return Progress::need(line->size, 0);
  }

  Progress form_feed() {
    answer_ = Answer::kNone;
    return Progress::need(1, 0);
  }

  void answer(std::string_view line, Observer& out) {
    if (starts_with_ignoring_case(line, kMark)) {
      const std::string_view text = trim(line.substr(kMark.size()));
      const std::string_view word = first_word(text), what = first_word(after_word(text));
      answer_ = Answer::kOther;
      if (equals_ignoring_case(word, "INFO")) {
        if (equals_ignoring_case(what, "ID")) answer_ = Answer::kId;
        if (equals_ignoring_case(what, "STATUS")) answer_ = Answer::kStatus;
        if (equals_ignoring_case(what, "PRODINFO") || equals_ignoring_case(what, "CONFIG"))
          answer_ = Answer::kProduct;
      }
      if (heard_.first(hash64("service"))) {
        out.service("pjl");
        out.session({"pjl", SessionSeen::Authentication::kNone, false});
      }
      return;
    }
    if (answer_ == Answer::kId) {
      tell("pjl.id", unquoted(line), out);
      answer_ = Answer::kOther;
    } else if (answer_ == Answer::kStatus && starts_with_ignoring_case(line, "CODE=")) {
      tell("pjl.status", line.substr(5), out);
    } else if (answer_ == Answer::kProduct) {
      product(line, out);
    }
  }

  /// "ProductSerialNumber = "..."", "FirmwareDateCode = ...", "SERIAL NUMBER="..."": makers' own words for
  /// them.
  void product(std::string_view line, Observer& out) {
    const std::size_t equal = line.find('=');
    if (equal == std::string_view::npos) return;
    const std::string key = to_lower(trim(line.substr(0, equal)));
    const std::string_view value = unquoted(line.substr(equal + 1));
    if (key == "productserialnumber" || key == "serial number" || key == "serialnumber")
      tell("pjl.serial", value, out);
    if (key == "firmwaredatecode" || key == "firmware version" || key == "firmwareversion")
      tell("pjl.firmware", value, out);
    if (key == "productname" || key == "product name") tell("pjl.product", value, out);
  }

  /// "STX ZT410-200dpi,V75.19.7Z,8,8176KB ETX" (ZPL II Programming Guide, ~HI).
  Progress identity(std::string_view text, Observer& out) {
    const std::size_t start = text.find(kStart);
    if (start == std::string_view::npos) return Progress::need(text.size(), 0);
    if (start > 0) return Progress::need(start, 0);
    const std::size_t end = text.substr(0, kLineLimit).find(kEnd);
    if (end == std::string_view::npos) {
      if (text.size() < kLineLimit) return Progress::need(0, static_cast<std::uint32_t>(text.size() + 1));
      out.anomaly("line-too-long");
      return Progress::failed();
    }
    const std::string_view content = text.substr(1, end - 1);
    const std::size_t comma = content.find(',');
    // Answers about the state are numbers.
    const bool named = comma != std::string_view::npos && comma + 1 < content.size() &&
                       content[comma + 1] == 'V' && is_printable_ascii(content);
    if (named) {
      if (heard_.first(hash64("zpl"))) out.service("zpl");
      const std::string_view rest = content.substr(comma + 1);
      tell("zpl.identity", content, out);
      tell("zpl.model", content.substr(0, comma), out);
      tell("zpl.firmware", rest.substr(0, rest.find(',')), out);
    }
    return Progress::need(end + 1, 0);
  }

  void tell(std::string_view key, std::string_view text, Observer& out) {
    if (!text.empty() && heard_.first(hash64(text, hash64(key))))
      out.clue(out.server(), key, text, Role::kServer);
  }

  Heard heard_;
  Answer answer_ = Answer::kNone;
  bool pjl_ = false, data_ = false, zpl_ = false;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  if (probe.direction == Direction::kToClient) {
    if (text.size() < kMark.size()) return kMark.starts_with(text) ? Recognition::kMore : Recognition::kNo;
    return text.starts_with("@PJL ") ? Recognition::kYes : Recognition::kNo;
  }
  if (text.starts_with(kUel)) {
    const std::string_view rest = text.substr(kUel.size());
    if (rest.size() < kMark.size()) return probe.on_port ? Recognition::kYes : Recognition::kMore;
    return probe.on_port || rest.starts_with(kMark) ? Recognition::kYes : Recognition::kNo;
  }
  if (kUel.starts_with(text)) return Recognition::kMore;
  if (!probe.on_port) return Recognition::kNo;
  if (text.size() < kLabel.size())
    return kLabel.starts_with(text) || text.front() == '~' ? Recognition::kMore : Recognition::kNo;
  return is_zpl(text) ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& pjl_dissector() {
  static constexpr DissectorInfo kInfo = with_state<PjlDissector>({.name = "pjl",
                                                                   .title = "Printer Job Language",
                                                                   .layers = kLayers,
                                                                   .ports = kPorts,
                                                                   .clues = kClues,
                                                                   .recognise = recognise,
                                                                   .first_bytes = FirstBytes::of("\x1b@^~")});
  return kInfo;
}

}  // namespace bedrail
