#include "dissect/dissector.h"

#include <array>
#include <string>

#include "base/short_text.h"
#include "base/text.h"
#include "format/text_line.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {6379, 6380, 26379};
constexpr std::string_view kClues[] = {"redis.client", "redis.mode", "redis.os", "redis.version"};

constexpr std::size_t kMostLine = 1024;
constexpr std::uint64_t kMostNumber = 1ULL << 32;
constexpr std::uint32_t kMostInfo = 12 * 1024;
constexpr std::size_t kKept = 128, kArguments = 5;
constexpr std::string_view kKnown[] = {"AUTH", "CLIENT", "COMMAND", "CONFIG", "GET",      "HELLO",
                                       "INFO", "PING",   "SELECT",  "SET",    "SUBSCRIBE"};

/// What an answer is waited for.
enum class Asked : std::uint8_t { kNothing, kGreeting, kAuth, kHelloAuth, kInfo, kWork };

bool number_of(std::string_view text, std::int64_t& out) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 12) return false;
  out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + (c - '0');
  }
  if (negative) out = -out;
  return true;
}

/// Commands and answers in RESP 2 and 3 (redis.io, "Redis serialization protocol"): the server's own account
/// of itself, and whether it asks who comes.
class RedisDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    return direction == Direction::kToServer ? command(as_text(bytes), out) : answer(as_text(bytes), out);
  }

 private:
  static Progress more(std::string_view text, std::size_t least = 0) {
    return Progress::need(0, static_cast<std::uint32_t>(std::max(least, text.size() + 1)));
  }

  Progress broken(Observer& out) {
    out.anomaly("malformed");
    return Progress::failed();
  }

  // --- commands ---

  Progress command(std::string_view text, Observer& out) {
    const auto line = first_line(text.substr(0, kMostLine));
    if (!line) return text.size() < kMostLine ? more(text) : broken(out);
    if (left_ == 0) {
      std::int64_t count = 0;
      if (line->text.starts_with('*')) {
        if (!number_of(line->text.substr(1), count) || count > 1 << 20) return broken(out);
        left_ = count > 0 ? static_cast<std::uint32_t>(count) : 0;
        arguments_ = 0;
        return Progress::need(line->size, 0);
      }
      inline_command(line->text, out);
      return Progress::need(line->size, 0);
    }
    std::int64_t length = 0;
    if (!line->text.starts_with('$') || !number_of(line->text.substr(1), length) || length < 0 ||
        static_cast<std::uint64_t>(length) > kMostNumber)
      return broken(out);
    const auto size = static_cast<std::size_t>(length);
    const bool kept = size <= kKept && arguments_ < kArguments;
    if (kept && text.size() < line->size + size + 2) return more(text, line->size + size + 2);
    if (kept) words_[arguments_].assign(text.substr(line->size, size));
    if (!kept && arguments_ < kArguments) words_[arguments_].clear();
    ++arguments_;
    if (--left_ == 0) execute(out);
    return Progress::need(std::uint64_t{line->size} + size + 2, 0);
  }

  void inline_command(std::string_view line, Observer& out) {
    arguments_ = 0;
    while (!(line = trim(line)).empty()) {
      const std::size_t end = std::min(line.find(' '), line.size());
      if (arguments_ < kArguments) words_[arguments_].assign(line.substr(0, end));
      ++arguments_;
      line.remove_prefix(end);
    }
    if (arguments_ > 0) execute(out);
  }

  [[nodiscard]] bool word(std::size_t index, std::string_view text) const {
    return index < arguments_ && index < kArguments && equals_ignoring_case(words_[index].view(), text);
  }

  void execute(Observer& out) {
    Asked asked = Asked::kWork;
    // What libraries begin with: whoever proved himself did it later than this, or not at all.
    if (!begun_) opened_ = word(0, "HELLO") || word(0, "CLIENT") || word(0, "COMMAND");
    begun_ = true;
    if (word(0, "AUTH") && arguments_ >= 2 && arguments_ <= 3) {
      asked = Asked::kAuth;
      prove(arguments_ == 3 ? words_[1].view() : std::string_view(), words_[arguments_ - 1].view());
    } else if (word(0, "HELLO")) {
      const bool proves = word(2, "AUTH") && arguments_ >= 5;
      asked = proves ? Asked::kHelloAuth : Asked::kGreeting;
      if (proves) prove(words_[3].view(), words_[4].view());
    } else if (word(0, "INFO")) {
      asked = Asked::kInfo;
    } else if (word(0, "PING") || word(0, "QUIT") || word(0, "CLIENT") || word(0, "COMMAND")) {
      asked = Asked::kGreeting;
      if (word(0, "CLIENT") && (word(1, "SETNAME") || (word(1, "SETINFO") && word(2, "LIB-NAME"))))
        out.clue(out.client(), "redis.client", words_[std::min<std::size_t>(arguments_, 4) - 1].view(),
                 Role::kClient);
    }
    // No account or secret stays behind.
    for (auto& text : words_) text.clear();
    asked_[(first_asked_ + asked_count_) % asked_.size()] = asked;
    if (asked_count_ < asked_.size()) ++asked_count_;
  }

  void prove(std::string_view account, std::string_view secret) {
    digest_ = digest_secret(account, secret);
    secret_empty_ = secret.empty();
    secret_is_account_ = !account.empty() && account == secret;
  }

  // --- answers ---

  Progress answer(std::string_view text, Observer& out) {
    const auto line = first_line(text.substr(0, kMostLine));
    const char kind = text.front();
    if (!line) {
      if (text.size() < kMostLine) return more(text);
      return broken(out);
    }
    std::int64_t number = 0;
    switch (kind) {
      case '+':
      case '-':
      case ':':
      case '_':
      case '#':
      case ',':
      case '(':
        element(kind == '-', line->text, out);
        return Progress::need(line->size, 0);
      case '$':
      case '=':
      case '!': {
        if (!number_of(line->text.substr(1), number) || number < -1) return broken(out);
        if (number < 0) {
          element(false, {}, out);
          return Progress::need(line->size, 0);
        }
        const std::uint64_t whole = line->size + static_cast<std::uint64_t>(number) + 2;
        const bool info = waited() == Asked::kInfo && open_ == 0 && whole <= kMostInfo;
        if (info && text.size() < whole) return more(text, static_cast<std::size_t>(whole));
        if (info) account(text.substr(line->size, static_cast<std::size_t>(number)), out);
        element(kind == '!', {}, out);
        return Progress::need(whole, 0);
      }
      case '*':
      case '~':
      case '%':
      case '>': {
        if (!number_of(line->text.substr(1), number) || number > 1 << 24) return broken(out);
        const auto count = number > 0 ? static_cast<std::uint64_t>(number) * (kind == '%' ? 2 : 1) : 0;
        if (open_ > 0) --open_;
        open_ += count;
        if (open_ == 0) finish(false, {}, out);
        return Progress::need(line->size, 0);
      }
      default:
        return broken(out);
    }
  }

  [[nodiscard]] Asked waited() const { return asked_count_ == 0 ? Asked::kNothing : asked_[first_asked_]; }

  void element(bool error, std::string_view text, Observer& out) {
    if (open_ > 1) {
      --open_;
      return;
    }
    open_ = 0;
    finish(error, text, out);
  }

  void finish(bool error, std::string_view text, Observer& out) {
    const Asked asked = waited();
    if (asked_count_ > 0) {
      --asked_count_;
      first_asked_ = static_cast<std::uint8_t>((first_asked_ + 1) % asked_.size());
    }
    if (!served_) {
      served_ = true;
      out.service("redis");
    }
    if (asked == Asked::kAuth || asked == Asked::kHelloAuth) {
      // "without any password configured": nobody is asked for one.
      if (error && text.find("no password is set") != std::string_view::npos) return open(out);
      if (error && text.find("without any password configured") != std::string_view::npos) return open(out);
      login(error ? Outcome::kRefused : Outcome::kAccepted, out);
      known_ |= !error;
    } else if (asked == Asked::kWork || asked == Asked::kInfo) {
      if (!error && !known_ && opened_) open(out);
      if (!error && known_) present(out);
      if (error && text.starts_with("-NOAUTH")) present(out);
    }
  }

  void open(Observer& out) {
    if (!told_session_) out.session({"redis", SessionSeen::Authentication::kNone, false});
    told_session_ = true;
  }
  void present(Observer& out) {
    if (!told_session_) out.session({"redis", SessionSeen::Authentication::kPresent, false});
    told_session_ = true;
  }

  void login(Outcome outcome, Observer& out) const {
    LoginSeen login;
    login.protocol = "redis";
    login.mechanism = "plain";
    login.cleartext = true;
    login.outcome = outcome;
    login.account_and_secret = digest_;
    login.secret_empty = secret_empty_;
    login.secret_is_account = secret_is_account_;
    out.login(login);
  }

  /// INFO's lines, "field:value".
  void account(std::string_view text, Observer& out) {
    if (told_info_) return;
    while (const auto line = first_line(text)) {
      const std::size_t colon = line->text.find(':');
      const std::string_view key = line->text.substr(0, colon);
      const std::string_view value =
          colon == std::string_view::npos ? std::string_view() : line->text.substr(colon + 1);
      text.remove_prefix(line->size);
      if (key == "redis_version" || key == "valkey_version") {
        told_info_ = served_ = true;
        out.service("redis", key == "redis_version" ? "Redis" : "Valkey", value);
        out.clue(out.server(), "redis.version", value, Role::kServer);
      } else if (key == "os") {
        out.clue(out.server(), "redis.os", value, Role::kServer);
      } else if (key == "redis_mode") {
        out.clue(out.server(), "redis.mode", value, Role::kServer);
      }
    }
  }

  std::array<ShortText<kKept>, kArguments> words_;
  std::size_t arguments_ = 0;
  std::uint32_t left_ = 0;  ///< arguments still to come
  std::uint64_t open_ = 0;  ///< elements of the answer still to come
  std::array<Asked, 16> asked_{};
  std::uint8_t first_asked_ = 0, asked_count_ = 0;
  SecretDigest digest_;
  bool secret_empty_ = false, secret_is_account_ = false, served_ = false, known_ = false,
       told_session_ = false, told_info_ = false;
  bool begun_ = false, opened_ = false;
};

Recognition recognise(const Probe& probe) {
  if (probe.direction != Direction::kToServer) return Recognition::kNo;
  std::string_view text = as_text(probe.bytes);
  if (text.front() != '*') {
    if (!probe.on_port) return Recognition::kNo;
    const auto line = first_line(text);
    if (!line)
      return text.size() < 64 && is_printable_ascii(text.substr(0, text.find('\r'))) ? Recognition::kMore
                                                                                     : Recognition::kNo;
    const std::string_view word = line->text.substr(0, line->text.find(' '));
    for (const std::string_view known : kKnown) {
      if (equals_ignoring_case(word, known) && word != "GET") return Recognition::kYes;
    }
    return Recognition::kNo;
  }
  std::int64_t count = 0, length = 0;
  const auto digits = [](std::string_view part) {
    return part.size() <= 10 && part.find_first_not_of("0123456789\r") == std::string_view::npos;
  };
  const auto first = first_line(text);
  if (!first) return digits(text.substr(1)) ? Recognition::kMore : Recognition::kNo;
  if (!number_of(first->text.substr(1), count) || count < 1 || count > 1024) return Recognition::kNo;
  text.remove_prefix(first->size);
  if (text.empty()) return Recognition::kMore;
  if (text.front() != '$') return Recognition::kNo;
  const auto second = first_line(text);
  if (!second) return digits(text.substr(1)) ? Recognition::kMore : Recognition::kNo;
  return number_of(second->text.substr(1), length) && length > 0 && length <= 32 ? Recognition::kYes
                                                                                 : Recognition::kNo;
}

}  // namespace

const DissectorInfo& redis_dissector() {
  static constexpr DissectorInfo kInfo = with_state<RedisDissector>({.name = "redis",
                                                                     .title = "Redis",
                                                                     .layers = kLayers,
                                                                     .ports = kPorts,
                                                                     .clues = kClues,
                                                                     .recognise = recognise,
                                                                     .max_buffer = 16 * 1024});
  return kInfo;
}

}  // namespace bedrail
