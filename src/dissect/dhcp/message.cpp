#include "dissect/dhcp/message.h"

#include "base/byte_reader.h"

namespace bedrail::dhcp {
namespace {

constexpr std::string_view kTruncated = "truncated", kBadOp = "bad-op", kBadLength = "bad-hardware-length",
                           kMismatch = "op-mismatch", kBadType = "bad-message-type";

bool is_ethernet(std::uint8_t hardware) { return hardware == 1 || hardware == 6; }

/// Which side sends a type; those that are unknown fit either.
bool fits(Type type, bool request) {
  switch (static_cast<std::uint8_t>(type)) {
    case 1:
    case 3:
    case 4:
    case 7:
    case 8:
    case 10:
      return request;
    case 2:
    case 5:
    case 6:
    case 9:
    case 11:
    case 12:
    case 13:
      return !request;
    default:
      return true;
  }
}

/// The fixed part. `reader` stands at the vendor area then.
std::string_view read_header(ByteReader& reader, Message& message, Bytes& server_name, Bytes& file) {
  const std::uint8_t op = reader.u8();
  const std::uint8_t hardware = reader.u8();
  const std::uint8_t hardware_length = reader.u8();
  reader.skip(9);
  message.client = IpAddress::from(reader.bytes(4));
  message.yours = IpAddress::from(reader.bytes(4));
  reader.skip(4);
  message.relay = IpAddress::from(reader.bytes(4));
  const MacAddress mac = MacAddress::from(reader.bytes(16));
  server_name = reader.bytes(64);
  file = reader.bytes(128);
  if (!reader.ok()) return kTruncated;
  if (op != 1 && op != 2) return kBadOp;
  if (hardware_length > 16) return kBadLength;
  message.request = op == 1;
  if (is_ethernet(hardware) && hardware_length == 6 && !mac.is_zero() && !mac.is_multicast())
    message.mac = mac;
  return {};
}

}  // namespace

std::string_view read_message(Bytes datagram, Message& message) {
  ByteReader reader(datagram);
  Bytes server_name, file;
  if (const std::string_view odd = read_header(reader, message, server_name, file); !odd.empty()) return odd;
  // Without the cookie the rest is a vendor area of old (RFC 951), which says nothing.
  if (reader.be32() != kCookie) return {};
  const bool sound = message.options.read(reader.rest(), file, server_name);
  Scratch scratch;
  if (const Bytes type = message.options.value(option::kMessageType, scratch); type.size() == 1) {
    message.type = static_cast<Type>(type.front());
  } else if (message.options.has(option::kMessageType)) {
    return kBadType;
  }
  if (!fits(message.type, message.request)) return kMismatch;
  if (!sound) return "truncated-options";
  return message.options.overload_is_odd() ? "bad-overload" : "";
}

bool is_useless(std::string_view anomaly) {
  return anomaly == kTruncated || anomaly == kBadOp || anomaly == kBadLength || anomaly == kMismatch ||
         anomaly == kBadType;
}

}  // namespace bedrail::dhcp
