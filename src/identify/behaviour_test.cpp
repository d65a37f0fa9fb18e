#include "identify/behaviour.h"

#include <doctest/doctest.h>

#include "facts.h"
#include "identify/identify.h"
#include "knowledge_folder.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

AssessedDevice named(const DeviceFacts& facts) {
  return identify(facts, small_knowledge(), from_civil(2024, 6, 1));
}

void add_use(DeviceFacts& device, std::uint64_t n, std::string protocol, Role role, std::uint64_t peers) {
  UseRecord use;
  use.protocol = std::move(protocol);
  use.role = role;
  use.peers = peers;
  use.first = ref(n);
  device.uses.push_back(std::move(use));
}

/// Calls one server by HL7 every minute.
DeviceFacts reporter() {
  DeviceFacts facts = some_device();
  add_use(facts, 7, "hl7", Role::kClient, 1);
  facts.uses.back().rhythm = Rhythm::from({0});
  for (std::int64_t i = 1; i <= 10; ++i) facts.uses.back().rhythm.beat({60 * i * kNanosecondsPerSecond});
  return facts;
}

}  // namespace

TEST_CASE("behaviour: alone it states no kind, no category and never a maker or a model") {
  const AssessedDevice device = named(reporter());
  CHECK(!device.type);
  CHECK(!device.category);
  CHECK(!device.vendor);
  CHECK(!device.model);
  // Two rows that fit are one source.
  const Ballots ballots = collect_votes(reporter(), small_knowledge());
  CHECK(ballots[Trait::kType].votes().size() == 2);
  REQUIRE(ballots[Trait::kType].count().size() == 1);
  CHECK(ballots[Trait::kType].count().front().confidence == doctest::Approx(0.35));
}

TEST_CASE("behaviour: it supports what something else says, with the first frame of its conversations") {
  DeviceFacts facts = reporter();
  add_name(facts, 9, "dhcp", "pump-12");
  const AssessedDevice device = named(facts);
  REQUIRE(device.type);
  CHECK(device.type->value == "pump");
  CHECK(device.type->confidence == doctest::Approx(0.61));
  REQUIRE(device.type->evidence.size() == 2);
  CHECK(device.type->evidence[0].frame == 7);
  CHECK(device.type->evidence[0].protocol == "hl7");
  CHECK(device.type->evidence[0].field == "behaviour");
  CHECK(device.type->evidence[0].value == "1 servers of hl7");
}

TEST_CASE("behaviour: what contradicts stronger evidence stands among the conflicts") {
  DeviceFacts facts = reporter();
  add_service(facts, 3, "ipp", 631);
  const AssessedDevice device = named(facts);
  REQUIRE(device.type);
  CHECK(device.type->value == "printer");
  CHECK(device.type->confidence == doctest::Approx(0.7));
  REQUIRE(device.type->conflicts.size() == 1);
  CHECK(device.type->conflicts[0].value == "pump");
}

TEST_CASE("behaviour: every condition has to hold") {
  const auto votes = [](const DeviceFacts& facts) {
    return collect_votes(facts, small_knowledge())[Trait::kType].votes().size();
  };
  CHECK(votes(reporter()) == 2);
  DeviceFacts seldom = reporter();
  seldom.uses.back().rhythm = {};
  CHECK(votes(seldom) == 1);  // the row that asks for no rhythm
  DeviceFacts outside = reporter();
  outside.external_peers = 1;
  CHECK(votes(outside) == 0);
  DeviceFacts called = reporter();
  add_use(called, 8, "hl7", Role::kServer, 1);
  CHECK(votes(called) == 0);
  DeviceFacts by_message = seldom;
  MessageRecord sent{"hl7", "ORU^R01", "", true, ref(2), 10, Rhythm::from({0})};
  for (std::int64_t i = 1; i <= 10; ++i) sent.rhythm.beat({30 * i * kNanosecondsPerSecond});
  by_message.messages.push_back(sent);
  CHECK(votes(by_message) == 2);
}

}  // namespace bedrail
