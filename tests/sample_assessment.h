#pragma once

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

#include "sample_devices.h"

namespace bedrail::test {

inline Finding finding(std::string id, std::string device, std::string kind, std::string severity, int risk,
                       std::string title) {
  Finding finding;
  finding.id = std::move(id);
  finding.device = std::move(device);
  finding.kind = std::move(kind);
  finding.severity = std::move(severity);
  finding.risk = risk;
  finding.title = std::move(title);
  finding.status = "observed";
  finding.confidence = 0.95;
  return finding;
}

inline Finding default_credential() {
  Finding f = finding("fnd-11d0a7c5e2f49b36", pump().id, "default-credential", "critical", 88,
                      "The maker's published password was accepted over HTTP");
  f.evidence = {hidden(318, "http", "authorization"), seen(321, "http", "status", "200")};
  f.remediation = {
      {"configure", "Set a password of your own on the pump, or have the maker's service set it.",
       "IEC 80001-1"},
      {"segment", "Until then let only the pump server reach TCP port 80 of this pump.",
       "NIST SP 800-82r3, 5.2"}};
  f.reasons = {{"whoever knows the manual can change settings", 60, ""},
               {"a wrong rate harms a patient at once", 28, ""}};
  f.explanation =
      "In frame 318 a client logged in with an account and password that the maker's manual prints; the pump "
      "let it in.";
  return f;
}

inline Finding vulnerability() {
  Finding f = finding("fnd-77770000aaaa1111", pump().id, "vulnerability", "high", 69,
                      "CVE-2099-12345: settings can be changed without a login");
  f.status = "potential";
  f.confidence = 0.7;
  f.evidence = {seen(311, "http", "server", "InfuCare/5.1")};
  VulnerabilityFacts facts;
  facts.cve = "CVE-2099-12345";
  facts.advisory = "ICSMA-99-001-01";
  facts.cvss = {{"3.1", "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N", 6.5}};
  facts.epss = 0.0123;
  facts.kev = true;
  facts.cwe = "CWE-306";
  facts.matched_vendor = "Example Infusion", facts.matched_product = "InfuCare 5",
  facts.matched_range = "< 5.2", facts.matched_rule = "vendor-product-version";
  f.vulnerability = facts;
  f.remediation = {{"update", "Install version 5.2 or later.", "ICSMA-99-001-01"}};
  f.reasons = {{"known to be exploited", 40, ""}, {"the version lies in the range", 29, ""}};
  f.explanation = "The pump says version 5.1; all before 5.2 are affected.";
  return f;
}

inline std::vector<Finding> sample_findings() {
  Finding os = finding("fnd-0101deadbeef0202", ct_scanner().id, "unsupported-os", "high", 71,
                       "Windows 7 or Windows Server 2008 R2 has had no fixes since 2020-01-14");
  os.status = "inferred";
  os.evidence = ct_scanner().os->evidence;
  os.remediation = {
      {"upgrade", "Ask the maker for a system on a supported Windows, with the order number of the upgrade.",
       "Microsoft lifecycle page"},
      {"segment", "Let the scanner talk to the archive and the worklist server only.",
       "NIST SP 800-82r3, 5.2"}};
  os.reasons = {{"no fixes for 2,464 days", 45, ""}, {"SMB is open to four clients", 26, ""}};
  os.explanation =
      "Build 7601 is Windows 7 SP1 or Server 2008 R2 SP1. The embedded edition shows the same build and "
      "ended on 2020-10-13: the statement holds for each.";
  Finding phi = finding("fnd-2222aaaa3333bbbb", monitor().id, "cleartext-phi", "high", 60,
                        "Patient data travels in clear by HL7 to 10.20.1.15");
  phi.evidence = {hidden(2207, "hl7", "PID-3"), hidden(2207, "hl7", "PID-5"), hidden(2207, "hl7", "PID-7")};
  phi.remediation = {{"encrypt", "Carry HL7 through TLS (MLLPS) or a tunnel between the two servers.",
                      "IHE ITI TF-1, ATNA"}};
  phi.reasons = {{"name, number and birth date can be read by anyone on the path", 60, ""}};
  phi.explanation = "1,204 messages carried the name, number and birth date of patients in clear.";
  Finding open = finding("fnd-3333cccc4444dddd", archive().id, "no-authentication", "medium", 41,
                         "The archive stores images for whoever asks");
  open.evidence = {seen(4121, "dicom", "user_identity", "absent")};
  open.remediation = {{"configure",
                       "Accept only the AE titles and addresses of the house; ask for TLS with certificates.",
                       "DICOM PS3.15, B.1"}};
  open.explanation = "3 associations were accepted without a user's identity and without TLS.";
  Finding unknown = finding("fnd-7777777777777777", unknown_device().id, "unknown-device", "low", 22,
                            "Nothing says what 10.20.4.201 is");
  unknown.evidence = {seen(2901, "arp", "sender_mac", "da:a1:19:00:4c:7e")};
  unknown.remediation = {{"identify",
                          "Find it by the switch port that learnt this MAC; a DHCP exchange or a web page of "
                          "its own would name it.",
                          ""}};
  Finding hostile =
      finding("fnd-6666666666666666", hostile_device().id, "unknown-device", "low", 12, hostile_text());
  hostile.explanation = hostile_text();
  hostile.remediation = {{"=1+1", hostile_text(), "javascript:alert(1)"}};
  hostile.evidence = {seen(6660, "dhcp", "host_name", hostile_text()),
                      seen(9999, "http", "uri", std::string(30'000, '<'))};
  Finding leaking = hostile;
  leaking.id = "fnd-66666666666666aa";
  leaking.kind = "cleartext-credential", leaking.severity = "info", leaking.risk = 11,
  leaking.title = "A login in clear";
  leaking.evidence = {hidden(3100, "ftp", "password")};
  leaking.evidence.front().value = "MUSTNOTAPPEAR";
  return {default_credential(), os, vulnerability(), phi, open, unknown, hostile, leaking};
}

inline ConnectionRow connection(const AssessedDevice& client, const AssessedDevice& server,
                                std::string protocol, std::uint16_t port, std::uint64_t count,
                                std::uint64_t bytes) {
  ConnectionRow row;
  row.client = client.id, row.server = server.id;
  row.transport = "tcp";
  row.protocol = std::move(protocol);
  row.port = port;
  row.count = count;
  row.packets = bytes / 900 + 3;
  row.bytes_to_server = bytes;
  row.bytes_to_client = bytes / 40;
  row.failed = count / 10;
  row.first = at(1'000), row.last = at(3'000'000);
  row.encrypted = row.protocol == "tls";
  row.evidence = seen(port, row.protocol, "port", fmt::format("{}", port));
  return row;
}

inline Source sample_source() {
  Source s;
  s.files = {{"ward-4.pcap",
              "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
              5'120'442,
              4'000,
              {"Ethernet"},
              at(900),
              at(1'800'000)},
             {"radiology <east>.pcapng",
              "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
              842'100'318,
              611'204,
              {"Ethernet", "IEEE 802.11"},
              at(1'800'001),
              at(3'540'000)}};
  s.packets = 615'204, s.bytes = 839'221'870;
  s.first = at(900), s.last = at(3'540'000);
  s.losses = {12, 3, 4'120, 65'700, 0, 0};
  s.protocols = {{"arp", {41, 82, 3'772}},
                 {"dicom", {27, 590'021, 812'000'000}},
                 {"hl7", {4, 9'800, 4'700'000}},
                 {"http", {19, 410, 220'118}},
                 {"smb", {8, 2'011, 980'000}},
                 {"tls", {31, 9'120, 18'100'031}},
                 {"unknown-tcp", {12, 3'710, 2'900'000}},
                 {"unknown-udp", {7, 50, 8'000}}};
  s.anomalies = {{"hl7/long-segment", 2}, {"smb/truncated", 1}, {"<i>/<b>", 1}};
  s.unrecognised = {{"tcp", 3200, "\\x02\\x00AA<", "", 11, 3'700, 2'890'000, 0, 27},
                    {"udp", std::nullopt, "\\x81\\xc9aa99", "\\x81", 7, 50, 8'000, 1, 4}};
  s.unrecognised_rest = {1, 10, 10'000};
  return s;
}

inline Alert sample_alert() {
  Alert a;
  a.id = "alr-0123456789abcdef", a.detector = "login-guessing", a.severity = "high";
  a.title = "Password guessing against WIN-CT03";
  a.time = at(2'000'000), a.last = at(2'030'000);
  a.count = 212, a.confidence = 0.97;
  a.technique = {"T1110.001"};
  a.source = {unknown_device().id, "10.20.4.201", 0};
  a.targets = {{ct_scanner().id, "10.20.8.14", 445}, {archive().id, "10.20.1.10", 445}};
  a.explanation = "212 logins failed within 30 seconds.";
  a.evidence = {seen(4900, "smb", "status", "0xc000006d")};
  a.response = {{"block-source", "safe", "Cuts an unknown device off; no known care depends on it."}};
  return a;
}

/// The whole document, lists sorted as the contract says.
inline Assessment sample_assessment() {
  Assessment a;
  a.tool_version = "0.1.0";
  a.knowledge = {"2026.10", "2026-10-01", 1'214, 873};
  a.as_of = from_civil(2026, 11, 1);
  a.source = sample_source();
  a.devices = {pump(),           monitor(),       ct_scanner(),    archive(),
               unknown_device(), internet_host(), hostile_device()};
  a.summary = {{"devices_identified", {4, 6}},
               {"medical_devices", {4, 6}},
               {"devices_at_high_risk", {3, 6}},
               {"unsupported_os", {1, 1}},
               {"connections_encrypted", {2, 6}}};
  a.connections = {connection(pump(), archive(), "http", 80, 4, 22'000),
                   connection(monitor(), archive(), "hl7", 2575, 4, 4'700'000),
                   connection(ct_scanner(), archive(), "dicom", 104, 27, 812'000'000),
                   connection(ct_scanner(), internet_host(), "tls", 443, 1, 88'310),
                   connection(unknown_device(), ct_scanner(), "smb", 445, 212, 90'100),
                   connection(hostile_device(), archive(), "<script>", 31337, 1, 900)};
  a.findings = sample_findings();
  a.alerts = {sample_alert()};
  a.notices = {{"file-cut",
                "ward-4.pcap ends in the middle of packet 4001; all before it was read. Record it again if "
                "the end matters.",
                1},
               {"blind-spot",
                "No DHCP exchange was seen for 3 of 6 devices: mirror the access ports, or the relay's "
                "uplink, to name them.",
                3},
               {"<script>alert(3)</script>", hostile_text(), 0}};
  return a;
}

/// The same with so many further devices, each with one finding and one connection: for limits and speed.
inline Assessment large_assessment(std::size_t devices) {
  Assessment a = sample_assessment();
  for (std::size_t i = 0; i < devices; ++i) {
    AssessedDevice d = pump();
    d.id = fmt::format("dev-1{:015x}", i);
    d.mac = {fmt::format("02:00:5e:{:02x}:{:02x}:{:02x}", i >> 16 & 255, i >> 8 & 255, i & 255)};
    d.ipv4 = {fmt::format("10.{}.{}.{}", 32 + (i >> 16 & 63), i >> 8 & 255, i & 255)};
    d.names.front().name = fmt::format("PUMP-{:05}", i);
    d.risk.score = static_cast<int>(i % 81);
    Finding f = default_credential();
    f.id = fmt::format("fnd-1{:015x}", i);
    f.device = d.id;
    f.risk = static_cast<int>(i % 87);
    a.connections.push_back(connection(d, archive(), "http", 80, 1, 1000 + i));
    a.findings.push_back(std::move(f));
    a.devices.push_back(std::move(d));
  }
  std::sort(a.devices.begin(), a.devices.end(), [](const auto& x, const auto& y) { return x.id < y.id; });
  std::sort(a.findings.begin(), a.findings.end(),
            [](const auto& x, const auto& y) { return x.risk != y.risk ? x.risk > y.risk : x.id < y.id; });
  std::sort(a.connections.begin(), a.connections.end(), [](const auto& x, const auto& y) {
    return std::tie(x.client, x.server, x.protocol, x.port) <
           std::tie(y.client, y.server, y.protocol, y.port);
  });
  return a;
}

}  // namespace bedrail::test
