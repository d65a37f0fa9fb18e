#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_reader.h"
#include "net/address.h"

namespace bedrail::radius {

/// Codes (RFC 2865, 4; RFC 2866, 4; RFC 5997).
inline constexpr std::uint8_t kAccessRequest = 1, kAccessAccept = 2, kAccessReject = 3,
                              kAccountingRequest = 4, kAccountingResponse = 5, kAccessChallenge = 11;

/// How somebody proves who it is.
enum class Method : std::uint8_t { kNone, kPap, kChap, kMsChap, kMsChap2, kEap, kMacBypass };
/// "pap", "eap", ...; empty for none.
std::string_view name_of(Method method);

/// What is read of a packet's attributes (RFC 2865, 5); views into it.
struct Packet {
  std::uint8_t code = 0, identifier = 0;
  std::string_view user, nas_identifier, nas_port_id, called, calling;
  std::optional<IpAddress> nas_ip, framed_ip;
  std::uint32_t port_type = 0;  ///< RFC 2865, 5.41; 0 is asynchronous, and what is not said
  std::uint32_t vendor = 0;     ///< the first maker's own attribute: IANA's number
  bool message_authenticator = false, malformed = false;
  Method method = Method::kNone;
  Bytes eap;         ///< the first EAP-Message
  Bytes attributes;  ///< all of them
};

/// A whole header with a code in use, and attributes that fill its length.
bool fits(Bytes bytes);
/// Reads a packet; false where there is no whole header.
bool read_packet(Bytes bytes, Packet& out);

/// Calls `each(text)` for each of Cisco's attribute-value pairs ("name=value").
template <typename Each>
void for_each_pair(Bytes attributes, Each each) {
  constexpr std::uint8_t kVendorSpecific = 26, kPair = 1;
  constexpr std::uint32_t kCisco = 9;
  for (ByteReader reader(attributes); reader.ok() && reader.remaining() >= 2;) {
    const std::uint8_t type = reader.u8(), length = reader.u8();
    if (length < 2) return;
    ByteReader value = reader.slice(length - 2U);
    if (type != kVendorSpecific || value.be32() != kCisco || value.u8() != kPair) continue;
    const std::uint8_t size = value.u8();
    const std::string_view text = size < 2 ? std::string_view{} : value.text(size - 2U);
    if (value.ok()) each(text);
  }
}

}  // namespace bedrail::radius
