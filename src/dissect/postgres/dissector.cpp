#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"
#include "base/short_text.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {5432, 5433, 6432};
constexpr std::string_view kClues[] = {"postgres.application", "postgres.database",
                                       "postgres.server-version"};

/// PostgreSQL documentation, "Frontend/Backend Protocol", message formats.
constexpr std::uint32_t kVersion3 = 0x00030000, kVersion2 = 0x00020000, kCancel = 80877102,
                        kSslRequest = 80877103, kGssRequest = 80877104;
constexpr std::uint32_t kMostStartup = 10000, kMostMessage = 16 * 1024;
constexpr std::uint32_t kAuthOk = 0, kAuthKerberos = 2, kAuthClear = 3, kAuthMd5 = 5, kAuthGss = 7,
                        kAuthGssContinue = 8, kAuthSspi = 9, kAuthSasl = 10;
constexpr unsigned kMostFields = 64;

std::string_view to_nul(ByteReader& reader) {
  const std::string_view rest = as_text(reader.rest());
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) {
    reader.fail();
    return {};
  }
  const std::string_view text = reader.text(end);
  reader.skip(1);
  return text;
}

/// Who connects to which database with which program, how it has to prove itself, and the server's version.
class PostgresDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    return direction == Direction::kToServer ? client(bytes, out) : server(bytes, out);
  }

 private:
  Progress client(Bytes bytes, Observer& out) {
    if (started_) return message(bytes, true, out);
    ByteReader reader(bytes);
    const std::uint32_t length = reader.be32(), code = reader.be32();
    if (!reader.ok()) return Progress::need(0, 8);
    if (length < 8 || length > kMostStartup) {
      out.anomaly("bad-startup");
      return Progress::failed();
    }
    if (bytes.size() < length) return Progress::need(0, length);
    switch (code) {
      case kSslRequest:
      case kGssRequest:
        asked_encryption_ = true;
        return Progress::need(length, 0);
      case kCancel:
        return Progress::done();
      case kVersion2:
        out.service("postgres", "PostgreSQL");
        out.used(out.server(), "postgres", "2");
        return Progress::done();
      default:
        break;
    }
    if (code >> 16 != kVersion3 >> 16) {
      out.anomaly("bad-startup");
      return Progress::failed();
    }
    started_ = true;
    startup(ByteReader(bytes.subspan(8, length - 8)), out);
    return Progress::need(length, 0);
  }

  void startup(ByteReader fields, Observer& out) {
    for (unsigned i = 0; i < kMostFields && fields.peek() != 0; ++i) {
      const std::string_view key = to_nul(fields), value = to_nul(fields);
      if (!fields.ok()) return out.anomaly("bad-startup");
      if (key == "user") account_.assign(value);
      if (key == "database") out.clue(out.server(), "postgres.database", value, Role::kServer);
      if (key == "application_name") out.clue(out.client(), "postgres.application", value, Role::kClient);
    }
  }

  Progress server(Bytes bytes, Observer& out) {
    if (asked_encryption_) {
      // One letter: yes or no. An old server answers with an error message.
      const char answer = as_text(bytes).front();
      if (answer == 'S' || answer == 'G') {
        out.service("postgres", "PostgreSQL", {}, true);
        out.session({"postgres", SessionSeen::Authentication::kUnknown, true});
        return Progress::done();
      }
      asked_encryption_ = false;
      if (answer == 'N') return Progress::need(1, 0);
    }
    return message(bytes, false, out);
  }

  Progress message(Bytes bytes, bool from_client, Observer& out) {
    ByteReader reader(bytes);
    const char kind = static_cast<char>(reader.u8());
    const std::uint32_t length = reader.be32();
    if (!reader.ok()) return Progress::need(0, 5);
    if (length < 4 || length > (1U << 30) || kind < '1' || kind > 'z') {
      out.anomaly("bad-message");
      return Progress::failed();
    }
    const bool read = from_client ? kind == 'p' : kind == 'R' || kind == 'S' || kind == 'E';
    if (!read || length > kMostMessage) {
      // The server is ready, or data follows: the beginning is over.
      if (!from_client && (kind == 'Z' || kind == 'T' || kind == 'D')) return Progress::done();
      return Progress::need(std::uint64_t{length} + 1, 0);
    }
    if (bytes.size() < length + 1) return Progress::need(0, length + 1);
    ByteReader body = reader.slice(length - 4);
    if (from_client) {
      password(body);
    } else if (!spoken(kind, body, out)) {
      return Progress::done();
    }
    return Progress::need(std::uint64_t{length} + 1, 0);
  }

  void password(ByteReader body) {
    if (method_ != kAuthClear) return;
    const std::string_view secret = to_nul(body);
    if (!body.ok()) return;
    digest_ = digest_secret(account_.view(), secret);
    secret_empty_ = secret.empty();
    secret_is_account_ = secret == account_.view();
    account_.clear();
  }

  bool spoken(char kind, ByteReader body, Observer& out) {
    switch (kind) {
      case 'R':
        authentication(body.be32(), out);
        return body.ok();
      case 'S': {
        const std::string_view key = to_nul(body), value = to_nul(body);
        if (!body.ok() || key != "server_version") return true;
        served(value.substr(0, value.find(' ')), out);
        out.clue(out.server(), "postgres.server-version", value, Role::kServer);
        return true;
      }
      default:
        served({}, out);
        if (method_ != kAuthOk && !known_) login(Outcome::kRefused, out);
        return false;
    }
  }

  void served(std::string_view version, Observer& out) {
    if (served_) return;
    served_ = true;
    out.service("postgres", "PostgreSQL", version);
  }

  void authentication(std::uint32_t method, Observer& out) {
    if (method == kAuthOk) {
      const bool open = method_ == kAuthOk;
      known_ = true;
      if (!open) login(Outcome::kAccepted, out);
      // Without the startup this may be the end of a proof that was not captured.
      if (started_)
        out.session({"postgres",
                     open ? SessionSeen::Authentication::kNone : SessionSeen::Authentication::kPresent,
                     false});
    } else if (method <= kAuthSasl && method != kAuthGssContinue) {
      method_ = method;
      if (started_) out.used(out.server(), "postgres", method_name());
    }
  }

  [[nodiscard]] std::string_view method_name() const {
    switch (method_) {
      case kAuthClear:
        return "plain";
      case kAuthMd5:
        return "md5";
      case kAuthSasl:
        return "scram";
      case kAuthKerberos:
      case kAuthGss:
      case kAuthSspi:
        return "kerberos";
      default:
        return "other";
    }
  }

  void login(Outcome outcome, Observer& out) const {
    // The password was lost on the way.
    if (method_ == kAuthClear && !digest_) return;
    LoginSeen login;
    login.protocol = "postgres";
    login.mechanism = method_name();
    login.cleartext = method_ == kAuthClear;
    login.outcome = outcome;
    login.account_and_secret = digest_;
    login.secret_empty = secret_empty_;
    login.secret_is_account = secret_is_account_;
    out.login(login);
  }

  /// Kept from the startup until the password comes, which may be never.
  ShortText<64> account_;
  std::optional<SecretDigest> digest_;
  std::uint32_t method_ = kAuthOk;
  bool started_ = false, asked_encryption_ = false, served_ = false, known_ = false;
  bool secret_empty_ = false, secret_is_account_ = false;
};

Recognition recognise(const Probe& probe) {
  if (probe.direction != Direction::kToServer) return Recognition::kNo;
  ByteReader reader(probe.bytes);
  const std::uint32_t length = reader.be32();
  if (probe.bytes.size() < 4) return probe.bytes[0] == std::byte{0} ? Recognition::kMore : Recognition::kNo;
  if (length < 8 || length > kMostStartup) return Recognition::kNo;
  const std::uint32_t code = reader.be32();
  if (!reader.ok()) return Recognition::kMore;
  if (code == kSslRequest || code == kGssRequest) return length == 8 ? Recognition::kYes : Recognition::kNo;
  if (code == kCancel) return length == 16 ? Recognition::kYes : Recognition::kNo;
  if (code == kVersion2) return length == 296 ? Recognition::kYes : Recognition::kNo;
  if (code != kVersion3) return Recognition::kNo;
  // Names of settings: "user" is the one that has to be there, and mostly the first.
  const std::string_view rest = as_text(reader.rest());
  if (rest.size() < 5) return Recognition::kMore;
  return rest.find("user") != std::string_view::npos ? Recognition::kYes : Recognition::kMaybe;
}

}  // namespace

const DissectorInfo& postgres_dissector() {
  using namespace std::string_view_literals;
  static constexpr DissectorInfo kInfo =
      with_state<PostgresDissector>({.name = "postgres",
                                     .title = "PostgreSQL",
                                     .layers = kLayers,
                                     .ports = kPorts,
                                     .clues = kClues,
                                     .recognise = recognise,
                                     .first_bytes = FirstBytes::of("\x00"sv),
                                     .max_buffer = 20 * 1024});
  return kInfo;
}

}  // namespace bedrail
