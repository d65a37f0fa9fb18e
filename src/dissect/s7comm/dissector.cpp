#include "dissect/dissector.h"

#include <array>
#include <optional>
#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "dissect/heard.h"
#include "format/tpkt.h"
#include "szl.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {102};
constexpr std::string_view kClues[] = {"s7comm.order-number", "s7comm.firmware",    "s7comm.module",
                                       "s7comm.plant",        "s7comm.copyright",   "s7comm.serial",
                                       "s7comm.module-type",  "s7comm.card-serial", "s7comm.location"};

/// The first octet of an S7 message, and of its successor's (S7-1200 and S7-1500).
constexpr std::uint8_t kS7 = 0x32, kS7Plus = 0x72;
enum class Kind : std::uint8_t { kJob = 1, kAck = 2, kAckData = 3, kUserData = 7 };
constexpr std::uint8_t kSetup = 0xf0, kPlcControl = 0x28, kPlcStop = 0x29;
/// Groups of user data and their functions: reading the status list, the password of the session.
constexpr std::uint8_t kCpuFunctions = 4, kReadStatusList = 1, kSecurity = 5, kPassword = 1;
constexpr std::size_t kPasswordSize = 8;

/// The TSAP parameters of a connection (ITU-T X.224, 13.3.4): calling and called.
constexpr std::uint8_t kCallingTsap = 0xc1, kCalledTsap = 0xc2;

/// Jobs that change the controller.
std::string_view changing_function(std::uint8_t function) {
  switch (function) {
    case 0x05:
      return "Write Var";
    case 0x1a:
      return "Request Download";
    case 0x1b:
      return "Download Block";
    case 0x1d:
      return "Start Upload";
    case kPlcControl:
      return "PLC Control";
    case kPlcStop:
      return "PLC Stop";
    default:
      return {};
  }
}

/// An S7 message's parts.
struct Message {
  Kind kind = Kind::kJob;
  std::uint16_t error = 0;
  Bytes parameter, data;
};

std::optional<Message> read_message(Bytes bytes) {
  ByteReader reader(bytes);
  Message out;
  if (reader.u8() != kS7) return std::nullopt;
  out.kind = static_cast<Kind>(reader.u8());
  reader.skip(4);  // reserved, reference
  const std::uint16_t parameters = reader.be16(), data = reader.be16();
  if (out.kind == Kind::kAck || out.kind == Kind::kAckData) {
    out.error = reader.be16();
  } else if (out.kind != Kind::kJob && out.kind != Kind::kUserData) {
    return std::nullopt;
  }
  out.parameter = reader.bytes(parameters);
  out.data = reader.bytes(data);
  return reader.ok() ? std::optional(out) : std::nullopt;
}

/// Siemens S7 communication over ISO on TCP: what a controller says it is, and who stops or changes it.
class S7Dissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const auto size = tpkt::packet_size(bytes);
    if (!size) {
      out.anomaly("bad-packet");
      return Progress::failed();
    }
    if (*size == 0) return Progress::need(0, tpkt::kHeader);
    if (bytes.size() < *size) return Progress::need(0, *size);
    const auto unit = tpkt::read_unit(bytes.first(*size));
    if (!unit) {
      out.anomaly("bad-packet");
      return Progress::failed();
    }
    // The parts of a message that was cut for transport are no messages.
    const bool whole = unit->last && !partial_[static_cast<std::size_t>(direction)];
    if (unit->kind == tpkt::Kind::kData) {
      partial_[static_cast<std::size_t>(direction)] = !unit->last;
      if (whole && !unit->data.empty()) data(direction, unit->data, out);
    }
    return Progress::need(*size, 0);
  }

 private:
  void data(Direction direction, Bytes bytes, Observer& out) {
    const bool request = direction == Direction::kToServer;
    if (ByteReader(bytes).u8() == kS7Plus) {
      if (request || !heard_.first(hash64("plus"))) return;
      out.service("s7comm");
      out.used(out.server(), "s7comm", "plus");
      return;
    }
    const auto message = read_message(bytes);
    if (!message) return out.anomaly("malformed-message");
    switch (message->kind) {
      case Kind::kJob:
        if (request) job(message->parameter, out);
        break;
      case Kind::kAckData:
        if (!request) answered(*message, out);
        break;
      case Kind::kUserData:
        user_data(request, *message, out);
        break;
      case Kind::kAck:
        break;
    }
  }

  void job(Bytes parameter, Observer& out) {
    ByteReader reader(parameter);
    const std::uint8_t function = reader.u8();
    std::string_view name = changing_function(function);
    std::string_view service;
    if (function == kPlcControl) {
      reader.skip(7);
      reader.skip(reader.be16());
      service = reader.text(reader.u8());
      if (!reader.ok()) return out.anomaly("malformed-message");
      if (service == "P_PROGRAM") name = "PLC Start";
    }
    if (name.empty() || !heard_.first(hash64(service, hash64(name)))) return;
    out.message(out.client(), out.server(), name, service);
  }

  void answered(const Message& message, Observer& out) {
    if (heard_.first(hash64("service"))) out.service("s7comm");
    if (ByteReader(message.parameter).u8() != kSetup || message.error != 0 || !heard_.first(hash64("setup")))
      return;
    out.used(out.server(), "s7comm", "classic");
    out.session({"s7comm", SessionSeen::Authentication::kNone, false});
  }

  void user_data(bool request, const Message& message, Observer& out) {
    ByteReader parameter(message.parameter);
    parameter.skip(3);  // always 00 01 12
    parameter.skip(2);  // length, method
    const std::uint8_t group = parameter.u8() & 0x0f, function = parameter.u8();
    parameter.skip(1);  // sequence
    std::uint16_t error = 0;
    if (!request) {
      parameter.skip(2);  // part, last part
      error = parameter.be16();
    }
    if (!parameter.ok()) return out.anomaly("malformed-message");
    if (!request && heard_.first(hash64("service"))) out.service("s7comm");
    if (group == kCpuFunctions && function == kReadStatusList && !request && error == 0) {
      if (!s7::tell_status_list(ByteReader(message.data), heard_, out)) out.anomaly("malformed-message");
    } else if (group == kSecurity && function == kPassword) {
      if (request) {
        password(message.data, out);
      } else if (waiting_) {
        waiting_ = false;
        out.login({.protocol = "s7comm",
                   .mechanism = "plain",
                   .cleartext = true,
                   .outcome = error == 0 ? Outcome::kAccepted : Outcome::kRefused,
                   .account_and_secret = secret_,
                   .secret_empty = empty_});
      }
    }
  }

  /// A password's eight characters, each combined with a constant and the one before the last: no secret from
  /// who reads.
  void password(Bytes data, Observer& out) {
    ByteReader reader(data);
    reader.skip(4);  // return code, transport size, length
    const Bytes coded = reader.bytes(kPasswordSize);
    if (!reader.ok()) return out.anomaly("malformed-message");
    std::array<char, kPasswordSize> text{};
    for (std::size_t i = 0; i < kPasswordSize; ++i) {
      auto octet = static_cast<std::uint8_t>(static_cast<std::uint8_t>(coded[i]) ^ 0x55);
      if (i >= 2) octet ^= static_cast<std::uint8_t>(coded[i - 2]);
      text[i] = static_cast<char>(octet);
    }
    std::string_view plain(text.data(), text.size());
    plain = plain.substr(0, plain.find_last_not_of(' ') + 1);
    secret_ = digest_secret({}, plain);
    empty_ = plain.empty();
    waiting_ = true;
  }

  Heard heard_;
  SecretDigest secret_;
  bool waiting_ = false, empty_ = false;
  std::array<bool, 2> partial_{};
};

/// A connection between two named transport addresses: other protocols over ISO transport begin so, too.
bool names_addresses(const tpkt::Unit& unit) {
  ByteReader reader(unit.variable);
  bool named = false;
  while (reader.remaining() >= 2) {
    const std::uint8_t code = reader.u8();
    ByteReader value = reader.slice(reader.u8());
    if (code == kCallingTsap || code == kCalledTsap) named = value.size() > 0;
  }
  return reader.ok() && named;
}

Recognition recognise(const Probe& probe) {
  Bytes rest = probe.bytes;
  for (int units = 0; units < 2; ++units) {
    const auto size = tpkt::packet_size(rest);
    if (!size) return Recognition::kNo;
    if (*size == 0 || rest.size() < *size) {
      // A data unit's first octet is enough.
      ByteReader reader(rest);
      reader.skip(tpkt::kHeader);
      if (reader.remaining() < 4 || reader.u8() != 2 || reader.u8() != 0xf0) return Recognition::kMore;
      reader.skip(1);
      return reader.peek() == kS7 || reader.peek() == kS7Plus ? Recognition::kMore : Recognition::kNo;
    }
    const auto unit = tpkt::read_unit(rest.first(*size));
    if (!unit) return Recognition::kNo;
    if (unit->kind == tpkt::Kind::kData) {
      const std::uint8_t first = ByteReader(unit->data).u8();
      if (first == kS7Plus) return probe.on_port ? Recognition::kYes : Recognition::kMaybe;
      return unit->last && read_message(unit->data) ? Recognition::kYes : Recognition::kNo;
    }
    const bool connects =
        unit->kind == tpkt::Kind::kConnectRequest || unit->kind == tpkt::Kind::kConnectConfirm;
    if (!connects || !names_addresses(*unit)) return Recognition::kNo;
    rest = rest.subspan(*size);
  }
  return Recognition::kNo;
}

}  // namespace

const DissectorInfo& s7comm_dissector() {
  static constexpr DissectorInfo kInfo = with_state<S7Dissector>({.name = "s7comm",
                                                                  .title = "Siemens S7 communication",
                                                                  .layers = kLayers,
                                                                  .ports = kPorts,
                                                                  .clues = kClues,
                                                                  .recognise = recognise,
                                                                  .first_bytes = FirstBytes::of("\x03"),
                                                                  .max_buffer = 66 * 1024});
  return kInfo;
}

}  // namespace bedrail
