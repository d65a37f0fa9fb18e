#include "dissect/radius/packet.h"

#include <algorithm>

#include "base/text.h"

namespace bedrail::radius {
namespace {

constexpr std::size_t kHeader = 20, kMostLength = 4096;

/// Types of attributes (IANA, RADIUS Types).
enum Type : std::uint8_t {
  kUserName = 1,
  kUserPassword = 2,
  kChapPassword = 3,
  kNasIpAddress = 4,
  kFramedIpAddress = 8,
  kVendorSpecific = 26,
  kCalledStationId = 30,
  kCallingStationId = 31,
  kNasIdentifier = 32,
  kNasPortType = 61,
  kEapMessage = 79,
  kMessageAuthenticator = 80,
  kNasPortId = 87,
};

bool is_code(std::uint8_t code) {
  return (code >= 1 && code <= 5) || (code >= 11 && code <= 13) || (code >= 40 && code <= 45);
}

std::optional<IpAddress> address(ByteReader& value) {
  const Bytes octets = value.rest();
  if (octets.size() != 4) return std::nullopt;
  const IpAddress ip = IpAddress::from(octets);
  return ip.is_unicast() ? std::optional(ip) : std::nullopt;
}

void improve(Packet& out, Method method) { out.method = std::max(out.method, method); }

/// RFC 2548: Microsoft's ways of CHAP.
void vendor_specific(ByteReader value, Packet& out) {
  constexpr std::uint32_t kMicrosoft = 311;
  constexpr std::uint8_t kMsChapResponse = 1, kMsChap2Response = 25;
  const std::uint32_t vendor = value.be32();
  if (!value.ok()) return;
  if (vendor != kMicrosoft && out.vendor == 0) out.vendor = vendor;
  if (vendor != kMicrosoft) return;
  const std::uint8_t type = value.u8();
  if (type == kMsChapResponse) improve(out, Method::kMsChap);
  if (type == kMsChap2Response) improve(out, Method::kMsChap2);
}

void attribute(std::uint8_t type, ByteReader value, Packet& out) {
  switch (type) {
    case kUserName:
      out.user = as_text(value.rest());
      break;
    case kUserPassword:
      improve(out, Method::kPap);
      break;
    case kChapPassword:
      improve(out, Method::kChap);
      break;
    case kNasIpAddress:
      out.nas_ip = address(value);
      break;
    case kFramedIpAddress:
      out.framed_ip = address(value);
      break;
    case kVendorSpecific:
      vendor_specific(value, out);
      break;
    case kCalledStationId:
      out.called = as_text(value.rest());
      break;
    case kCallingStationId:
      out.calling = as_text(value.rest());
      break;
    case kNasIdentifier:
      out.nas_identifier = as_text(value.rest());
      break;
    case kNasPortType:
      out.port_type = value.be32();
      break;
    case kEapMessage:
      improve(out, Method::kEap);
      if (out.eap.empty()) out.eap = value.rest();
      break;
    case kMessageAuthenticator:
      out.message_authenticator = true;
      break;
    case kNasPortId:
      out.nas_port_id = as_text(value.rest());
      break;
    default:
      break;
  }
}

}  // namespace

std::string_view name_of(Method method) {
  constexpr std::string_view kNames[] = {"", "pap", "chap", "mschap", "mschapv2", "eap", "mac-bypass"};
  return kNames[static_cast<std::size_t>(method)];
}

bool fits(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint8_t code = reader.u8();
  reader.skip(1);
  const std::uint16_t length = reader.be16();
  if (!reader.ok() || !is_code(code) || length < kHeader || length > kMostLength || length > bytes.size())
    return false;
  reader = ByteReader(bytes.first(length));
  reader.skip(kHeader);
  while (reader.ok() && !reader.empty()) {
    const std::uint8_t type = reader.u8(), size = reader.u8();
    if (type == 0 || size < 2) return false;
    reader.skip(size - 2U);
  }
  return reader.ok();
}

bool read_packet(Bytes bytes, Packet& out) {
  ByteReader reader(bytes);
  out.code = reader.u8();
  out.identifier = reader.u8();
  const std::uint16_t length = reader.be16();
  reader.skip(kHeader - 4);
  if (!reader.ok() || length < kHeader || length > kMostLength) return false;
  out.malformed = length > bytes.size();
  out.attributes = reader.rest().first(std::min<std::size_t>(reader.remaining(), length - kHeader));
  for (ByteReader list(out.attributes); list.ok() && !list.empty();) {
    const std::uint8_t type = list.u8(), size = list.u8();
    if (!list.ok() || size < 2 || size - 2U > list.remaining()) {
      out.malformed = true;
      break;
    }
    attribute(type, list.slice(size - 2U), out);
  }
  // A MAC instead of a name: a device that cannot prove who it is, let in by its address.
  const bool by_address = out.method != Method::kEap && out.method != Method::kNone && parse_mac(out.user);
  if (by_address) out.method = Method::kMacBypass;
  return true;
}

}  // namespace bedrail::radius
