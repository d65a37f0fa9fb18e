#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "net/address.h"

namespace bedrail::dhcpv6 {

/// Who a client or server says it is, for good (RFC 8415, section 11; RFC 6355).
struct Duid {
  /// Of one of its interfaces, not always the one it speaks on. Only for Ethernet.
  std::optional<MacAddress> mac;
  /// The vendor that numbered it.
  std::optional<std::uint32_t> enterprise;
  /// "llt 00:1b:63:98:bf:36", "ll 00:1b:63:98:bf:36", "en 9 0a0b0c", "uuid
  /// 00112233-4455-6677-8899-aabbccddeeff", or the type's number and hexadecimal.
  std::string text;
};

/// Nothing where it is cut, too long (over 130 bytes) or of no known type.
std::optional<Duid> read_duid(Bytes value);

}  // namespace bedrail::dhcpv6
