#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/assessment.h"

// Devices of an invented hospital for the tests of the outputs: known and unknown ones, a contradiction, and
// one whose every text is hostile. No real address, name or serial number.

namespace bedrail::test {

/// 2026-10-14T06:00:00Z and so many milliseconds.
inline Timestamp at(std::int64_t milliseconds) {
  return {from_civil(2026, 10, 14).nanoseconds + 6 * 3600 * kNanosecondsPerSecond + milliseconds * 1'000'000 +
          417};
}

inline Evidence seen(std::uint64_t frame, std::string protocol, std::string field, std::string value) {
  return {frame > 4000 ? 1U : 0U,
          frame,
          at(static_cast<std::int64_t>(frame) * 41),
          std::move(protocol),
          std::move(field),
          std::move(value),
          false};
}

inline Evidence hidden(std::uint64_t frame, std::string protocol, std::string field) {
  Evidence evidence = seen(frame, std::move(protocol), std::move(field), "<redacted>");
  evidence.redacted = true;
  return evidence;
}

inline Attribute said(std::string value, double confidence, std::vector<Evidence> evidence, std::string rule,
                      std::string source) {
  Attribute attribute;
  attribute.value = std::move(value);
  attribute.confidence = confidence;
  attribute.evidence = std::move(evidence);
  attribute.rules.push_back({std::move(rule), std::move(source), confidence});
  return attribute;
}

inline Flag flag(bool value, double confidence, std::string rule) {
  Flag flag;
  flag.value = value;
  flag.confidence = confidence;
  flag.rules.push_back({std::move(rule), "knowledge/device_types"});
  return flag;
}

inline AssessedDevice device(std::string id, std::string mac, std::string ip, std::uint16_t vlan) {
  AssessedDevice device;
  device.id = std::move(id);
  if (!mac.empty()) device.mac.push_back(std::move(mac));
  device.ipv4.push_back(std::move(ip));
  device.vlan.push_back(vlan);
  device.first = at(900);
  device.last = at(3'540'000);
  device.risk.level = "info";
  return device;
}

inline AssessedDevice pump() {
  AssessedDevice d = device("dev-0b3e5f6a91c20d47", "00:00:5e:00:53:07", "10.20.4.31", 204);
  d.names = {{"PUMP-ICU-07", "dhcp", seen(12, "dhcp", "host_name", "PUMP-ICU-07")}};
  d.category = said("medical", 0.97, {seen(12, "dhcp", "vendor_class", "InfuCare 5")}, "dhcp-class-infucare",
                    "example pump manual, 2019, section 8");
  d.type = said("infusion-pump", 0.97,
                {seen(12, "dhcp", "vendor_class", "InfuCare 5"), seen(311, "http", "server", "InfuCare/5.1")},
                "dhcp-class-infucare", "example pump manual, 2019, section 8");
  d.type->rules.push_back({"http-server-infucare", "banner seen on a test pump, 2024", 0.9});
  d.vendor = said("Example Infusion", 0.97, {seen(12, "dhcp", "vendor_class", "InfuCare 5")},
                  "dhcp-class-infucare", "example pump manual, 2019, section 8");
  d.model = said("InfuCare 5", 0.93, {seen(311, "http", "server", "InfuCare/5.1")}, "http-server-infucare",
                 "banner seen on a test pump, 2024");
  d.firmware = said("5.1", 0.9, {seen(311, "http", "server", "InfuCare/5.1")}, "http-server-infucare",
                    "banner seen on a test pump, 2024");
  d.bedside = flag(true, 0.95, "type-infusion-pump");
  d.life_supporting = flag(true, 0.8, "type-infusion-pump");
  d.department = said("Intensive care", 0.7, {seen(12, "dhcp", "host_name", "PUMP-ICU-07")}, "name-icu",
                      "naming scheme of the house");
  d.services = {
      {"tcp", 80, "http", "InfuCare", "5.1", false, 2, seen(311, "http", "server", "InfuCare/5.1")}};
  d.peers = 3, d.internal_peers = 3, d.bytes_in = 48'211, d.bytes_out = 190'422;
  d.risk = {82,
            "critical",
            0.78,
            9.1,
            2.5,
            7,
            {{"a password that the maker publishes opens it", 38, "fnd-11d0a7c5e2f49b36"},
             {"a wrong rate harms a patient at once", 31, ""},
             {"settings can be changed without a login", 13, "fnd-77770000aaaa1111"}}};
  return d;
}

inline AssessedDevice monitor() {
  AssessedDevice d = device("dev-2a91d4c07bb81e05", "00:00:5e:00:53:12", "10.20.4.57", 204);
  d.ipv6 = {"fe80::200:5eff:fe00:5312"};
  d.names = {{"BED12", "hl7-application", seen(2207, "hl7", "MSH-3", "BED12")}};
  d.category = said("medical", 0.9, {seen(2207, "hl7", "MSH-3", "BED12")}, "hl7-observation-sender",
                    "IHE PCD TF-2, PCD-01");
  d.type = said("patient-monitor", 0.88, {seen(2207, "hl7", "OBX-3", "MDC_ECG_HEART_RATE")}, "hl7-mdc-vitals",
                "ISO/IEEE 11073-10101");
  d.type->conflicts.push_back({"ventilator", 0.31, {seen(2260, "hl7", "OBX-3", "MDC_RESP_RATE")}});
  d.vendor = said("Beispiel Medizintechnik GmbH", 0.6, {seen(3, "arp", "sender_mac", "00:00:5e:00:53:12")},
                  "oui", "IEEE MA-L register");
  d.bedside = flag(true, 0.95, "type-patient-monitor");
  d.handles_phi = flag(true, 0.99, "patient-data-seen");
  d.handles_phi->evidence = {hidden(2207, "hl7", "PID-5")};
  d.peers = 2, d.internal_peers = 2, d.bytes_in = 91'772, d.bytes_out = 4'710'031;
  d.risk = {64,
            "high",
            0.52,
            7,
            6.5,
            6,
            {{"patient data leaves it in clear", 41, "fnd-2222aaaa3333bbbb"},
             {"care at the bed depends on it", 23, ""}}};
  d.declared_by = {{"dev-8d21a0f37c5b4e19",
                    "hl7",
                    {"00:00:5e:00:53:02"},
                    seen(5110, "hl7", "declared", "00:00:5e:00:53:02")}};
  return d;
}

inline AssessedDevice ct_scanner() {
  AssessedDevice d = device("dev-51f0c2d8e7a94b63", "00:00:5e:00:53:03", "10.20.8.14", 208);
  d.names = {{"CT_RAUM_3", "dicom-ae", seen(4120, "dicom", "calling_ae_title", "CT_RAUM_3")},
             {"WIN-CT03", "ntlm", seen(1804, "smb", "ntlm_computer_name", "WIN-CT03")}};
  d.category = said("medical", 0.99, {seen(4120, "dicom", "abstract_syntax", "1.2.840.10008.5.1.4.1.1.2")},
                    "dicom-stores-ct", "DICOM PS3.4, annex B");
  d.type = said("ct-scanner", 0.99,
                {seen(4120, "dicom", "abstract_syntax", "1.2.840.10008.5.1.4.1.1.2"),
                 seen(4131, "dicom", "(0008,0060)", "CT")},
                "dicom-stores-ct", "DICOM PS3.4, annex B");
  d.vendor = said("Musterwerk Röntgen", 0.96, {seen(4131, "dicom", "(0008,0070)", "Musterwerk Röntgen")},
                  "dicom-manufacturer", "DICOM PS3.3, C.7.5.1");
  d.model = said("Spirale 64", 0.96, {seen(4131, "dicom", "(0008,1090)", "Spirale 64")}, "dicom-model",
                 "DICOM PS3.3, C.7.5.1");
  d.serial = said("SP64-00731", 0.96, {seen(4131, "dicom", "(0018,1000)", "SP64-00731")}, "dicom-serial",
                  "DICOM PS3.3, C.7.5.1");
  AttributeOf<OperatingSystem> os;
  os.value = {"windows", "Windows 7 or Windows Server 2008 R2", "6.1", "7601", "unsupported", "2020-01-14"};
  os.confidence = 0.95;
  os.evidence = {seen(1804, "smb", "ntlm_version", "6.1.7601")};
  os.rules = {{"ntlm-build-7601", "MS-NLMP 2.2.2.10; Microsoft lifecycle page", 0.95}};
  os.conflicts.push_back(
      {{"windows", "Windows Embedded Standard 7", "6.1", "7601", "unsupported", "2020-10-13"},
       0.4,
       {seen(1804, "smb", "ntlm_version", "6.1.7601")}});
  d.os = os;
  d.handles_phi = flag(true, 0.99, "patient-data-seen");
  d.services = {{"tcp", 445, "smb", "", "2.1", false, 4, seen(1801, "smb", "dialect", "0x0210")},
                {"tcp", 4006, "dicom", "SPIRALE_64", "", false, 1,
                 seen(4122, "dicom", "implementation_version", "SPIRALE_64")}};
  d.peers = 6, d.internal_peers = 5, d.external_peers = 1, d.bytes_in = 1'200'431, d.bytes_out = 812'400'553;
  d.risk = {71,
            "high",
            0.7,
            4,
            8,
            8.5,
            {{"its operating system gets no more fixes", 35, "fnd-0101deadbeef0202"},
             {"images and patient data leave it in clear", 24, ""},
             {"nobody is asked who they are", 12, ""}}};
  d.joins = {"10.20.8.14 is at 00:00:5e:00:53:03 by ARP in 41 frames from frame 7 on"};
  return d;
}

inline AssessedDevice archive() {
  AssessedDevice d = device("dev-8d21a0f37c5b4e19", "00:00:5e:00:53:10", "10.20.1.10", 201);
  d.names = {{"ARCHIV", "dicom-ae", seen(4120, "dicom", "called_ae_title", "ARCHIV")},
             {"pacs01.klinik.example", "dns", seen(98, "dns", "answer", "pacs01.klinik.example")}};
  d.category = said("medical", 0.9, {seen(4120, "dicom", "called_ae_title", "ARCHIV")},
                    "dicom-accepts-storage", "DICOM PS3.4, annex B");
  d.type = said("pacs", 0.9, {seen(4120, "dicom", "accepted_contexts", "31")}, "dicom-accepts-storage",
                "DICOM PS3.4, annex B");
  d.services = {{"tcp", 104, "dicom", "ORTHANC", "1.10.1", false, 3,
                 seen(4123, "dicom", "implementation_version", "OFFIS_DCMTK_367")},
                {"tcp", 443, "tls", "", "1.3", true, 11, seen(700, "tls", "selected_version", "1.3")}};
  d.handles_phi = flag(true, 0.99, "patient-data-seen");
  d.peers = 14, d.internal_peers = 14, d.bytes_in = 812'900'100, d.bytes_out = 22'100'983;
  d.risk = {41,
            "medium",
            0.4,
            3,
            8,
            8,
            {{"it stores for whoever asks", 26, "fnd-3333cccc4444dddd"},
             {"the whole house works with its images", 15, ""}}};
  return d;
}

inline AssessedDevice unknown_device() {
  AssessedDevice d = device("dev-c4a5d6e7f8091a2b", "da:a1:19:00:4c:7e", "10.20.4.201", 204);
  d.peers = 1, d.internal_peers = 1, d.bytes_in = 840, d.bytes_out = 1'320;
  d.risk = {22,
            "low",
            0.3,
            3,
            1,
            1,
            {{"nothing says what it is, and it stands among bedside devices", 22, "fnd-7777777777777777"}}};
  return d;
}

inline AssessedDevice internet_host() {
  AssessedDevice d = device("dev-e0e1e2e3e4e5e6e7", "", "203.0.113.80", 0);
  d.vlan.clear();
  d.internal = false;
  d.names = {{"update.example.net", "tls", seen(905, "tls", "server_name", "update.example.net")}};
  d.peers = 1, d.internal_peers = 1, d.bytes_in = 5'210, d.bytes_out = 88'310;
  return d;
}

/// A text that tries every output at once: markup, a formula, a terminal's escape, text running backwards,
/// bytes that are not UTF-8.
inline std::string hostile_text() {
  return "=cmd|' /C calc'!A0\"><script>alert(1)</script><img src=x "
         "onerror=alert(1)>\x1b[2J\u202egnp.exe\xff\xc3(&amp;";
}

inline AssessedDevice hostile_device() {
  AssessedDevice d = device("dev-f00dfacef00dface", "02:00:00:00:00:66", "10.20.9.66", 209);
  d.names = {{hostile_text(), "dhcp", seen(6660, "dhcp", "host_name", hostile_text())},
             {std::string(200'000, 'A'), "mdns", seen(6661, "mdns", "ptr", std::string(70'000, 'B'))},
             {"@SUM(1+1)", "netbios", seen(6662, "netbios", "</td></table>", "\t=1+1")},
             {"javascript:alert(1)", "ssdp", seen(6663, "ssdp", "location", "javascript:alert(1)")}};
  d.vendor = said(hostile_text(), 0.5, {seen(6660, "dhcp", "vendor_class", hostile_text())},
                  "</style><script>", hostile_text());
  d.model = said("-2+3\n\"two\" lines", 0.4, {seen(6664, "http", "server", "+1")}, "rule", "source");
  d.location = said("\r\n=HYPERLINK(\"http://203.0.113.9\")", 0.4, {}, "rule", "source");
  d.services = {{"tcp", 31337, "<b>http</b>", "'\"><svg/onload=alert(1)>", std::string(1, '\0'), false, 1,
                 seen(6665, "http", "server", "<svg>")}};
  d.risk = {12, "low", 0.2, 1, 1, 1, {{"<script>alert(2)</script>", 12, "fnd-6666666666666666"}}};
  d.joins = {"</section></body></html>"};
  d.declared_by = {{"dev-8d21a0f37c5b4e19",
                    hostile_text(),
                    {hostile_text()},
                    seen(6666, "hl7", "declared", hostile_text())}};
  return d;
}

}  // namespace bedrail::test
