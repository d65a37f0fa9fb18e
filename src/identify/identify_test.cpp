#include "identify/identify.h"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "facts.h"
#include "identify/votes.h"
#include "knowledge_folder.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

AssessedDevice named(const DeviceFacts& facts) {
  return identify(facts, small_knowledge(), from_civil(2024, 6, 1));
}

std::string value(const std::optional<Attribute>& attribute) { return attribute ? attribute->value : "-"; }

}  // namespace

TEST_CASE("identify: a device of which nothing is known has no attribute") {
  const AssessedDevice device = named(some_device());
  for (const auto* attribute :
       {&device.category, &device.type, &device.vendor, &device.model, &device.firmware, &device.serial,
        &device.hardware, &device.department, &device.location})
    CHECK(!*attribute);
  CHECK(!device.os);
  CHECK(!device.bedside);
  CHECK(!device.life_supporting);
  CHECK(!device.handles_phi);
  CHECK(device.ipv4 == std::vector<std::string>{"10.0.0.5"});
  CHECK(device.first == ref(1).time);
  CHECK(device.last == ref(9).time);
}

TEST_CASE("identify: a rule names kind, maker and firmware, and from the kind follows the rest") {
  DeviceFacts facts = some_device();
  add_clue(facts, 12, "dhcp.vendor-class", "Pump 5.1");
  const AssessedDevice device = named(facts);
  CHECK(value(device.type) == "pump");
  CHECK(value(device.vendor) == "Acme");  // the maker's usual name
  CHECK(value(device.firmware) == "5.1");
  CHECK(value(device.category) == "medical");
  CHECK(device.type->evidence[0].frame == 12);
  CHECK(device.type->evidence[0].field == "dhcp.vendor-class");
  CHECK(device.type->rules[0].rule == "class");
  REQUIRE(device.life_supporting);
  CHECK(device.life_supporting->value);
  CHECK(device.bedside->value);
  REQUIRE(device.handles_phi);
  CHECK(device.handles_phi->confidence == doctest::Approx(0.72));
}

TEST_CASE("identify: flags of the bedside are said of medical devices alone, and said when false") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "dicom.stores", "1.2.840.1.2", Role::kClient);
  CHECK(value(named(facts).type) == "ct-scanner");
  REQUIRE(named(facts).life_supporting);
  CHECK(!named(facts).life_supporting->value);
  facts = some_device();
  add_service(facts, 2, "ipp", 631);
  CHECK(value(named(facts).type) == "printer");
  CHECK(value(named(facts).category) == "it");
  CHECK(!named(facts).life_supporting);
  CHECK(!named(facts).handles_phi);
}

TEST_CASE("identify: a DICOM implementation goes with its own side's version name") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "dicom.implementation-uid", "1.2.3.4", Role::kClient);
  add_clue(facts, 3, "dicom.implementation-version", "CT_1", Role::kServer);
  CHECK(value(named(facts).model) == "-");
  add_clue(facts, 4, "dicom.implementation-version", "CT_1", Role::kClient);
  CHECK(value(named(facts).model) == "Scan-O");
  CHECK(value(named(facts).type) == "ct-scanner");
}

TEST_CASE("identify: a rule that tells a build of Windows tells the products of that build") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "http.user-agent", "WebDAV/6.1.7601", Role::kClient);
  auto os = named(facts).os;
  REQUIRE(os);
  CHECK(os->value.product == "Windows 7 or Windows Server 2008 R2");
  CHECK(os->value.build == "7601");
  facts = some_device();
  add_clue(facts, 2, "http.user-agent", "WebDAV/6.1.7777", Role::kClient);
  os = named(facts).os;
  REQUIRE(os);
  CHECK(os->value.product.empty());
}

TEST_CASE("identify: fields in which a device names itself") {
  struct Field {
    const char* key;
    std::optional<Attribute> AssessedDevice::*attribute;
  };
  for (const Field& field : {Field{"dicom.model", &AssessedDevice::model},
                             {"dicom.serial", &AssessedDevice::serial},
                             {"dicom.software", &AssessedDevice::firmware},
                             {"dicom.department", &AssessedDevice::department},
                             {"snmp.syslocation", &AssessedDevice::location},
                             {"snmp.entity-hardware", &AssessedDevice::hardware},
                             {"hl7.equipment-model", &AssessedDevice::model},
                             {"upnp.serial", &AssessedDevice::serial}}) {
    CAPTURE(field.key);
    DeviceFacts facts = some_device();
    add_clue(facts, 2, field.key, "Value 7");
    const AssessedDevice device = named(facts);
    CHECK(value(device.*field.attribute) == "Value 7");
    CHECK((device.*field.attribute)->rules[0].rule.starts_with("declared-"));
  }
}

TEST_CASE("identify: who says which model it is says who made it and what it is") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "dicom.model", "Infuser 7");
  AssessedDevice device = named(facts);
  CHECK(value(device.model) == "Infuser 7");
  CHECK(value(device.vendor) == "Acme");
  CHECK(value(device.type) == "pump");
  CHECK(device.type->confidence < device.model->confidence);
  CHECK(device.type->rules[0].rule == "model Infuser 7");
  // Common words say nothing until the maker is told; then they are that maker's.
  facts = some_device();
  add_clue(facts, 2, "dicom.model", "M5");
  CHECK(value(named(facts).model) == "M5");
  CHECK(!named(facts).type);
  add_clue(facts, 3, "upnp.manufacturer", "Switchworks Inc");
  CHECK(value(named(facts).type) == "printer");
}

TEST_CASE("identify: a maker by its declaration") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "dicom.manufacturer", "ACME Imaging");
  CHECK(value(named(facts).vendor) == "Acme");
  CHECK(value(named(facts).category) == "medical");  // it makes nothing else
  facts = some_device();
  add_clue(facts, 2, "upnp.manufacturer", "Unheard Of");
  CHECK(value(named(facts).vendor) == "Unheard Of");
  CHECK(value(named(facts).category) == "-");
}

TEST_CASE("identify: the prefix of a MAC names a maker, or the organisation that is no known maker") {
  DeviceFacts facts = some_device();
  CHECK(value(named(with_mac(facts, "00:00:5e:00:00:01")).vendor) == "Acme");
  CHECK(named(facts).vendor->evidence[0].field == "mac");
  facts = some_device();
  CHECK(value(named(with_mac(facts, "00:00:60:00:00:01")).vendor) == "Nobody Known Ltd");
  facts = some_device();
  CHECK(value(named(with_mac(facts, "00:00:61:00:00:01")).vendor) == "-");  // a radio module's maker
  facts = some_device();
  CHECK(value(named(with_mac(facts, "02:00:5e:00:00:01")).vendor) == "-");
}

TEST_CASE("identify: the prefix of a MAC names no kind, and supports what something else says") {
  DeviceFacts facts = some_device();
  with_mac(facts, "00:00:5e:00:00:01");
  CHECK(value(named(facts).type) == "-");
  CHECK_FALSE(named(facts).life_supporting);
  add_name(facts, 2, "dhcp", "pump-3");
  CHECK(value(named(facts).type) == "pump");
}

TEST_CASE("identify: network gear whose MAC nothing declared may be a mere hop") {
  DeviceFacts facts = some_device();
  with_mac(facts, "00:00:5f:00:00:01");
  CHECK(value(named(facts).vendor) == "Switchworks");
  CHECK(value(named(facts).category) == "network");
  facts.addresses[0].how = "traffic";
  CHECK(value(named(facts).vendor) == "-");
  CHECK(value(named(facts).category) == "-");
  facts.addresses.clear();  // a switch that speaks on the link alone
  CHECK(value(named(facts).vendor) == "Switchworks");
}

TEST_CASE("identify: one maker told with more or fewer words is one") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "lldp-med.manufacturer", "Foo Medical");
  add_clue(facts, 3, "upnp.manufacturer", "Foo");
  const AssessedDevice device = named(facts);
  CHECK(value(device.vendor) == "Foo Medical");
  CHECK(device.vendor->confidence == 0.8);
  CHECK(device.vendor->conflicts.empty());
}

TEST_CASE("identify: who carries others' addresses is network gear") {
  DeviceFacts facts = some_device();
  facts.is_router = true;
  CHECK(value(named(facts).category) == "-");  // no frame shows it
  facts.carried = CarriedAddress{ip("198.51.100.7"), ref(4)};
  const AssessedDevice device = named(facts);
  REQUIRE(value(device.category) == "network");
  CHECK(device.category->evidence[0].frame == 4);
  CHECK(device.category->evidence[0].value == "198.51.100.7");
}

TEST_CASE("identify: categories that follow from the operating system") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "mdns.os", "macOS 14");
  CHECK(value(named(facts).category) == "it");
  facts = some_device();
  add_clue(facts, 2, "mdns.phone", "x");
  CHECK(value(named(facts).category) == "mobile");
}

TEST_CASE("identify: a kind whose category lost is taken back") {
  DeviceFacts facts = some_device();
  add_service(facts, 2, "ipp", 631);  // a printer, 0.7
  CHECK(value(named(facts).type) == "printer");
  facts.messages.push_back({"hl7", "ORU^R01", "", true, ref(3), 1});  // medical, 0.6
  with_mac(facts, "00:00:5e:00:00:01");                               // medical, 0.7
  add_clue(facts, 4, "dicom.manufacturer", "Acme");                   // medical, 0.6
  const AssessedDevice device = named(facts);
  CHECK(value(device.category) == "medical");
  CHECK(value(device.type) == "-");
  CHECK(!device.bedside);
}

TEST_CASE("identify: an NTLM build names what may be, surer from who is asked") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "ntlm.version", "6.1.7601", Role::kServer);
  AssessedDevice device = named(facts);
  REQUIRE(device.os);
  CHECK(device.os->value.product == "Windows 7 or Windows Server 2008 R2");
  CHECK(device.os->value.version == "6.1");
  CHECK(device.os->value.build == "7601");
  CHECK(device.os->confidence == 0.9);
  facts.clues[0].role = Role::kClient;
  CHECK(named(facts).os->confidence == 0.75);
  facts.clues[0].value = "6.1.0";  // Samba shows it
  CHECK(!named(facts).os);
  facts.clues[0].value = "nonsense";
  CHECK(!named(facts).os);
}

TEST_CASE("identify: who resolves names for others is not what it asks for") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "dns.query", "update.acme", Role::kClient);
  REQUIRE(named(facts).os);
  CHECK(named(facts).os->value.family == "Linux");
  facts.services.push_back({Transport::kUdp, 53, "dns", "", "", false, 1, ref(3)});
  CHECK_FALSE(named(facts).os);
}

TEST_CASE("identify: Windows does not start at a TTL of 64") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "ntlm.version", "6.1.7601", Role::kServer);
  for (const std::uint8_t ttls : std::initializer_list<std::uint8_t>{0, 4, 2 | 4, 8}) {
    facts.initial_ttls = ttls;
    CHECK(named(facts).os.has_value());
  }
  facts.initial_ttls = 2;
  CHECK(!named(facts).os);  // 0.9 halved
  // Other systems may.
  add_clue(facts, 3, "mdns.os", "macOS");
  REQUIRE(named(facts).os);
  CHECK(named(facts).os->value.family == "macOS");
}

TEST_CASE("identify: who logs in under several machines' names relays them") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "ntlm.version", "6.1.7601", Role::kClient);
  add_name(facts, 3, "ntlm", "WS1");
  add_name(facts, 4, "ntlm", "ws1");              // the same
  add_name(facts, 5, "ntlm", "ws1.example.org");  // its long form
  add_name(facts, 6, "dhcp", "other");
  CHECK(named(facts).os);
  add_name(facts, 7, "ntlm", "WS2");
  CHECK(!named(facts).os);
  // Another protocol's word still counts.
  add_clue(facts, 8, "http.user-agent", "Windows NT 6.1", Role::kClient);
  CHECK(named(facts).os->value.product == "Windows 7");
}

TEST_CASE("identify: SMB and NTLM are one source") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "smb.os", "Windows 10 LTSC");
  add_clue(facts, 3, "ntlm.version", "10.0.19044", Role::kServer);
  const AssessedDevice device = named(facts);
  REQUIRE(device.os);
  CHECK(device.os->value.product.starts_with("Windows 10"));
  CHECK(device.os->confidence <= 0.9);
}

TEST_CASE("identify: patient data seen in clear is the surest sign, and its evidence holds no value") {
  DeviceFacts facts = some_device();
  for (unsigned i = 0; i < 12; ++i)
    facts.patient_data.push_back({"hl7", "ORU^R01", "name,id", std::nullopt, true, ref(i + 1), 1});
  const AssessedDevice device = named(facts);
  REQUIRE(device.handles_phi);
  CHECK(device.handles_phi->value);
  CHECK(device.handles_phi->confidence == 0.98);
  CHECK(device.handles_phi->evidence.size() == 8);
  for (const Evidence& one : device.handles_phi->evidence) CHECK(one.redacted);
}

TEST_CASE("identify: certificates, names and messages are read, too") {
  DeviceFacts facts = some_device();
  CertificateSeen certificate;
  certificate.subject = "CN=x,O=Acme";
  facts.certificates.push_back({certificate, ref(4)});
  CHECK(value(named(facts).vendor) == "Acme");
  add_name(facts, 5, "mdns", "prn-3");
  CHECK(value(named(facts).category) == "it");
  facts.messages.push_back({"hl7", "ORU^R01", "", false, ref(6), 1});  // received: no rule of the sender's
  CHECK(value(named(facts).category) == "it");
}

TEST_CASE("identify: a service stands once, with the most that was said of its product") {
  DeviceFacts facts = some_device();
  add_service(facts, 2, "ssh", 22);
  add_service(facts, 3, "ssh", 22, "OpenSSH", "9.0");
  add_service(facts, 4, "http", 80, "nginx");
  add_service(facts, 5, "ssh", 2222);
  const AssessedDevice device = named(facts);
  REQUIRE(device.services.size() == 3);
  CHECK(device.services[0].port == 22);
  CHECK(device.services[0].product == "OpenSSH");
  CHECK(device.services[1].port == 80);
  CHECK(device.services[2].port == 2222);
}

TEST_CASE("identify: an address that came back stands once; names are in order") {
  DeviceFacts facts = some_device();
  facts.addresses.push_back(facts.addresses[0]);
  facts.addresses.push_back({ip("fe80::1"), ref(1).time, ref(1).time, ref(1), "nd"});
  add_name(facts, 1, "mdns", "b");
  add_name(facts, 2, "dhcp", "z");
  add_name(facts, 3, "mdns", "a");
  const AssessedDevice device = named(facts);
  CHECK(device.ipv4.size() == 1);
  CHECK(device.ipv6 == std::vector<std::string>{"fe80::1"});
  std::string order;
  for (const DeviceName& name : device.names) order += name.name;
  CHECK(order == "zab");
}

TEST_CASE("identify: of a page's title no more is shown than what the rule matched") {
  DeviceFacts facts = some_device();
  add_clue(facts, 4, "http.title", "Orthanc Explorer Jane Doe", Role::kServer);
  const AssessedDevice device = named(facts);
  REQUIRE(device.type);
  CHECK(device.type->evidence[0].value == "Orthanc Explorer");
}

TEST_CASE("identify: user agents of systems that no machine runs together are those of others behind it") {
  DeviceFacts facts = some_device();
  add_clue(facts, 4, "http.user-agent", "Windows NT 6.1", Role::kClient);
  CHECK(named(facts).os);
  add_clue(facts, 5, "http.user-agent", "iPhone", Role::kClient);
  const AssessedDevice device = named(facts);
  CHECK(!device.os);
  CHECK(!device.vendor);
  // Also where the stack's start value makes one of them doubtful.
  facts.initial_ttls = 2;
  CHECK(!named(facts).vendor);
}

}  // namespace bedrail
