#include "dissect/dissector.h"

#include <array>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {2000};
constexpr std::string_view kClues[] = {"sccp.device-type", "sccp.mac", "sccp.firmware", "sccp.alarm",
                                       "sccp.load"};

/// Length and reserved or version, both little-endian; the length counts from the message number on.
constexpr std::uint32_t kHeader = 8;
constexpr std::uint32_t kLengthMost = 4096;
/// Message numbers.
constexpr std::uint32_t kKeepAlive = 0, kRegister = 1, kAlarm = 0x20, kVersion = 0x98, kLastStation = 0x160;
constexpr std::uint32_t kRegisterAck = 0x81, kRegisterReject = 0x9d, kKeepAliveAck = 0x100;
constexpr std::size_t kNameSize = 16, kVersionSize = 16, kAlarmSize = 80;

std::string_view until_nul(std::string_view text) { return text.substr(0, text.find('\0')); }

/// Whether a header's second word is one of the versions in use.
bool is_version(std::uint32_t word) { return word == 0 || (word >= 0x0a && word <= 0x20); }

/// Cisco's Skinny Client Control Protocol: which telephones register at a call manager.
class SccpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    const std::uint32_t length = reader.le32(), version = reader.le32();
    if (!reader.ok()) return Progress::need(0, kHeader);
    if (length < 4 || length > kLengthMost || !is_version(version)) {
      out.anomaly("bad-header");
      return Progress::failed();
    }
    if (bytes.size() < length + kHeader) return Progress::need(0, length + kHeader);
    ByteReader body = reader.slice(length);
    const std::uint32_t number = body.le32();
    if (direction == Direction::kToServer) {
      station(number, body, out);
    } else {
      manager(number, body, out);
    }
    if (!body.ok()) out.anomaly("malformed-message");
    return Progress::need(std::uint64_t{length} + kHeader, 0);
  }

 private:
  void station(std::uint32_t number, ByteReader& body, Observer& out) {
    if (number == kAlarm) {
      alarm(body, out);
    } else if (number == kRegister) {
      const std::string_view name = until_nul(body.text(kNameSize));
      body.skip(4 + 4 + 4);  // user, instance, address
      const std::uint32_t type = body.le32();
      if (!body.ok() || !is_printable_ascii(name)) return body.fail();
      registered(name, type, out);
    }
  }

  void registered(std::string_view name, std::uint32_t type, Observer& out) {
    if (registered_) return;
    registered_ = true;
    const Party who = out.client();
    // "SEP", "ATA", "SIP", ... and the telephone's own MAC.
    const auto mac = name.size() == 15 ? parse_mac(name.substr(3)) : std::nullopt;
    if (mac && !mac->is_zero() && !mac->is_multicast()) {
      out.clue(who, "sccp.mac", to_string(*mac), Role::kClient);
      // Behind a router the frame's is the router's.
      if (who.ip) out.address(who, {*who.ip, *mac, "sccp", 0});
    }
    out.name(who, "sccp", name);
    out.clue(who, "sccp.device-type", std::to_string(type), Role::kClient);
  }

  /// A telephone's last words, with its software: "25: Name=SEP... Load=8.5(2.0S) Last=Initialized".
  void alarm(ByteReader& body, Observer& out) {
    body.skip(4);  // severity
    const std::string_view text = until_nul(body.text(std::min(kAlarmSize, body.remaining())));
    if (!body.ok() || alarmed_ || !is_printable_ascii(text)) return;
    alarmed_ = true;
    out.clue(out.client(), "sccp.firmware", value_of(text, "Load="), Role::kClient);
    out.clue(out.client(), "sccp.alarm", value_of(text, "Last="), Role::kClient);
  }

  static std::string_view value_of(std::string_view text, std::string_view key) {
    const std::size_t at = text.find(key);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + key.size());
    return text.substr(0, text.find(' '));
  }

  void manager(std::uint32_t number, ByteReader& body, Observer& out) {
    if (!served_) {
      served_ = true;
      out.service("sccp");
    }
    if (number == kRegisterAck && !session_) {
      // A name is all that a telephone shows.
      session_ = true;
      out.session({"sccp", SessionSeen::Authentication::kNone, false});
    } else if (number == kVersion && !loaded_) {
      // What the manager wants the telephone to run.
      const std::string_view version = until_nul(body.text(std::min(kVersionSize, body.remaining())));
      if (!is_printable_ascii(version)) return;
      loaded_ = true;
      out.clue(out.client(), "sccp.load", version, Role::kClient);
    } else if (number == kRegisterReject && !rejected_) {
      rejected_ = true;
      out.message(out.server(), out.client(), "RegisterReject");
    }
  }

  bool registered_ = false, alarmed_ = false, served_ = false, session_ = false, loaded_ = false,
       rejected_ = false;
};

Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  const std::uint32_t length = reader.le32(), version = reader.le32(), number = reader.le32();
  if (probe.bytes.size() >= 4 && (length < 4 || length > kLengthMost)) return Recognition::kNo;
  if (probe.bytes.size() >= 8 && !is_version(version)) return Recognition::kNo;
  if (!reader.ok()) return Recognition::kMore;
  if (number > kLastStation) return Recognition::kNo;
  if (number == kRegister && probe.direction == Direction::kToServer) {
    const std::string_view name = as_text(reader.bytes(3));
    if (!reader.ok()) return Recognition::kMore;
    if (!is_printable_ascii(name) || length < 4 + kNameSize + 16) return Recognition::kNo;
    return probe.on_port || name == "SEP" || name == "ATA" ? Recognition::kYes : Recognition::kNo;
  }
  const bool known =
      number == kKeepAlive || number == kAlarm || number == kRegisterAck || number == kKeepAliveAck;
  return probe.on_port && known ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& sccp_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<SccpDissector>({.name = "sccp",
                                 .title = "Cisco Skinny Client Control Protocol",
                                 .layers = kLayers,
                                 .ports = kPorts,
                                 .clues = kClues,
                                 .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
