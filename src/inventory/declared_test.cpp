#include "inventory/declared.h"

#include <doctest/doctest.h>

#include "inventories.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

constexpr const char* kGateway = "10.0.0.5";

Observation tells(std::uint64_t n, std::string_view teller, std::string text) {
  return clue(n, teller, "hl7.declared", std::move(text), Role::kClient);
}

/// The gateway calls the hospital's server, so both are devices.
std::vector<Observation> gateway_and(std::vector<Observation> more) {
  std::vector<Observation> all = {talk(1, {.client = kGateway,
                                           .server = "10.0.0.9",
                                           .port = 2575,
                                           .protocol = "hl7",
                                           .client_mac = 5,
                                           .server_mac = 9})};
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return all;
}

/// The devices that were not heard themselves.
std::vector<const DeviceFacts*> unheard(const InventoryResult& result) {
  std::vector<const DeviceFacts*> out;
  for (const DeviceFacts& device : result.devices) {
    if (!device.heard) out.push_back(&device);
  }
  return out;
}

std::string value_of(const DeviceFacts& device, std::string_view key) {
  for (const ClueRecord& clue : device.clues) {
    if (clue.key == key) return clue.value;
  }
  return "-";
}

}  // namespace

TEST_CASE("declared: devices behind a gateway are devices without addresses, with what was said of each") {
  const auto result = inventory_of(gateway_and(
      {tells(2, kGateway,
             "equipment-eui64=0009fbfffe000001|equipment-mac=00:09:fb:00:00:01|"
             "equipment-model=MX500|location=ICU^^1"),
       tells(3, kGateway, "equipment-eui64=0009fbfffe000002|equipment-model=MX700|location=ICU^^2"),
       tells(4, kGateway, "equipment-eui64=0009fbfffe000001|equipment-model=MX500|location=ICU^^1")}));
  CHECK(result.devices.size() == 4);
  CHECK(the(result, kGateway).speaks_for_others);
  CHECK(the(result, kGateway).heard);
  const auto devices = unheard(result);
  REQUIRE(devices.size() == 2);
  const DeviceFacts& one =
      value_of(*devices[0], "hl7.equipment-model") == "MX500" ? *devices[0] : *devices[1];
  CHECK(one.id.starts_with("dev-"));
  CHECK(one.macs.empty());
  CHECK(one.addresses.empty());
  CHECK(one.is_internal);
  CHECK(value_of(one, "hl7.location") == "ICU^^1");
  CHECK(one.clues.front().hearsay);
  REQUIRE(one.names.size() == 1);
  CHECK(one.names[0].kind == "declared");
  CHECK(one.names[0].name == "0009fbfffe000001");
  REQUIRE(one.declared_by.size() == 1);
  CHECK(one.declared_by[0].by == the(result, kGateway).id);
  CHECK(one.declared_by[0].protocol == "hl7");
  CHECK(one.declared_by[0].first.frame == 2);
  REQUIRE(one.declared_by[0].macs.size() == 1);
  CHECK(to_string(one.declared_by[0].macs[0]) == "00:09:fb:00:00:01");
  CHECK(one.first->frame == 2);
  CHECK(one.last->time == ref(4).time);
}

TEST_CASE("declared: the same device has the same id whoever tells of it and in whatever order") {
  const std::string a = "equipment-eui64=0009fbfffe000001", b = "equipment-eui64=0009fbfffe000002";
  const auto ids = [](const InventoryResult& result) {
    std::vector<std::string> out;
    for (const DeviceFacts* device : unheard(result)) out.push_back(device->id);
    return out;
  };
  const auto once = inventory_of(gateway_and({tells(2, kGateway, a), tells(3, kGateway, b)}));
  const auto again =
      inventory_of(gateway_and({tells(2, kGateway, b), tells(3, kGateway, a), tells(4, kGateway, b)}));
  CHECK(ids(once).size() == 2);
  CHECK(ids(once) == ids(again));
  // A second gateway tells of them, too: they stay two.
  const auto both = inventory_of(gateway_and({tells(2, kGateway, a), tells(3, kGateway, b),
                                              talk(4, {.client = "10.0.0.6", .server = "10.0.0.9"}),
                                              tells(5, "10.0.0.6", a), tells(6, "10.0.0.6", b)}));
  CHECK(ids(both) == ids(once));
  CHECK(unheard(both)[0]->declared_by.size() == 2);
}

TEST_CASE("declared: who tells of itself alone is that device, and no other comes of it") {
  const auto result =
      inventory_of(gateway_and({tells(2, kGateway, "equipment-eui64=0009fbfffe000001|location=ICU^^1"),
                                tells(3, kGateway, "equipment-eui64=0009fbfffe000001|location=ICU^^2")}));
  CHECK(unheard(result).empty());
  CHECK(!the(result, kGateway).speaks_for_others);
}

TEST_CASE("declared: a number and a name, or numbers in two protocols, may be one device's") {
  const auto result =
      inventory_of(gateway_and({tells(2, kGateway, "equipment-eui64=0009fbfffe000001"),
                                tells(3, kGateway, "equipment-serial=S1"), tells(4, kGateway, "equipment=X"),
                                clue(5, kGateway, "poct1a.declared", "serial=S2|model=M", Role::kClient)}));
  CHECK(unheard(result).empty());
  CHECK(!the(result, kGateway).speaks_for_others);
}

TEST_CASE("declared: a serial number beside several EUI-64 is one more device, unless one of them has it") {
  const std::string a = "equipment-eui64=0009fbfffe000001|equipment-serial=S1",
                    b = "equipment-eui64=0009fbfffe000002";
  const auto count = [&](const std::string& serial) {
    return unheard(inventory_of(gateway_and({tells(2, kGateway, a), tells(3, kGateway, b),
                                             tells(4, kGateway, "equipment-serial=" + serial)})))
        .size();
  };
  CHECK(count("S1") == 2);
  CHECK(count("S9") == 3);
}

TEST_CASE("declared: analysers behind a concentrator, by what they say in their own protocol") {
  const auto result = inventory_of(
      gateway_and({clue(2, kGateway, "poct1a.declared", "device-id=D1|model=M", Role::kClient),
                   clue(3, kGateway, "poct1a.declared", "device-id=D2|model=M", Role::kClient),
                   clue(4, kGateway, "astm.declared", "name=Gas|analyser=Gas^1", Role::kClient)}));
  REQUIRE(unheard(result).size() == 2);
  for (const DeviceFacts* device : unheard(result)) {
    CHECK(value_of(*device, "poct1a.model") == "M");
    CHECK(device->declared_by[0].protocol == "poct1a");
  }
}

TEST_CASE("declared: a device that was seen with the address it is said to have learns what was said") {
  const auto result = inventory_of(gateway_and(
      {talk(2, {.client = "10.0.0.7", .server = "10.0.0.8", .client_mac = 7, .server_mac = 8}),
       tells(3, kGateway,
             "equipment-eui64=0009fbfffe000001|network-mac=" + mac_text(7) + "|equipment-model=MX500"),
       tells(4, kGateway, "address=10.0.0.8|location=^^BED 3")}));
  CHECK(unheard(result).empty());
  CHECK(the(result, kGateway).speaks_for_others);
  const DeviceFacts& monitor = the(result, "10.0.0.7");
  CHECK(monitor.heard);
  CHECK(value_of(monitor, "hl7.equipment-model") == "MX500");
  REQUIRE(monitor.declared_by.size() == 1);
  CHECK(monitor.joins.back().find("tells of it in hl7: 0009fbfffe000001 (frame 3)") != std::string::npos);
  CHECK(value_of(the(result, "10.0.0.8"), "hl7.location") == "^^BED 3");
  CHECK(value_of(the(result, kGateway), "hl7.equipment-model") == "-");
}

TEST_CASE("declared: an address that nobody was seen with is told, and is not the device's") {
  const auto result =
      inventory_of(gateway_and({tells(2, kGateway, "address=192.168.77.3|location=^^BED 3")}));
  REQUIRE(unheard(result).size() == 1);
  const DeviceFacts& device = *unheard(result)[0];
  CHECK(device.addresses.empty());
  CHECK(owner_of(result, "192.168.77.3") == nullptr);
  CHECK(device.names.empty());
  CHECK(device.declared_by[0].ip == ip("192.168.77.3"));
  CHECK(value_of(device, "hl7.location") == "^^BED 3");
}

TEST_CASE(
    "declared: a monitor that speaks for itself, and the engine that repeats it, are two devices, not "
    "three") {
  Observation report = observed(4, at_ip("10.0.0.7"), MessageSeen{"hl7", "ORU^R01", ""}, "hl7");
  report.peer = at_ip(kGateway);
  const auto result = inventory_of(gateway_and(
      {talk(2,
            {.client = "10.0.0.7", .server = kGateway, .protocol = "hl7", .client_mac = 7, .server_mac = 5}),
       tells(3, "10.0.0.7", "equipment-serial=S1|equipment-model=M"), report,
       tells(5, kGateway, "equipment-serial=S1|equipment-model=M")}));
  CHECK(unheard(result).empty());
  CHECK(result.devices.size() == 3);
  CHECK(the(result, kGateway).speaks_for_others);
  CHECK(!the(result, "10.0.0.7").speaks_for_others);
  CHECK(the(result, "10.0.0.7").declared_by.size() == 1);
}

TEST_CASE("declared: a gateway that tells of devices without end fills a table, and a notice says so") {
  std::vector<Observation> all;
  for (std::uint64_t i = 0; i < 50; ++i)
    all.push_back(tells(2 + i, kGateway, "equipment-serial=S" + std::to_string(i)));
  InventoryLimits limits;
  limits.declared = 20;
  const auto result = inventory_of(gateway_and(std::move(all)), limits);
  CHECK(unheard(result).size() == 20);
  REQUIRE(result.notices.size() == 1);
  CHECK(result.notices[0].kind == "table-full");
  CHECK(result.notices[0].count == 30);
  CHECK(result.notices[0].text.find("limit declared") != std::string::npos);
}

TEST_CASE("declared: odd texts make no device") {
  const auto result = inventory_of(gateway_and(
      {tells(2, kGateway, "location=ICU^^1"), tells(3, kGateway, "nonsense"),
       tells(4, kGateway, "address=not one"), tells(5, kGateway, "equipment-mac=" + mac_text(7))}));
  CHECK(unheard(result).empty());
  CHECK(result.devices.size() == 2);
}

}  // namespace bedrail
