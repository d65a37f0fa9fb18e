#include "assess/components.h"

#include <doctest/doctest.h>

namespace bedrail {
namespace {

Evidence frame(std::uint64_t number) {
  Evidence out;
  out.frame = number;
  out.time = {static_cast<std::int64_t>(number)};
  return out;
}

Attribute said(std::string value, double confidence, std::uint64_t number) {
  Attribute out;
  out.value = std::move(value);
  out.confidence = confidence;
  out.evidence = {frame(number)};
  return out;
}

}  // namespace

TEST_CASE(
    "components: the device, with the least certain of what is said of it and its frames in their order") {
  AssessedDevice device;
  device.vendor = said("Acme", 0.9, 7);
  device.model = said("Pump 3", 0.95, 5);
  device.firmware = said("1.2", 0.8, 2);
  const auto components = components_of(device);
  REQUIRE(components.size() == 1);
  CHECK(components[0].kind == Component::Kind::kDevice);
  CHECK(components[0].vendor == "Acme");
  CHECK(components[0].product == "Pump 3");
  CHECK(components[0].version == "1.2");
  CHECK(components[0].confidence == 0.8);
  REQUIRE(components[0].evidence.size() == 2);
  CHECK(components[0].evidence[0].frame == 2);
}

TEST_CASE("components: a maker alone is none") {
  AssessedDevice device;
  device.vendor = said("Acme", 0.9, 7);
  CHECK(components_of(device).empty());
}

TEST_CASE("components: each system that it may be, without releases; its build") {
  AssessedDevice device;
  device.os.emplace();
  device.os->value = {"Windows", "Windows 10 1607 or Windows Server 2016", "10.0", "14393", "", ""};
  const auto components = components_of(device);
  REQUIRE(components.size() == 2);
  CHECK(components[0].product == "Windows 10");
  CHECK(components[0].vendor == "Microsoft");
  CHECK(components[0].version == "10.0.14393");
  CHECK(components[0].one_of_several);
  CHECK(components[1].product == "Windows Server 2016");
  device.os->value = {"Windows", "Windows 10 1507 or Windows 10 1511", "", "10586", "", ""};
  const auto one = components_of(device);
  REQUIRE(one.size() == 1);
  CHECK(!one[0].one_of_several);
  CHECK(one[0].version.empty());
}

TEST_CASE("components: software of services once") {
  AssessedDevice device;
  DeviceService service;
  service.product = "Orthanc";
  service.version = "1.4";
  device.services = {service, service, {}};
  const auto components = components_of(device);
  REQUIRE(components.size() == 1);
  CHECK(components[0].kind == Component::Kind::kSoftware);
  CHECK(components[0].version == "1.4");
}

}  // namespace bedrail
