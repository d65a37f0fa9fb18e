#include <doctest/doctest.h>

#include "inventories.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

const UseRecord* use_of(const InventoryResult& result, std::string_view address, std::string_view protocol,
                        Role role) {
  for (const UseRecord& use : the(result, address).uses) {
    if (use.protocol == protocol && use.role == role) return &use;
  }
  return nullptr;
}

Observation hl7(std::uint64_t n, std::string client, std::string server) {
  return talk(n, {.client = std::move(client), .server = std::move(server), .port = 2575, .protocol = "hl7"});
}

}  // namespace

TEST_CASE("uses: whom a device calls and who calls it, protocol by protocol") {
  const auto result = inventory_of({hl7(1, "10.0.0.1", "10.0.0.9"), hl7(2, "10.0.0.2", "10.0.0.9"),
                                    hl7(3, "10.0.0.1", "10.0.0.9"), hl7(4, "10.0.0.9", "10.0.0.8"),
                                    talk(5, {.client = "10.0.0.1", .server = "10.0.0.8", .protocol = ""})});
  const UseRecord* calls = use_of(result, "10.0.0.1", "hl7", Role::kClient);
  REQUIRE(calls != nullptr);
  CHECK(calls->peers == 1);
  CHECK(calls->shared == 2);
  CHECK(calls->bytes_out == 2 * 500);
  CHECK(calls->bytes_in == 2 * 4000);
  CHECK(calls->first.frame == 1);
  const UseRecord* called = use_of(result, "10.0.0.9", "hl7", Role::kServer);
  REQUIRE(called != nullptr);
  CHECK(called->peers == 2);
  CHECK(called->bytes_in == 3 * 500);
  REQUIRE(use_of(result, "10.0.0.9", "hl7", Role::kClient) != nullptr);
  CHECK(use_of(result, "10.0.0.9", "hl7", Role::kClient)->shared == 1);
  CHECK(use_of(result, "10.0.0.1", "unknown-tcp", Role::kClient) != nullptr);
  CHECK(use_of(result, "10.0.0.1", "hl7", Role::kServer) == nullptr);
}

TEST_CASE("uses: who only knocks uses nothing; who is not answered has no peer") {
  const auto result = inventory_of({talk(1, {.client = "10.0.0.1",
                                             .server = "10.0.0.9",
                                             .protocol = "dicom",
                                             .state = ConnectionSeen::State::kAttempted,
                                             .to_client = 0}),
                                    talk(2, {.client = "10.0.0.1",
                                             .server = "239.1.1.1",
                                             .protocol = "",
                                             .transport = Transport::kUdp,
                                             .state = ConnectionSeen::State::kUnknown,
                                             .to_client = 0})});
  CHECK(use_of(result, "10.0.0.1", "dicom", Role::kClient) == nullptr);
  const UseRecord* stream = use_of(result, "10.0.0.1", "unknown-udp", Role::kClient);
  REQUIRE(stream != nullptr);
  CHECK(stream->peers == 0);
}

TEST_CASE("uses: how regularly it calls, and its messages come") {
  std::vector<Observation> all;
  for (std::uint64_t i = 0; i < 10; ++i) all.push_back(hl7(100 + 60 * i, "10.0.0.1", "10.0.0.9"));
  for (std::uint64_t i = 0; i < 10; ++i) {
    Observation told = observed(800 + 30 * i, at_ip("10.0.0.1"), MessageSeen{"hl7", "ORU^R01", ""}, "hl7");
    told.peer = at_ip("10.0.0.9");
    all.push_back(told);
  }
  const auto result = inventory_of(all);
  const UseRecord* calls = use_of(result, "10.0.0.1", "hl7", Role::kClient);
  REQUIRE(calls != nullptr);
  CHECK(calls->rhythm.steady());
  CHECK(calls->rhythm.mean == doctest::Approx(60));
  REQUIRE(the(result, "10.0.0.1").messages.size() == 1);
  const MessageRecord& sent = the(result, "10.0.0.1").messages.front();
  CHECK(sent.rhythm.steady());
  CHECK(sent.rhythm.mean == doctest::Approx(30));
}

}  // namespace bedrail
