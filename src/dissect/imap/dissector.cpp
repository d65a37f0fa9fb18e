#include "dissect/dissector.h"

#include <string>

#include "base/text.h"
#include "dissect/mail_login.h"
#include "dissect/text_lines.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {143};
constexpr std::string_view kClues[] = {"imap.banner",     "imap.client", "imap.server",
                                       "ntlm.dns-domain", "ntlm.domain", "ntlm.machine-account",
                                       "ntlm.version"};

constexpr std::size_t kLineLimit = 8192;

constexpr std::string_view kProducts[] = {
    "Dovecot", "Courier-IMAP", "Cyrus IMAP", "Microsoft Exchange", "hMailServer", "MailEnable", "Domino",
    "MDaemon", "Zimbra",       "UW"};

std::string_view product_in(std::string_view text) {
  for (const std::string_view name : kProducts) {
    for (std::size_t at = 0; at + name.size() <= text.size(); ++at) {
      if (starts_with_ignoring_case(text.substr(at), name)) return name;
    }
  }
  return {};
}

/// The next atom or quoted text; `quoted` tells "" from nothing. Escapes stay as they are sent (RFC
/// 9051, 4.3).
std::string_view next_word(std::string_view& rest, std::string& scratch) {
  rest = trim(rest);
  if (rest.empty() || rest.front() != '"') {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    const std::string_view word = rest.substr(0, end);
    rest.remove_prefix(end);
    return word;
  }
  scratch.clear();
  std::size_t at = 1;
  while (at < rest.size() && rest[at] != '"') {
    if (rest[at] == '\\' && at + 1 < rest.size()) ++at;
    scratch.push_back(rest[at++]);
  }
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return scratch;
}

/// Mailboxes (RFC 9051; ID: RFC 2971): which server and client, and how users prove themselves. Done once one
/// is let in.
class ImapDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const bool client = direction == Direction::kToServer;
    return lines_[static_cast<std::size_t>(direction)].feed(
        bytes, kLineLimit,
        [&](std::string_view line) { return client ? command(line, out) : reply(line, out); },
        [&] { out.anomaly("line-too-long"); });
  }

  bool gap(Direction, std::uint64_t, Observer&) override { return false; }

 private:
  enum class Waiting : std::uint8_t { kNothing, kLogin, kTls };

  LineVerdict command(std::string_view line, Observer& out) {
    if (login_.exchanging()) {
      login_.client_line(line, out);
      return LineVerdict::kNext;
    }
    std::string scratch;
    std::string_view rest = line;
    const std::string_view tag = next_word(rest, scratch);
    const std::string_view verb = next_word(rest, scratch);
    const auto is = [&](std::string_view word) { return equals_ignoring_case(verb, word); };
    if (is("LOGIN")) {
      await(Waiting::kLogin, tag);
      std::string account(next_word(rest, scratch));
      const std::string_view secret = next_word(rest, scratch);
      // Counted texts ("{5}") come in lines of their own: they are not followed.
      if (!account.starts_with('{') && !line.ends_with('}')) login_.both(account, secret);
      account.assign(account.size(), '\0');
      scratch.assign(scratch.size(), '\0');
    } else if (is("AUTHENTICATE")) {
      await(Waiting::kLogin, tag);
      const std::string_view mechanism = next_word(rest, scratch);
      login_.begin(mechanism, trim(rest), out);
    } else if (is("STARTTLS")) {
      await(Waiting::kTls, tag);
    } else if (is("ID")) {
      if (!told_client_) out.clue(out.client(), "imap.client", identity(rest), Role::kClient);
      told_client_ = true;
    }
    return LineVerdict::kNext;
  }

  void await(Waiting what, std::string_view tag) {
    waiting_ = what;
    tag_.assign(tag);
  }

  /// ("name" "Dovecot" "version" "2.3" ...): name, version and system; other fields may speak of people.
  static std::string identity(std::string_view text) {
    const std::size_t open = text.find('(');
    if (open == std::string_view::npos) return {};
    text = text.substr(open + 1, text.rfind(')') - open - 1);
    std::string out, key_scratch, value_scratch;
    constexpr unsigned kMostFields = 30;
    for (unsigned i = 0; i < kMostFields && !trim(text).empty(); ++i) {
      const std::string_view key = next_word(text, key_scratch), value = next_word(text, value_scratch);
      if (equals_ignoring_case(value, "NIL")) continue;
      for (const std::string_view told : {"name", "version", "vendor", "os", "os-version"}) {
        if (equals_ignoring_case(key, told)) out.append(out.empty() ? "" : " ").append(value);
      }
    }
    return out;
  }

  LineVerdict reply(std::string_view line, Observer& out) {
    if (!greeted_) return greeting(line, out);
    if (line.starts_with("+ ")) {
      login_.server_line(line.substr(2), out);
      return LineVerdict::kNext;
    }
    if (starts_with_ignoring_case(line, "* ID ")) {
      if (!told_server_) out.clue(out.server(), "imap.server", identity(line.substr(5)), Role::kServer);
      told_server_ = true;
      return LineVerdict::kNext;
    }
    const std::string_view tag = tag_.view();
    if (waiting_ == Waiting::kNothing || tag.empty() || !line.starts_with(tag) || line.size() <= tag.size() ||
        line[tag.size()] != ' ')
      return LineVerdict::kNext;
    const bool good = starts_with_ignoring_case(line.substr(tag.size() + 1), "OK");
    const Waiting waited = waiting_;
    waiting_ = Waiting::kNothing;
    if (waited == Waiting::kTls) {
      if (!good) return LineVerdict::kNext;
      out.session({"imap", SessionSeen::Authentication::kUnknown, true});
      return LineVerdict::kDone;
    }
    login_.verdict("imap", good, out);
    return good ? LineVerdict::kDone : LineVerdict::kNext;
  }

  LineVerdict greeting(std::string_view line, Observer& out) {
    greeted_ = true;
    const bool known = line.starts_with("* PREAUTH");
    if (!known && !line.starts_with("* OK") && !line.starts_with("* BYE")) return LineVerdict::kFailed;
    std::string_view text =
        trim(line.substr(line.find(' ', 2) == std::string_view::npos ? line.size() : line.find(' ', 2)));
    const std::size_t close = text.starts_with('[') ? text.find(']') : std::string_view::npos;
    if (close != std::string_view::npos) text = trim(text.substr(close + 1));
    out.service("imap", product_in(text));
    out.clue(out.server(), "imap.banner", text, Role::kServer);
    if (known) out.session({"imap", SessionSeen::Authentication::kNone, false});
    return known ? LineVerdict::kDone : LineVerdict::kNext;
  }

  TextLines lines_[2];
  MailLogin login_;
  ShortText<32> tag_;
  Waiting waiting_ = Waiting::kNothing;
  bool greeted_ = false, told_client_ = false, told_server_ = false;
};

Recognition recognise(const Probe& probe) {
  if (probe.direction == Direction::kToServer) return Recognition::kNo;
  const std::string_view text = as_text(probe.bytes);
  for (const std::string_view start : {"* OK ", "* PREAUTH ", "* BYE "}) {
    if (text.size() < start.size() && start.starts_with(text)) return Recognition::kMore;
    if (!text.starts_with(start)) continue;
    const auto line = first_line(text);
    if (!line) return text.size() < 1024 ? Recognition::kMore : Recognition::kNo;
    const bool said = line->text.find("IMAP") != std::string_view::npos ||
                      line->text.find("[CAPABILITY") != std::string_view::npos;
    return said || probe.on_port ? Recognition::kYes : Recognition::kNo;
  }
  return Recognition::kNo;
}

}  // namespace

const DissectorInfo& imap_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<ImapDissector>({.name = "imap",
                                 .title = "Internet Message Access Protocol",
                                 .layers = kLayers,
                                 .ports = kPorts,
                                 .clues = kClues,
                                 .recognise = recognise,
                                 .first_bytes = FirstBytes::of("*")});
  return kInfo;
}

}  // namespace bedrail
