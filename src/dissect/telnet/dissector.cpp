#include "dissect/dissector.h"

#include <array>
#include <optional>
#include <utility>

#include "base/short_text.h"
#include "base/text.h"
#include "dissect/telnet/options.h"
#include "dissect/telnet/words.h"

namespace bedrail {
namespace {

using namespace telnet;
using Authentication = SessionSeen::Authentication;

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {23, 2323};
constexpr std::string_view kClues[] = {"telnet.banner", "telnet.terminal", "telnet.system"};

/// RFC 2946, 3: key ids are short; the well-known implementation holds 64 bytes.
constexpr std::uint32_t kKeyIdLimit = 64;
constexpr char kEncStart = 3, kEncKeyId = 7, kDecKeyId = 8, kTlsFollows = 1, kIs = 0;
/// On a foreign port: within how many bytes a greeting has to come to its prompt.
constexpr std::size_t kGreetingLimit = 512;
/// On its own port; banners of warning are long.
constexpr std::size_t kGreetingOnPort = 960;
/// What a server says after the login is looked through for its system only, and not for ever.
constexpr std::uint32_t kBytesAfterLogin = 64 * 1024;

/// Telnet (RFC 854): what the server shows before the login, and who logs in.
class TelnetDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const bool up = direction == Direction::kToServer;
    if (up) client_seen_ = true;
    Splitter& splitter = splitters_[up ? 0 : 1];
    for (const std::byte b : bytes) {
      const auto byte = static_cast<std::uint8_t>(b);
      switch (splitter.next(byte)) {
        case Splitter::Kind::kNothing:
          break;
        case Splitter::Kind::kText:
          if (up) {
            typed(static_cast<char>(byte), out);
          } else {
            shown(static_cast<char>(byte), out);
          }
          break;
        case Splitter::Kind::kCommand:
          if (!up) confirm(out);
          break;
        case Splitter::Kind::kSuboption:
          if (!up) confirm(out);
          if (suboption(splitter, up, out)) return Progress::done();
          break;
        case Splitter::Kind::kBad:
          out.anomaly("bad-command");
          return Progress::failed();
        case Splitter::Kind::kTooLong:
          out.anomaly("suboption-too-long");
          return Progress::failed();
      }
      if (system_said_ || after_login_ > kBytesAfterLogin) return Progress::done();
    }
    return Progress::all(bytes);
  }

  bool gap(Direction direction, std::uint64_t, Observer& out) override {
    splitters_[direction == Direction::kToServer ? 0 : 1].reset();
    // Where no known prompt was answered, the prompt may be what was lost: then nothing is sure of the login.
    if (phase_ == Phase::kVerdict && digest_) verdict(Outcome::kUnknown, Authentication::kUnknown, out);
    // Text that was lost may have held a prompt: what is shown next may be what somebody typed.
    banner_over_ = true;
    if (phase_ != Phase::kInside) phase_ = Phase::kOutside;
    whole_ = false;
    line_.clear();
    input_.clear();
    return true;
  }

  void close(Observer& out) override {
    // Without the client's side an echo cannot be told from what the server says.
    if (client_seen_) say_banner(out);
    decide(out);
    if (phase_ != Phase::kVerdict) return;
    if (answer_of(line_.view()) == Answer::kRefusal) refusal_heard_ = true;
    verdict(refusal_heard_ ? Outcome::kRefused : Outcome::kUnknown, Authentication::kUnknown, out);
  }

 private:
  enum class Phase : std::uint8_t {
    kOutside,   ///< before a login's prompt
    kAccount,   ///< the account is being typed
    kNamed,     ///< the account was typed
    kPassword,  ///< the password is being typed
    kVerdict,   ///< the password was typed
    kInside,
  };

  /// Sure that it is Telnet.
  void confirm(Observer& out) {
    if (std::exchange(confirmed_, true)) return;
    out.service("telnet");
    out.used(out.server(), "telnet", "");
  }

  /// True where everything that follows is encrypted.
  bool suboption(const Splitter& splitter, bool up, Observer& out) {
    const std::string_view text = splitter.suboption();
    if (text.size() < 2) return false;
    const auto option = static_cast<std::uint8_t>(text[0]);
    if (option == kTerminalType && text[1] == kIs && up && !std::exchange(terminal_said_, true)) {
      out.clue(out.client(), "telnet.terminal", text.substr(2), Role::kClient);
    }
    if (option == kEncrypt && (text[1] == kEncKeyId || text[1] == kDecKeyId) &&
        splitter.suboption_size() - 2 > kKeyIdLimit)
      out.anomaly("key-id-too-long");
    const bool sealed =
        (option == kEncrypt && text[1] == kEncStart) || (option == kStartTls && text[1] == kTlsFollows);
    if (sealed) {
      confirm(out);
      out.session({"telnet", Authentication::kUnknown, true});
    }
    return sealed;
  }

  // The server's text.

  void shown(char c, Observer& out) {
    if (phase_ == Phase::kInside) ++after_login_;
    if (escape(c)) return;
    if (c == '\r' || c == '\n' || c == '\0') {
      if (c != '\0') end_of_line(out);
      return;
    }
    line_.push_back(c);
    if (static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\a') binary_ = true;
    if (!banner_over_ && phase_ == Phase::kOutside) banner_.push_back(c);
    if ((c == ':' || c == '>' || c == '?') && phase_ != Phase::kInside) asked(out);
    if (banner_.full() && client_seen_) say_banner(out);
  }

  /// Terminal controls (ECMA-48, 5.4): ESC, or ESC '[' up to a final byte.
  bool escape(char c) {
    if (c == '\x1b') {
      escape_ = 1;
      return true;
    }
    if (escape_ == 1) {
      escape_ = c == '[' ? 2 : 0;
      return true;
    }
    if (escape_ == 2) {
      if (c >= '@' && c <= '~') escape_ = 0;
      return true;
    }
    return false;
  }

  void end_of_line(Observer& out) {
    const bool apart = banner_.empty() || banner_.view().back() == ' ';
    if (!banner_over_ && phase_ == Phase::kOutside && !apart) banner_.push_back(' ');
    if (phase_ == Phase::kInside && !system_said_) {
      const std::string_view system = system_of(line_.view());
      if (!system.empty()) out.clue(out.server(), "telnet.system", system, Role::kServer);
      system_said_ = !system.empty();
    }
    if (phase_ == Phase::kVerdict) {
      // A refusal's words stand in many a welcome's warnings too: what follows them decides.
      const Answer answer = answer_of(line_.view());
      if (answer == Answer::kRefusal) refusal_heard_ = true;
      if (answer == Answer::kWelcome) accepted(out);
    }
    line_.clear();
  }

  void asked(Observer& out) {
    const Prompt prompt = prompt_of(line_.view());
    if (prompt == Prompt::kNone) return;
    confirm(out);
    say_banner(out);
    if (phase_ == Phase::kVerdict) {
      // A second secret, or the first once more: the end will show.
      if (prompt == Prompt::kCode) return;
      // Asked again: what was typed did not do. But "user>" may be a device's own prompt for commands.
      const bool again = prompt == Prompt::kPassword || line_.view().back() != '>';
      verdict(again ? Outcome::kRefused : Outcome::kUnknown, Authentication::kUnknown, out);
    }
    if (prompt == Prompt::kAccount) {
      phase_ = Phase::kAccount;
    } else {
      if (phase_ != Phase::kNamed) account_.clear();
      phase_ = Phase::kPassword;
    }
  }

  // The client's text.

  void typed(char c, Observer& out) {
    const bool end = c == '\r' || c == '\n';
    const bool follows = after_return_ && (c == '\n' || c == '\0');
    after_return_ = c == '\r';
    if (follows) return;
    // From here on the server's text may be an echo.
    if (!end && c != '\0') say_banner(out);
    decide(out);
    if (phase_ == Phase::kInside) return;
    if (c == '\b' || c == '\x7f') return input_.pop_back();
    if (!end) {
      if (c != '\0') input_.push_back(c);
      return;
    }
    line_typed();
    input_.clear();
  }

  /// A whole line was typed, and the server did not stand at a prompt for commands.
  void line_typed() {
    switch (phase_) {
      case Phase::kOutside:
        // It may have been an account or a password, asked for in words that are not known.
        whole_ = false;
        break;
      case Phase::kAccount:
        account_.assign(input_.view());
        phase_ = Phase::kNamed;
        break;
      case Phase::kNamed:
        // The answer to a prompt that is not known: a secret perhaps, or none.
        unseen();
        phase_ = Phase::kVerdict;
        line_.clear();
        break;
      case Phase::kPassword:
        digest_ = digest_secret(account_.view(), input_.view());
        secret_empty_ = input_.empty();
        secret_is_account_ = !input_.empty() && input_.view() == account_.view();
        account_.clear();
        phase_ = Phase::kVerdict;
        line_.clear();
        break;
      case Phase::kVerdict:
        // More was asked for than an empty password.
        if (secret_empty_ && !input_.empty()) unseen();
        line_.clear();
        break;
      case Phase::kInside:
        break;
    }
  }

  void unseen() {
    digest_.reset();
    secret_empty_ = secret_is_account_ = false;
    account_.clear();
  }

  void say_banner(Observer& out) {
    if (std::exchange(banner_over_, true) || banner_.empty()) return;
    if (binary_ || clean_text(banner_.view()).empty()) return;
    confirm(out);
    out.clue(out.server(), "telnet.banner", banner_.view(), Role::kServer);
    banner_.clear();
  }

  /// The server stands at a prompt for commands (somebody types on, or the connection ends there): whoever is
  /// there is in.
  void decide(Observer& out) {
    if (!is_command_prompt(line_.view())) return;
    // A word and '>' may ask for a secret in words that are not known: it shows no success by itself.
    const bool clear = trim(line_.view()).back() != '>';
    if (phase_ == Phase::kVerdict) {
      if (digest_ || clear) return accepted(out);
      verdict(Outcome::kUnknown, Authentication::kUnknown, out);
    } else if (phase_ == Phase::kNamed && clear) {
      digest_ = digest_secret(account_.view(), {});
      secret_empty_ = true;
      secret_is_account_ = false;
      account_.clear();
      verdict(Outcome::kAccepted, Authentication::kNone, out);
    } else if (phase_ == Phase::kOutside && whole_ && client_seen_) {
      confirm(out);
      phase_ = Phase::kInside;
      out.session({"telnet", Authentication::kNone, false});
    }
  }

  /// After an answer to a prompt that is not known nobody can say what was checked.
  void accepted(Observer& out) {
    verdict(Outcome::kAccepted, digest_ ? Authentication::kPresent : Authentication::kUnknown, out);
  }

  void verdict(Outcome outcome, Authentication authentication, Observer& out) {
    out.login({"telnet", "plain", true, outcome, digest_, secret_empty_, secret_is_account_});
    whole_ = false;
    phase_ = outcome == Outcome::kAccepted ? Phase::kInside : Phase::kOutside;
    input_.clear();
    refusal_heard_ = false;
    unseen();
    if (outcome == Outcome::kAccepted) out.session({"telnet", authentication, false});
  }

  std::array<Splitter, 2> splitters_;
  Phase phase_ = Phase::kOutside;
  bool confirmed_ = false, client_seen_ = false, terminal_said_ = false, system_said_ = false;
  bool banner_over_ = false, after_return_ = false;
  bool whole_ = true;  ///< nothing was lost and no login tried: a prompt for commands came without one
  bool secret_empty_ = false, secret_is_account_ = false, refusal_heard_ = false;
  bool binary_ = false;  ///< what came before a login is no text for people
  std::uint8_t escape_ = 0;
  std::uint32_t after_login_ = 0;
  std::optional<SecretDigest> digest_;  ///< none: no known prompt was answered
  ShortText<64> account_, input_;
  ShortText<128> line_;
  ShortText<256> banner_;
};

/// Readable text, as a banner without negotiation is.
bool is_readable(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < ' ' && c != '\r' && c != '\n' && c != '\t' && c != '\x1b') return false;
    if (byte >= 0x7f) return false;
  }
  return text.size() >= 4;
}

/// True where an account or a password is asked for anywhere in `text`, terminal controls between its words
/// or not.
bool asks(std::string_view text) {
  ShortText<128> line;
  bool control = false;
  for (const char c : text) {
    if (c == '\x1b') {
      control = true;
    } else if (control) {
      // ECMA-48, 5.4: up to a final byte; '[' opens the sequence.
      control = c == '[' || c < '@';
    } else if (c == '\r' || c == '\n') {
      line.clear();
    } else {
      line.push_back(c);
      if ((c == ':' || c == '>' || c == '?') && prompt_of(line.view()) != Prompt::kNone) return true;
    }
  }
  return false;
}

Recognition recognise(const Probe& probe) {
  if (!probe.bytes.empty() && static_cast<std::uint8_t>(probe.bytes[0]) == kIac) {
    const Negotiations found = leading_negotiations(probe.bytes);
    if (found.foreign) return Recognition::kNo;
    if (found.count >= 2) return Recognition::kYes;
    if (found.count == 1 && probe.on_port) return Recognition::kMaybe;
    return Recognition::kMore;
  }
  const std::string_view text = as_text(probe.bytes);
  // In the middle of a session nothing tells a login's dialogue from what follows it.
  if (probe.direction == Direction::kToServer || probe.midstream) return Recognition::kNo;
  if (!is_readable(text)) return text.size() < 4 ? Recognition::kMore : Recognition::kNo;
  // A port alone names nothing: devices speak text of their own on these too.
  const std::string_view line = text.substr(text.find_last_of("\r\n") + 1);
  if (prompt_of(line) != Prompt::kNone || (probe.on_port && asks(text))) return Recognition::kMaybe;
  // A greeting may lead to a prompt; numbered ones belong to mail and file transfer.
  const bool numbered = text[0] >= '0' && text[0] <= '9';
  const std::size_t limit = probe.on_port ? kGreetingOnPort : kGreetingLimit;
  return (numbered && !probe.on_port) || text.size() > limit ? Recognition::kNo : Recognition::kMore;
}

}  // namespace

const DissectorInfo& telnet_dissector() {
  static constexpr DissectorInfo kInfo = with_state<TelnetDissector>({.name = "telnet",
                                                                      .title = "Telnet",
                                                                      .layers = kLayers,
                                                                      .ports = kPorts,
                                                                      .clues = kClues,
                                                                      .recognise = recognise,
                                                                      .max_buffer = 1024});
  return kInfo;
}

}  // namespace bedrail
