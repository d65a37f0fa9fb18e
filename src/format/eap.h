#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"

namespace bedrail::eap {

inline constexpr std::uint8_t kRequest = 1, kResponse = 2, kSuccess = 3, kFailure = 4;
/// Types that are no method (RFC 3748, 5).
inline constexpr std::uint8_t kIdentity = 1, kNotification = 2, kNak = 3;

/// A packet of the Extensible Authentication Protocol (RFC 3748, 4); views into the bytes.
struct Packet {
  std::uint8_t code = 0, identifier = 0;
  std::uint8_t type = 0;  ///< 0 where it has none: success, failure
  Bytes data;             ///< behind the type, as far as it was given
};
/// Reads the front of a packet, which may go on elsewhere (RADIUS cuts it at 253 octets); false where it is
/// none.
bool read_packet(Bytes bytes, Packet& out);

/// "peap", "tls", ... (IANA, EAP Method Types); empty for what is no method, "other" where not known.
std::string_view method_name(std::uint8_t type);

/// The machine that an identity names: "NAME" of "host/NAME", of "DOMAIN\NAME$" and of "NAME$"; empty where
/// it is a person's, which is not to be kept.
std::string_view machine_of(std::string_view identity);

}  // namespace bedrail::eap
