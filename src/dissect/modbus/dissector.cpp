#include "dissect/dissector.h"

#include <array>
#include <bitset>
#include <string>

#include "base/byte_reader.h"
#include "base/short_text.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {502};
constexpr std::string_view kClues[] = {"modbus.vendor",      "modbus.product-code", "modbus.revision",
                                       "modbus.product",     "modbus.model",        "modbus.url",
                                       "modbus.application", "modbus.unit",         "modbus.server-id"};

/// Transaction, protocol (0), length, unit (Modbus Messaging on TCP/IP Implementation Guide V1.0b, 3.1.3).
constexpr std::size_t kHeader = 7;
/// Unit and a PDU of at most 253 bytes; at least unit and function.
constexpr std::uint16_t kLengthMost = 254, kLengthLeast = 2;
constexpr std::uint8_t kException = 0x80;
/// Functions (Modbus Application Protocol V1.1b3, 6).
constexpr std::uint8_t kReportServerId = 17, kEncapsulated = 43, kReadDeviceId = 14, kUnity = 90;

/// A function's name; empty for those that are neither public nor common.
std::string_view function_name(std::uint8_t function) {
  constexpr std::string_view kNames[] = {"",
                                         "Read Coils",
                                         "Read Discrete Inputs",
                                         "Read Holding Registers",
                                         "Read Input Registers",
                                         "Write Single Coil",
                                         "Write Single Register",
                                         "Read Exception Status",
                                         "Diagnostics",
                                         "",
                                         "",
                                         "Get Comm Event Counter",
                                         "Get Comm Event Log",
                                         "",
                                         "",
                                         "Write Multiple Coils",
                                         "Write Multiple Registers",
                                         "Report Server ID",
                                         "",
                                         "",
                                         "Read File Record",
                                         "Write File Record",
                                         "Mask Write Register",
                                         "Read/Write Multiple Registers",
                                         "Read FIFO Queue"};
  if (function < std::size(kNames)) return kNames[function];
  if (function == kEncapsulated) return "Encapsulated Interface Transport";
  return function == kUnity ? "Unity Programming" : std::string_view{};
}

/// Those that change outputs, registers, files or the device's own state.
bool changes(std::uint8_t function) {
  constexpr std::uint8_t kWrites[] = {5, 6, 8, 15, 16, 21, 22, 23, kUnity};
  return std::find(std::begin(kWrites), std::end(kWrites), function) != std::end(kWrites);
}

/// Whether a PDU (function first) can be what it says: its size fits the function's form.
bool fits(Direction direction, Bytes pdu) {
  ByteReader reader(pdu);
  const std::uint8_t function = reader.u8();
  const std::size_t size = pdu.size();
  if ((function & kException) != 0)
    return direction == Direction::kToClient && size == 2 && reader.peek() >= 1 && reader.peek() <= 11 &&
           !function_name(function & ~kException).empty();
  const bool request = direction == Direction::kToServer;
  switch (function) {
    case 1:
    case 2:
    case 3:
    case 4:
      return request ? size == 5 : size == 2U + reader.peek() && reader.peek() > 0;
    case 5:
    case 6:
      return size == 5;
    case 7:
    case 11:
    case 12:
    case kReportServerId:
      return request ? size == 1 : size >= 2;
    case 8:
      return size >= 5;
    case 15:
    case 16:
      return request ? size == 6U + reader.peek(4) : size == 5;
    case 20:
    case 21:
      return size == 2U + reader.peek();
    case 22:
      return size == 7;
    case 23:
      return request ? size == 10U + reader.peek(8) : size == 2U + reader.peek();
    case 24:
      return request ? size == 3 : size >= 5;
    case kEncapsulated:
      return size >= 3 && (reader.peek() == kReadDeviceId || reader.peek() == 13);
    case kUnity:
      return size >= 2;
    default:
      return false;
  }
}

/// Where an object of the device identification is told (6.21): basic ones 0 to 2, regular ones 3 to 6.
std::string_view object_clue(std::uint8_t object) {
  constexpr std::string_view kObjects[] = {"modbus.vendor",     "modbus.product-code", "modbus.revision",
                                           "modbus.url",        "modbus.product",      "modbus.model",
                                           "modbus.application"};
  return object < std::size(kObjects) ? kObjects[object] : std::string_view{};
}

/// Modbus on TCP: which units are behind an address, what they say they are, who writes.
class ModbusDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    reader.skip(2);
    const std::uint16_t protocol = reader.be16(), length = reader.be16();
    const std::uint8_t unit = reader.u8();
    if (!reader.ok()) return Progress::need(0, kHeader);
    if (protocol != 0 || length < kLengthLeast || length > kLengthMost) {
      out.anomaly("bad-header");
      return Progress::failed();
    }
    const std::uint32_t whole = length + 6U;
    if (bytes.size() < whole) return Progress::need(0, whole);
    const Bytes pdu = reader.bytes(length - 1U);
    if (direction == Direction::kToServer) {
      asked(pdu, out);
    } else {
      answered(unit, pdu, out);
    }
    return Progress::need(whole, 0);
  }

 private:
  void asked(Bytes pdu, Observer& out) {
    const std::uint8_t function = ByteReader(pdu).u8();
    if (!fits(Direction::kToServer, pdu)) {
      if (!function_name(function).empty()) out.anomaly("malformed-request");
      return;
    }
    if (!changes(function) || wrote_.test(function)) return;
    wrote_.set(function);
    out.message(out.client(), out.server(), function_name(function));
  }

  void answered(std::uint8_t unit, Bytes pdu, Observer& out) {
    const std::uint8_t function = ByteReader(pdu).u8();
    if (!fits(Direction::kToClient, pdu)) {
      if (!function_name(function & ~kException).empty()) out.anomaly("malformed-response");
      return;
    }
    if (!served_) {
      served_ = true;
      out.service("modbus");
    }
    // An exception tells that a server is there (10 and 11: that a gateway is), not that the unit is.
    if ((function & kException) != 0) return;
    if (!session_) {
      session_ = true;
      out.session({"modbus", SessionSeen::Authentication::kNone, false});
    }
    if (!units_.test(unit)) {
      units_.set(unit);
      out.clue(out.server(), "modbus.unit", std::to_string(unit), Role::kServer);
    }
    if (function == kReportServerId) server_id(pdu, out);
    if (function == kEncapsulated) identification(unit, pdu, out);
  }

  /// The text of a Report Server ID answer (6.13): device-specific; kept where it is readable.
  void server_id(Bytes pdu, Observer& out) {
    ByteReader reader(pdu);
    reader.skip(1);
    ByteReader data = reader.slice(reader.u8());
    std::string_view text = as_text(data.rest());
    while (!text.empty() && (text.front() < 0x20 || text.front() > 0x7e)) text.remove_prefix(1);
    while (!text.empty() && (text.back() < 0x20 || text.back() > 0x7e)) text.remove_suffix(1);
    if (!reader.ok() || text.size() < 3 || !is_printable_ascii(text) || reported_) return;
    reported_ = true;
    out.clue(out.server(), "modbus.server-id", text, Role::kServer);
  }

  /// An answer to Read Device Identification (6.21).
  void identification(std::uint8_t unit, Bytes pdu, Observer& out) {
    ByteReader reader(pdu);
    reader.skip(1);
    if (reader.u8() != kReadDeviceId) return;
    reader.skip(4);  // code, conformity, more follows, next object
    const unsigned count = reader.u8();
    for (unsigned i = 0; i < count && reader.ok(); ++i) {
      const std::uint8_t object = reader.u8();
      const std::string_view text = reader.text(reader.u8());
      const std::string_view key = object_clue(object);
      if (!reader.ok() || key.empty()) continue;
      // The units behind a gateway are devices of their own: only the first that identifies itself is told
      // of.
      if (identified_ && identified_unit_ != unit) continue;
      identified_ = true;
      identified_unit_ = unit;
      if (objects_.test(object)) continue;
      objects_.set(object);
      out.clue(out.server(), key, text, Role::kServer);
    }
    if (!reader.ok()) out.anomaly("malformed-response");
  }

  std::bitset<256> wrote_, units_;
  std::bitset<8> objects_;
  std::uint8_t identified_unit_ = 0;
  bool served_ = false, session_ = false, reported_ = false, identified_ = false;
};

Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  reader.skip(2);
  if (probe.bytes.size() >= 4 && reader.be16() != 0) return Recognition::kNo;
  if (probe.bytes.size() < kHeader + 1) return Recognition::kMore;
  const std::uint16_t length = reader.be16();
  if (length < kLengthLeast || length > kLengthMost) return Recognition::kNo;
  reader.skip(1);
  const std::uint8_t function = reader.peek();
  if (function_name(function & ~kException).empty()) return Recognition::kNo;
  if (reader.remaining() < length - 1U) return Recognition::kMore;
  if (!fits(probe.direction, reader.bytes(length - 1U))) return Recognition::kNo;
  if (probe.on_port) return Recognition::kYes;
  // Elsewhere only the identification's two fixed octets are telling enough.
  return function == kEncapsulated ? Recognition::kMaybe : Recognition::kNo;
}

}  // namespace

const DissectorInfo& modbus_dissector() {
  static constexpr DissectorInfo kInfo = with_state<ModbusDissector>({.name = "modbus",
                                                                      .title = "Modbus/TCP",
                                                                      .layers = kLayers,
                                                                      .ports = kPorts,
                                                                      .clues = kClues,
                                                                      .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
