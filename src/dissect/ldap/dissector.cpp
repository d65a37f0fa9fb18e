#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/text.h"
#include "dissect/ldap/directory.h"
#include "dissect/ntlm_speaker.h"
#include "format/asn1.h"
#include "format/kerberos.h"

namespace bedrail {
namespace {

using asn1::Element;
using asn1::Reader;

constexpr Layer kLayers[] = {Layer::kTcp, Layer::kUdp};
/// The directory, and Active Directory's global catalogue.
constexpr std::uint16_t kPorts[] = {389, 3268};
constexpr std::string_view kClues[] = {"ldap.controller",
                                       "ldap.controller-functionality",
                                       "ldap.domain",
                                       "ldap.domain-functionality",
                                       "ldap.forest-functionality",
                                       "ldap.mechanisms",
                                       "ldap.netbios-domain",
                                       "ldap.object-class",
                                       "ldap.site",
                                       "ldap.vendor-name",
                                       "ldap.vendor-version",
                                       "ldap.versions",
                                       "ntlm.dns-domain",
                                       "ntlm.domain",
                                       "ntlm.machine-account",
                                       "ntlm.version"};

/// Operations (RFC 4511, 4.2 to 4.12): application tags.
constexpr std::uint8_t kBindRequest = 0x60, kBindResponse = 0x61, kUnbind = 0x42, kSearch = 0x63,
                       kEntry = 0x64, kExtendedRequest = 0x77, kExtendedResponse = 0x78;
constexpr std::uint8_t kSimple = 0x80, kSasl = 0xa3, kServerCredentials = 0x87;
/// Active Directory's own way of carrying NTLM (MS-ADTS 5.1.1.1.3).
constexpr std::uint8_t kSicilyNegotiate = 0x8a, kSicilyResponse = 0x8b;
constexpr std::string_view kStartTls = "1.3.6.1.4.1.1466.20037";
constexpr std::int64_t kSuccess = 0, kSaslInProgress = 14, kInvalidCredentials = 49;
constexpr std::uint32_t kMostMessage = 60 * 1024;
constexpr std::uint64_t kLongestMessage = 1 << 28;

bool is_operation(std::uint8_t tag) {
  return (tag >= 0x60 && tag <= 0x79) || tag == kUnbind || tag == 0x4a || tag == 0x50;
}

enum class Mechanism : std::uint8_t {
  kNone,
  kAnonymous,
  kPlain,
  kNtlm,
  kKerberos,
  kDigest,
  kExternal,
  kOther
};

std::string_view name_of(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::kAnonymous:
      return "anonymous";
    case Mechanism::kPlain:
      return "plain";
    case Mechanism::kDigest:
      return "digest";
    case Mechanism::kExternal:
      return "external";
    default:
      return "other";
  }
}

/// Directories (RFC 4511) over streams, and controllers' pings over datagrams (MS-ADTS 6.3).
class LdapDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const bool datagram = out.flow().key.transport == Transport::kUdp;
    if (bytes[0] != std::byte{asn1::kSequence}) {
      if (bound_ && !datagram && bytes[0] == std::byte{0}) return protected_from_here(bytes, out);
      out.anomaly("malformed");
      return Progress::failed();
    }
    const auto size = asn1::element_size(bytes);
    if (!size || *size > kLongestMessage) {
      out.anomaly("malformed");
      return Progress::failed();
    }
    if (*size == 0 || (*size > bytes.size() && *size <= kMostMessage)) {
      if (datagram) {
        out.anomaly("truncated");
        return Progress::failed();
      }
      return Progress::need(0, static_cast<std::uint32_t>(*size == 0 ? bytes.size() + 1 : *size));
    }
    // Pictures and the like in an entry: nothing that is told.
    if (*size > kMostMessage) return Progress::need(*size, 0);
    const Verdict result = message(direction, bytes.first(static_cast<std::size_t>(*size)), out);
    if (result == Verdict::kDone) return Progress::done();
    if (result == Verdict::kBad) {
      out.anomaly("malformed");
      return Progress::failed();
    }
    return Progress::need(*size, 0);
  }

 private:
  enum class Verdict : std::uint8_t { kGood, kBad, kDone };

  /// A length precedes each piece that is signed or sealed (RFC 4422, 3.7). Of Kerberos' tokens (RFC 4121,
  /// 4.2.6.2) a bit says which; behind NTLM's signature of 16 octets a signed message begins in clear.
  static Progress protected_from_here(Bytes bytes, Observer& out) {
    ByteReader reader(bytes);
    reader.skip(4);
    const std::uint16_t token = reader.be16();
    const std::uint8_t flags = reader.u8();
    reader.skip(13);
    const std::uint8_t behind = reader.u8();
    if (!reader.ok()) return Progress::need(0, 21);
    constexpr std::uint16_t kWrap = 0x0504;
    const bool sealed = token == kWrap ? (flags & 2) != 0 : behind != asn1::kSequence;
    out.session({"ldap", SessionSeen::Authentication::kPresent, sealed});
    return Progress::done();
  }

  Verdict message(Direction direction, Bytes bytes, Observer& out) {
    Reader reader(bytes);
    Reader fields = reader.descend(asn1::kSequence);
    const std::int64_t id = fields.integer();
    // CLDAP of old put a name before the operation (RFC 1798).
    if (fields.peek() == asn1::kOctetString) (void)fields.next();
    const Element operation = fields.next();
    if (!fields.ok() || id < 0 || !is_operation(operation.tag)) return Verdict::kBad;
    const Reader body = fields.enter(operation);
    return direction == Direction::kToServer ? request(operation.tag, id, body, out)
                                             : response(operation.tag, id, body, out);
  }

  Verdict request(std::uint8_t tag, std::int64_t id, Reader body, Observer& out) {
    // The first message of a conversation that binds to nobody: what it is given anyone is given.
    if (!asked_) open_ = id == 1 && tag != kBindRequest;
    asked_ = true;
    switch (tag) {
      case kBindRequest:
        return bind(id, body, out) ? Verdict::kGood : Verdict::kBad;
      case kSearch:
        return ldap::say_search(body, out) ? Verdict::kGood : Verdict::kBad;
      case kExtendedRequest:
        starting_tls_ = as_text(body.expect(kSimple).content) == kStartTls;
        return body.ok() ? Verdict::kGood : Verdict::kBad;
      case kUnbind:
        return Verdict::kDone;
      default:
        return Verdict::kGood;
    }
  }

  Verdict response(std::uint8_t tag, std::int64_t id, Reader body, Observer& out) {
    if (!served_) {
      served_ = true;
      out.service("ldap");
    }
    switch (tag) {
      case kBindResponse:
        return bound(id, body, out) ? Verdict::kGood : Verdict::kBad;
      case kEntry: {
        const ldap::Told told = ldap::say_entry(body, out);
        if (!told.entry) return Verdict::kBad;
        if (!told.root && !told_session_ && open_ && pending_ == Mechanism::kNone) {
          told_session_ = true;
          out.session({"ldap", SessionSeen::Authentication::kNone, false});
        }
        return Verdict::kGood;
      }
      case kExtendedResponse: {
        const auto code = asn1::to_integer(body.expect(asn1::kEnumerated).content);
        if (!body.ok() || !code) return Verdict::kBad;
        if (starting_tls_ && *code == kSuccess) {
          out.session({"ldap", SessionSeen::Authentication::kUnknown, true});
          return Verdict::kDone;
        }
        return Verdict::kGood;
      }
      default:
        return Verdict::kGood;
    }
  }

  bool bind(std::int64_t id, Reader body, Observer& out) {
    const std::int64_t version = body.integer();
    const std::string_view name = as_text(body.expect(asn1::kOctetString).content);
    const Element proof = body.next();
    if (!body.ok() || version < 1 || version > 127) return false;
    version_ = static_cast<std::uint8_t>(version);
    pending_id_ = id;
    digest_ = {};
    secret_empty_ = secret_is_account_ = false;
    const std::string_view content = as_text(proof.content);
    switch (proof.tag) {
      case kSimple:
        simple(name, content);
        return true;
      case kSasl:
        return sasl(body.enter(proof), out);
      case kSicilyNegotiate:
      case kSicilyResponse:
        token(proof.content, out);
        return true;
      default:
        return true;
    }
  }

  void simple(std::string_view name, std::string_view password) {
    // A name without a password proves nothing and is none (RFC 4513, 5.1.2).
    if (password.empty()) {
      pending_ = Mechanism::kAnonymous;
      return;
    }
    plain(name, password);
  }

  void plain(std::string_view account, std::string_view password) {
    pending_ = Mechanism::kPlain;
    digest_ = digest_secret(account, password);
    secret_empty_ = password.empty();
    secret_is_account_ = account == password;
  }

  bool sasl(Reader fields, Observer& out) {
    const std::string_view mechanism = as_text(fields.expect(asn1::kOctetString).content);
    const auto credentials = fields.optional(asn1::kOctetString);
    if (!fields.ok()) return false;
    const Bytes content = credentials ? credentials->content : Bytes();
    if (mechanism == "PLAIN") {
      // RFC 4616: identity, account and password, with NUL between.
      const std::string_view text = as_text(content);
      const std::size_t account = text.find('\0');
      const std::size_t password = account == std::string_view::npos ? account : text.find('\0', account + 1);
      if (password == std::string_view::npos) return false;
      plain(text.substr(account + 1, password - account - 1), text.substr(password + 1));
    } else if (mechanism == "GSSAPI" || mechanism == "GSS-SPNEGO" || mechanism == "NTLM") {
      token(content, out);
    } else if (mechanism == "DIGEST-MD5" || mechanism == "CRAM-MD5" || mechanism.starts_with("SCRAM-")) {
      pending_ = Mechanism::kDigest;
    } else if (mechanism == "ANONYMOUS") {
      pending_ = Mechanism::kAnonymous;
    } else {
      pending_ = mechanism == "EXTERNAL" ? Mechanism::kExternal : Mechanism::kOther;
    }
    return true;
  }

  void token(Bytes bytes, Observer& out) {
    if (const auto message = ntlm_.say(Direction::kToServer, bytes, out)) {
      pending_ = Mechanism::kNtlm;
      proof_ = message->proof;
      return;
    }
    const kerberos::Principal service = kerberos::service_of_token(bytes);
    if (service.count == 0) return;
    pending_ = Mechanism::kKerberos;
    // "ldap/dc01.ward.example", or "ldap/dc01.ward.example/ward.example".
    if (service.count > 1 && equals_ignoring_case(service.parts[0], "ldap"))
      out.name(out.server(), "kerberos", service.parts[1]);
  }

  bool bound(std::int64_t id, Reader body, Observer& out) {
    const auto code = asn1::to_integer(body.expect(asn1::kEnumerated).content);
    const Element matched = body.expect(asn1::kOctetString);
    (void)body.expect(asn1::kOctetString);
    if (!body.ok() || !code) return false;
    // Sicily carries NTLM's challenge where the matched name belongs (MS-ADTS 5.1.1.1.3).
    (void)ntlm_.say(Direction::kToClient, matched.content, out);
    if (version_ != 0 && !told_version_) {
      told_version_ = true;
      out.used(out.server(), "ldap", std::to_string(version_));
    }
    while (body.ok() && !body.empty()) {
      const Element field = body.next();
      if (field.is(kServerCredentials)) (void)ntlm_.say(Direction::kToClient, field.content, out);
    }
    bound_ |= *code == kSuccess && pending_id_ < 0;  // the request was not captured
    if (*code == kSaslInProgress || id != pending_id_ || pending_ == Mechanism::kNone) return true;
    login(*code, out);
    return true;
  }

  void login(std::int64_t code, Observer& out) {
    const bool accepted = code == kSuccess;
    const Mechanism mechanism = pending_;
    pending_ = Mechanism::kNone;
    if (mechanism == Mechanism::kNtlm) {
      const std::string_view generation = ntlm_generation(proof_);
      if (!generation.empty()) out.used(out.server(), "ntlm", generation, accepted);
    }
    if (mechanism != Mechanism::kKerberos) {
      LoginSeen login;
      login.protocol = "ldap";
      login.mechanism = mechanism == Mechanism::kNtlm ? ntlmssp::mechanism(proof_) : name_of(mechanism);
      login.cleartext = mechanism == Mechanism::kPlain;
      login.outcome = accepted                      ? Outcome::kAccepted
                      : code == kInvalidCredentials ? Outcome::kRefused
                                                    : Outcome::kUnknown;
      if (mechanism == Mechanism::kPlain) login.account_and_secret = digest_;
      login.secret_empty = secret_empty_;
      login.secret_is_account = secret_is_account_;
      if (!login.mechanism.empty()) out.login(login);
    }
    if (!accepted) return;
    open_ = mechanism == Mechanism::kAnonymous;
    if (open_) return;
    bound_ = true;
    if (told_session_) return;
    told_session_ = true;
    out.session({"ldap", SessionSeen::Authentication::kPresent, false});
  }

  NtlmSpeaker ntlm_;
  std::int64_t pending_id_ = -1;
  Mechanism pending_ = Mechanism::kNone;
  ntlmssp::Proof proof_ = ntlmssp::Proof::kNone;
  SecretDigest digest_;
  std::uint8_t version_ = 0;
  bool secret_empty_ = false, secret_is_account_ = false;
  bool served_ = false, told_version_ = false, told_session_ = false, bound_ = false, starting_tls_ = false;
  bool asked_ = false, open_ = false;
};

/// A sequence of a small number and an operation whose length fits it.
Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  const auto length = [&reader](std::uint64_t& value) {
    const std::uint8_t first = reader.u8();
    value = first;
    if (first < 0x80) return true;
    value = 0;
    if (first == 0x80 || first > 0x84) return false;
    for (unsigned i = 0; i < (first & 0x7fU); ++i) value = value << 8 | reader.u8();
    return true;
  };
  const auto more = [&reader] { return reader.ok() ? Recognition::kNo : Recognition::kMore; };
  if (reader.u8() != asn1::kSequence) return Recognition::kNo;
  std::uint64_t whole = 0, part = 0;
  if (!length(whole) || (reader.ok() && (whole < 5 || whole > kLongestMessage))) return more();
  const std::size_t start = reader.position();
  if (reader.u8() != asn1::kInteger) return more();
  const std::uint8_t id_size = reader.u8();
  if (reader.ok() && (id_size < 1 || id_size > 4)) return Recognition::kNo;
  reader.skip(id_size);
  const std::uint8_t operation = reader.u8();
  if (!reader.ok()) return Recognition::kMore;
  if (!is_operation(operation)) return Recognition::kNo;
  if (!length(part)) return more();
  if (!reader.ok()) return Recognition::kMore;
  if (reader.position() - start + part > whole) return Recognition::kNo;
  const bool asks = operation == kBindRequest || operation == kSearch || operation == kExtendedRequest ||
                    operation == kUnbind;
  const bool answers = operation == kBindResponse || operation == kEntry || operation == 0x65 ||
                       operation == kExtendedResponse;
  if (probe.direction == Direction::kToServer ? !asks : !answers) return Recognition::kNo;
  if (operation == kBindRequest) {
    // Its version tells it from other protocols of this encoding.
    if (reader.u8() != asn1::kInteger || reader.u8() != 1) return more();
    const std::uint8_t version = reader.u8();
    if (!reader.ok()) return Recognition::kMore;
    return version == 2 || version == 3 ? Recognition::kYes : Recognition::kNo;
  }
  if (operation == kSearch) {
    const std::uint8_t base = reader.u8();
    if (!reader.ok()) return Recognition::kMore;
    return base == asn1::kOctetString ? Recognition::kYes : Recognition::kNo;
  }
  if (operation == kExtendedRequest) {
    const std::uint8_t name = reader.u8();
    if (!reader.ok()) return Recognition::kMore;
    return name == kSimple ? Recognition::kYes : Recognition::kNo;
  }
  return probe.on_port ? Recognition::kYes : Recognition::kMaybe;
}

}  // namespace

const DissectorInfo& ldap_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<LdapDissector>({.name = "ldap",
                                 .title = "Lightweight Directory Access Protocol",
                                 .layers = kLayers,
                                 .ports = kPorts,
                                 .clues = kClues,
                                 .recognise = recognise,
                                 .first_bytes = FirstBytes::of("\x30"),
                                 .max_buffer = 64 * 1024});
  return kInfo;
}

}  // namespace bedrail
