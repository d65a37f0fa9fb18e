#include "assess/checks.h"

#include <absl/container/flat_hash_map.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace bedrail {
namespace {

void add_evidence(std::vector<Evidence>& to, Evidence evidence) {
  if (to.size() < kEvidence) to.push_back(std::move(evidence));
}

/// "FTP", "HTTP", "DICOM": protocols as people write them.
std::string shown(std::string_view protocol) {
  static const std::map<std::string, std::string, std::less<>> kNames = {{"aeroscout", "AeroScout"},
                                                                         {"as50", "AS50"},
                                                                         {"asena", "Asena"},
                                                                         {"bacnet", "BACnet"},
                                                                         {"bernoulli", "Bernoulli"},
                                                                         {"capnostream", "Capnostream"},
                                                                         {"dicomweb", "DICOMweb"},
                                                                         {"enip", "EtherNet/IP"},
                                                                         {"fox", "Niagara Fox"},
                                                                         {"ge-unity", "GE Unity"},
                                                                         {"ge_unity", "GE Unity"},
                                                                         {"hamilton", "Hamilton"},
                                                                         {"hl7", "HL7"},
                                                                         {"infinity", "Infinity"},
                                                                         {"intellivue", "IntelliVue"},
                                                                         {"iscsi", "iSCSI"},
                                                                         {"kerberos", "Kerberos"},
                                                                         {"knxnet", "KNXnet/IP"},
                                                                         {"masimo", "Masimo"},
                                                                         {"medibus", "MEDIBUS"},
                                                                         {"mindray-pds", "Mindray PDS"},
                                                                         {"mindray_pds", "Mindray PDS"},
                                                                         {"modbus", "Modbus"},
                                                                         {"mongodb", "MongoDB"},
                                                                         {"mysql", "MySQL"},
                                                                         {"nellcor", "Nellcor"},
                                                                         {"opcua", "OPC UA"},
                                                                         {"openvpn", "OpenVPN"},
                                                                         {"postgres", "PostgreSQL"},
                                                                         {"postgresql", "PostgreSQL"},
                                                                         {"redis", "Redis"},
                                                                         {"s7comm", "S7"},
                                                                         {"sunrpc", "Sun RPC"},
                                                                         {"syslog", "syslog"},
                                                                         {"telnet", "Telnet"},
                                                                         {"tns", "Oracle TNS"},
                                                                         {"winrm", "WinRM"},
                                                                         {"wireguard", "WireGuard"},
                                                                         {"ws-discovery", "WS-Discovery"}};
  const auto found = kNames.find(protocol);
  if (found != kNames.end()) return found->second;
  std::string out(protocol);
  for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::string joined(const std::set<std::string>& parts) { return fmt::format("{}", fmt::join(parts, ", ")); }

/// The logins with a secret that anybody could guess, to one protocol of one device.
class GuessedLogins {
 public:
  void add(bool accepted, const std::string& detail, const Evidence& evidence) {
    if (accepted && !accepted_) details_.clear(), evidence_.clear();
    if (!accepted && accepted_) return;
    accepted_ = accepted;
    details_.insert(detail);
    add_evidence(evidence_, evidence);
  }
  /// `tried`: the severity where no login is known to have been accepted.
  void tell(std::string_view kind, const std::string& protocol, std::string_view tried, FindingMaker& make) {
    DraftFinding* draft = make.make(
        kind,
        {.subject = protocol,
         .confidence = accepted_ ? 0.95 : 0.6,
         .inferred = !accepted_,
         .evidence = std::move(evidence_),
         .words = {{"protocol", shown(protocol)}, {"detail", fmt::format("{}", fmt::join(details_, "; "))}}});
    if (draft == nullptr || accepted_) return;
    draft->finding.severity = tried;
    draft->finding.title += " (tried)";
    draft->finding.explanation += " It was tried; whether it was accepted could not be seen.";
    draft->likelihood *= kTried;
  }

 private:
  /// Most of what scanners and forgotten settings try is refused.
  static constexpr double kTried = 0.4;
  bool accepted_ = false;
  std::set<std::string> details_;
  std::vector<Evidence> evidence_;
};

/// What is said of a system whose ordinary updates have ended and which still gets others: volunteers', paid
/// ones, those of an edition that shows the same build. Whether this device does cannot be seen.
std::string in_extended_support(const OperatingSystem& os, const Lifecycle* known) {
  constexpr std::string_view kMark = "extended: ";
  std::string out =
      fmt::format("The device runs {}, whose ordinary updates ended on {}. ", os.product, os.end_of_support);
  if (known == nullptr || known->extended_end.empty())
    return out + "One of these systems still gets others; whether this device does cannot be seen.";
  const std::size_t mark = known->note.find(kMark);
  const std::string how =
      mark == std::string::npos ? "" : " (" + known->note.substr(mark + kMark.size()) + ")";
  return out + fmt::format("Others come until {}{}; whether this device gets them cannot be seen.",
                           known->extended_end, how);
}

/// The address of the device that its first packet shows.
std::string first_sender(const DeviceFacts& facts) {
  for (const AddressRecord& address : facts.addresses)
    if (address.first_seen.sequence == facts.first->sequence) return to_string(address.ip);
  return facts.macs.empty() ? std::string() : to_string(facts.macs.front());
}

}  // namespace

void check_operating_system(const Subjected& subject, FindingMaker& make) {
  const auto& os = subject.device.os;
  if (!os || (os->value.support != "unsupported" && os->value.support != "extended")) return;
  const Lifecycle* known = subject.knowledge.lifecycle(os->value.product);
  const bool set = os->value.product.find(" or ") != std::string::npos;
  const bool extended = os->value.support == "extended";
  const std::string note = known == nullptr || known->note.empty() ? "" : "Mind: " + known->note + ".";
  DraftFinding* draft = make.make(
      "unsupported-os",
      {.subject = os->value.product,
       .confidence = os->confidence,
       .inferred = set || extended || os->confidence < 0.8,
       .evidence = os->evidence,
       .words = {{"detail", os->value.product}, {"version", os->value.end_of_support}, {"note", note}}});
  if (draft == nullptr || !extended) return;
  draft->finding.title = os->value.product + " gets extended security updates only";
  draft->finding.explanation = in_extended_support(os->value, known);
  draft->finding.severity = "medium";
  draft->likelihood *= 0.6;
}

void check_logins(const Subjected& subject, FindingMaker& make) {
  struct Group {
    std::uint64_t count = 0;
    std::set<std::string> mechanisms;
    std::vector<Evidence> evidence;
  };
  std::map<std::string, Group> clear;
  // The accepted ones outweigh those whose outcome was not seen, whichever came first.
  std::map<std::string, GuessedLogins> defaults, weak;
  for (const LoginRecord& record : subject.facts.logins) {
    const LoginSeen& login = record.login;
    const std::string protocol(login.protocol);
    const Evidence evidence =
        redacted_evidence(record.first, login.protocol, fmt::format("login ({})", login.mechanism));
    const bool anonymous = login.mechanism == "anonymous";
    // A community is told as SNMP's version; a refused login exposed its secret all the same.
    if (login.cleartext && !anonymous && login.mechanism != "community") {
      Group& group = clear[protocol];
      group.count += record.count;
      group.mechanisms.insert(std::string(login.mechanism));
      add_evidence(group.evidence, evidence);
    }
    if (anonymous || login.outcome == Outcome::kRefused) continue;
    const bool accepted = login.outcome == Outcome::kAccepted;
    if (const DefaultCredential* known = subject.knowledge.default_credential(login))
      defaults[protocol].add(accepted, known->product, evidence);
    else if (login.secret_empty)
      weak[protocol].add(accepted, "an empty password", evidence);
    else if (login.secret_is_account)
      weak[protocol].add(accepted, "the account's name as password", evidence);
  }
  for (auto& [protocol, logins] : defaults) logins.tell("default-credential", protocol, "medium", make);
  for (auto& [protocol, logins] : weak) logins.tell("weak-credential", protocol, "low", make);
  for (auto& [protocol, group] : clear) {
    make.make("cleartext-credential", {.subject = protocol,
                                       .confidence = 0.97,
                                       .evidence = std::move(group.evidence),
                                       .words = {{"protocol", shown(protocol)},
                                                 {"count", counted(group.count, "login", "logins")},
                                                 {"detail", joined(group.mechanisms)}}});
  }
}

void check_protocols(const Subjected& subject, FindingMaker& make) {
  for (const ProtocolRecord& record : subject.facts.protocols) {
    if (!record.agreed) continue;
    const OutdatedProtocol* known = subject.knowledge.findings().outdated(record.protocol, record.version);
    if (known == nullptr) continue;
    const std::string title = known->version.empty() && !record.version.empty()
                                  ? known->title + " " + record.version
                                  : known->title;
    DraftFinding* draft = make.make(
        "outdated-protocol",
        {.subject = record.protocol + " " + record.version,
         .confidence = 0.97,
         .evidence = {evidence_of(record.first, record.protocol, "version",
                                  record.version.empty() ? record.protocol : record.version)},
         .words = {
             {"detail", title}, {"explanation", known->explanation}, {"protocol", shown(record.protocol)}}});
    if (draft == nullptr) continue;
    draft->finding.severity = known->severity;
    draft->likelihood = known->likelihood;
  }
}

void check_sessions(const Subjected& subject, FindingMaker& make) {
  struct Group {
    std::uint64_t count = 0;
    std::vector<Evidence> evidence;
  };
  std::map<std::string, Group> open;
  for (const SessionRecord& record : subject.facts.sessions) {
    if (record.authentication != SessionSeen::Authentication::kNone || record.encrypted) continue;
    Group& group = open[record.protocol];
    group.count += record.count;
    add_evidence(group.evidence,
                 evidence_of(record.first, record.protocol, "session", "accepted without authentication"));
  }
  for (auto& [protocol, group] : open) {
    const std::string detail =
        protocol == "dicom" ? "Titles of applications (AE titles) are no secret and prove nothing." : "";
    make.make("no-authentication", {.subject = protocol,
                                    .confidence = 0.9,
                                    .evidence = std::move(group.evidence),
                                    .words = {{"protocol", shown(protocol)},
                                              {"count", counted(group.count, "session", "sessions")},
                                              {"detail", detail}}});
  }
}

void check_patient_data(const Subjected& subject, FindingMaker& make) {
  struct Group {
    std::uint64_t count = 0;
    std::set<std::string> messages;
    std::vector<Evidence> evidence;
  };
  std::map<std::string, Group> by_protocol;
  for (const PatientDataRecord& record : subject.facts.patient_data) {
    if (!record.sent) continue;
    Group& group = by_protocol[record.protocol];
    group.count += record.count;
    if (group.messages.size() < 6) group.messages.insert(record.message);
    add_evidence(group.evidence, redacted_evidence(record.first, record.protocol, record.fields));
  }
  for (auto& [protocol, group] : by_protocol) {
    make.make("cleartext-phi", {.subject = protocol,
                                .confidence = 0.97,
                                .evidence = std::move(group.evidence),
                                .words = {{"protocol", shown(protocol)},
                                          {"count", counted(group.count, "message", "messages")},
                                          {"detail", joined(group.messages)}}});
  }
}

void check_certificates(const Subjected& subject, FindingMaker& make) {
  std::set<std::string> said;
  const auto weak = [&](const std::string& detail, const Evidence& evidence) {
    if (said.insert(detail).second)
      make.make(
          "weak-encryption",
          {.subject = detail, .confidence = 0.95, .evidence = {evidence}, .words = {{"detail", detail}}});
  };
  for (const ClueRecord& clue : subject.facts.clues) {
    if (clue.key == "tls.weak-cipher")
      weak("the cipher suite " + clue.value, evidence_of(clue.first, clue.protocol, clue.key, clue.value));
  }
  for (const CertificateRecord& record : subject.facts.certificates) {
    const CertificateSeen& certificate = record.certificate;
    const Evidence evidence = evidence_of(record.first, "tls", "certificate", certificate.subject);
    if (certificate.signature.starts_with("md5") || certificate.signature.starts_with("sha1"))
      weak("a certificate signed with " + certificate.signature, evidence);
    if (certificate.key == "rsa-512" || certificate.key == "rsa-768" || certificate.key == "rsa-1024")
      weak("a key of " + certificate.key.substr(4) + " bits (RSA)", evidence);
    if (certificate.not_after < subject.as_of && certificate.not_after.nanoseconds != 0) {
      const std::string day = format_date(certificate.not_after);
      make.make("expired-certificate", {.subject = certificate.sha256,
                                        .confidence = 0.95,
                                        .evidence = {evidence},
                                        .words = {{"detail", day}}});
    }
  }
}

bool is_identified(const AssessedDevice& device) {
  // The most that a prefix alone gives a category (identify's `organisations`).
  constexpr double kPrefix = 0.7;
  return device.type || device.model || (device.category && device.category->confidence > kPrefix);
}

void check_identity(const Subjected& subject, FindingMaker& make) {
  const AssessedDevice& device = subject.device;
  if (!subject.facts.is_internal || !subject.facts.heard || is_identified(device)) return;
  // What would tell, of what was not heard.
  std::vector<std::string> missing;
  if (subject.facts.macs.empty()) missing.emplace_back("its own network segment (its MAC)");
  const auto heard = [&](std::string_view prefix) {
    return std::any_of(subject.facts.clues.begin(), subject.facts.clues.end(),
                       [&](const ClueRecord& c) { return c.key.starts_with(prefix); });
  };
  if (!heard("dhcp")) missing.emplace_back("its address request (DHCP)");
  if (!heard("http") && !heard("upnp")) missing.emplace_back("its web page or announcements");
  missing.emplace_back("a session with the systems it serves");
  make.make(
      "unknown-device",
      {.subject = "",
       .confidence = 0.9,
       .evidence = {evidence_of(*subject.facts.first, "flow", "first packet", first_sender(subject.facts))},
       .words = {{"detail", fmt::format("{}", fmt::join(missing, "; "))}}});
}

std::vector<std::string> segments_of(const DeviceFacts& facts) {
  std::vector<std::string> out;
  for (const std::uint16_t vlan : facts.vlans) out.push_back(fmt::format("VLAN {}", vlan));
  if (!out.empty()) return out;
  for (const AddressRecord& address : facts.addresses) {
    if (!address.ip.is_v4() || !address.ip.is_private() || address.ip.is_link_local()) continue;
    out.push_back(to_string(IpAddress::v4(address.ip.v4_value() & 0xffffff00U)) + "/24");
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

Neighbourhood::Neighbourhood(const InventoryResult& inventory, const Assessment& assessment) {
  const std::vector<AssessedDevice>& devices = assessment.devices;
  absl::flat_hash_map<std::string_view, const DeviceFacts*> by_id;
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const DeviceFacts& facts = inventory.devices[i];
    by_id[facts.id] = &facts;
    const std::string category = devices[i].category ? devices[i].category->value : "";
    if (!facts.is_internal || category.empty() || category == "medical" || category == "network") continue;
    for (const std::string& name : segments_of(facts)) {
      ++segments_[name].others;
      ++segments_[name].categories[category];
    }
  }
  for (const ConnectionRow& row : assessment.connections) {
    // Opened from outside and answered. Who was the client may be a guess; a critical finding rests on none.
    if (row.transport != "tcp" || row.failed == row.count || row.bytes_to_client == 0 ||
        row.protocol.empty() || !row.directed)
      continue;
    const auto client = by_id.find(row.client), server = by_id.find(row.server);
    if (client == by_id.end() || server == by_id.end() || client->second->is_internal ||
        !server->second->is_internal)
      continue;
    Visits& visits = visits_[row.server];
    visits.visitors.insert(row.client);
    if (visits.services.size() < 64) visits.services.emplace(row.protocol, row.port);
    keep_earliest(visits.evidence, row.evidence);
  }
}

void Neighbourhood::check_exposure(const Subjected& subject, FindingMaker& make) const {
  const auto found = visits_.find(subject.facts.id);
  if (found == visits_.end()) return;
  std::vector<std::string> services;
  for (const auto& [protocol, port] : found->second.services) {
    if (services.size() < 6) services.push_back(fmt::format("{} on port {}", shown(protocol), port));
  }
  make.make("internet-exposure",
            {.subject = "inbound",
             .confidence = 0.9,
             .evidence = found->second.evidence,
             .words = {{"count", counted(found->second.visitors.size(), "address", "addresses")},
                       {"detail", fmt::format("{}", fmt::join(services, ", "))}}});
}

void Neighbourhood::check_segment(const Subjected& subject, FindingMaker& make) const {
  if (!subject.device.category || subject.device.category->value != "medical") return;
  for (const std::string& name : segments_of(subject.facts)) {
    const auto found = segments_.find(name);
    if (found == segments_.end() || found->second.others == 0) continue;
    std::vector<std::string> kinds;
    for (const auto& [category, count] : found->second.categories)
      kinds.push_back(fmt::format("{} {}", count, category));
    make.make("mixed-segment", {.subject = name,
                                .confidence = 0.8,
                                .inferred = true,
                                .evidence = {evidence_of(*subject.facts.first, "flow", "segment", name)},
                                .words = {{"detail", name},
                                          {"count", counted(found->second.others, "device", "devices")},
                                          {"peers", fmt::format("{}", fmt::join(kinds, ", "))}}});
  }
}

}  // namespace bedrail
