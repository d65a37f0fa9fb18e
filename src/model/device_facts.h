#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/evidence.h"
#include "model/rhythm.h"
#include "net/address.h"

namespace bedrail {

/// A clue as the inventory keeps it: once per (key, value, role) and device.
struct ClueRecord {
  std::string key, value;
  Role role = Role::kSelf;
  std::string protocol;
  PacketRef first;
  Timestamp last;
  std::uint64_t count = 0;
  bool hearsay = false;  ///< another device said so of this one
};

struct NameRecord {
  std::string kind, name, protocol;
  PacketRef first;
  std::uint64_t count = 0;
};

struct ServiceRecord {
  Transport transport = Transport::kTcp;
  std::uint16_t port = 0;
  std::string protocol, product, version;
  bool encrypted = false;
  std::uint64_t clients = 0;  ///< distinct devices or addresses that used it
  PacketRef first;
};

struct LoginRecord {
  LoginSeen login;
  PacketRef first;
  std::optional<IpAddress> client;
  std::uint64_t count = 0;
};

struct ProtocolRecord {
  std::string protocol, version;
  bool agreed = true;
  PacketRef first;
  std::uint64_t count = 0;
};

struct SessionRecord {
  std::string protocol;
  SessionSeen::Authentication authentication = SessionSeen::Authentication::kUnknown;
  bool encrypted = false;
  PacketRef first;
  std::uint64_t count = 0;
};

struct PatientDataRecord {
  std::string protocol, message, fields;
  std::optional<IpAddress> peer;
  bool sent = true;  ///< by this device; else received
  PacketRef first;
  std::uint64_t count = 0;
};

struct MessageRecord {
  std::string protocol, message, status;
  bool sent = true;  ///< by this device; else received
  PacketRef first;
  std::uint64_t count = 0;
  Rhythm rhythm{};
};

struct CertificateRecord {
  CertificateSeen certificate;
  PacketRef first;
};

/// How the device takes part in one protocol, over all its conversations.
struct UseRecord {
  std::string protocol;  ///< "unknown-tcp", "unknown-udp" where none recognised it
  Role role = Role::kClient;
  std::uint64_t peers = 0;   ///< devices and addresses that it called and that answered, or that called it
  std::uint64_t shared = 0;  ///< of a client: so many have one of its servers in common, itself included
  std::uint64_t bytes_out = 0, bytes_in = 0;
  double rate = 0;  ///< packets a second of the fastest conversation row that lasted a minute or more
  Rhythm rhythm{};  ///< of a client: when it calls the server that it calls most
  PacketRef first;
};

/// An address and the time during which it was this device's.
struct AddressRecord {
  IpAddress ip;
  Timestamp first, last;
  PacketRef first_seen;
  std::string how;  ///< "arp", "nd", "dhcp", "traffic"
};

/// Another's address that came from one of the device's MACs.
struct CarriedAddress {
  IpAddress ip;
  PacketRef first;
};

/// Another device spoke of this one in its messages.
struct DeclarationRecord {
  std::string by;  ///< that device's id
  std::string protocol;
  std::vector<MacAddress> macs;  ///< that it is said to have; nobody saw that they are its own
  std::optional<IpAddress> ip;
  PacketRef first;
};

/// Everything that the inventory knows of one device, before anything is inferred from it. Plain data.
struct DeviceFacts {
  std::string id;                        ///< "dev-" + 16 hexadecimal digits
  std::vector<MacAddress> macs;          ///< its own, ascending
  std::vector<AddressRecord> addresses;  ///< its own, ascending by address
  std::vector<std::uint16_t> vlans;
  /// Start values from which the TTLs of its TCP connections were counted down: bit 0: 32, 1: 64, 2: 128, 3:
  /// 255.
  std::uint8_t initial_ttls = 0;
  std::vector<PacketRef> macs_seen;  ///< for each of `macs`: the first frame that shows it
  std::vector<NameRecord> names;
  std::vector<ClueRecord> clues;
  std::vector<ServiceRecord> services;
  std::vector<LoginRecord> logins;              ///< at this device as a server
  std::vector<ProtocolRecord> protocols;        ///< at this device as a server
  std::vector<SessionRecord> sessions;          ///< at this device as a server
  std::vector<PatientDataRecord> patient_data;  ///< in clear, from or to this device
  std::vector<MessageRecord> messages;
  std::vector<CertificateRecord> certificates;
  std::vector<UseRecord> uses;  ///< by protocol and role
  /// Shows equipment (serial numbers, EUI-64) that another device told it of before: it passes statements on.
  bool repeats_others = false;
  /// Shows a number of equipment in images that another device shows, too, which it did not hear it from.
  bool shares_numbers = false;
  /// Answered logins under several names that are other devices': it passes their answers on.
  bool borrows_names = false;
  /// Tells of devices that are not itself: of several, or of one with another's address.
  bool speaks_for_others = false;
  std::vector<DeclarationRecord> declared_by;
  /// A packet of its own was seen, or a protocol that binds addresses named it. Else it is known from others'
  /// words alone and has no address.
  bool heard = true;
  std::vector<std::string> joins;         ///< why its interfaces and addresses are one device, in sentences
  bool is_router = false;                 ///< carries other devices' addresses behind its MAC
  std::optional<CarriedAddress> carried;  ///< the first such address
  bool is_internal = true;  ///< has a private address, or was seen on a local link by its own MAC
  // behaviour
  std::optional<PacketRef> first, last;
  std::uint64_t peers = 0, internal_peers = 0, external_peers = 0;
  std::uint64_t packets_in = 0, packets_out = 0, bytes_in = 0, bytes_out = 0;
  std::vector<std::string> peer_ids;  ///< ids of devices it exchanged data with, at most 64, ascending
};

}  // namespace bedrail
