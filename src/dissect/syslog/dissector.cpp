#include "dissect/dissector.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "dissect/heard.h"
#include "dissect/syslog/message.h"

namespace bedrail {
namespace {

using namespace syslog;

constexpr Layer kLayers[] = {Layer::kTcp, Layer::kUdp};
constexpr std::uint16_t kPorts[] = {514, 601, 1514, 10514};
constexpr std::string_view kClues[] = {
    "syslog.application", "syslog.appliance-model", "syslog.appliance-serial", "syslog.audit-source",
    "syslog.collector",   "syslog.enterprise",      "syslog.event-source",     "syslog.facility",
    "syslog.mnemonic",    "syslog.relay",           "syslog.software",         "syslog.appliance-maker"};

/// A line is held as long; of a counted message as much is read (RFC 6587, 3.4.1 has no limit).
constexpr std::uint32_t kMostLine = 8 * 1024, kMostRead = 32 * 1024;
constexpr std::uint64_t kMostCounted = 1 << 20;

constexpr std::string_view kFacilities[] = {"kernel", "user",   "mail",   "daemon", "auth",     "syslog",
                                            "lpr",    "news",   "uucp",   "cron",   "authpriv", "ftp",
                                            "ntp",    "audit",  "alert",  "clock",  "local0",   "local1",
                                            "local2", "local3", "local4", "local5", "local6",   "local7"};

/// The digits of an octet count and its blank (RFC 6587, 3.4.1); `size` 0: none; `more`: may become one.
struct Count {
  std::uint64_t value = 0;
  std::size_t size = 0;
  bool more = false;
};
Count read_count(std::string_view text) {
  Count out;
  std::size_t at = 0;
  for (; at < text.size() && at < 7 && text[at] >= '0' && text[at] <= '9'; ++at)
    out.value = out.value * 10 + static_cast<std::uint64_t>(text[at] - '0');
  if (at == 0 || text.front() == '0') return {};
  if (at == text.size()) return {0, 0, at < 7};
  return text[at] == ' ' ? Count{out.value, at + 1, false} : Count{};
}

/// Syslog (RFC 3164, 5424; over TCP: RFC 6587): who writes, with which software. Of what is written nothing
/// is kept: it may be anything.
class SyslogDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    if (direction == Direction::kToClient) return Progress::all(bytes);
    if (out.flow().key.transport != Transport::kTcp) {
      message(as_text(bytes), out);
      return Progress::all(bytes);
    }
    std::size_t at = 0;
    while (at < bytes.size()) {
      const Progress made = next(as_text(bytes.subspan(at)), out);
      if (made.status != Progress::Status::kContinue) return made;
      if (made.consumed == 0) return Progress::need(at, made.needed);
      if (made.consumed > bytes.size() - at) return Progress::need(at + made.consumed, 0);
      at += static_cast<std::size_t>(made.consumed);
    }
    return Progress::all(bytes);
  }

  bool gap(Direction direction, std::uint64_t, Observer&) override {
    if (direction == Direction::kToClient) return true;
    // The next line's start can be found, the next count's cannot.
    seeking_ = true;
    return framing_ == Framing::kLines;
  }

 private:
  enum class Framing : std::uint8_t { kUnknown, kLines, kCounted };

  Progress next(std::string_view text, Observer& out) {
    if (framing_ == Framing::kUnknown) {
      const Count count = read_count(text);
      if (count.more) return Progress::need(0, static_cast<std::uint32_t>(text.size() + 1));
      framing_ = count.size > 0 ? Framing::kCounted : Framing::kLines;
    }
    return framing_ == Framing::kCounted ? counted(text, out) : line(text, out);
  }

  Progress counted(std::string_view text, Observer& out) {
    // Some senders end a counted message with a line's end all the same.
    if (text.front() == '\n') return Progress::need(1, 0);
    const Count count = read_count(text);
    if (count.more) return Progress::need(0, static_cast<std::uint32_t>(text.size() + 1));
    if (count.size == 0 || count.value > kMostCounted) {
      out.anomaly("bad-count");
      return Progress::failed();
    }
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count.value, kMostRead));
    if (text.size() < count.size + wanted)
      return Progress::need(0, static_cast<std::uint32_t>(count.size + wanted));
    message(text.substr(count.size, wanted), out);
    return Progress::need(count.size + count.value, 0);
  }

  Progress line(std::string_view text, Observer& out) {
    const std::size_t end = text.substr(0, kMostLine).find_first_of(std::string_view("\n\0", 2));
    if (seeking_) {
      seeking_ = end == std::string_view::npos;
      return Progress::need(seeking_ ? std::min<std::size_t>(text.size(), kMostLine) : end + 1, 0);
    }
    if (end == std::string_view::npos) {
      if (text.size() < kMostLine) return Progress::need(0, static_cast<std::uint32_t>(text.size() + 1));
      out.anomaly("line-too-long");
      seeking_ = true;
      return Progress::need(kMostLine, 0);
    }
    // A message may go on in further lines: what starts otherwise belongs to the one before.
    if (text.front() == '<') message(text.substr(0, end), out);
    return Progress::need(end + 1, 0);
  }

  void message(std::string_view text, Observer& out) {
    Message message;
    if (!read_message(text, message)) return out.anomaly("no-priority");
    received(message.form, out);
    const Party client = out.client();
    named(message.host, out);
    clue("syslog.application", message.application, out);
    clue("syslog.facility", kFacilities[message.facility], out);
    if (!message.software.empty()) {
      const std::string blank = message.version.empty() ? "" : " ";
      clue("syslog.software", std::string(message.software) + blank + std::string(message.version), out);
    }
    clue("syslog.enterprise", message.enterprise, out);
    clue("syslog.mnemonic", mnemonic(message.content), out);
    clue("syslog.event-source", event_source(message.content), out);
    const Appliance device = appliance(message.content);
    clue("syslog.appliance-maker", device.maker, out);
    clue("syslog.appliance-model", device.model, out);
    clue("syslog.appliance-serial", device.serial, out);
    if (message.host.empty()) named(device.name, out);
    const Audit audited = audit(message.content);
    clue("syslog.audit-source", audited.source, out);
    if (audited.patient && first("patient", "")) out.patient_data(client, out.server(), "ATNA", "id");
  }

  bool first(std::string_view key, std::string_view value) {
    return heard_.first(hash64(value, hash64(key)));
  }
  void clue(std::string_view key, std::string_view value, Observer& out) {
    if (!value.empty() && first(key, value)) out.clue(out.client(), key, value, Role::kClient);
  }

  void received(Message::Form form, Observer& out) {
    constexpr std::string_view kForms[] = {"plain", "rfc3164", "rfc5424"};
    const std::string_view name = kForms[static_cast<std::size_t>(form)];
    const bool stream = out.flow().key.transport == Transport::kTcp;
    if (stream && first("service", "")) out.service("syslog");
    // A datagram may go to nobody.
    if (out.server().ip && out.server().ip->is_unicast() && first("form", name))
      out.clue(out.server(), "syslog.collector", name, Role::kServer);
  }

  /// A relay repeats what others wrote under their names: a second name is told as such, and no more as its
  /// own.
  void named(std::string_view host, Observer& out) {
    if (host.empty()) return;
    const std::uint64_t hash = hash64(to_lower(host));
    if (host_ == 0) {
      host_ = hash;
      out.name(out.client(), "syslog", host);
    } else if (host_ != hash) {
      clue("syslog.relay", "several-hosts", out);
    }
  }

  Framing framing_ = Framing::kUnknown;
  bool seeking_ = false;
  std::uint64_t host_ = 0;
  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  if (probe.direction == Direction::kToClient) return Recognition::kNo;
  std::string_view text = as_text(probe.bytes);
  const Count count = read_count(text);
  if (count.more) return Recognition::kMore;
  text.remove_prefix(count.size);
  constexpr std::size_t kEnough = 40;
  if (text.empty() || (text.size() < 5 && text.front() == '<')) return Recognition::kMore;
  const auto priority = read_priority(text);
  if (!priority) return Recognition::kNo;
  text.remove_prefix(priority->size);
  if (text.starts_with("1 ")) text.remove_prefix(2);
  if (timestamp_size(text) > 0) return Recognition::kYes;
  if (probe.on_port) return Recognition::kYes;
  return text.size() < kEnough ? Recognition::kMore : Recognition::kNo;
}

}  // namespace

const DissectorInfo& syslog_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<SyslogDissector>({.name = "syslog",
                                   .title = "Syslog",
                                   .layers = kLayers,
                                   .ports = kPorts,
                                   .clues = kClues,
                                   .recognise = recognise,
                                   .first_bytes = FirstBytes::of("<123456789"),
                                   .max_buffer = 40 * 1024});
  return kInfo;
}

}  // namespace bedrail
