#include "dissect/dissector.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/recent_set.h"
#include "base/text.h"
#include "format/asn1.h"
#include "format/kerberos.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp, Layer::kUdp};
constexpr std::uint16_t kPorts[] = {88};
constexpr std::string_view kClues[] = {"kerberos.asked-service", "kerberos.error", "kerberos.offered",
                                       "kerberos.no-preauthentication", "kerberos.realm"};

/// RFC 4120, 7.2.2: four octets of length before each message on a stream; the first bit is reserved.
constexpr std::uint32_t kPrefix = 4;
/// Tickets with a long authorisation data are some ten thousand octets long; what is longer is passed over.
constexpr std::uint32_t kMostMessage = 48 * 1024;
constexpr std::uint32_t kLongestMessage = 1 << 20;

/// RFC 4120, 7.5.9. Asking for proof of the key is everyday and no error.
std::string_view error_name(std::int32_t code) {
  switch (code) {
    case 1:
      return "client-expired";
    case 6:
      return "client-unknown";
    case 7:
      return "service-unknown";
    case 8:
      return "principal-not-unique";
    case 12:
      return "policy";
    case 14:
      return "encryption-not-supported";
    case 18:
      return "client-revoked";
    case 23:
      return "key-expired";
    case 24:
      return "preauthentication-failed";
    case 32:
      return "ticket-expired";
    case 37:
      return "clock-skew";
    case 41:
      return "modified";
    case 68:
      return "wrong-realm";
    default:
      return {};
  }
}

/// Who asks a key distribution centre for what (RFC 4120), as far as it is in clear.
class KerberosDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    if (out.flow().key.transport == Transport::kUdp) {
      if (!message(direction, bytes, out)) {
        out.anomaly("malformed");
        return Progress::failed();
      }
      return Progress::all(bytes);
    }
    ByteReader reader(bytes);
    const std::uint32_t length = reader.be32();
    if (!reader.ok()) return Progress::need(0, kPrefix);
    if (length == 0 || length > kLongestMessage) {
      out.anomaly("bad-length");
      return Progress::failed();
    }
    const std::uint32_t whole = kPrefix + length;
    if (length > kMostMessage) return Progress::need(whole, 0);
    if (bytes.size() < whole) return Progress::need(0, whole);
    if (!message(direction, reader.bytes(length), out)) {
      out.anomaly("malformed");
      return Progress::failed();
    }
    return Progress::need(whole, 0);
  }

 private:
  bool first(std::uint64_t kind, std::string_view text) { return said_.insert(hash64(text, kind)); }

  bool message(Direction direction, Bytes bytes, Observer& out) {
    const auto parsed = kerberos::parse(bytes);
    if (!parsed) return false;
    switch (parsed->type) {
      case kerberos::Type::kAsRequest:
      case kerberos::Type::kTgsRequest:
        if (direction == Direction::kToServer) request(*parsed, out);
        break;
      case kerberos::Type::kAsReply:
      case kerberos::Type::kTgsReply:
        if (direction == Direction::kToClient) reply(*parsed, out);
        break;
      case kerberos::Type::kError:
        if (direction == Direction::kToClient) error(*parsed, out);
        break;
      case kerberos::Type::kApRequest:
        break;
    }
    return true;
  }

  void request(const kerberos::Message& message, Observer& out) {
    unproven_ = message.type == kerberos::Type::kAsRequest && !message.preauthenticated;
    client(message, out);
    realm(out.client(), message.realm, Role::kClient, out);
    std::string offered;
    for (std::size_t i = 0; i < message.offered_count; ++i) {
      if (i > 0) offered += ',';
      offered += std::to_string(message.offered[i]);
    }
    if (!offered.empty() && first(1, offered))
      out.clue(out.client(), "kerberos.offered", offered, Role::kClient);
    const std::string service = message.service.service();
    if (!service.empty() && !starts_with_ignoring_case(service, "krbtgt/") && first(2, service))
      out.clue(out.client(), "kerberos.asked-service", service, Role::kClient);
  }

  void client(const kerberos::Message& message, Observer& out) {
    if (const std::string_view name = message.client.machine(); !name.empty() && first(3, name))
      out.name(out.client(), "kerberos", name);
    if (!message.netbios.empty() && first(4, message.netbios))
      out.name(out.client(), "netbios", message.netbios);
  }

  void realm(const Party& who, std::string_view realm, Role role, Observer& out) {
    if (!realm.empty() && first(role == Role::kClient ? 5 : 6, realm))
      out.clue(who, "kerberos.realm", realm, role);
  }

  void service(Observer& out) {
    if (first(7, "")) out.service("kerberos");
  }

  void reply(const kerberos::Message& message, Observer& out) {
    service(out);
    realm(out.server(), message.realm, Role::kServer, out);
    if (const std::string_view name = message.client.machine(); !name.empty() && first(3, name))
      out.name(out.client(), "kerberos", name);
    for (const std::int32_t type : {message.reply_encryption, message.ticket_encryption}) {
      const std::string_view name = kerberos::encryption_name(type);
      if (!name.empty() && first(8, name)) out.used(out.server(), "kerberos", name);
    }
    if (message.type == kerberos::Type::kAsReply && unproven_ && first(9, ""))
      out.clue(out.server(), "kerberos.no-preauthentication", "reply without proof of the key",
               Role::kServer);
    unproven_ = false;
  }

  void error(const kerberos::Message& message, Observer& out) {
    service(out);
    unproven_ = false;
    realm(out.server(), message.realm, Role::kServer, out);
    const std::string_view name = error_name(message.error);
    if (!name.empty() && first(10, name)) out.clue(out.client(), "kerberos.error", name, Role::kClient);
  }

  RecentSet<64> said_;
  bool unproven_ = false;  ///< the last request asked for a ticket without proving the client's key
};

Recognition recognise(const Probe& probe) {
  if (kerberos::begins_message(probe.bytes)) {
    const auto size = asn1::element_size(probe.bytes);
    return size && *size == probe.bytes.size() ? Recognition::kYes : Recognition::kNo;
  }
  // Front of a stream: the length, then the message.
  ByteReader reader(probe.bytes);
  const std::uint32_t length = reader.be32();
  if (probe.bytes.size() < kPrefix + 24) {
    if (!reader.ok())
      return reader.size() > 0 && probe.bytes[0] == std::byte{0} ? Recognition::kMore : Recognition::kNo;
    const std::uint8_t tag = reader.peek();
    const bool fits = reader.empty() || (tag >= 0x6a && tag <= 0x6e) || tag == 0x7e;
    return length > 16 && length <= kLongestMessage && fits ? Recognition::kMore : Recognition::kNo;
  }
  if (length < 24 || length > kLongestMessage || !kerberos::begins_message(reader.rest()))
    return Recognition::kNo;
  const auto size = asn1::element_size(reader.rest());
  return size && *size == length ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& kerberos_dissector() {
  using namespace std::string_view_literals;
  static constexpr DissectorInfo kInfo =
      with_state<KerberosDissector>({.name = "kerberos",
                                     .title = "Kerberos 5",
                                     .layers = kLayers,
                                     .ports = kPorts,
                                     .clues = kClues,
                                     .recognise = recognise,
                                     .first_bytes = FirstBytes::of("\x00\x6a\x6b\x6c\x6d\x6e\x7e"sv),
                                     .max_buffer = 64 * 1024});
  return kInfo;
}

}  // namespace bedrail
