#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/short_text.h"
#include "base/text.h"
#include "dissect/ftp/replies.h"
#include "format/product.h"
#include "format/text_line.h"

namespace bedrail {
namespace {

using namespace ftp;

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {21, 2121};
constexpr std::string_view kClues[] = {"ftp.banner", "ftp.system", "ftp.features", "ftp.client"};

/// RFC 959 sets no limit; longer lines are passed over.
constexpr std::size_t kLineLimit = 2048;

/// Servers that name themselves without a version.
constexpr std::string_view kNames[] = {
    "Pure-FTPd", "Microsoft FTP Service", "ProFTPD", "vsFTPd", "FileZilla Server", "Serv-U", "VxWorks"};

bool contains_ignoring_case(std::string_view text, std::string_view word) {
  for (std::size_t at = 0; at + word.size() <= text.size(); ++at) {
    if (starts_with_ignoring_case(text.substr(at), word)) return true;
  }
  return false;
}

Product product_of_banner(std::string_view banner) {
  const Product product = product_of_text(banner);
  if (!product.name.empty()) return product;
  for (const std::string_view name : kNames) {
    if (contains_ignoring_case(banner, name)) return {name, {}};
  }
  return {};
}

struct Command {
  std::string_view verb, argument;
};

Command read_command(std::string_view line) {
  // An abort comes with Telnet's interrupt and synch in front (RFC 959, 4.1.3).
  while (!line.empty() && static_cast<unsigned char>(line.front()) >= 0xf0) line.remove_prefix(1);
  const std::size_t blank = std::min(line.find(' '), line.size());
  return {line.substr(0, blank), blank < line.size() ? line.substr(blank + 1) : std::string_view{}};
}

/// The control connection of FTP (RFC 959, RFC 2389, RFC 4217).
class FtpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    std::string_view text = as_text(bytes);
    Side& side = sides_[static_cast<std::size_t>(direction)];
    while (!text.empty()) {
      const auto line = first_line(text);
      if (!line) {
        if (!side.skipping && text.size() < kLineLimit)
          return Progress::need(bytes.size() - text.size(), static_cast<std::uint32_t>(text.size() + 1));
        if (!side.skipping) out.anomaly("line-too-long");
        side.skipping = true;
        break;
      }
      text.remove_prefix(line->size);
      if (std::exchange(side.skipping, false)) continue;
      const bool fits = direction == Direction::kToServer ? command(line->text, out) : reply(line->text, out);
      if (!fits) return Progress::failed();
      if (sealed_) return Progress::done();
    }
    return Progress::all(bytes);
  }

  bool gap(Direction direction, std::uint64_t, Observer& out) override {
    // What was asked and what was answered no longer match for certain.
    sides_[static_cast<std::size_t>(direction)].skipping = true;
    if (waiting_ == Waiting::kPassword) login(Outcome::kUnknown, out);
    waiting_ = Waiting::kNothing;
    open_ = 0;
    collected_.clear();
    return true;
  }

  void close(Observer& out) override {
    const bool certain = confirmed_ || out.flow().key.server.port == 21;
    if (certain && waiting_ == Waiting::kPassword) login(Outcome::kUnknown, out);
  }

 private:
  /// The command whose reply matters.
  enum class Waiting : std::uint8_t { kNothing, kUser, kPassword, kAuth, kFeatures };
  struct Side {
    bool skipping = false;  ///< up to the next line's end
  };

  bool command(std::string_view line, Observer& out) {
    const Command command = read_command(line);
    const auto is = [&](std::string_view verb) { return equals_ignoring_case(command.verb, verb); };
    if (is("USER")) {
      account_.assign(trim(command.argument));
      waiting_ = Waiting::kUser;
    } else if (is("PASS")) {
      digest_ = digest_secret(account_.view(), command.argument);
      secret_empty_ = command.argument.empty();
      secret_is_account_ = !secret_empty_ && command.argument == account_.view();
      waiting_ = Waiting::kPassword;
    } else if (is("AUTH")) {
      waiting_ = Waiting::kAuth;
    } else if (is("FEAT")) {
      waiting_ = Waiting::kFeatures;
    } else if (is("CLNT")) {
      out.clue(out.client(), "ftp.client", command.argument, Role::kClient);
    }
    return true;
  }

  bool reply(std::string_view line, Observer& out) {
    const ReplyLine reply = read_reply(line, open_);
    if (reply.code == 0 && open_ == 0) {
      if (!confirmed_ || ++strays_ > 8) return false;
      return true;
    }
    const std::uint16_t code = reply.code != 0 ? reply.code : open_;
    confirmed_ = true;
    collect(code, reply);
    open_ = reply.last ? 0 : code;
    if (!reply.last) return true;
    finish(code, out);
    collected_.clear();
    return true;
  }

  /// Only of greetings, the system and the features is the text kept: others speak of users and files.
  void collect(std::uint16_t code, const ReplyLine& reply) {
    const std::string_view text = trim(reply.text);
    if (code == 220 && !greeted_) {
      // A counter and a clock say nothing of the server.
      if (starts_with_ignoring_case(text, "Local time") ||
          starts_with_ignoring_case(text, "You are user number"))
        return;
      if (!text.empty()) collected_.join(" ", text);
    } else if (code == 215) {
      collected_.join(" ", text);
    } else if (code == 211 && waiting_ == Waiting::kFeatures && reply.code == 0) {
      collected_.join(",", text.substr(0, text.find(' ')));
    }
  }

  void finish(std::uint16_t code, Observer& out) {
    if (!greeted_) greet(code, out);
    if (code == 215) out.clue(out.server(), "ftp.system", collected_.view(), Role::kServer);
    const Waiting waiting = waiting_;
    const bool refusal = code >= 400;
    switch (waiting) {
      case Waiting::kNothing:
        return;
      case Waiting::kUser:
        if (code == 230) no_password(out);
        // 331, 332: a password is wanted. Where it was not captured, nothing is known of what follows.
        if (code == 230 || code == 331 || code == 332 || refusal) waiting_ = Waiting::kNothing;
        return;
      case Waiting::kPassword:
        // 331 may still be the answer to USER where both were sent together.
        if (code != 230 && code != 202 && code != 232 && !refusal) return;
        // 421: the server goes away, whoever asks.
        login(code == 421 ? Outcome::kUnknown : refusal ? Outcome::kRefused : Outcome::kAccepted, out);
        if (!refusal)
          session(anonymous() ? SessionSeen::Authentication::kNone : SessionSeen::Authentication::kPresent,
                  out);
        break;
      case Waiting::kAuth:
        sealed_ = code == 234 || code == 235;
        if (sealed_) out.session({"ftp", SessionSeen::Authentication::kUnknown, true});
        if (code == 334) return;
        break;
      case Waiting::kFeatures:
        if (code == 211) out.clue(out.server(), "ftp.features", collected_.view(), Role::kServer);
        if (code != 211 && !refusal) return;
        break;
    }
    waiting_ = Waiting::kNothing;
  }

  /// The first whole reply: there is a server, and with a greeting it names itself.
  void greet(std::uint16_t code, Observer& out) {
    greeted_ = true;
    if (code != 220) return out.service("ftp");
    const std::string banner = clean_text(collected_.view());
    const Product product = product_of_banner(banner);
    out.service("ftp", product.name, product.version);
    out.clue(out.server(), "ftp.banner", banner, Role::kServer);
  }

  void no_password(Observer& out) {
    digest_ = digest_secret(account_.view(), {});
    secret_empty_ = true;
    secret_is_account_ = false;
    login(Outcome::kAccepted, out);
    session(SessionSeen::Authentication::kNone, out);
  }

  [[nodiscard]] bool anonymous() const {
    return equals_ignoring_case(account_.view(), "anonymous") || equals_ignoring_case(account_.view(), "ftp");
  }

  void login(Outcome outcome, Observer& out) const {
    out.login({"ftp", anonymous() ? "anonymous" : "plain", true, outcome, digest_, secret_empty_,
               secret_is_account_});
  }

  static void session(SessionSeen::Authentication authentication, Observer& out) {
    out.session({"ftp", authentication, false});
  }

  std::array<Side, 2> sides_;
  Waiting waiting_ = Waiting::kNothing;
  bool confirmed_ = false, greeted_ = false, sealed_ = false;
  bool secret_empty_ = false, secret_is_account_ = false;
  std::uint8_t strays_ = 0;
  std::uint16_t open_ = 0;
  SecretDigest digest_;
  ShortText<128> account_;
  ShortText<256> collected_;
};

/// A greeting that speaks of FTP; mail servers greet with the same number.
Recognition recognise_server(std::string_view text, bool on_port) {
  constexpr std::string_view kNumber = "220";
  if (text.size() < 4)
    return text.substr(0, 3) == kNumber.substr(0, text.size()) ? Recognition::kMore : Recognition::kNo;
  if (!text.starts_with(kNumber) || (text[3] != ' ' && text[3] != '-')) return Recognition::kNo;
  if (contains_ignoring_case(text, "SMTP")) return Recognition::kNo;
  if (contains_ignoring_case(text, "FTP")) return Recognition::kYes;
  if (text.find('\n') == std::string_view::npos || !on_port) return Recognition::kMore;
  return Recognition::kMaybe;
}

Recognition recognise_client(std::string_view text, bool on_port) {
  const auto line = first_line(text);
  const Command command = read_command(line ? line->text : text);
  const auto is = [&](std::string_view verb) { return equals_ignoring_case(command.verb, verb); };
  if (!line) {
    for (const std::string_view verb : {"USER", "SYST", "FEAT", "AUTH", "CLNT", "PASS"}) {
      const std::size_t size = std::min(verb.size(), command.verb.size());
      if (size == command.verb.size() && equals_ignoring_case(command.verb, verb.substr(0, size)))
        return Recognition::kMore;
    }
    return Recognition::kNo;
  }
  const std::string_view argument = trim(command.argument);
  if (argument.empty()) return is("SYST") || is("FEAT") ? Recognition::kYes : Recognition::kNo;
  if (is("AUTH")) {
    const bool tls = equals_ignoring_case(argument, "TLS") || equals_ignoring_case(argument, "SSL") ||
                     equals_ignoring_case(argument, "TLS-C");
    return tls ? Recognition::kYes : Recognition::kNo;
  }
  // Mailboxes are opened with the same words.
  if (is("USER") && argument.find(' ') == std::string_view::npos) return Recognition::kMaybe;
  return is("CLNT") && on_port ? Recognition::kMaybe : Recognition::kNo;
}

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  return probe.direction == Direction::kToClient ? recognise_server(text, probe.on_port)
                                                 : recognise_client(text, probe.on_port);
}

}  // namespace

const DissectorInfo& ftp_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<FtpDissector>({.name = "ftp",
                                .title = "File Transfer Protocol, control connection",
                                .layers = kLayers,
                                .ports = kPorts,
                                .clues = kClues,
                                .recognise = recognise,
                                .first_bytes = FirstBytes::of("2UuSsFfAaCc"),
                                .max_buffer = 4 * 1024});
  return kInfo;
}

}  // namespace bedrail
