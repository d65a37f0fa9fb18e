#pragma once

#include <cstdint>
#include <optional>

#include "base/byte_reader.h"
#include "net/address.h"

/// The layers of a BACnet/IP datagram (ANSI/ASHRAE 135: BVLC annex J.2, NPDU clause 6.2, APDU clause 20.1).
namespace bedrail::bacnet {

inline constexpr std::uint8_t kBvlcType = 0x81;
inline constexpr std::size_t kBvlcHeader = 4;

enum class Bvlc : std::uint8_t {
  kResult = 0,
  kForwarded = 4,
  kRegisterForeign = 5,
  kBroadcastToNetwork = 9,
  kUnicast = 10,
  kBroadcast = 11,
  kSecure = 12,
};
/// True where a network message follows the header.
bool carries_network_message(Bvlc function);

/// BVLC and NPDU of one datagram.
struct Message {
  Bvlc function = Bvlc::kResult;
  std::optional<IpAddress> original;  ///< of a forwarded one: who sent it first, and from which port
  std::uint16_t original_port = 0;
  bool exact = true;  ///< as long as it says; controllers read on to the datagram's end where it is longer
  bool network_message = false;  ///< of routers; `body` begins with its type
  bool from_behind = false;      ///< a router passed it on for a device of another network
  std::uint16_t source_network = 0;
  Bytes source_address;
  Bytes body;  ///< the APDU, or the router's message
};

/// Nothing where the datagram is no BACnet/IP; one of another length than it says is read to its end.
std::optional<Message> read_message(Bytes datagram);

enum class Pdu : std::uint8_t {
  kConfirmedRequest = 0,
  kUnconfirmedRequest = 1,
  kSimpleAck = 2,
  kComplexAck = 3,
  kSegmentAck = 4,
  kError = 5,
  kReject = 6,
  kAbort = 7,
};

/// An APDU's header.
struct Apdu {
  Pdu pdu = Pdu::kAbort;
  std::uint8_t invoke = 0, service = 0;
  bool segmented = false;
  std::uint8_t sequence = 0;  ///< of a segment
  Bytes data;                 ///< the service's parameters
};

/// Nothing where the header does not fit.
std::optional<Apdu> read_apdu(Bytes body);

}  // namespace bedrail::bacnet
