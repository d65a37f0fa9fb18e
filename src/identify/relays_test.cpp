// Who speaks of its own equipment, and who passes on what others said of theirs.
#include <doctest/doctest.h>

#include "facts.h"
#include "identify/identify.h"
#include "identify/relays.h"
#include "knowledge_folder.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

AssessedDevice named(const DeviceFacts& facts) {
  return identify(facts, small_knowledge(), from_civil(2024, 6, 1));
}

std::string value(const std::optional<Attribute>& attribute) { return attribute ? attribute->value : "-"; }

/// A device that stores an image of a scanner.
DeviceFacts sender(const std::string& serial = "SN-1") {
  DeviceFacts facts = some_device();
  add_message(facts, 2, "dicom", "C-STORE-RQ", true);
  add_clue(facts, 2, "dicom.stores", "1.2.840.1.2", Role::kClient);
  add_clue(facts, 2, "dicom.manufacturer", "ACME Imaging", Role::kClient);
  add_clue(facts, 2, "dicom.model", "Spiral 9", Role::kClient);
  add_clue(facts, 2, "dicom.serial", serial, Role::kClient);
  add_clue(facts, 2, "dicom.software", "VA44A", Role::kClient);
  add_clue(facts, 2, "dicom.department", "Radiology", Role::kClient);
  return facts;
}

void check_own(const DeviceFacts& facts) {
  const AssessedDevice device = named(facts);
  CHECK(value(device.type) == "ct-scanner");
  CHECK(value(device.vendor) == "Acme");
  CHECK(value(device.model) == "Spiral 9");
  CHECK(value(device.serial) == "SN-1");
  CHECK(value(device.firmware) == "VA44A");
  CHECK(value(device.department) == "Radiology");
}

void check_none(const DeviceFacts& facts) {
  const AssessedDevice device = named(facts);
  for (const auto* attribute :
       {&device.type, &device.vendor, &device.model, &device.serial, &device.firmware, &device.department})
    CHECK(value(*attribute) == "-");
}

/// A sender of HL7 observations that names a device.
DeviceFacts reporter(std::initializer_list<const char*> identities, std::initializer_list<const char*> beds) {
  DeviceFacts facts = some_device();
  std::uint64_t n = 1;
  add_message(facts, ++n, "hl7", "ORU^R01", true);
  for (const char* eui : identities) add_clue(facts, ++n, "hl7.equipment-eui64", eui, Role::kClient);
  for (const char* bed : beds) add_clue(facts, ++n, "hl7.location", bed, Role::kClient);
  add_clue(facts, ++n, "hl7.equipment-model", "Pump 8", Role::kClient);
  return facts;
}

}  // namespace

TEST_CASE("relays: who stores images tells its own equipment") { check_own(sender()); }

TEST_CASE("relays: who also receives images may pass them on, so that they tell nothing of it") {
  DeviceFacts facts = sender();
  add_message(facts, 1, "dicom", "C-STORE-RQ", false);
  check_none(facts);
  // What others ask of it without sending images does not make it an archive.
  facts = sender();
  add_message(facts, 1, "dicom", "C-ECHO-RQ", false);
  add_message(facts, 1, "hl7", "C-STORE-RQ", false);
  check_own(facts);
}

TEST_CASE("relays: who repeats what another told it speaks of the other") {
  DeviceFacts facts = sender();
  facts.repeats_others = true;
  check_none(facts);
}

TEST_CASE("relays: several serial numbers are those of several machines") {
  DeviceFacts facts = sender();
  add_clue(facts, 5, "dicom.serial", "SN-2", Role::kClient);
  check_none(facts);
  facts = sender();
  add_clue(facts, 5, "dicom.device-uid", "1.2.3", Role::kClient);
  check_own(facts);
  add_clue(facts, 6, "dicom.device-uid", "1.2.4", Role::kClient);
  check_none(facts);
}

TEST_CASE("relays: whom its name calls an archive sends what others made") {
  DeviceFacts facts = sender();
  add_name(facts, 2, "dicom-ae", "PACS1");
  const AssessedDevice device = named(facts);
  CHECK(value(device.type) == "pacs");
  for (const auto* attribute : {&device.model, &device.serial, &device.firmware})
    CHECK(value(*attribute) == "-");
  facts = sender();
  add_name(facts, 2, "dicom-ae", "CT1");
  check_own(facts);
}

TEST_CASE("relays: a storage class that is only proposed names no kind of device") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "dicom.abstract-syntax", "1.2.840.1.2", Role::kClient);
  CHECK(value(named(facts).type) == "-");
  // It supports what something else says.
  add_name(facts, 3, "dns", "scan-1");
  CHECK(value(named(facts).type) == "ct-scanner");
  // Who retrieves proposes the classes in order to receive.
  add_message(facts, 4, "dicom", "C-GET-RQ", true);
  CHECK(value(named(facts).type) == "-");
  facts = some_device();
  add_clue(facts, 2, "dicom.abstract-syntax", "1.2.840.1.2", Role::kServer);
  add_name(facts, 3, "dns", "scan-1");
  CHECK(value(named(facts).type) == "-");
}

TEST_CASE("relays: who stores images of several kinds is none of them") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "dicom.stores", "1.2.840.1.9", Role::kClient);
  CHECK(value(named(facts).type) == "-");
  add_clue(facts, 3, "dicom.stores", "1.2.840.1.2", Role::kClient);
  CHECK(value(named(facts).type) == "ct-scanner");
  add_clue(facts, 4, "dicom.stores", "1.2.840.1.4", Role::kClient);
  CHECK(value(named(facts).type) == "-");
}

TEST_CASE("relays: a sender of one device's values tells of itself, also at another bed") {
  CHECK(value(named(reporter({"A1"}, {"ICU^1"})).model) == "Pump 8");
  CHECK(value(named(reporter({"A1"}, {"ICU^1"})).location) == "ICU^1");
  const AssessedDevice moved = named(reporter({"A1"}, {"ICU^1", "ICU^2"}));
  CHECK(value(moved.model) == "Pump 8");
  CHECK(value(moved.type) == "-");
}

TEST_CASE("relays: a sender of several devices' values is a gateway and none of them") {
  for (const DeviceFacts& facts : {reporter({"A1", "A2"}, {"ICU^1", "ICU^2"}),
                                   reporter({"A1", "A2", "A3"}, {}), reporter({}, {"ICU^1", "ICU^2"})}) {
    const AssessedDevice device = named(facts);
    CHECK(value(device.model) == "-");
    CHECK(value(device.location) == "-");
    CHECK(value(device.type) == "medical-gateway");
    CHECK(value(device.category) == "medical");
    CHECK(device.type->rules[0].rule == "reports-for-several");
    REQUIRE(device.bedside);
    CHECK(!device.bedside->value);
  }
  DeviceFacts facts = some_device();
  for (const char* serial : {"S1", "S2", "S3"})
    add_clue(facts, 2, "hl7.equipment-serial", serial, Role::kClient);
  CHECK(value(named(facts).type) == "medical-gateway");
  CHECK(value(named(facts).serial) == "-");
}

TEST_CASE("relays: two numbers at one bed may be a monitor's and its module's: nothing is said") {
  const AssessedDevice device = named(reporter({"A1", "A2"}, {"ICU^1"}));
  CHECK(value(device.model) == "-");
  CHECK(value(device.type) == "-");
}

TEST_CASE("relays: who takes others' observations, or repeats them, tells nothing of itself in its own") {
  DeviceFacts facts = reporter({"A1"}, {});
  add_message(facts, 1, "hl7", "ORU^R01", false);
  CHECK(value(named(facts).model) == "-");
  facts = reporter({"A1"}, {});
  add_message(facts, 1, "hl7", "ADT^A01", false);  // who lies where: monitors ask for it
  CHECK(value(named(facts).model) == "Pump 8");
  facts.repeats_others = true;
  CHECK(value(named(facts).model) == "-");
}

TEST_CASE("relays: an ordinary computer that sends with a library shows others' images") {
  const auto computer = [](const char* mac, const char* uid) {
    DeviceFacts facts = sender();
    with_mac(facts, mac);
    add_clue(facts, 2, "dicom.station", "CTAWP1", Role::kClient);
    add_clue(facts, 2, "dicom.implementation-uid", uid, Role::kClient);
    add_name(facts, 2, "dicom-ae", "WS7");
    return facts;
  };
  const DeviceFacts facts = computer("00:00:63:00:00:01", "1.2.9.1");
  for (const auto& attribute :
       {named(facts).type, named(facts).model, named(facts).serial, named(facts).firmware})
    CHECK(value(attribute) == "-");
  // A maker's own software, a medical maker's card, or the station's own name: it made them.
  CHECK(value(named(computer("00:00:63:00:00:01", "1.2.8.1")).type) == "ct-scanner");
  CHECK(value(named(computer("00:00:64:00:00:01", "1.2.9.1")).type) == "ct-scanner");
  DeviceFacts station = facts;
  add_name(station, 3, "dicom-ae", "ctawp1");
  CHECK(value(named(station).type) == "ct-scanner");
  station = facts;
  add_name(station, 3, "dns", "scan-9");
  CHECK(value(named(station).type) == "ct-scanner");
  station.shares_numbers = true;
  CHECK(value(named(station).model) == "-");
}

TEST_CASE("relays: of two that show the same machine's number neither is it by that alone") {
  DeviceFacts facts = sender();
  facts.shares_numbers = true;
  check_none(facts);
  with_mac(facts, "00:00:64:00:00:01");
  CHECK(value(named(facts).type) == "ct-scanner");
}

TEST_CASE("relays: who sends as several applications is an engine and none of them") {
  DeviceFacts facts = reporter({"A1"}, {"ICU^1"});
  add_clue(facts, 3, "hl7.sending-application", "PUMPS^1", Role::kClient);
  add_clue(facts, 4, "hl7.sending-application", "MONITORS", Role::kClient);
  add_clue(facts, 5, "hl7.sending-application", "PUMPS^2", Role::kClient);
  CHECK(value(named(facts).model) == "Pump 8");
  add_clue(facts, 6, "hl7.sending-application", "LAB", Role::kClient);
  CHECK(value(named(facts).model) == "-");
  CHECK(value(named(facts).type) == "hl7-engine");
  CHECK(value(named(facts).category) == "it");
  // As a receiver it has the names that others call it by.
  facts = reporter({"A1"}, {"ICU^1"});
  for (const char* name : {"X", "Y", "Z"}) add_clue(facts, 3, "hl7.sending-application", name, Role::kServer);
  CHECK(value(named(facts).model) == "Pump 8");
}

TEST_CASE("relays: a gateway whose kind something else tells is of that kind") {
  DeviceFacts facts = reporter({"A1", "A2"}, {"ICU^1", "ICU^2"});
  add_name(facts, 2, "dns", "scan-1");  // too weak to tell
  CHECK(value(named(facts).type) == "medical-gateway");
  facts = reporter({"A1", "A2"}, {"ICU^1", "ICU^2"});
  add_name(facts, 2, "dicom-ae", "PACS1");
  CHECK(value(named(facts).type) == "pacs");
}

TEST_CASE("relays: what another says of a device is the device's own, and makes no gateway of it") {
  DeviceFacts facts = some_device();
  facts.heard = false;
  facts.addresses.clear();
  for (const char* place : {"ICU^^1", "ICU^^2"}) {
    add_clue(facts, 2, "hl7.location", place, Role::kClient);
    facts.clues.back().hearsay = true;
  }
  add_clue(facts, 3, "hl7.equipment-serial", "S1", Role::kClient);
  facts.clues.back().hearsay = true;
  const Relay relay = relay_of(facts);
  CHECK(relay.gateway == nullptr);
  CHECK(!relay.devices);
  const AssessedDevice device = identify(facts, small_knowledge(), from_civil(2024, 6, 1));
  REQUIRE(device.serial);
  CHECK(device.serial->value == "S1");
}

TEST_CASE("relays: who speaks for others is not what it speaks of, and still what others say of it") {
  DeviceFacts facts = some_device();
  facts.speaks_for_others = true;
  add_clue(facts, 2, "hl7.equipment-serial", "S1", Role::kClient);
  CHECK(relay_of(facts).devices);
  CHECK(!identify(facts, small_knowledge(), from_civil(2024, 6, 1)).serial);
  add_clue(facts, 3, "hl7.equipment-serial", "G1", Role::kClient);
  facts.clues.back().hearsay = true;
  const AssessedDevice device = identify(facts, small_knowledge(), from_civil(2024, 6, 1));
  REQUIRE(device.serial);
  CHECK(device.serial->value == "G1");
}

TEST_CASE("identify: a device that was not heard, by the prefix of the MAC that it is said to have") {
  DeviceFacts facts = some_device();
  facts.addresses.clear();
  facts.heard = false;
  DeclarationRecord told;
  told.by = "dev-0000000000000002";
  told.protocol = "hl7";
  told.macs = {mac("00:00:5e:00:53:07")};
  told.first = ref(5);
  facts.declared_by.push_back(told);
  const AssessedDevice device = identify(facts, small_knowledge(), from_civil(2024, 6, 1));
  REQUIRE(device.vendor);
  CHECK(device.vendor->value == "Acme");
  CHECK(device.vendor->evidence[0].protocol == "hl7");
  CHECK(device.vendor->evidence[0].frame == 5);
  CHECK(device.mac.empty());
  CHECK(!device.heard);
  REQUIRE(device.declared_by.size() == 1);
  CHECK(device.declared_by[0].device == "dev-0000000000000002");
  CHECK(device.declared_by[0].addresses == std::vector<std::string>{"00:00:5e:00:53:07"});
  CHECK(!device.type);
}

}  // namespace bedrail
