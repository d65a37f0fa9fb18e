#include "dissect/dissector.h"

#include <fmt/format.h>

#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/ntlm_speaker.h"
#include "dissect/tds/login.h"
#include "net/address.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
/// Microsoft SQL Server; Sybase's usual ports.
constexpr std::uint16_t kPorts[] = {1433, 1434, 2638, 5000};
constexpr std::string_view kClues[] = {"ntlm.dns-domain",    "ntlm.domain",       "ntlm.machine-account",
                                       "ntlm.version",       "tds.application",   "tds.database",
                                       "tds.encryption",     "tds.instance",      "tds.library",
                                       "tds.client-version", "tds.server-version"};

/// Packets (MS-TDS 2.2.3.1).
constexpr std::uint8_t kOldLogin = 2, kAnswer = 4, kLogin7 = 16, kSspiMessage = 17, kPrelogin = 18;
constexpr std::uint32_t kHeader = 8, kMostPacket = 32 * 1024;
/// Settings of a prelogin (2.2.6.5).
constexpr std::uint8_t kVersion = 0, kEncryption = 1, kInstance = 2, kEnd = 0xff;
constexpr std::uint8_t kOff = 0, kNotSupported = 2;

std::string_view encryption_text(std::uint8_t value) {
  constexpr std::string_view kNames[] = {"login-only", "on", "not-supported", "required"};
  return (value & 0x7f) < std::size(kNames) ? kNames[value & 0x7f] : "";
}

struct Prelogin {
  std::string version;
  std::string_view instance;
  std::uint8_t encryption = kNotSupported;
  bool has_encryption = false;
};

std::optional<Prelogin> read_prelogin(Bytes body) {
  ByteReader reader(body);
  Prelogin out;
  constexpr unsigned kMostOptions = 16;
  for (unsigned i = 0; i < kMostOptions; ++i) {
    const std::uint8_t option = reader.u8();
    if (option == kEnd) return reader.ok() ? std::optional(out) : std::nullopt;
    const std::uint16_t offset = reader.be16(), length = reader.be16();
    ByteReader value(body);
    value.seek(offset);
    value = value.slice(length);
    if (!reader.ok() || !value.ok()) return std::nullopt;
    if (option == kVersion) {
      const std::uint8_t major = value.u8(), minor = value.u8();
      const std::uint16_t build = value.be16();
      if (value.ok() && major != 0) out.version = fmt::format("{}.{}.{}", major, minor, build);
    } else if (option == kEncryption) {
      out.encryption = value.u8();
      out.has_encryption = value.ok();
    } else if (option == kInstance) {
      out.instance = as_text(value.rest());
      out.instance = out.instance.substr(0, out.instance.find('\0'));
    }
  }
  return std::nullopt;
}

/// Database logins of SQL Server and Sybase: who asks, from which program, for which database; versions.
class TdsDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    const std::uint8_t type = reader.u8();
    reader.skip(1);
    const std::uint16_t length = reader.be16();
    if (bytes.size() < kHeader) return Progress::need(0, kHeader);
    if (length < kHeader || (type > 18 && type != 23)) {
      out.anomaly("bad-packet");
      return Progress::failed();
    }
    if (length > kMostPacket) return Progress::need(length, 0);
    if (bytes.size() < length) return Progress::need(0, length);
    const Bytes body = bytes.subspan(kHeader, length - kHeader);
    const bool more = direction == Direction::kToServer ? client(type, body, out) : server(type, body, out);
    return more ? Progress::need(length, 0) : Progress::done();
  }

 private:
  bool client(std::uint8_t type, Bytes body, Observer& out) {
    switch (type) {
      case kPrelogin:
        return prelogin(body, out);
      case kLogin7:
        return login(tds::read_login7(body), out);
      case kOldLogin:
        return login(tds::read_old_login(body), out);
      case kSspiMessage:
        token(body, out);
        return true;
      default:
        // A question: the login was not captured, or is long past.
        return logged_in_;
    }
  }

  bool prelogin(Bytes body, Observer& out) {
    if (asked_) return false;  // TLS in packets of the same type
    asked_ = true;
    const auto settings = read_prelogin(body);
    if (!settings) {
      out.anomaly("bad-prelogin");
      return false;
    }
    out.clue(out.client(), "tds.client-version", settings->version, Role::kClient);
    if (settings->instance != "MSSQLServer")
      out.clue(out.server(), "tds.instance", settings->instance, Role::kServer);
    return true;
  }

  bool login(const std::optional<tds::Login>& login, Observer& out) {
    if (!login) {
      out.anomaly("bad-login");
      return false;
    }
    logged_in_ = true;
    if (!parse_ip(login->host)) out.name(out.client(), "tds", login->host);
    out.clue(out.client(), "tds.application", login->application, Role::kClient);
    out.clue(out.client(), "tds.library", login->library, Role::kClient);
    out.clue(out.server(), "tds.database", login->database, Role::kServer);
    addressed(login->server, out);
    if (login->has_password) {
      pending_ = Pending::kPlain;
      digest_ = login->digest;
      secret_empty_ = login->secret_empty;
      secret_is_account_ = login->secret_is_account;
    } else {
      token(login->token, out);
    }
    return true;
  }

  /// "tcp:SQL01\PACS,1433": the host within.
  static void addressed(std::string_view server, Observer& out) {
    if (const std::size_t colon = server.find(':'); colon != std::string_view::npos)
      server.remove_prefix(colon + 1);
    server = server.substr(0, server.find_first_of("\\,"));
    const bool stands_for = server.empty() || server == "." || equals_ignoring_case(server, "localhost") ||
                            equals_ignoring_case(server, "(local)") || parse_ip(server);
    if (!stands_for) out.name(out.server(), "tds", server);
  }

  void token(Bytes bytes, Observer& out) {
    if (const auto message = ntlm_.say(Direction::kToServer, bytes, out)) {
      pending_ = Pending::kNtlm;
      proof_ = message->proof;
    }
  }

  bool server(std::uint8_t type, Bytes body, Observer& out) {
    if (type == kPrelogin) return false;
    if (type != kAnswer) return logged_in_;
    if (asked_ && !answered_) return settings(body, out);
    if (!logged_in_) return false;
    const tds::Answer answer = tds::read_answer(body);
    if (!answer.server.empty()) addressed(answer.server, out);
    if (!answer.token.empty()) {
      (void)ntlm_.say(Direction::kToClient, answer.token, out);
      return true;
    }
    if (answer.accepted) {
      if (!served_) {
        out.service("tds", answer.product, answer.version);
        out.clue(out.server(), "tds.server-version", answer.version, Role::kServer);
      }
      out.session({"tds", SessionSeen::Authentication::kPresent, false});
    }
    if (answer.accepted || answer.refused) verdict(answer.accepted, out);
    return false;
  }

  bool settings(Bytes body, Observer& out) {
    answered_ = true;
    const auto settings = read_prelogin(body);
    if (!settings) {
      out.anomaly("bad-prelogin");
      return false;
    }
    const std::uint8_t encryption = settings->has_encryption ? settings->encryption : kNotSupported;
    const bool encrypted = encryption != kNotSupported && encryption != kOff;
    served_ = true;
    out.service("tds", "Microsoft SQL Server", settings->version, encrypted);
    out.clue(out.server(), "tds.server-version", settings->version, Role::kServer);
    out.clue(out.server(), "tds.encryption", encryption_text(encryption), Role::kServer);
    if (encryption == kNotSupported) return true;
    // Where it is off, the login alone is encrypted: what follows is in clear, and patients' data with it.
    out.session({"tds", SessionSeen::Authentication::kPresent, encrypted});
    return false;
  }

  void verdict(bool accepted, Observer& out) {
    LoginSeen login;
    login.protocol = "tds";
    login.outcome = accepted ? Outcome::kAccepted : Outcome::kRefused;
    if (pending_ == Pending::kPlain) {
      login.mechanism = "plain";
      login.cleartext = true;
      login.account_and_secret = digest_;
      login.secret_empty = secret_empty_;
      login.secret_is_account = secret_is_account_;
    } else if (pending_ == Pending::kNtlm) {
      login.mechanism = ntlmssp::mechanism(proof_);
      const std::string_view generation = ntlm_generation(proof_);
      if (!generation.empty()) out.used(out.server(), "ntlm", generation, accepted);
    }
    if (!login.mechanism.empty()) out.login(login);
    pending_ = Pending::kNone;
  }

  enum class Pending : std::uint8_t { kNone, kPlain, kNtlm };
  NtlmSpeaker ntlm_;
  SecretDigest digest_;
  ntlmssp::Proof proof_ = ntlmssp::Proof::kNone;
  Pending pending_ = Pending::kNone;
  bool asked_ = false, answered_ = false, served_ = false, logged_in_ = false;
  bool secret_empty_ = false, secret_is_account_ = false;
};

Recognition recognise(const Probe& probe) {
  if (probe.direction != Direction::kToServer) return Recognition::kNo;
  ByteReader reader(probe.bytes);
  const std::uint8_t type = reader.u8(), status = reader.u8();
  const std::uint16_t length = reader.be16();
  if ((type != kPrelogin && type != kLogin7 && type != kOldLogin) || (reader.ok() && status > 1))
    return Recognition::kNo;
  if (!reader.ok()) return probe.bytes.size() < 2 || status <= 1 ? Recognition::kMore : Recognition::kNo;
  if (length < 16 || length > kMostPacket) return Recognition::kNo;
  const std::uint16_t channel = reader.be16();
  reader.skip(2);  // the packet's number, the window
  if (!reader.ok()) return Recognition::kMore;
  if (channel != 0 && type == kPrelogin) return Recognition::kNo;
  if (type == kPrelogin) {
    // The version comes first, and its place lies behind the list.
    const std::uint8_t option = reader.u8();
    const std::uint16_t offset = reader.be16(), size = reader.be16();
    if (!reader.ok()) return Recognition::kMore;
    return option == kVersion && size == 6 && offset >= 6 && offset + size + kHeader <= length
               ? Recognition::kYes
               : Recognition::kNo;
  }
  if (type == kLogin7) {
    const std::uint32_t whole = reader.le32();
    reader.skip(3);
    const std::uint8_t version = reader.u8();
    if (!reader.ok()) return Recognition::kMore;
    return (whole + kHeader == length || whole > kMostPacket / 8) && whole < 0x20000 && version >= 0x70 &&
                   version <= 0x74
               ? Recognition::kYes
               : Recognition::kNo;
  }
  return probe.on_port && length >= kHeader + 202 ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& tds_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<TdsDissector>({.name = "tds",
                                .title = "Tabular Data Stream (SQL Server, Sybase)",
                                .layers = kLayers,
                                .ports = kPorts,
                                .clues = kClues,
                                .recognise = recognise,
                                .first_bytes = FirstBytes::of("\x02\x10\x12"),
                                .max_buffer = 40 * 1024});
  return kInfo;
}

}  // namespace bedrail
