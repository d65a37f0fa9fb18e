#include "dissect/dissector.h"

#include <string>

#include "base/text.h"
#include "dissect/mail_login.h"
#include "dissect/text_lines.h"
#include "format/product.h"
#include "net/address.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {25, 587, 2525};
constexpr std::string_view kClues[] = {"ntlm.dns-domain", "ntlm.domain", "ntlm.machine-account",
                                       "ntlm.version",    "smtp.banner", "smtp.features",
                                       "smtp.mailer"};

/// RFC 5321, 4.5.3.1 allows 512 and 1000; more is met.
constexpr std::size_t kLineLimit = 4096;
constexpr std::size_t kMostFeatures = 400;
constexpr unsigned kMostHeaders = 200;

/// Names in greetings, the longest first where one is part of another.
constexpr std::string_view kProducts[] = {"Microsoft ESMTP MAIL Service",
                                          "Microsoft Exchange",
                                          "Postfix",
                                          "Exim",
                                          "Sendmail",
                                          "OpenSMTPD",
                                          "hMailServer",
                                          "MailEnable",
                                          "Lotus Domino",
                                          "MDaemon",
                                          "Kerio Connect",
                                          "Zimbra",
                                          "qmail",
                                          "Haraka",
                                          "Courier"};

std::size_t find_ignoring_case(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at) {
    if (starts_with_ignoring_case(text.substr(at), word)) return at;
  }
  return std::string_view::npos;
}

/// What follows a product's name and begins with a digit, perhaps behind "Version: ".
std::string_view version_behind(std::string_view text) {
  for (const std::string_view word :
       {",", " ", "/", "Version:", "version", "Release", "ESMTP", "v", " ", "("}) {
    text = trim(text);
    if (starts_with_ignoring_case(text, word)) text.remove_prefix(word.size());
  }
  text = trim(text);
  if (text.empty() || text.front() < '0' || text.front() > '9') return {};
  const std::string_view version = text.substr(0, text.find_first_of(" ;,)/"));
  return version.ends_with('.') ? version.substr(0, version.size() - 1) : version;
}

Product product_of_greeting(std::string_view text) {
  for (const std::string_view name : kProducts) {
    const std::size_t at = find_ignoring_case(text, name);
    if (at != std::string_view::npos) return {name, version_behind(text.substr(at + name.size()))};
  }
  return {};
}

/// A greeting without its clock.
std::string_view without_clock(std::string_view text) {
  for (const std::string_view day : {"Mon, ", "Tue, ", "Wed, ", "Thu, ", "Fri, ", "Sat, ", "Sun, "}) {
    const std::size_t at = text.find(day);
    if (at != std::string_view::npos) text = text.substr(0, at);
  }
  return trim(text.substr(0, text.find(';')));
}

bool is_host_name(std::string_view text) {
  if (text.size() < 2 || text.size() > 253 || parse_ip(text) || starts_with_ignoring_case(text, "localhost"))
    return false;
  for (const char c : text) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
          c == '-' || c == '_'))
      return false;
  }
  return text.find_first_not_of("0123456789.-") != std::string_view::npos;
}

/// Mail on its way (RFC 5321, 4954, 3207): who sends, through which server, and how it proves itself.
/// Addresses, subjects and texts are passed over.
class SmtpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const bool client = direction == Direction::kToServer;
    return lines_[static_cast<std::size_t>(direction)].feed(
        bytes, kLineLimit,
        [&](std::string_view line) { return client ? command(line, out) : reply(line, out); },
        [&] {
          if (!in_text_) out.anomaly("line-too-long");
        });
  }

  bool gap(Direction direction, std::uint64_t, Observer&) override {
    lines_[static_cast<std::size_t>(direction)].lose();
    // The greeting, or a part of it, may be what was lost.
    if (direction == Direction::kToClient) greeted_ = lost_ = true;
    waiting_ = Waiting::kNothing;
    login_.forget();
    headers_ = kMostHeaders;
    features_.clear();
    // Whether the text of a mail or a command follows is not known.
    return direction == Direction::kToClient && !in_text_;
  }

 private:
  enum class Waiting : std::uint8_t { kNothing, kHello, kAuth, kTls, kText };

  LineVerdict command(std::string_view line, Observer& out) {
    if (in_text_) return text(line, out);
    if (login_.exchanging()) {
      login_.client_line(line, out);
      return LineVerdict::kNext;
    }
    const std::size_t blank = std::min(line.find(' '), line.size());
    const std::string_view verb = line.substr(0, blank);
    const std::string_view argument = trim(line.substr(blank));
    const auto is = [&](std::string_view word) { return equals_ignoring_case(verb, word); };
    waiting_ = Waiting::kNothing;
    if (is("EHLO") || is("HELO")) {
      waiting_ = Waiting::kHello;
      if (!greeted_client_ && is_host_name(argument)) out.name(out.client(), "smtp", argument);
      greeted_client_ = true;
    } else if (is("AUTH")) {
      const std::size_t end = std::min(argument.find(' '), argument.size());
      login_.begin(argument.substr(0, end), trim(argument.substr(end)), out);
      waiting_ = Waiting::kAuth;
    } else if (is("STARTTLS")) {
      waiting_ = Waiting::kTls;
    } else if (is("DATA")) {
      waiting_ = Waiting::kText;
    } else if (is("BDAT")) {
      return LineVerdict::kDone;  // a mail in counted pieces (RFC 3030), whose lines are nobody's
    }
    return LineVerdict::kNext;
  }

  LineVerdict text(std::string_view line, Observer& out) {
    if (line == ".") {
      in_text_ = false;
      return LineVerdict::kNext;
    }
    if (headers_ >= kMostHeaders) return LineVerdict::kNext;
    headers_ = line.empty() ? kMostHeaders : headers_ + 1;
    for (const std::string_view name : {"X-Mailer:", "User-Agent:"}) {
      if (!told_mailer_ && starts_with_ignoring_case(line, name)) {
        told_mailer_ = true;
        out.clue(out.client(), "smtp.mailer", trim(line.substr(name.size())), Role::kClient);
      }
    }
    return LineVerdict::kNext;
  }

  LineVerdict reply(std::string_view line, Observer& out) {
    unsigned code = 0;
    if (line.size() < 3) return greeted_ ? LineVerdict::kNext : LineVerdict::kFailed;
    for (const char c : line.substr(0, 3)) {
      if (c < '0' || c > '9') return greeted_ ? LineVerdict::kNext : LineVerdict::kFailed;
      code = code * 10 + static_cast<unsigned>(c - '0');
    }
    const bool last = line.size() == 3 || line[3] == ' ';
    const std::string_view text = line.size() > 4 ? line.substr(4) : std::string_view();
    if (!greeted_) {
      greeting(code, text, out);
      return LineVerdict::kNext;
    }
    switch (waiting_) {
      case Waiting::kHello:
        if (code == 250) feature(text, last, out);
        break;
      case Waiting::kAuth:
        if (code == 334) {
          login_.server_line(text, out);
          return LineVerdict::kNext;
        }
        if (last) login_.verdict("smtp", code == 235, out);
        break;
      case Waiting::kTls:
        if (code == 220) {
          out.session({"smtp", SessionSeen::Authentication::kUnknown, true});
          return LineVerdict::kDone;
        }
        break;
      case Waiting::kText:
        if (code == 354) {
          in_text_ = true;
          headers_ = 0;
        }
        break;
      case Waiting::kNothing:
        break;
    }
    if (last) waiting_ = Waiting::kNothing;
    return LineVerdict::kNext;
  }

  void greeting(unsigned code, std::string_view text, Observer& out) {
    greeted_ = true;
    if (code != 220 && code != 554) return;
    const std::size_t blank = std::min(text.find(' '), text.size());
    const Product product = product_of_greeting(text.substr(blank));
    out.service("smtp", product.name, product.version);
    out.clue(out.server(), "smtp.banner", without_clock(text), Role::kServer);
    if (is_host_name(text.substr(0, blank)) && text.substr(0, blank).find('.') != std::string_view::npos)
      out.name(out.server(), "smtp", text.substr(0, blank));
  }

  void feature(std::string_view text, bool last, Observer& out) {
    // The first line repeats the name and greets the client by its own.
    const bool first = features_.empty();
    if (first) {
      features_.assign(" ");
    } else {
      features_.append(features_.view().size() > 1 ? "," : "");
      features_.append(text);
    }
    if (!last) return;
    if (features_.view().size() > 1 && !lost_)
      out.clue(out.server(), "smtp.features", features_.view(), Role::kServer);
    features_.clear();
  }

  TextLines lines_[2];
  MailLogin login_;
  ShortText<kMostFeatures> features_;
  unsigned headers_ = kMostHeaders;
  Waiting waiting_ = Waiting::kNothing;
  bool lost_ = false;  ///< of the server's lines some are missing
  bool greeted_ = false, greeted_client_ = false, in_text_ = false, told_mailer_ = false;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  if (probe.direction == Direction::kToServer) {
    for (const std::string_view word : {"EHLO ", "HELO "}) {
      if (starts_with_ignoring_case(text, word)) return Recognition::kYes;
      if (text.size() < word.size() && starts_with_ignoring_case(word, text)) return Recognition::kMore;
    }
    return Recognition::kNo;
  }
  constexpr std::string_view kStart = "220";
  if (text.substr(0, 3) != kStart.substr(0, text.size())) return Recognition::kNo;
  if (text.size() < 4) return Recognition::kMore;
  if (text[3] != ' ' && text[3] != '-') return Recognition::kNo;
  const auto line = first_line(text);
  std::string_view first = line ? line->text : text;
  if (first.ends_with('\r')) first.remove_suffix(1);
  if (!is_printable_ascii(first)) return Recognition::kNo;
  if (find_ignoring_case(first, "SMTP") != std::string_view::npos) return Recognition::kYes;
  if (find_ignoring_case(first, "FTP") != std::string_view::npos) return Recognition::kNo;
  if (!line) return text.size() < 512 ? Recognition::kMore : Recognition::kNo;
  return probe.on_port ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& smtp_dissector() {
  static constexpr DissectorInfo kInfo = with_state<SmtpDissector>({.name = "smtp",
                                                                    .title = "Simple Mail Transfer Protocol",
                                                                    .layers = kLayers,
                                                                    .ports = kPorts,
                                                                    .clues = kClues,
                                                                    .recognise = recognise,
                                                                    .first_bytes = FirstBytes::of("2EeHh")});
  return kInfo;
}

}  // namespace bedrail
