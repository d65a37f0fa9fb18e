#pragma once

#include <cstdint>
#include <optional>

#include "dissect/dhcp/options.h"
#include "net/address.h"

namespace bedrail::dhcp {

/// Message types (RFC 2132, section 9.6). `kBootp`: the message has none.
enum class Type : std::uint8_t {
  kBootp = 0,
  kDiscover = 1,
  kOffer = 2,
  kRequest = 3,
  kDecline = 4,
  kAck = 5,
  kNak = 6,
  kRelease = 7,
  kInform = 8,
  kForceRenew = 9,
  kLeaseQuery = 10,
};

/// The front of every BOOTP message (RFC 2131, section 2), its options read.
struct Message {
  bool request = false;  ///< op 1: sent by a client (or passed on for it)
  Type type = Type::kBootp;
  IpAddress client, yours, relay;  ///< ciaddr, yiaddr, giaddr
  /// chaddr where it is an Ethernet address.
  std::optional<MacAddress> mac;
  Options options;
};

inline constexpr std::size_t kHeaderSize = 236;
inline constexpr std::uint32_t kCookie = 0x63825363;

/// Reads a datagram. Gives the anomaly's name or ""; some anomalies leave a message that is of use.
std::string_view read_message(Bytes datagram, Message& message);
/// True where `read_message`'s answer leaves nothing to use.
bool is_useless(std::string_view anomaly);

}  // namespace bedrail::dhcp
