#include "dissect/dissector.h"

#include <array>
#include <string>

#include "base/hash.h"
#include "base/sha256.h"
#include "dissect/heard.h"
#include "encoding.h"
#include "format/uri.h"
#include "format/x509.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {4840, 4841, 48010, 53530};
constexpr std::string_view kClues[] = {"opcua.application-uri", "opcua.product-uri", "opcua.endpoint",
                                       "opcua.manufacturer",    "opcua.product",     "opcua.version",
                                       "opcua.policy",          "opcua.user-token"};

/// A message chunk's header (OPC 10000-6, 6.7.2): three letters, F, C or A, the size.
constexpr std::uint32_t kHeader = 8;
constexpr std::uint32_t kSizeLimit = 16 * 1024 * 1024;
/// Longer chunks are passed over: they carry values.
constexpr std::uint32_t kReadLimit = 65536;
/// Types of messages: the numbers of their binary encodings (OPC 10000-6, annex A).
constexpr std::uint32_t kFindServersResponse = 425, kGetEndpointsResponse = 431, kCreateSessionRequest = 461,
                        kCreateSessionResponse = 464, kActivateSessionRequest = 467,
                        kActivateSessionResponse = 470, kReadResponse = 634, kWriteRequest = 673,
                        kCallRequest = 712, kBuildInfo = 340, kServerStatus = 864, kAnonymous = 321,
                        kUserName = 324, kUserCertificate = 327;

std::string_view mode_name(std::uint32_t mode) {
  return mode == 1 ? "none" : mode == 2 ? "sign" : mode == 3 ? "sign-encrypt" : std::string_view{};
}

/// OPC UA's binary protocol: which servers there are, how they let whom in, what their build is.
class OpcuaDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    const std::string_view kind = reader.text(3);
    const auto part = static_cast<char>(reader.u8());
    const std::uint32_t size = reader.le32();
    if (!reader.ok()) return Progress::need(0, kHeader);
    if (!is_kind(kind) || (part != 'F' && part != 'C' && part != 'A') || size < kHeader ||
        size > kSizeLimit) {
      out.anomaly("bad-header");
      return Progress::failed();
    }
    const bool continues = part_of_[index(direction)];
    part_of_[index(direction)] = part == 'C';
    if (size > kReadLimit) return Progress::need(size, 0);
    if (bytes.size() < size) return Progress::need(0, size);
    ByteReader body(bytes.subspan(kHeader, size - kHeader));
    message(direction, kind, continues, body, out);
    // The first part of a message ends anywhere.
    // Nor is it odd where the channel's opening was not seen: it may be encrypted.
    if (!body.ok() && part == 'F' && (kind != "MSG" || opened_)) out.anomaly("malformed-message");
    return Progress::need(size, 0);
  }

 private:
  static std::size_t index(Direction direction) { return static_cast<std::size_t>(direction); }
  static bool is_kind(std::string_view kind) {
    return kind == "HEL" || kind == "ACK" || kind == "ERR" || kind == "RHE" || kind == "OPN" ||
           kind == "MSG" || kind == "CLO";
  }

  void message(Direction direction, std::string_view kind, bool continues, ByteReader& body, Observer& out) {
    if (kind == "HEL" && direction == Direction::kToServer) {
      body.skip(20);
      endpoint_url(opcua::read_string(body), out);
    } else if (kind == "ACK") {
      body.skip(20);
      if (body.ok() && direction == Direction::kToClient) out.service("opcua");
    } else if (kind == "OPN") {
      open(direction, body, out);
    } else if (kind == "MSG" && !encrypted_ && !continues) {
      body.skip(16);  // channel, token, sequence, request
      service(direction, opcua::read_node(body), body, out);
    }
  }

  /// How the client calls the server: a name or an address, perhaps a path.
  void endpoint_url(std::string_view url, Observer& out) {
    // An account may stand before an '@'.
    if (url.find('@') == std::string_view::npos) tell(out.server(), "opcua.endpoint", url, out);
  }

  void tell(const Party& who, std::string_view key, std::string_view text, Observer& out,
            Role role = Role::kServer) {
    if (!text.empty() && heard_.first(mix(hash64(text), hash64(key, static_cast<std::uint64_t>(role)))))
      out.clue(who, key, text, role);
  }

  /// A secure channel is opened: with which policy, and the sender's certificate (OPC 10000-6, 6.7.2.3).
  void open(Direction direction, ByteReader& body, Observer& out) {
    body.skip(4);  // channel
    const std::string_view policy = opcua::policy_name(opcua::read_string(body));
    const Bytes certificate = opcua::read_byte_string(body);
    opcua::read_byte_string(body);  // thumbprint of the receiver's
    if (!body.ok()) return;
    // Behind a policy what follows is signed, and encrypted unless agreed otherwise: it is not read.
    opened_ = true;
    encrypted_ |= policy != "None";
    if (direction == Direction::kToServer) return;
    if (!policy.empty() && heard_.first(hash64(policy, 1))) out.used(out.server(), "opcua", policy);
    if (!certificate.empty()) server_certificate(certificate, out);
  }

  void server_certificate(Bytes der, Observer& out) {
    if (!heard_.first(hash64(der, 2))) return;
    const auto read = x509::read_certificate(der);
    if (!read) return out.anomaly("bad-certificate");
    CertificateSeen seen{read->subject,   read->issuer,     {},
                         sha256_hex(der), read->not_before, read->not_after,
                         read->key,       read->signature,  read->self_signed};
    for (const std::string& name : read->dns_names)
      seen.names.append(seen.names.empty() ? "" : ",").append(name);
    out.certificate(out.server(), std::move(seen));
  }

  void service(Direction direction, std::uint32_t type, ByteReader& body, Observer& out) {
    if (direction == Direction::kToServer) {
      request(type, body, out);
    } else {
      response(type, body, out);
    }
  }

  void request(std::uint32_t type, ByteReader& body, Observer& out) {
    if (type == kCreateSessionRequest) {
      opcua::skip_request_header(body);
      const opcua::Application client = opcua::read_application(body);
      if (body.ok()) application(client, out.client(), Role::kClient, out);
    } else if (type == kActivateSessionRequest) {
      activate(body, out);
    } else if (type == kWriteRequest || type == kCallRequest) {
      const std::string_view name = type == kWriteRequest ? "Write" : "Call";
      if (heard_.first(hash64(name))) out.message(out.client(), out.server(), name);
    }
  }

  /// Who the user is (OPC 10000-4, 5.6.3, 7.41).
  void activate(ByteReader& body, Observer& out) {
    opcua::skip_request_header(body);
    opcua::read_string(body);       // signature's algorithm
    opcua::read_byte_string(body);  // signature
    for (std::uint32_t count = opcua::read_count(body); count > 0 && body.ok(); --count) {
      opcua::read_byte_string(body);  // software certificates
      opcua::read_byte_string(body);
    }
    for (std::uint32_t count = opcua::read_count(body); count > 0 && body.ok(); --count)
      opcua::read_string(body);
    const opcua::Extension token = opcua::read_extension(body);
    if (!body.ok()) return;
    pending_ = {};
    pending_.used = true;
    pending_.type = token.type;
    if (token.type != kUserName) return;
    ByteReader reader(token.body);
    opcua::read_string(reader);  // policy
    const std::string_view account = opcua::read_string(reader), password = opcua::read_string(reader),
                           algorithm = opcua::read_string(reader);
    if (!reader.ok()) return out.anomaly("malformed-message");
    // Without an algorithm the password stands as it is.
    pending_.clear = algorithm.empty();
    if (pending_.clear) pending_.secret = digest_secret(account, password);
    pending_.empty = password.empty();
    pending_.same = !password.empty() && password == account;
  }

  void response(std::uint32_t type, ByteReader& body, Observer& out) {
    if (type != kFindServersResponse && type != kGetEndpointsResponse && type != kCreateSessionResponse &&
        type != kActivateSessionResponse && type != kReadResponse)
      return;
    const std::uint32_t status = opcua::read_response_status(body);
    if (!body.ok()) return;
    const bool good = (status & 0x80000000U) == 0;
    if (type == kActivateSessionResponse) activated(good, out);
    if (!good) return;
    if (type == kFindServersResponse) {
      // Other servers' descriptions, too, may stand here: only a lone one is the speaker's.
      if (opcua::read_count(body) == 1)
        application(opcua::read_application(body), out.server(), Role::kServer, out);
    } else if (type == kGetEndpointsResponse) {
      endpoints(body, out);
    } else if (type == kCreateSessionResponse) {
      opcua::read_node(body);
      opcua::read_node(body);
      body.skip(8);
      opcua::read_byte_string(body);  // nonce
      opcua::read_byte_string(body);  // certificate: stands in the endpoints
      endpoints(body, out);
    } else if (type == kReadResponse) {
      values(body, out);
    }
  }

  void endpoints(ByteReader& body, Observer& out) {
    const std::uint32_t count = std::min(opcua::read_count(body), opcua::kElementLimit);
    for (std::uint32_t i = 0; i < count; ++i) {
      const opcua::Endpoint endpoint = opcua::read_endpoint(body);
      if (!body.ok()) return;
      if (i == 0) application(endpoint.server, out.server(), Role::kServer, out);
      if (i == 0 && !endpoint.certificate.empty()) server_certificate(endpoint.certificate, out);
      const std::string_view mode = mode_name(endpoint.mode);
      if (!mode.empty())
        tell(out.server(), "opcua.policy",
             std::string(opcua::policy_name(endpoint.policy)) + " " + std::string(mode), out);
      if (endpoint.anonymous) tell(out.server(), "opcua.user-token", "anonymous", out);
      if (endpoint.user_name) tell(out.server(), "opcua.user-token", "user-name", out);
    }
  }

  void application(const opcua::Application& said, const Party& who, Role role, Observer& out) {
    if (heard_.first(hash64(said.name, 3 + static_cast<std::uint64_t>(role))))
      out.name(who, "opcua", said.name);
    tell(who, "opcua.application-uri", said.uri, out, role);
    tell(who, "opcua.product-uri", said.product_uri, out, role);
  }

  void activated(bool good, Observer& out) {
    if (!pending_.used) return;
    const Pending pending = pending_;
    pending_ = {};
    const bool anonymous = pending.type == kAnonymous || pending.type == 0;
    if (good)
      out.session({"opcua",
                   anonymous ? SessionSeen::Authentication::kNone : SessionSeen::Authentication::kPresent,
                   false});
    if (anonymous) return;
    out.login({.protocol = "opcua",
               .mechanism = pending.clear                      ? "plain"
                            : pending.type == kUserCertificate ? "certificate"
                                                               : "other",
               .cleartext = pending.clear,
               .outcome = good ? Outcome::kAccepted : Outcome::kRefused,
               .account_and_secret = pending.secret,
               .secret_empty = pending.empty,
               .secret_is_account = pending.same});
  }

  /// Values that were read: a server's build, alone or within its status.
  void values(ByteReader& body, Observer& out) {
    const std::uint32_t count = std::min(opcua::read_count(body), opcua::kElementLimit);
    for (std::uint32_t i = 0; i < count; ++i) {
      opcua::Extension value;
      if (!opcua::read_value(body, value)) return;
      Bytes build = value.body;
      // The status begins with two times and the state (OPC 10000-5, 12.10).
      if (value.type == kServerStatus && build.size() > 20) build = build.subspan(20);
      if (value.type != kBuildInfo && value.type != kServerStatus) continue;
      const auto read = opcua::read_build(build);
      if (!read) continue;
      tell(out.server(), "opcua.manufacturer", read->manufacturer, out);
      tell(out.server(), "opcua.product", read->product, out);
      tell(out.server(), "opcua.version", read->version, out);
      tell(out.server(), "opcua.product-uri", read->product_uri, out);
    }
  }

  struct Pending {
    std::optional<SecretDigest> secret;
    std::uint32_t type = 0;
    bool used = false, clear = false, empty = false, same = false;
  };
  Heard heard_;
  Pending pending_;
  std::array<bool, 2> part_of_{};
  bool opened_ = false, encrypted_ = false;
};

Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  const std::string_view kind = as_text(probe.bytes.first(std::min<std::size_t>(3, probe.bytes.size())));
  bool known = false;
  for (const std::string_view start : {"HEL", "ACK", "RHE", "OPN", "MSG", "ERR"})
    known |= start.starts_with(kind);
  if (!known) return Recognition::kNo;
  if (probe.bytes.size() < kHeader) return Recognition::kMore;
  reader.skip(3);
  const char part = static_cast<char>(reader.u8());
  const std::uint32_t size = reader.le32();
  const bool single = kind != "MSG" && part == 'F';
  if (!single && !(kind == "MSG" && (part == 'F' || part == 'C'))) return Recognition::kNo;
  return size >= 16 && size <= kSizeLimit ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& opcua_dissector() {
  static constexpr DissectorInfo kInfo = with_state<OpcuaDissector>({.name = "opcua",
                                                                     .title = "OPC Unified Architecture",
                                                                     .layers = kLayers,
                                                                     .ports = kPorts,
                                                                     .clues = kClues,
                                                                     .recognise = recognise,
                                                                     .first_bytes = FirstBytes::of("HAROME"),
                                                                     .max_buffer = 66 * 1024});
  return kInfo;
}

}  // namespace bedrail
