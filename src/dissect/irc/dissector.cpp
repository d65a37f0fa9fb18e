#include "dissect/dissector.h"

#include "base/text.h"
#include "dissect/mail_login.h"
#include "dissect/text_lines.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {6667, 6660, 6665, 6666, 6668, 6669, 7000};
constexpr std::string_view kClues[] = {"irc.server"};

/// RFC 2812, 2.3: 512; tags (IRCv3) come before.
constexpr std::size_t kLineLimit = 4608;

/// ":PREFIX COMMAND parameters :last"
struct Message {
  std::string_view prefix, command, rest;
};

Message read_message(std::string_view line) {
  Message out;
  const auto word = [&line] {
    line = trim(line);
    const std::size_t end = std::min(line.find(' '), line.size());
    const std::string_view text = line.substr(0, end);
    line.remove_prefix(end);
    return text;
  };
  if (line.starts_with('@')) (void)word();
  if (line.starts_with(':')) out.prefix = word().substr(1);
  out.command = word();
  out.rest = trim(line);
  return out;
}

/// Printable so far, but for the line's end that may have begun.
bool is_readable(std::string_view text) {
  if (text.ends_with('\r')) text.remove_suffix(1);
  return is_printable_ascii(text);
}

bool is_number(std::string_view text) {
  return text.size() == 3 && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Relay chat (RFC 2812). On a hospital's network it is rarely people who chat. Done after the welcome;
/// names, channels and texts are passed over.
class IrcDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const bool client = direction == Direction::kToServer;
    return lines_[static_cast<std::size_t>(direction)].feed(
        bytes, kLineLimit, [&](std::string_view line) { return client ? command(line) : reply(line, out); },
        [&] { out.anomaly("line-too-long"); });
  }

  bool gap(Direction, std::uint64_t, Observer&) override { return false; }

 private:
  LineVerdict command(std::string_view line) {
    const Message message = read_message(line);
    if (equals_ignoring_case(message.command, "PASS")) {
      std::string_view secret = message.rest;
      if (secret.starts_with(':')) secret.remove_prefix(1);
      login_.both("", secret);
    }
    return LineVerdict::kNext;
  }

  LineVerdict reply(std::string_view line, Observer& out) {
    const Message message = read_message(line);
    if (message.command == "001") {
      serve(message.prefix, {}, out);
      login_.verdict("irc", true, out);
    } else if (message.command == "004") {
      // "nick server version modes modes"
      std::string_view rest = message.rest;
      const auto word = [&rest] {
        const std::size_t end = std::min(rest.find(' '), rest.size());
        const std::string_view text = rest.substr(0, end);
        rest = trim(rest.substr(end));
        return text;
      };
      (void)word();
      (void)word();
      const std::string_view version = word();
      serve(message.prefix, version, out);
      return LineVerdict::kDone;
    } else if (message.command == "464") {
      serve(message.prefix, {}, out);
      login_.verdict("irc", false, out);
    } else if (is_number(message.command) || message.command == "NOTICE") {
      serve(message.prefix, {}, out);
      // Past the welcome: caught in the middle.
      if (message.command > "010" && is_number(message.command)) return LineVerdict::kDone;
    }
    return LineVerdict::kNext;
  }

  void serve(std::string_view prefix, std::string_view version, Observer& out) {
    if (!served_) {
      out.used(out.server(), "irc", "");
      out.service("irc");
      // A prefix with '!' is a person's.
      if (prefix.find('.') != std::string_view::npos && prefix.find_first_of("!@") == std::string_view::npos)
        out.name(out.server(), "irc", prefix);
    }
    served_ = true;
    if (version.empty()) return;
    const std::size_t dash = version.find_first_of("-_ ");
    const bool parts = dash != std::string_view::npos && dash > 0;
    out.service("irc", parts ? version.substr(0, dash) : version,
                parts ? version.substr(dash + 1) : std::string_view());
    out.clue(out.server(), "irc.server", version, Role::kServer);
  }

  TextLines lines_[2];
  MailLogin login_;
  bool served_ = false;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  if (probe.direction == Direction::kToServer) {
    for (const std::string_view word : {"NICK ", "CAP LS", "CAP REQ "}) {
      if (starts_with_ignoring_case(text, word)) {
        const auto line = first_line(text);
        if (!line) return text.size() < 512 && is_readable(text) ? Recognition::kMore : Recognition::kNo;
        return is_printable_ascii(line->text) ? Recognition::kYes : Recognition::kNo;
      }
      if (text.size() < word.size() && starts_with_ignoring_case(word, text)) return Recognition::kMore;
    }
    // A password may come first, but FTP's and mailboxes' passwords come with the same word.
    if (!probe.on_port || !starts_with_ignoring_case(text, "PASS ")) return Recognition::kNo;
    return text.find("\nNICK ") != std::string_view::npos ? Recognition::kYes : Recognition::kNo;
  }
  if (!text.starts_with(':')) return Recognition::kNo;
  const auto line = first_line(text);
  if (!line) return text.size() < 512 && is_readable(text) ? Recognition::kMore : Recognition::kNo;
  if (!is_printable_ascii(line->text)) return Recognition::kNo;
  const Message message = read_message(line->text);
  if (message.command == "001" || message.command == "020") return Recognition::kYes;
  return message.command == "NOTICE" && (message.rest.starts_with("AUTH ") || message.rest.starts_with("* "))
             ? Recognition::kYes
             : Recognition::kNo;
}

}  // namespace

const DissectorInfo& irc_dissector() {
  static constexpr DissectorInfo kInfo = with_state<IrcDissector>({.name = "irc",
                                                                   .title = "Internet Relay Chat",
                                                                   .layers = kLayers,
                                                                   .ports = kPorts,
                                                                   .clues = kClues,
                                                                   .recognise = recognise,
                                                                   .first_bytes = FirstBytes::of("NnCcPp:")});
  return kInfo;
}

}  // namespace bedrail
