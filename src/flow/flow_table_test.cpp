#include "flow/flow_table.h"

#include <doctest/doctest.h>

namespace bedrail {
namespace {

ConversationKey key(std::uint16_t port) {
  ConversationKey k;
  k.low_port = port;
  k.transport = Transport::kTcp;
  return k;
}
Timestamp seconds(std::int64_t s) { return {s * kNanosecondsPerSecond}; }

PacketRef at(std::int64_t s) { return {0, seconds(s), 0, 0}; }

}  // namespace

TEST_CASE("flow table: finds what was added, forgets what was released") {
  FlowTable table{FlowLimits{}};
  for (std::uint16_t port = 0; port < 1000; ++port) table.add(key(port), hash_of(key(port)));
  CHECK(table.size() == 1000);
  for (std::uint16_t port = 0; port < 1000; ++port) {
    Flow* flow = table.find(key(port), hash_of(key(port)));
    REQUIRE(flow != nullptr);
    CHECK(flow->key == key(port));
  }
  table.release(*table.find(key(7), hash_of(key(7))));
  CHECK(table.find(key(7), hash_of(key(7))) == nullptr);
  const std::size_t memory = table.memory();
  table.add(key(7), hash_of(key(7)));
  CHECK(table.memory() == memory);
}

TEST_CASE("flow table: the longest silent of the least worthy class goes first") {
  FlowTable table{FlowLimits{}};
  Flow& established = table.add(key(1), 1);
  table.touch(established, FlowClass::kEstablished, at(1));
  Flow& first = table.add(key(2), 2);
  table.touch(first, FlowClass::kDatagram, at(2));
  Flow& second = table.add(key(3), 3);
  table.touch(second, FlowClass::kDatagram, at(3));
  CHECK(table.victim() == &first);
  table.touch(first, FlowClass::kDatagram, at(4));
  CHECK(table.victim() == &second);
  table.touch(established, FlowClass::kClosed, at(5));
  CHECK(table.victim() == &established);
}

TEST_CASE("flow table: silence ends by class, a clock that steps back ends nothing") {
  FlowTable table{FlowLimits{}};
  Flow& flow = table.add(key(1), 1);
  table.touch(flow, FlowClass::kAttempted, at(100));
  CHECK(table.expired(seconds(160)) == nullptr);
  CHECK(table.expired(seconds(161)) == &flow);
  CHECK(table.expired(seconds(-100000)) == nullptr);
  table.touch(flow, FlowClass::kEstablished, at(100));
  CHECK(table.expired(seconds(3700)) == nullptr);
  CHECK(table.expired(seconds(3701)) == &flow);
}

TEST_CASE("flow table: a class that was changed before the touch moves the flow all the same") {
  FlowTable table{FlowLimits{}};
  Flow& first = table.add(key(1), 1);
  Flow& second = table.add(key(2), 2);
  first.flow_class = FlowClass::kEstablished;
  table.touch(first, first.flow_class, at(1));
  CHECK(table.oldest(FlowClass::kEstablished) == &first);
  CHECK(table.oldest(FlowClass::kDatagram) == &second);
  second.flow_class = FlowClass::kClosed;
  table.release(second);
  CHECK(table.oldest(FlowClass::kDatagram) == nullptr);
  table.release(first);
  CHECK(table.victim() == nullptr);
}

}  // namespace bedrail
