#include "dissect/dissector.h"

#include <array>
#include <string>

#include "base/byte_reader.h"
#include "dissect/snmp/logins.h"
#include "dissect/snmp/message.h"
#include "dissect/snmp/objects.h"

namespace bedrail {
namespace {

using namespace snmp;

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {161, 162};
constexpr std::string_view kClues[] = {
    "snmp.sysdescr",        "snmp.sysobjectid",         "snmp.syslocation",     "snmp.enterprise",
    "snmp.engine-id",       "snmp.engine-mac",          "snmp.device-descr",    "snmp.entity-descr",
    "snmp.entity-hardware", "snmp.entity-firmware",     "snmp.entity-software", "snmp.entity-serial",
    "snmp.entity-model",    "snmp.entity-manufacturer", "snmp.trap-enterprise", "snmp.trap-oid"};

constexpr unsigned kVariableLimit = 512;
constexpr std::uint64_t kChassis = 3;

std::string_view version_text(std::uint8_t version) { return version == 0 ? "1" : version == 1 ? "2c" : "3"; }

/// The number of a report's cause, n of 1.3.6.1.6.3.15.1.1.n.0 (RFC 3414, 5: usmStats); 0 where it is
/// another.
std::uint8_t report_cause(Bytes variables) {
  constexpr std::string_view kUsmStats = "\x2b\x06\x01\x06\x03\x0f\x01\x01";
  asn1::Reader reader(variables);
  const auto variable = next_variable(reader);
  if (!variable || !as_text(variable->name).starts_with(kUsmStats)) return 0;
  ByteReader rest(variable->name.subspan(kUsmStats.size()));
  return rest.u8();
}

/// SNMP v1, v2c and v3: what an agent tells of itself, and who may ask it.
class SnmpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    Message message;
    const Fault fault = read_message(bytes, message);
    if (fault != Fault::kNone) {
      out.anomaly(fault == Fault::kBroken ? "malformed-pdu" : "malformed-message");
      return Progress::all(bytes);
    }
    const Speakers who = speakers(direction, message, out);
    if (message.version == 3) {
      secured(direction, message, who, out);
    } else {
      plain(direction, message, who, out);
    }
    return Progress::all(bytes);
  }

  void close(Observer& out) override { logins_.close(out); }

 private:
  /// Whom a message is about.
  struct Speakers {
    Party agent;
    Party engine;  ///< v3: whose engine is the authoritative one
    bool agent_speaks = false;
  };

  static Speakers speakers(Direction direction, const Message& message, Observer& out) {
    const bool up = direction == Direction::kToServer;
    const Party sender = up ? out.client() : out.server();
    const Party receiver = up ? out.server() : out.client();
    switch (message.pdu) {
      case Pdu::kGet:
      case Pdu::kGetNext:
      case Pdu::kGetBulk:
      case Pdu::kSet:
        return {receiver, receiver, false};
      // RFC 3411, 3.1: the receiver of what wants an answer is authoritative.
      case Pdu::kInform:
        return {sender, receiver, true};
      case Pdu::kSealed:
        if ((message.flags & kReportable) != 0) return {receiver, receiver, false};
        return {sender, sender, true};
      default:
        return {sender, sender, true};
    }
  }

  /// An answer from the port where notifications are received (RFC 3417, 3.1) acknowledges one, though the
  /// notification was not captured or its answer comes twice.
  static bool from_receiver(Direction direction, const Observer& out) {
    constexpr std::uint16_t kNotificationPort = 162;
    return direction == Direction::kToClient && out.flow().key.server.port == kNotificationPort;
  }

  static bool is_request(Pdu pdu) {
    return pdu == Pdu::kGet || pdu == Pdu::kGetNext || pdu == Pdu::kGetBulk || pdu == Pdu::kSet;
  }

  void plain(Direction direction, const Message& message, const Speakers& who, Observer& out) {
    LoginSeen login{"snmp",
                    "community",
                    true,
                    Outcome::kUnknown,
                    digest_secret("", message.community),
                    message.community.empty(),
                    false};
    if (is_request(message.pdu) || message.pdu == Pdu::kInform)
      logins_.asked(message.id, login, message.pdu == Pdu::kInform, out);
    if (!who.agent_speaks) return;
    if (message.pdu == Pdu::kTrapV1 || message.pdu == Pdu::kTrapV2)
      logins_.say(login, Outcome::kUnknown, out);
    if (message.pdu == Pdu::kResponse) {
      LoginSeen asked;
      const Logins::Answer answer = logins_.answered(message.id, asked);
      // Who answers took the community, whether or not the question was captured. A login is one at the
      // flow's server.
      if (direction == Direction::kToClient) logins_.say(login, Outcome::kAccepted, out);
      if (answer == Logins::Answer::kInform || from_receiver(direction, out)) return;
      serve(direction, false, out);
    }
    version_used(message, who.agent, out);
    told(message, who.agent, out);
  }

  void secured(Direction direction, const Message& message, const Speakers& who, Observer& out) {
    if (!message.engine.empty()) engine(who.engine, message.engine, out);
    const bool authenticated = (message.flags & kAuthenticated) != 0;
    const LoginSeen login{"snmp", "usm", false, Outcome::kUnknown, std::nullopt, false, false};
    const bool asks = is_request(message.pdu) || message.pdu == Pdu::kInform ||
                      (message.pdu == Pdu::kSealed && !who.agent_speaks);
    if (asks) {
      // A question without a user looks for the engine (RFC 3414, 4) and logs nobody in.
      if (!message.user.empty() && authenticated)
        logins_.asked(message.id, login, message.pdu == Pdu::kInform, out);
      if (message.pdu != Pdu::kInform) return;
    }
    bool acknowledged = false;
    if (!asks && message.pdu != Pdu::kTrapV2) acknowledged = answered(direction, message, out);
    if (acknowledged) return;
    version_used(message, who.agent, out);
    if (message.pdu == Pdu::kReport) return;
    if (message.usm && !message.user.empty()) session(message.flags & (kAuthenticated | kEncrypted), out);
    if (message.pdu != Pdu::kSealed) told(message, who.agent, out);
  }

  /// A response, a report, or what is sealed and wants no answer. True where it only acknowledges a
  /// notification.
  bool answered(Direction direction, const Message& message, Observer& out) {
    LoginSeen login;
    const Logins::Answer answer = logins_.answered(message.id, login);
    const bool acknowledges = answer == Logins::Answer::kInform || from_receiver(direction, out);
    const bool at_server = direction == Direction::kToClient;
    if (message.pdu == Pdu::kReport) {
      // usmStatsUnknownUserNames and usmStatsWrongDigests refuse the user; the others want the same asked
      // again.
      const std::uint8_t cause = report_cause(message.variables);
      const bool refused = cause == 3 || cause == 5;
      if (answer != Logins::Answer::kNone && refused && at_server) logins_.say(login, Outcome::kRefused, out);
      if (!acknowledges) serve(direction, false, out);
      return acknowledges;
    }
    if (answer != Logins::Answer::kNone && at_server) logins_.say(login, Outcome::kAccepted, out);
    if (acknowledges) return true;
    // Sealed and unasked may be a trap, which offers no service.
    if (message.pdu == Pdu::kResponse || answer == Logins::Answer::kRequest)
      serve(direction, (message.flags & kEncrypted) != 0, out);
    return false;
  }

  void serve(Direction direction, bool encrypted, Observer& out) {
    const unsigned bit = (direction == Direction::kToClient ? 1U : 2U) << (encrypted ? 2 : 0);
    if ((served_ & bit) != 0) return;
    served_ = static_cast<std::uint8_t>(served_ | bit);
    const bool at_server = direction == Direction::kToClient;
    const FlowKey& key = out.flow().key;
    out.service_at(at_server ? out.server() : out.client(),
                   {key.transport, at_server ? key.server.port : key.client.port, "snmp", {}, {}, encrypted});
  }

  void version_used(const Message& message, const Party& agent, Observer& out) {
    const std::string_view version = version_text(message.version);
    if (first_time("version", agent, version)) out.used(agent, "snmp", version);
  }

  void session(unsigned flags, Observer& out) {
    if ((sessions_ >> flags & 1) != 0) return;
    sessions_ = static_cast<std::uint8_t>(sessions_ | 1U << flags);
    const bool authenticated = (flags & kAuthenticated) != 0;
    out.session({"snmp",
                 authenticated ? SessionSeen::Authentication::kPresent : SessionSeen::Authentication::kNone,
                 (flags & kEncrypted) != 0});
  }

  /// What the agent says of itself: its variables, and a v1 trap's enterprise.
  void told(const Message& message, const Party& agent, Observer& out) {
    // A relayed notification tells of another than its sender, who may or may not be in reach: it is left
    // alone.
    if (message.pdu == Pdu::kTrapV1) {
      if (relayed(message.trap_address, agent)) return;
      clue(agent, "snmp.trap-enterprise", asn1::oid_text(message.enterprise), out);
    }
    asn1::Reader scan(message.variables);
    for (unsigned i = 0; i < kVariableLimit; ++i) {
      const auto variable = next_variable(scan);
      if (!variable) break;
      const auto object = object_of(variable->name);
      if (object && object->meaning == Meaning::kTrapAddress &&
          relayed(IpAddress::from(variable->value.content), agent))
        return;
    }
    asn1::Reader reader(message.variables);
    for (unsigned i = 0; i < kVariableLimit; ++i) {
      const auto variable = next_variable(reader);
      if (!variable) break;
      if (const auto object = object_of(variable->name)) tell(*object, variable->value, agent, out);
    }
    if (!reader.ok()) out.anomaly("malformed-variable");
  }

  /// Many agents fill in no address, or their loopback's.
  static bool relayed(const IpAddress& address, const Party& agent) {
    return address.is_unicast() && !address.is_loopback() && agent.ip && *agent.ip != address;
  }

  void tell(const Object& object, const asn1::Element& value, const Party& agent, Observer& out) {
    const bool text = value.is(asn1::kOctetString);
    switch (object.meaning) {
      case Meaning::kText:
        if (text) clue(agent, object.clue, as_text(value.content), out);
        break;
      case Meaning::kName:
        if (text && first_time("name", agent, as_text(value.content)))
          out.name(agent, "snmp", as_text(value.content));
        break;
      case Meaning::kObjectId:
        if (const auto number = value.is(asn1::kOid) ? enterprise_of(value.content) : std::nullopt)
          clue(agent, "snmp.enterprise", std::to_string(*number), out);
        [[fallthrough]];
      case Meaning::kOid:
        // Standard notifications (coldStart, linkDown) are everybody's.
        if (value.is(asn1::kOid) && (object.clue != "snmp.trap-oid" || enterprise_of(value.content)))
          clue(agent, object.clue, asn1::oid_text(value.content), out);
        break;
      case Meaning::kEngine:
        if (text) engine(agent, value.content, out);
        break;
      case Meaning::kEntityClass:
        if (chassis_ == 0 && value.is(asn1::kInteger) && asn1::to_unsigned(value.content) == kChassis)
          chassis_ = object.index;
        break;
      case Meaning::kEntityText:
        // Row 1 is the whole by convention; where it is a stack, the first chassis counts too. Modules do
        // not.
        if (text && (object.index == 1 || object.index == chassis_))
          clue(agent, object.clue, as_text(value.content), out);
        break;
      case Meaning::kTrapAddress:
        break;
    }
  }

  /// SnmpEngineID (RFC 3411, 5): the maker's number; with the first bit set the fifth octet tells what
  /// follows.
  void engine(const Party& who, Bytes id, Observer& out) {
    if (id.size() < 5 || id.size() > 32) return out.anomaly("bad-engine-id");
    if (!clue(who, "snmp.engine-id", to_hex(id), out)) return;
    ByteReader reader(id);
    const std::uint32_t number = reader.be32();
    if ((number & 0x7fffffff) != 0) clue(who, "snmp.enterprise", std::to_string(number & 0x7fffffff), out);
    const std::uint8_t format = reader.u8();
    if ((number & 0x80000000U) == 0 || format != 3 || reader.remaining() != 6) return;
    const MacAddress mac = MacAddress::from(reader.rest());
    if (!mac.is_zero() && !mac.is_multicast()) clue(who, "snmp.engine-mac", to_string(mac), out);
  }

  /// True where it had not been said before.
  bool clue(const Party& who, std::string_view key, std::string_view value, Observer& out) {
    if (!first_time(key, who, value)) return false;
    out.clue(who, key, value);
    return true;
  }

  /// Agents are polled over and over: each fact is said once in a while, not with every answer.
  bool first_time(std::string_view key, const Party& who, std::string_view value) {
    const std::uint64_t seen = hash64(value, hash64(key, who.ip ? hash_of(*who.ip) : 0)) | 1;
    for (const std::uint64_t earlier : told_) {
      if (earlier == seen) return false;
    }
    told_[next_told_++ % told_.size()] = seen;
    return true;
  }

  Logins logins_;
  std::array<std::uint64_t, 32> told_{};
  std::uint8_t next_told_ = 0;
  std::uint8_t served_ = 0;
  std::uint8_t sessions_ = 0;
  std::uint64_t chassis_ = 0;
};

Recognition recognise(const Probe& probe) {
  Message message;
  switch (read_message(probe.bytes, message)) {
    case Fault::kNone:
      return Recognition::kYes;
    case Fault::kBroken:
      return Recognition::kMaybe;
    case Fault::kForeign:
      break;
  }
  return Recognition::kNo;
}

}  // namespace

const DissectorInfo& snmp_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<SnmpDissector>({.name = "snmp",
                                 .title = "Simple Network Management Protocol",
                                 .layers = kLayers,
                                 .ports = kPorts,
                                 .clues = kClues,
                                 .recognise = recognise,
                                 .first_bytes = FirstBytes::of("0")});
  return kInfo;
}

}  // namespace bedrail
