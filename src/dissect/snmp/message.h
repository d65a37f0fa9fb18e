#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "format/asn1.h"
#include "net/address.h"

namespace bedrail::snmp {

/// Protocol data units by their identifier octet (RFC 1157, 4.1; RFC 3416, 3).
enum class Pdu : std::uint8_t {
  kSealed = 0,  ///< encrypted: not known
  kGet = 0xa0,
  kGetNext = 0xa1,
  kResponse = 0xa2,
  kSet = 0xa3,
  kTrapV1 = 0xa4,
  kGetBulk = 0xa5,
  kInform = 0xa6,
  kTrapV2 = 0xa7,
  kReport = 0xa8,
};

/// msgFlags (RFC 3412, 6.4).
inline constexpr std::uint8_t kAuthenticated = 1, kEncrypted = 2, kReportable = 4;

/// One SNMP message; views into the datagram.
struct Message {
  std::uint8_t version = 0;  ///< as on the wire: 0 (v1), 1 (v2c), 3
  Pdu pdu = Pdu::kSealed;
  std::string_view community;  ///< v1 and v2c
  /// What ties an answer to its request: the request id, or v3's message id (readable where the rest is
  /// encrypted).
  std::int64_t id = 0;
  std::uint8_t flags = 0;  ///< v3: msgFlags
  bool usm = false;        ///< v3: the user-based security model (RFC 3414), so engine and user were read
  Bytes engine;            ///< v3: the authoritative engine's id
  std::string_view user;   ///< v3
  Bytes variables;         ///< the variable bindings, one after the other
  Bytes enterprise;        ///< v1 trap: an OBJECT IDENTIFIER's content
  IpAddress trap_address;  ///< v1 trap: agent-addr; unspecified else
};

enum class Fault : std::uint8_t {
  kNone,
  kForeign,  ///< no SNMP message: the wrapper or the version does not fit
  kBroken,   ///< a wrapper of SNMP around a malformed PDU or malformed security parameters
};

/// Reads one datagram (RFC 1157, 4; RFC 3412, 6). `out` is only whole where the fault is kNone.
Fault read_message(Bytes datagram, Message& out);

/// One variable binding (RFC 3416, 3): the name is an OBJECT IDENTIFIER's content.
struct Variable {
  Bytes name;
  asn1::Element value;
};

/// The next of a list of variables; nothing at its end and, with `reader` failed, where it is malformed.
std::optional<Variable> next_variable(asn1::Reader& reader);

}  // namespace bedrail::snmp
