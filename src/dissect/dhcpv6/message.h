#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_reader.h"
#include "net/address.h"

namespace bedrail::dhcpv6 {

/// Message types (RFC 8415, section 7.3). What is not named here is passed over.
enum Type : std::uint8_t {
  kSolicit = 1,
  kAdvertise = 2,
  kReply = 7,
  kRelease = 8,
  kDecline = 9,
  kReconfigure = 10,
  kInformationRequest = 11,
  kRelayForward = 12,
  kRelayReply = 13,
};
constexpr bool is_from_server(std::uint8_t type) {
  return type == kAdvertise || type == kReply || type == kReconfigure;
}
constexpr bool is_relay(std::uint8_t type) { return type == kRelayForward || type == kRelayReply; }

/// Option codes that are read (RFC 8415, section 21, where nothing else is named).
namespace option {
inline constexpr std::uint16_t kClient = 1, kServer = 2, kAddresses = 3, kTemporaryAddresses = 4,
                               kAddress = 5, kRequest = 6, kRelayMessage = 9, kUserClass = 15,
                               kVendorClass = 16, kVendorOptions = 17, kInterface = 18,
                               kRemote = 37,  // RFC 4649
    kClientName = 39,                         // RFC 4704
    kClientLinkAddress = 79;                  // RFC 6939
}  // namespace option

struct Option {
  std::uint16_t code = 0;
  Bytes value;
};

/// The next option; nothing at the end, and where one is cut (then the reader is not `ok()`).
inline std::optional<Option> next_option(ByteReader& reader) {
  if (reader.empty()) return std::nullopt;
  const std::uint16_t code = reader.be16();
  const std::uint16_t size = reader.be16();
  const Bytes value = reader.bytes(size);
  if (!reader.ok()) return std::nullopt;
  return Option{code, value};
}

/// What relays wrote around a message. Of several that passed it on, the one nearest to the client counts.
struct Envelope {
  bool relayed = false;
  bool forward = false;  ///< the outermost goes towards the server
  IpAddress link, peer;
  std::optional<MacAddress> client_mac;
  Bytes interface_id, remote_id;
};

/// A client's or server's message without its envelopes.
struct Message {
  Envelope envelope;
  std::uint8_t type = 0;
  Bytes options;
};

/// Envelopes that are opened, one inside the other (RFC 8415 allows eight hops, section 7.6).
inline constexpr unsigned kMaxDepth = 8;

/// Opens a datagram. Gives the anomaly's name, or "" where `message` is to be read.
std::string_view read_message(Bytes datagram, Message& message);

/// True where options follow each other exactly to the end and one of them is a sound DUID or a relayed
/// message.
bool is_surely_dhcpv6(Bytes datagram);

}  // namespace bedrail::dhcpv6
