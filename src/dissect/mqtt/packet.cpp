#include "dissect/mqtt/packet.h"

#include <algorithm>
#include <iterator>

namespace bedrail::mqtt {
namespace {

/// Numbers of properties (MQTT 5.0, 2.2.2.2).
constexpr std::uint8_t kAssignedClientId = 0x12, kAuthenticationMethod = 0x15;

/// Octets of a property's value by its kind; 0: not known.
enum class Kind : std::uint8_t { kUnknown, kByte, kTwo, kFour, kNumber, kText, kPair };
Kind kind_of(std::uint32_t property) {
  switch (property) {
    case 0x01:
    case 0x17:
    case 0x19:
    case 0x24:
    case 0x25:
    case 0x28:
    case 0x29:
    case 0x2a:
      return Kind::kByte;
    case 0x13:
    case 0x21:
    case 0x22:
    case 0x23:
      return Kind::kTwo;
    case 0x02:
    case 0x11:
    case 0x18:
    case 0x27:
      return Kind::kFour;
    case 0x0b:
      return Kind::kNumber;
    case 0x03:
    case 0x08:
    case 0x09:
    case kAssignedClientId:
    case kAuthenticationMethod:
    case 0x16:
    case 0x1a:
    case 0x1c:
    case 0x1f:
      return Kind::kText;
    case 0x26:
      return Kind::kPair;
    default:
      return Kind::kUnknown;
  }
}

/// Passes over a block of properties; `wanted`'s text is given back.
std::string_view properties(ByteReader& reader, std::uint8_t wanted, bool& found) {
  ByteReader block = reader.slice(read_number(reader));
  std::string_view out;
  while (block.ok() && !block.empty()) {
    const std::uint32_t property = read_number(block);
    switch (kind_of(property)) {
      case Kind::kByte:
        block.skip(1);
        break;
      case Kind::kTwo:
        block.skip(2);
        break;
      case Kind::kFour:
        block.skip(4);
        break;
      case Kind::kNumber:
        read_number(block);
        break;
      case Kind::kPair:
        block.skip(block.be16());
        block.skip(block.be16());
        break;
      case Kind::kText: {
        const std::string_view text = block.text(block.be16());
        if (property == wanted && block.ok()) out = text, found = true;
        break;
      }
      case Kind::kUnknown:
        block.fail();
        break;
    }
  }
  if (!block.ok()) reader.fail();
  return out;
}

}  // namespace

Header read_header(Bytes bytes) {
  Header out;
  if (bytes.empty()) return out;
  const auto first = std::to_integer<std::uint8_t>(bytes.front());
  out.type = first >> 4;
  out.flags = first & 15;
  for (std::uint32_t i = 1; i <= 4; ++i) {
    if (i >= bytes.size()) return out;
    const auto octet = std::to_integer<std::uint32_t>(bytes[i]);
    out.length |= (octet & 0x7f) << (7 * (i - 1));
    if ((octet & 0x80) != 0) continue;
    out.size = i + 1;
    out.status = out.type == 0 ? Header::Status::kBroken : Header::Status::kWhole;
    return out;
  }
  out.status = Header::Status::kBroken;
  return out;
}

std::uint32_t read_number(ByteReader& reader) {
  std::uint32_t out = 0;
  for (unsigned i = 0; i < 4; ++i) {
    const std::uint8_t octet = reader.u8();
    out |= static_cast<std::uint32_t>(octet & 0x7f) << (7 * i);
    if ((octet & 0x80) == 0) return out;
  }
  reader.fail();
  return 0;
}

bool read_connect(Bytes body, Connect& out) {
  ByteReader reader(body);
  const std::string_view name = reader.text(reader.be16());
  out.level = reader.u8() & 0x7f;  // the highest bit marks a bridge
  const std::uint8_t flags = reader.u8();
  reader.skip(2);
  if (!reader.ok() || (name != "MQTT" && name != "MQIsdp") || (flags & 1) != 0) return false;
  if (out.level == 5) (void)properties(reader, kAuthenticationMethod, out.other_method);
  out.client_id = reader.text(reader.be16());
  out.has_will = (flags & 4) != 0;
  if (out.has_will) {
    bool ignored = false;
    if (out.level == 5) (void)properties(reader, 0, ignored);
    out.will_topic = reader.text(reader.be16());
    reader.skip(reader.be16());
  }
  out.has_user = (flags & 0x80) != 0;
  if (out.has_user) out.user = reader.text(reader.be16());
  out.has_password = (flags & 0x40) != 0;
  if (out.has_password) out.password = reader.text(reader.be16());
  return reader.ok();
}

std::string_view version_name(std::uint8_t level) {
  return level == 3 ? "3.1" : level == 4 ? "3.1.1" : level == 5 ? "5.0" : "";
}

bool read_conn_ack(Bytes body, std::uint8_t level, ConnAck& out) {
  ByteReader reader(body);
  reader.skip(1);
  out.reason = reader.u8();
  bool found = false;
  if (level == 5 && !reader.empty()) out.assigned_id = properties(reader, kAssignedClientId, found);
  return reader.ok();
}

std::string_view topic_family(std::string_view topic) {
  constexpr std::string_view kFamilies[] = {
      "$SYS/",   "$aws/things/", "$iothub/",       "$share/",   "/sys/",    "application/", "axis/",
      "awtrix/", "cmnd/",        "esphome/",       "espurna/",  "frigate/", "gateway/",     "homeassistant/",
      "homie/",  "owntracks/",   "ruuvi/",         "shellies/", "spBv1.0/", "stat/",        "tasmota/",
      "tele/",   "ttn/",         "v1/devices/me/", "v3/",       "wled/",    "zigbee2mqtt/", "zwave/",
      "aranet/", "hikvision/",   "milesight/",     "openevse/"};
  for (const std::string_view family : kFamilies) {
    if (topic.starts_with(family)) return family.substr(0, family.size() - 1);
  }
  return {};
}

}  // namespace bedrail::mqtt
