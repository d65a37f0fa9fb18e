#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {3306};
constexpr std::string_view kClues[] = {"mysql.client", "mysql.client-os", "mysql.database",
                                       "mysql.plugin", "mysql.program",   "mysql.version"};

/// MySQL Internals, "Connection Phase"; MariaDB, "Connection".
constexpr std::uint32_t kHeader = 4, kMostPacket = 16 * 1024;
constexpr std::uint8_t kProtocol = 10, kOk = 0x00, kError = 0xff, kSwitch = 0xfe, kMoreData = 0x01;
constexpr std::uint32_t kWithDatabase = 0x8, kProtocol41 = 0x200, kSsl = 0x800, kPluginAuth = 0x80000,
                        kAttributes = 0x100000, kLengthEncoded = 0x200000;
constexpr std::uint16_t kAccessDenied = 1045;
constexpr unsigned kMostAttributes = 32;

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

/// A length-encoded number; failure for NULL and the reserved.
std::uint64_t number(ByteReader& reader) {
  const std::uint8_t first = reader.u8();
  switch (first) {
    case 0xfb:
    case 0xff:
      reader.fail();
      return 0;
    case 0xfc:
      return reader.le16();
    case 0xfd:
      return reader.le24();
    case 0xfe:
      return reader.le64();
    default:
      return first;
  }
}

std::string_view counted(ByteReader& reader) {
  const std::uint64_t length = number(reader);
  if (length > reader.remaining()) {
    reader.fail();
    return {};
  }
  return reader.text(static_cast<std::size_t>(length));
}

std::string_view mechanism_of(std::string_view plugin) {
  if (plugin == "mysql_native_password" || plugin.empty()) return "native";
  if (plugin == "mysql_old_password") return "old";
  if (plugin == "mysql_clear_password" || plugin == "dialog") return "plain";
  if (plugin == "caching_sha2_password" || plugin == "sha256_password") return "sha256";
  if (plugin == "client_ed25519") return "ed25519";
  return plugin.find("gssapi") != std::string_view::npos || plugin.find("kerberos") != std::string_view::npos
             ? "kerberos"
             : "other";
}

/// The connection phase: the server's version, the client's program, and whether it is let in.
class MysqlDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    const std::uint32_t length = reader.le24();
    const std::uint8_t sequence = reader.u8();
    if (!reader.ok()) return Progress::need(0, kHeader);
    if (length == 0 || length > kMostPacket) {
      if (length == 0 && direction == Direction::kToServer)
        return Progress::need(kHeader, 0);  // an empty answer
      out.anomaly("bad-packet");
      return Progress::failed();
    }
    if (bytes.size() < kHeader + length) return Progress::need(0, kHeader + length);
    ByteReader body = reader.slice(length);
    const bool more = direction == Direction::kToServer ? client(sequence, body, out) : server(body, out);
    return more ? Progress::need(kHeader + length, 0) : Progress::done();
  }

 private:
  bool server(ByteReader body, Observer& out) {
    if (!greeted_) return greeting(body, out);
    if (!answered_) return false;
    const std::uint8_t kind = body.u8();
    if (kind == kSwitch) {
      const std::string_view plugin = to_nul(body);
      if (body.ok()) mechanism_ = mechanism_of(plugin);
      switched_ = true;
      return true;
    }
    if (kind == kMoreData) return true;
    if (kind == kError) {
      const std::uint16_t code = body.le16();
      if (code == kAccessDenied) login(Outcome::kRefused, out);
      return false;
    }
    if (kind != kOk) return false;
    login(Outcome::kAccepted, out);
    out.session({"mysql", SessionSeen::Authentication::kPresent, false});
    return false;
  }

  bool greeting(ByteReader body, Observer& out) {
    greeted_ = true;
    if (body.peek() == kError) {
      // "Host ... is not allowed to connect": no version, but surely such a server.
      out.service("mysql");
      return false;
    }
    const std::uint8_t protocol = body.u8();
    const std::string_view version = to_nul(body);
    body.skip(4 + 8 + 1);
    if (!body.ok() || protocol != kProtocol) {
      out.anomaly("bad-greeting");
      return false;
    }
    const bool maria = version.find("MariaDB") != std::string_view::npos;
    std::string_view number = version;
    // MariaDB hides behind an old version from clients that would refuse it.
    if (maria && number.starts_with("5.5.5-")) number.remove_prefix(6);
    out.service("mysql", maria ? "MariaDB" : "MySQL", number.substr(0, number.find_first_of("- ~")));
    out.clue(out.server(), "mysql.version", version, Role::kServer);
    return true;
  }

  bool client(std::uint8_t sequence, ByteReader body, Observer& out) {
    if (answered_) return true;
    if (!greeted_ || sequence != 1) return false;
    answered_ = true;
    const std::uint32_t abilities = body.le32();
    if ((abilities & kProtocol41) == 0) return false;
    body.skip(28);
    if (!body.ok()) {
      out.anomaly("bad-login");
      return false;
    }
    if (body.empty() && (abilities & kSsl) != 0) {
      out.session({"mysql", SessionSeen::Authentication::kPresent, true});
      return false;
    }
    (void)to_nul(body);  // the account
    const std::string_view proof = (abilities & kLengthEncoded) != 0 ? counted(body) : body.text(body.u8());
    if (!body.ok()) {
      out.anomaly("bad-login");
      return false;
    }
    proof_empty_ = proof.empty();
    if ((abilities & kWithDatabase) != 0)
      out.clue(out.server(), "mysql.database", to_nul(body), Role::kServer);
    if ((abilities & kPluginAuth) != 0) {
      const std::string_view plugin = to_nul(body);
      mechanism_ = mechanism_of(plugin);
      out.clue(out.client(), "mysql.plugin", plugin, Role::kClient);
    }
    if ((abilities & kAttributes) != 0) attributes(body, out);
    return true;
  }

  static void attributes(ByteReader& body, Observer& out) {
    ByteReader pairs(as_bytes(counted(body)));
    std::string client, system;
    for (unsigned i = 0; i < kMostAttributes && body.ok() && !pairs.empty(); ++i) {
      const std::string_view key = counted(pairs), value = counted(pairs);
      if (!pairs.ok()) return;
      if (key == "program_name") out.clue(out.client(), "mysql.program", value, Role::kClient);
      if (key == "_server_host" && value.find_first_not_of("0123456789.:") != std::string_view::npos &&
          value != "localhost")
        out.name(out.server(), "mysql", value);
      if (key == "_client_name") client.insert(0, value);
      if (key == "_client_version") client.append(1, ' ').append(value);
      if (key == "_os") system.insert(0, value);
      if (key == "_platform") system.append(1, ' ').append(value);
    }
    out.clue(out.client(), "mysql.client", client, Role::kClient);
    out.clue(out.client(), "mysql.client-os", system, Role::kClient);
  }

  void login(Outcome outcome, Observer& out) const {
    LoginSeen login;
    login.protocol = "mysql";
    login.mechanism = mechanism_;
    login.cleartext = mechanism_ == "plain";
    login.outcome = outcome;
    // After a change of method the proof comes again, in another packet.
    login.secret_empty = proof_empty_ && !switched_ && (mechanism_ == "native" || mechanism_ == "sha256");
    out.login(login);
  }

  std::string_view mechanism_ = "native";
  bool greeted_ = false, answered_ = false, proof_empty_ = false, switched_ = false;
};

Recognition recognise(const Probe& probe) {
  if (probe.direction != Direction::kToClient) return Recognition::kNo;
  ByteReader reader(probe.bytes);
  const std::uint32_t length = reader.le24();
  const std::uint8_t sequence = reader.u8(), protocol = reader.u8();
  if (!reader.ok()) return probe.bytes.size() < 4 || sequence == 0 ? Recognition::kMore : Recognition::kNo;
  if (sequence != 0 || length < 8 || length > 1024) return Recognition::kNo;
  if (protocol == kError) {
    if (!probe.on_port || probe.bytes.size() > length + kHeader) return Recognition::kNo;
    return probe.bytes.size() == length + kHeader ? Recognition::kYes : Recognition::kMore;
  }
  if (protocol != kProtocol) return Recognition::kNo;
  // A version in digits and points, its end, and the zero behind the first part of the challenge.
  const std::string_view rest = as_text(reader.rest());
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) return rest.size() < 128 ? Recognition::kMore : Recognition::kNo;
  const bool version = end >= 3 && rest[0] >= '0' && rest[0] <= '9' &&
                       rest.substr(0, end).find('.') != std::string_view::npos &&
                       is_printable_ascii(rest.substr(0, end));
  if (!version) return Recognition::kNo;
  const std::size_t zero = end + 1 + 4 + 8;
  if (rest.size() <= zero) return Recognition::kMore;
  return rest[zero] == '\0' ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& mysql_dissector() {
  static constexpr DissectorInfo kInfo = with_state<MysqlDissector>({.name = "mysql",
                                                                     .title = "MySQL and MariaDB",
                                                                     .layers = kLayers,
                                                                     .ports = kPorts,
                                                                     .clues = kClues,
                                                                     .recognise = recognise,
                                                                     .max_buffer = 20 * 1024});
  return kInfo;
}

}  // namespace bedrail
