#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/device_facts.h"
#include "model/evidence.h"

// The assessment document of `bedrail.assessment/1`: every output is made from these plain structs, field by
// field in the contract's order. Fields beyond the contract's are marked (added).

namespace bedrail {

/// How a rule spoke for a value (added: what `bedrail explain` prints).
struct RuleVote {
  std::string rule, source;  ///< the rule's id and where its knowledge comes from
  double confidence = 0;
};

/// A value with the packets behind it. Absent as a whole where nothing supports one: see
/// `std::optional<Attribute>`.
template <typename T>
struct AttributeOf {
  T value{};
  double confidence = 0;
  std::vector<Evidence> evidence;  ///< at most 8, earliest first
  struct Conflict {
    T value{};
    double confidence = 0;
    std::vector<Evidence> evidence;
  };
  std::vector<Conflict> conflicts;  ///< other values that were claimed; the first is the runner-up
  std::vector<RuleVote> rules;      ///< (added)
};
using Attribute = AttributeOf<std::string>;
using Flag = AttributeOf<bool>;

struct OperatingSystem {
  std::string family, product, version, build, support,
      end_of_support;  ///< empty: not known; support "unknown" then
  friend bool operator==(const OperatingSystem&, const OperatingSystem&) = default;
};

struct RiskReason {
  std::string text;
  double points = 0;
  std::string finding;  ///< id, or empty
};

struct Risk {
  int score = 0;
  std::string
      level;  ///< "critical", "high", "medium", "low", "info": from which score on, says knowledge/risk.toml
  double likelihood = 0;                                             ///< 0..1
  double patient_safety = 0, confidentiality = 0, availability = 0;  ///< impact, 0..10
  std::vector<RiskReason> reasons;
};

struct DeviceName {
  std::string name, kind;
  Evidence evidence;
};

struct DeviceService {
  std::string transport;
  std::uint16_t port = 0;
  std::string protocol, product, version;
  bool encrypted = false;
  std::uint64_t clients = 0;
  Evidence evidence;  ///< (added)
};

/// Another device told of this one in its messages (added).
struct Declaration {
  std::string device, protocol;
  std::vector<std::string> addresses;  ///< that it is said to have
  Evidence evidence;
};

struct AssessedDevice {
  std::string id;
  std::vector<std::string> mac, ipv4, ipv6;
  std::vector<std::uint16_t> vlan;
  std::vector<DeviceName> names;  ///< sorted by kind, name
  std::optional<Attribute> category, type, vendor, model, firmware, serial, hardware;
  std::optional<AttributeOf<OperatingSystem>> os;
  std::optional<Flag> bedside, life_supporting, handles_phi;
  std::optional<Attribute> department, location;
  std::vector<DeviceService> services;  ///< sorted by transport, port, protocol
  Timestamp first, last;
  std::uint64_t peers = 0, internal_peers = 0, external_peers = 0, bytes_in = 0, bytes_out = 0;
  Risk risk;
  std::vector<std::string> joins;  ///< (added) why these interfaces and addresses are one device
  bool internal = true;            ///< (added) false for an address on the Internet
  bool heard = true;               ///< (added) false where only others told of it: it has no addresses then
  std::vector<Declaration> declared_by;  ///< (added) in the order of their first messages
};

struct ConnectionRow {
  std::string client, server;  ///< device ids
  std::string transport;       ///< "tcp", "udp", ...
  std::string protocol;        ///< "" where not recognised
  std::uint16_t port = 0;
  std::uint64_t count = 0, packets = 0, bytes_to_server = 0, bytes_to_client = 0, failed = 0;
  Timestamp first, last;
  bool encrypted = false;
  bool directed = false;  ///< (added) that the client called was seen, not guessed from the ports
  Evidence evidence;      ///< the first packet
};

struct Remedy {
  std::string action, text, source;
};

struct VulnerabilityFacts {
  std::string cve, advisory;
  struct Cvss {
    std::string version, vector;
    double score = 0;
  };
  std::vector<Cvss> cvss;
  std::optional<double> epss;
  bool kev = false;
  std::string cwe;
  std::string matched_vendor, matched_product, matched_range, matched_rule;
};

struct Finding {
  std::string id;  ///< "fnd-" + 16 hexadecimal digits of (device, kind, subject): stable between runs
  std::string device;
  std::string kind, title, severity, status;
  double confidence = 0;
  std::vector<Evidence> evidence;
  std::optional<VulnerabilityFacts> vulnerability;
  std::vector<Remedy> remediation;
  int risk = 0;
  std::vector<RiskReason> reasons;
  std::string explanation;  ///< (added) one or two sentences: what was seen, with numbers
};

struct AlertParty {
  std::string device, address;
  std::uint16_t port = 0;
};

struct Alert {
  std::string id, detector, title, severity;
  Timestamp time, last;
  std::uint64_t count = 1;
  double confidence = 0;
  std::vector<std::string> technique;
  AlertParty source;
  std::vector<AlertParty> targets;
  std::string explanation;
  std::vector<Evidence> evidence;
  struct Response {
    std::string action, safety, text;
  };
  std::vector<Response> response;
};

/// What the reader must know: limits reached, blind spots, files skipped.
struct Notice {
  std::string
      kind;  ///< "file-skipped", "file-cut", "table-full", "blind-spot", "knowledge-age", "undecoded", ...
  std::string text;  ///< what happened and what to do
  std::uint64_t count = 0;
};

struct SourceFile {
  std::string name, sha256;
  std::uint64_t bytes = 0, packets = 0;
  std::vector<std::string> link_types;
  std::optional<Timestamp> first, last;
};

struct Losses {
  std::uint64_t truncated_packets = 0, malformed_packets = 0, undecoded_packets = 0, tcp_gap_bytes = 0,
                evicted_flows = 0, capture_drops = 0;
};

struct ProtocolTotals {
  std::uint64_t flows = 0, packets = 0, bytes = 0;
};

/// Conversations that none recognised, alike in transport, server's port and the shape of what was sent
/// first.
struct UnrecognisedTraffic {
  std::string transport;                   ///< "tcp" or "udp"
  std::optional<std::uint16_t> port;       ///< the server's; none where both ends' ports are dynamic
  std::string client_bytes, server_bytes;  ///< letters as 'A' and 'a', digits as '9', others as \xNN
  std::uint64_t flows = 0, packets = 0, bytes = 0;
  std::uint32_t file = 0;  ///< with `frame`: where the first of them begins
  std::uint64_t frame = 0;
};

struct Source {
  std::vector<SourceFile> files;
  std::uint64_t packets = 0, bytes = 0;
  std::optional<Timestamp> first, last;
  Losses losses;
  std::map<std::string, ProtocolTotals>
      protocols;  ///< "unknown-tcp" and "unknown-udp" for what none recognised
  std::map<std::string, std::uint64_t> anomalies;  ///< (added) "smb/truncated": count
  std::vector<UnrecognisedTraffic> unrecognised;   ///< (added) by bytes, the 100 largest
  ProtocolTotals unrecognised_rest;                ///< (added) the others
};

struct Share {
  std::uint64_t count = 0, of = 0;
};

struct KnowledgeInfo {
  std::string version, date;
  std::uint64_t advisories = 0, fingerprints = 0;
};

struct Assessment {
  std::string tool_version;
  KnowledgeInfo knowledge;
  Timestamp as_of;
  Source source;
  std::vector<std::pair<std::string, Share>> summary;  ///< in the order shown
  std::vector<AssessedDevice> devices;                 ///< by id
  std::vector<ConnectionRow> connections;              ///< by client, server, protocol, port
  std::vector<Finding> findings;                       ///< by risk descending, then id
  std::vector<Alert> alerts;                           ///< by time, then id
  std::vector<Notice> notices;
};

}  // namespace bedrail
