#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/hash.h"
#include "base/time.h"
#include "net/flow_key.h"
#include "net/tcp_start.h"

namespace bedrail {

/// Where a statement comes from: a packet of a capture. `sequence` is its place in the merged input and
/// orders all observations of a run, whatever the number of threads; `frame` is 1-based within `file`, as
/// analysers count.
struct PacketRef {
  std::uint64_t sequence = 0;
  Timestamp time;
  std::uint64_t frame = 0;
  std::uint32_t file = 0;
};

/// Whom a statement is about, as far as the packet tells: a network address, a link address, or both. The MAC
/// is the one seen on the frame (it may be a router's: the inventory decides) unless a protocol declared it.
struct Party {
  std::optional<IpAddress> ip;
  std::optional<MacAddress> mac;
  std::uint16_t vlan = 0;
  /// True where the protocol itself named this MAC as the subject's own (DHCP, ARP, ND, LLDP, HL7 device
  /// rows).
  bool mac_declared = false;
};

/// An address bound to a MAC, heard in ARP, ND, an address assignment, or where a device says both are its
/// own. `how`: "arp", "nd", "dhcp", "dhcpv6", "sip", "sccp", "knxnet".
struct AddressBound {
  IpAddress ip;
  MacAddress mac;
  std::string_view how;
  /// Seconds for which the address was assigned; 0 where unknown.
  std::uint32_t lease_seconds = 0;
};

/// A name of the subject. `kind` is one of the contract's: "dhcp", "dns", "mdns", "llmnr", "netbios", "ntlm",
/// "tls", "dicom-ae", "hl7-application", "snmp", "lldp", "cdp", "smb", "ssdp", "upnp", ...
struct NameHeard {
  std::string_view kind;
  std::string name;
};

/// How the subject was speaking when a clue was heard.
enum class Role : std::uint8_t { kSelf, kClient, kServer };
/// "self", "client", "server".
std::string_view to_string(Role role);

/// One raw fact that knowledge may read: `key` is a static dotted name ("http.server", "snmp.sysdescr"),
/// listed in the dissector's `clues`; `value` is cleaned UTF-8 text, at most 512 bytes, never a secret or a
/// patient's.
struct Clue {
  std::string_view key;
  std::string value;
  Role role = Role::kSelf;
};

/// The subject offers a service. Empty product and version where not said.
struct ServiceOffered {
  Transport transport = Transport::kTcp;
  std::uint16_t port = 0;
  std::string_view protocol;
  std::string product, version;
  bool encrypted = false;
};

enum class Outcome : std::uint8_t { kUnknown, kAccepted, kRefused };
/// "unknown", "accepted", "refused".
std::string_view to_string(Outcome outcome);

/// A login at the subject (the server). Neither account nor secret survives the dissector: only digests that
/// can be compared within this process, and what can be said without naming them.
struct LoginSeen {
  std::string_view protocol;  ///< "ftp", "http", "snmp", ...
  std::string_view
      mechanism;  ///< "plain", "basic", "digest", "form", "ntlmv1", "ntlmv2", "community", "anonymous", ...
  bool cleartext = false;  ///< the secret itself could be read by anyone on the path
  Outcome outcome = Outcome::kUnknown;
  std::optional<SecretDigest> account_and_secret;  ///< digest_secret(account, secret)
  bool secret_empty = false;
  bool secret_is_account = false;
};

/// A protocol's version in use at the subject (the server): "smb" "1", "tls" "1.0", "snmp" "2c", "ntlm" "1",
/// "telnet" "". `agreed` is false where it was offered only.
struct ProtocolUsed {
  std::string_view protocol;
  std::string version;
  bool agreed = true;
};

/// A session at the subject (the server): whether it asked who the other is, and whether it was encrypted.
struct SessionSeen {
  std::string_view protocol;
  enum class Authentication : std::uint8_t {
    kUnknown,
    kNone,
    kPresent
  } authentication = Authentication::kUnknown;
  bool encrypted = false;
};

/// Patient data passed in clear from or to the subject; `fields` names kinds ("name,id,birth-date"), never
/// values.
struct PatientDataSeen {
  std::string_view protocol;
  std::string message;  ///< "ORU^R01", "C-STORE-RQ"
  std::string fields;
};

/// A medical message or operation: "C-FIND-RQ", "ADT^A01"; `status` as the protocol says it ("AA", "0x0000").
struct MessageSeen {
  std::string_view protocol;
  std::string message;
  std::string status;
};

/// An X.509 certificate shown in clear by the subject.
struct CertificateSeen {
  std::string subject, issuer;  ///< RFC 4514 text
  std::string names;            ///< subject alternative names, joined by ','
  std::string sha256;           ///< of the DER bytes, hexadecimal
  Timestamp not_before, not_after;
  std::string key;        ///< "rsa-2048", "ec-p256"
  std::string signature;  ///< "sha256-rsa", "sha1-rsa", "md5-rsa"
  bool self_signed = false;
};

/// A neighbour told of itself on the link (LLDP, CDP): the port it is heard on.
struct LinkNeighbour {
  std::string_view protocol;
  std::string port;
};

/// Malformed or odd traffic, by a name from a closed list in the dissector's page. Counted, never logged a
/// packet.
struct AnomalySeen {
  std::string_view protocol;
  std::string_view name;
};

/// One conversation's account; made at its end and, for the long ones, at intervals.
struct ConnectionSeen {
  FlowKey key;
  std::optional<MacAddress> client_mac, server_mac;
  /// Time to live (hop limit) of the first packet that each sent; 0 where it sent none.
  std::uint8_t client_ttl = 0, server_ttl = 0;
  TcpStart client_start, server_start;  ///< as far as their SYNs were captured
  PacketRef first;
  /// The first packet of the end that did not send `first`; only where both sent.
  PacketRef reply;
  bool server_began = false;  ///< `first` is the server's
  /// Who is the client was seen: in a SYN, or in what only a client says. Else it was guessed from the ports.
  bool directed = false;
  Timestamp last;
  std::uint64_t packets_to_server = 0, packets_to_client = 0;
  std::uint64_t bytes_to_server = 0, bytes_to_client = 0;  ///< IP bytes on the wire
  std::uint64_t gap_bytes = 0;
  std::string_view protocol;  ///< "" where none recognised it
  enum class State : std::uint8_t {
    kUnknown,
    kAttempted,
    kRefused,
    kEstablished,
    kClosed,
    kReset
  } state = State::kUnknown;
  bool evicted = false;  ///< ended because a table was full
};
/// "unknown", "attempted", "refused", "established", "closed", "reset".
std::string_view to_string(ConnectionSeen::State state);

/// Frames without an IP packet inside that the subject's MAC sent: devices that speak on the link only. One
/// for each EtherType (as in `Packet::ether_type`), made at the end.
struct LinkTraffic {
  std::uint16_t ether_type = 0;
  std::uint64_t packets = 0, bytes = 0;
  Timestamp last;
};

/// The one vocabulary between the packet side and the meaning side.
struct Observation {
  PacketRef where;
  Party who;
  /// The other end, where there is one (a client that logs in, the receiver of a message).
  Party peer;
  std::string_view protocol;  ///< which dissector said it
  std::variant<AddressBound, NameHeard, Clue, ServiceOffered, LoginSeen, ProtocolUsed, SessionSeen,
               PatientDataSeen, MessageSeen, CertificateSeen, LinkNeighbour, AnomalySeen, ConnectionSeen,
               LinkTraffic>
      body;
};

/// One line of stable text: "12 clue 10.0.0.5 http.server=\"nginx\" role=server". The golden files' form.
std::string to_line(const Observation& observation);

}  // namespace bedrail
