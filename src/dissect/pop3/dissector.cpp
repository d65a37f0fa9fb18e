#include "dissect/dissector.h"

#include "base/text.h"
#include "dissect/mail_login.h"
#include "dissect/text_lines.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {110};
constexpr std::string_view kClues[] = {"ntlm.dns-domain", "ntlm.domain", "ntlm.machine-account",
                                       "ntlm.version",    "pop3.banner", "pop3.implementation"};

/// RFC 1939 allows 512; base64 of NTLM is longer.
constexpr std::size_t kLineLimit = 4096;

constexpr std::string_view kProducts[] = {
    "Dovecot", "Courier", "Cyrus",       "Microsoft Exchange", "Microsoft Windows POP3",
    "Qpopper", "UW",      "hMailServer", "MailEnable",         "Lotus Notes",
    "MDaemon", "Zimbra",  "popa3d"};

std::string_view product_in(std::string_view text) {
  for (const std::string_view name : kProducts) {
    for (std::size_t at = 0; at + name.size() <= text.size(); ++at) {
      if (starts_with_ignoring_case(text.substr(at), name)) return name;
    }
  }
  return {};
}

/// A greeting without the challenge that its end may hold (RFC 1939, 7, APOP).
std::string_view without_challenge(std::string_view text) {
  const std::size_t open = text.rfind('<');
  return trim(open != std::string_view::npos && text.find('>', open) != std::string_view::npos
                  ? text.substr(0, open)
                  : text);
}

/// Mailboxes (RFC 1939, 5034, 2595): which server, and how its users prove themselves. Done once one is let
/// in.
class Pop3Dissector final : public Dissector {
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
  enum class Waiting : std::uint8_t { kNothing, kAccount, kLogin, kTls, kAbilities };

  LineVerdict command(std::string_view line, Observer& out) {
    if (login_.exchanging()) {
      login_.client_line(line, out);
      return LineVerdict::kNext;
    }
    const std::size_t blank = std::min(line.find(' '), line.size());
    const std::string_view verb = line.substr(0, blank);
    const std::string_view argument = blank < line.size() ? line.substr(blank + 1) : std::string_view();
    const auto is = [&](std::string_view word) { return equals_ignoring_case(verb, word); };
    waiting_ = Waiting::kNothing;
    if (is("USER")) {
      login_.account(trim(argument));
      waiting_ = Waiting::kAccount;
    } else if (is("PASS")) {
      login_.password(argument);
      waiting_ = Waiting::kLogin;
    } else if (is("APOP")) {
      login_.proof("digest");
      waiting_ = Waiting::kLogin;
    } else if (is("AUTH") && !argument.empty()) {
      const std::size_t end = std::min(argument.find(' '), argument.size());
      login_.begin(argument.substr(0, end), trim(argument.substr(end)), out);
      waiting_ = Waiting::kLogin;
    } else if (is("STLS")) {
      waiting_ = Waiting::kTls;
    } else if (is("CAPA")) {
      waiting_ = Waiting::kAbilities;
    }
    return LineVerdict::kNext;
  }

  LineVerdict reply(std::string_view line, Observer& out) {
    const bool good = line.starts_with("+OK"), bad = line.starts_with("-ERR");
    if (!greeted_) {
      if (!good && !bad) return LineVerdict::kFailed;
      greeted_ = true;
      const std::string_view text =
          good && line.size() > 4 ? without_challenge(line.substr(4)) : std::string_view();
      out.service("pop3", product_in(text));
      out.clue(out.server(), "pop3.banner", text, Role::kServer);
      return LineVerdict::kNext;
    }
    if (in_list_) {
      if (line == ".") in_list_ = false;
      constexpr std::string_view kName = "IMPLEMENTATION ";
      if (starts_with_ignoring_case(line, kName)) {
        const std::string_view text = line.substr(kName.size());
        out.clue(out.server(), "pop3.implementation", text, Role::kServer);
      }
      return LineVerdict::kNext;
    }
    if (line.starts_with("+ ")) {
      login_.server_line(line.substr(2), out);
      return LineVerdict::kNext;
    }
    if (!good && !bad) return LineVerdict::kNext;
    const Waiting waited = waiting_;
    waiting_ = Waiting::kNothing;
    switch (waited) {
      case Waiting::kLogin:
        login_.verdict("pop3", good, out);
        return good ? LineVerdict::kDone : LineVerdict::kNext;
      case Waiting::kTls:
        if (!good) return LineVerdict::kNext;
        out.session({"pop3", SessionSeen::Authentication::kUnknown, true});
        return LineVerdict::kDone;
      case Waiting::kAbilities:
        in_list_ = good;
        return LineVerdict::kNext;
      default:
        return LineVerdict::kNext;
    }
  }

  TextLines lines_[2];
  MailLogin login_;
  Waiting waiting_ = Waiting::kNothing;
  bool greeted_ = false, in_list_ = false;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  if (probe.direction == Direction::kToServer) {
    for (const std::string_view word : {"CAPA\r\n", "STLS\r\n", "APOP "}) {
      if (starts_with_ignoring_case(text, word)) return Recognition::kYes;
      if (text.size() < word.size() && starts_with_ignoring_case(word, text)) return Recognition::kMore;
    }
    return Recognition::kNo;
  }
  constexpr std::string_view kStart = "+OK";
  if (text.substr(0, kStart.size()) != kStart.substr(0, text.size())) return Recognition::kNo;
  const auto line = first_line(text);
  if (!line) return text.size() < 512 ? Recognition::kMore : Recognition::kNo;
  for (std::size_t at = 3; at + 3 <= line->text.size(); ++at) {
    if (starts_with_ignoring_case(line->text.substr(at), "POP")) return Recognition::kYes;
  }
  if (!product_in(line->text).empty()) return Recognition::kYes;
  return probe.on_port ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& pop3_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<Pop3Dissector>({.name = "pop3",
                                 .title = "Post Office Protocol 3",
                                 .layers = kLayers,
                                 .ports = kPorts,
                                 .clues = kClues,
                                 .recognise = recognise,
                                 .first_bytes = FirstBytes::of("+CcSsAa")});
  return kInfo;
}

}  // namespace bedrail
