// How a device begins its TCP connections: weak evidence of its system.
#include <doctest/doctest.h>

#include "facts.h"
#include "identify/identify.h"
#include "knowledge_folder.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

constexpr const char* kWindows = "ttl=128 win=8192 mss=1460 ws=8 opt=mss,nop,ws,nop,nop,sok";
constexpr const char* kLinux = "ttl=64 win=29200 mss=1460 ws=7 opt=mss,sok,ts,nop,ws";

AssessedDevice named(const DeviceFacts& facts) {
  return identify(facts, small_knowledge(), from_civil(2024, 6, 1));
}

}  // namespace

TEST_CASE("tcp stack: alone it states no system, in either role nor in both") {
  DeviceFacts facts = some_device();
  add_clue(facts, 2, "tcp.stack", kWindows, Role::kClient);
  add_clue(facts, 3, "tcp.stack", "ttl=128 win=8192 mss=1460 ws=8 opt=mss,nop,ws,nop,nop,sok", Role::kServer);
  const AssessedDevice device = named(facts);
  CHECK(!device.os);
  CHECK(!device.category);
}

TEST_CASE("tcp stack: it makes surer what something else says, and is told as evidence") {
  DeviceFacts facts = some_device();
  add_clue(facts, 4, "http.user-agent", "X (Windows NT 6.1)", Role::kClient);
  const double alone = named(facts).os->confidence;
  add_clue(facts, 2, "tcp.stack", kWindows, Role::kClient);
  const AssessedDevice device = named(facts);
  REQUIRE(device.os);
  CHECK(device.os->value.product == "Windows 7");
  CHECK(device.os->confidence == alone);  // a product is not what it tells
  DeviceFacts family = some_device();
  add_clue(family, 4, "dns.query", "update.acme", Role::kClient);
  const double before = named(family).os->confidence;
  add_clue(family, 2, "tcp.stack", kLinux, Role::kClient);
  const AssessedDevice surer = named(family);
  REQUIRE(surer.os);
  CHECK(surer.os->value.family == "Linux");
  CHECK(surer.os->confidence > before);
  REQUIRE(!surer.os->evidence.empty());
  CHECK(surer.os->evidence.front().frame == 2);
  CHECK(surer.os->evidence.front().field == "tcp.stack");
}

TEST_CASE("tcp stack: against stronger evidence it only stands among the conflicts") {
  DeviceFacts facts = some_device();
  add_clue(facts, 4, "mdns.os", "macOS 14", Role::kSelf);
  const double alone = named(facts).os->confidence;
  add_clue(facts, 2, "tcp.stack", kWindows, Role::kClient);
  const AssessedDevice device = named(facts);
  REQUIRE(device.os);
  CHECK(device.os->value.family == "macOS");
  CHECK(device.os->confidence == alone);
  REQUIRE(device.os->conflicts.size() == 1);
  CHECK(device.os->conflicts.front().value.family == "Windows");
  CHECK(device.os->conflicts.front().confidence <= 0.35);
}

}  // namespace bedrail
