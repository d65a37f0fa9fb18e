#include "inventory/inventory.h"

#include <doctest/doctest.h>

#include "inventories.h"
#include "inventory/ledger.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

TEST_CASE("inventory: a device exists once something came from it; who is only called stays an address") {
  const auto result = inventory_of({talk(1, {.client = "10.0.0.5",
                                             .server = "10.0.0.9",
                                             .client_mac = 5,
                                             .state = ConnectionSeen::State::kAttempted,
                                             .to_client = 0}),
                                    clue(2, "10.0.0.9", "k.hearsay", "said of it")});
  REQUIRE(result.devices.size() == 1);
  CHECK(owner_of(result, "10.0.0.9") == nullptr);
  REQUIRE(result.connections.size() == 1);
  CHECK(result.connections[0].client == result.devices[0].id);
  CHECK(result.connections[0].server == "10.0.0.9");
  CHECK(result.connections[0].failed == 1);
}

TEST_CASE("inventory: groups, broadcasts and addresses of nobody become no devices") {
  const auto result =
      inventory_of({talk(1, {.client = "10.0.0.5", .server = "224.0.0.251", .to_client = 0}),
                    talk(2, {.client = "0.0.0.0", .server = "255.255.255.255", .to_client = 0}),
                    observed(3, at_mac(mac("ff:ff:ff:ff:ff:ff")), LinkTraffic{0x0806, 1, 60, ref(3).time}),
                    observed(4, at_mac(mac("00:00:00:00:00:00")), LinkTraffic{0x0806, 1, 60, ref(3).time}),
                    bound(5, "224.0.0.1", 1), bound(6, "0.0.0.0", 1)});
  REQUIRE(result.devices.size() == 1);
  CHECK(the(result, "10.0.0.5").addresses.size() == 1);
}

TEST_CASE("inventory: ids come from what stays, the maker's MAC before a local one before the address") {
  const auto id = [](const std::vector<Observation>& all, std::string_view of) {
    return the(inventory_of(all), of).id;
  };
  const std::string by_mac = id({bound(1, "10.0.0.5", 1)}, "10.0.0.5");
  CHECK(by_mac.size() == 20);
  CHECK(by_mac.starts_with("dev-"));
  // Another address, another time, other traffic: the same device.
  CHECK(id({bound(77, "10.0.9.5", 1), clue(80, "10.0.9.5", "a.b", "c")}, "10.0.9.5") == by_mac);
  CHECK(id({bound(1, "10.0.0.5", 2)}, "10.0.0.5") != by_mac);
  // A local MAC sorts before, but is not taken.
  Observation local = bound(2, "10.0.1.5", 1);
  std::get<AddressBound>(local.body).mac = mac("00:00:5e:00:53:00");
  std::get<AddressBound>(local.body).mac.octets[0] = 0x02;
  const std::string guid = "0123456789abcdef";
  CHECK(id({local, bound(1, "10.0.0.5", 1), clue(3, "10.0.0.5", "snmp.engine-id", guid),
            clue(4, "10.0.1.5", "snmp.engine-id", guid)},
           "10.0.0.5") == by_mac);
  const std::string by_ip = id({talk(1, {.client = "10.0.0.5", .server = "10.0.0.6"})}, "10.0.0.5");
  CHECK(by_ip == id({talk(9, {.client = "10.0.0.7", .server = "10.0.0.5", .port = 22})}, "10.0.0.5"));
  CHECK(by_ip != by_mac);
}

TEST_CASE("inventory: devices by id, each id once, also for two owners of one address") {
  std::vector<Observation> all;
  for (unsigned i = 0; i < 50; ++i)
    all.push_back(talk(i + 1, {.client = fmt::format("10.0.0.{}", i), .server = "10.0.1.1"}));
  const auto result = inventory_of(all);
  REQUIRE(result.devices.size() == 51);
  for (std::size_t i = 1; i < result.devices.size(); ++i)
    CHECK(result.devices[i - 1].id < result.devices[i].id);
}

TEST_CASE("inventory: facts are kept once, with the first packet, the last time and a count") {
  const auto result = inventory_of({bound(1, "10.0.0.5", 1), clue(2, "10.0.0.5", "http.server", "x"),
                                    clue(3, "10.0.0.5", "http.server", "x"),
                                    clue(4, "10.0.0.5", "http.server", "x", Role::kServer),
                                    clue(5, "10.0.0.5", "http.server", "y")});
  const DeviceFacts& device = the(result, "10.0.0.5");
  REQUIRE(device.clues.size() == 3);
  CHECK(device.clues[0].count == 2);
  CHECK(device.clues[0].first.frame == 2);
  CHECK(device.clues[0].last == ref(3).time);
  CHECK(device.clues[1].role == Role::kServer);
}

TEST_CASE("inventory: a device's facts from all its addresses add up, in the order of the input") {
  const auto result =
      inventory_of({bound(1, "10.0.0.5", 1), bound(2, "fe80::1", 1, "nd"), clue(3, "fe80::1", "a.b", "same"),
                    clue(4, "10.0.0.5", "a.b", "same"), clue(5, "10.0.0.5", "a.b", "other"),
                    observed(6, at_mac(mac(1)), NameHeard{"dhcp", "WS-7"}),
                    observed(7, at_ip("10.0.0.5"), NameHeard{"dhcp", "WS-7"})});
  REQUIRE(result.devices.size() == 1);
  const DeviceFacts& device = result.devices[0];
  REQUIRE(device.clues.size() == 2);
  CHECK(device.clues[0].count == 2);
  CHECK(device.clues[0].first.frame == 3);
  REQUIRE(device.names.size() == 1);
  CHECK(device.names[0].count == 2);
}

TEST_CASE("inventory: messages and patients' data count for both ends") {
  Observation sent = observed(2, at_ip("10.0.0.5"), PatientDataSeen{"hl7", "ORU^R01", "name,id"}, "hl7");
  sent.peer = at_ip("10.0.0.6");
  const auto result = inventory_of({talk(1, {.client = "10.0.0.5", .server = "10.0.0.6"}), sent});
  const DeviceFacts &from = the(result, "10.0.0.5"), &to = the(result, "10.0.0.6");
  REQUIRE(from.patient_data.size() == 1);
  REQUIRE(to.patient_data.size() == 1);
  CHECK(from.patient_data[0].sent);
  CHECK(from.patient_data[0].peer == ip("10.0.0.6"));
  CHECK(!to.patient_data[0].sent);
  CHECK(to.patient_data[0].peer == ip("10.0.0.5"));
}

TEST_CASE("inventory: logins that differ in what can be said of their secret are told apart") {
  LoginSeen plain;
  plain.protocol = "ftp", plain.mechanism = "plain";
  LoginSeen empty = plain;
  empty.secret_empty = true;
  const auto result = inventory_of(
      {talk(1, {.client = "10.0.0.5", .server = "10.0.0.6"}), observed(2, at_ip("10.0.0.6"), plain),
       observed(3, at_ip("10.0.0.6"), empty), observed(4, at_ip("10.0.0.6"), plain)});
  const auto& logins = the(result, "10.0.0.6").logins;
  REQUIRE(logins.size() == 2);
  CHECK(logins[0].count == 2);
  CHECK(logins[1].login.secret_empty);
}

TEST_CASE("inventory: peers are whom data was exchanged with, inside and outside") {
  const auto result =
      inventory_of({talk(1, {.client = "10.0.0.5", .server = "10.0.0.6"}),
                    talk(2, {.client = "10.0.0.5", .server = "10.0.0.6"}),
                    talk(3, {.client = "10.0.0.7", .server = "10.0.0.6"}),
                    talk(4, {.client = "10.0.0.5", .server = "198.51.100.1", .server_ttl = 50}),
                    talk(5, {.client = "10.0.0.5",
                             .server = "10.0.0.8",
                             .state = ConnectionSeen::State::kRefused,
                             .to_client = 1}),
                    talk(6, {.client = "10.0.0.5", .server = "10.0.0.9", .to_client = 0})});
  const DeviceFacts& client = the(result, "10.0.0.5");
  CHECK(client.peers == 2);
  CHECK(client.internal_peers == 1);
  CHECK(client.external_peers == 1);
  CHECK(client.peer_ids.size() == 2);
  CHECK(std::is_sorted(client.peer_ids.begin(), client.peer_ids.end()));
  CHECK(the(result, "10.0.0.6").peers == 2);
  CHECK(the(result, "10.0.0.8").peers == 0);  // a refusal exchanges nothing
  CHECK(client.bytes_out == 500 * 5);
  CHECK(client.bytes_in == 4000 * 3 + 1000);
}

TEST_CASE("inventory: a service's clients are devices") {
  const auto result = inventory_of(
      {talk(1, {.client = "10.0.0.5", .server = "10.0.0.6"}),
       talk(2, {.client = "10.0.0.5", .server = "10.0.0.6"}),
       talk(3, {.client = "10.0.0.7", .server = "10.0.0.6"}),
       observed(4, at_ip("10.0.0.6"), ServiceOffered{Transport::kTcp, 80, "http", "", "", false}),
       observed(5, at_ip("10.0.0.6"), ServiceOffered{Transport::kTcp, 81, "http", "", "", false})});
  const auto& services = the(result, "10.0.0.6").services;
  REQUIRE(services.size() == 2);
  CHECK(services[0].clients == 2);
  CHECK(services[1].clients == 0);
}

TEST_CASE("inventory: start values of TTLs") {
  const auto result = inventory_of(
      {talk(1, {.client = "10.0.0.5", .server = "10.0.0.6", .client_ttl = 128, .server_ttl = 250}),
       talk(2, {.client = "10.0.0.5", .server = "10.0.0.6", .client_ttl = 63, .server_ttl = 30}),
       talk(3, {.client = "10.0.0.7", .server = "10.0.0.6", .client_ttl = 1, .transport = Transport::kUdp})});
  CHECK(the(result, "10.0.0.5").initial_ttls == (2 | 4));
  CHECK(the(result, "10.0.0.6").initial_ttls == (1 | 8));
  CHECK(the(result, "10.0.0.7").initial_ttls == 0);
}

TEST_CASE("inventory: how a device begins TCP connections is a clue, by its role, the first few ways") {
  std::vector<Observation> all;
  for (std::uint64_t n = 1; n <= 9; ++n) {
    Observation seen = talk(n, {.client = "10.0.0.5", .server = "10.0.0.6"});
    auto& connection = std::get<ConnectionSeen>(seen.body);
    connection.client_start = {0x42, static_cast<std::uint16_t>(n < 3 ? 100 : 100 + n), 1460, 0, 63, true};
    if (n == 9) connection.server_start = {0x2, 7, 536, 0, 255, true};
    all.push_back(seen);
  }
  const auto result = inventory_of(all);
  const auto& clues = the(result, "10.0.0.5").clues;
  REQUIRE(clues.size() == 4);
  CHECK(clues[0].key == "tcp.stack");
  CHECK(clues[0].value == "ttl=64 win=100 mss=1460 ws=0 opt=mss,sok");
  CHECK(clues[0].role == Role::kClient);
  CHECK(clues[0].count == 2);
  CHECK(clues[0].first.sequence == 1);
  REQUIRE(the(result, "10.0.0.6").clues.size() == 1);
  CHECK(the(result, "10.0.0.6").clues[0].role == Role::kServer);
}

TEST_CASE("inventory: a mirror that shows both sides of a router shows each end in its own VLAN, all once") {
  const auto in_vlan = [](Observation one, std::uint16_t vlan) {
    one.who.vlan = vlan;
    if (auto* seen = std::get_if<ConnectionSeen>(&one.body)) seen->key.vlan = vlan;
    return one;
  };
  LoginSeen login;
  login.protocol = "ftp";
  login.mechanism = "plain";
  const Talk before{.client = "10.1.10.5", .server = "10.1.20.9", .client_mac = 5, .server_mac = 1};
  Talk far = before, behind = before;
  far.server_ttl = 63;
  behind.client_ttl = 63, behind.client_mac = 2, behind.server_mac = 9;
  std::vector<Observation> all = {in_vlan(observed(10, at_ip("10.1.20.9"), login), 10),
                                  in_vlan(observed(10, at_ip("10.1.20.9"), login), 20),
                                  in_vlan(talk(7, far), 10), in_vlan(talk(7, behind), 20)};
  auto result = inventory_of(all);
  CHECK(the(result, "10.1.10.5").vlans == std::vector<std::uint16_t>{10});
  CHECK(the(result, "10.1.20.9").vlans == std::vector<std::uint16_t>{20});
  REQUIRE(result.connections.size() == 1);
  CHECK(result.connections[0].count == 1);
  REQUIRE(the(result, "10.1.20.9").logins.size() == 1);
  CHECK(the(result, "10.1.20.9").logins[0].count == 1);
  // The same again later is another one.
  all.push_back(in_vlan(observed(20, at_ip("10.1.20.9"), login), 10));
  all.push_back(in_vlan(talk(20, far), 10));
  result = inventory_of(all);
  CHECK(result.connections[0].count == 2);
  CHECK(the(result, "10.1.20.9").logins[0].count == 2);
}

TEST_CASE("inventory: where times go back, a connection still begins before it ends") {
  Observation back = talk(9, {.client = "10.0.0.5", .server = "10.0.0.6"});
  std::get<ConnectionSeen>(back.body).last = ref(4).time;
  const auto result = inventory_of({back});
  REQUIRE(result.connections.size() == 1);
  CHECK(result.connections[0].first == ref(4).time);
  CHECK(result.connections[0].last == ref(9).time);
}

TEST_CASE("inventory: frames without IP make a device of their MAC") {
  const auto result = inventory_of({observed(3, at_mac(mac(1)), LinkTraffic{0x88cc, 10, 900, ref(40).time})});
  REQUIRE(result.devices.size() == 1);
  CHECK(result.devices[0].is_internal);
  CHECK(result.devices[0].packets_out == 10);
  CHECK(result.devices[0].bytes_out == 900);
  CHECK(result.devices[0].last->time == ref(40).time);
}

TEST_CASE("inventory: anomalies are counted by protocol and name") {
  const auto result = inventory_of({observed(1, {}, AnomalySeen{"smb", "truncated"}),
                                    observed(2, {}, AnomalySeen{"smb", "truncated"}),
                                    observed(3, {}, AnomalySeen{"dns", "loop"})});
  CHECK(result.anomalies == std::map<std::string, std::uint64_t>{{"smb/truncated", 2}, {"dns/loop", 1}});
}

TEST_CASE("ledger: conversations add up by client, server, transport, port and protocol") {
  Ledger ledger(10);
  const auto add = [&](std::uint64_t n, const Talk& t, std::uint32_t client = 1, std::uint32_t server = 2) {
    ledger.add(client, server, std::get<ConnectionSeen>(talk(n, t).body));
  };
  const Talk base{.client = "10.0.0.1", .server = "10.0.0.2"};
  add(5, base);
  add(3, base);
  Talk failed = base;
  failed.state = ConnectionSeen::State::kRefused, failed.to_client = 1;
  add(9, failed);
  REQUIRE(ledger.rows().size() == 1);
  const Ledger::Row& row = ledger.rows()[0];
  CHECK(row.count == 3);
  CHECK(row.failed == 1);
  CHECK(row.packets == 9 + 9 + 6);
  CHECK(row.bytes_to_server == 1500);
  CHECK(row.bytes_to_client == 9000);
  CHECK(row.first.sequence == 3);
  CHECK(row.last == ref(10).time);
  Talk other = base;
  other.port = 81;
  add(10, other);
  other = base, other.protocol = "dicom";
  add(11, other);
  other = base, other.transport = Transport::kUdp;
  add(12, other);
  add(13, base, 2, 1);
  CHECK(ledger.rows().size() == 5);
  CHECK(ledger.overflow() == 0);
}

TEST_CASE("ledger: what does not fit is counted, what is known still adds up") {
  Ledger ledger(1);
  const auto seen = [](std::uint16_t port) {
    return std::get<ConnectionSeen>(talk(1, {.client = "10.0.0.1", .server = "10.0.0.2", .port = port}).body);
  };
  ledger.add(1, 2, seen(80));
  ledger.add(1, 2, seen(81));
  ledger.add(1, 2, seen(81));
  ledger.add(1, 2, seen(80));
  REQUIRE(ledger.rows().size() == 1);
  CHECK(ledger.rows()[0].count == 2);
  CHECK(ledger.overflow() == 2);
}

TEST_CASE("inventory: rows of one device's addresses become one, with the first packet as evidence") {
  const auto result = inventory_of({bound(1, "10.0.0.5", 1), bound(2, "fe80::1", 1, "nd"),
                                    talk(30, {.client = "10.0.0.5", .server = "10.0.0.9"}),
                                    talk(20, {.client = "fe80::1", .server = "10.0.0.9"})});
  REQUIRE(result.connections.size() == 1);
  CHECK(result.connections[0].count == 2);
  CHECK(result.connections[0].first == ref(20).time);
  CHECK(result.connections[0].evidence.frame == 20);
}

TEST_CASE("inventory: what was over a limit is told, with the number") {
  std::vector<Observation> all;
  for (unsigned i = 0; i < 20; ++i) {
    all.push_back(talk(i + 1, {.client = fmt::format("10.0.0.{}", i), .server = "10.0.1.1"}));
    all.push_back(clue(100 + i, "10.0.1.1", "a.b", std::to_string(i)));
  }
  CHECK(inventory_of(all).notices.empty());
  InventoryLimits limits;
  const auto text = [&] {
    const auto result = inventory_of(all, limits);
    REQUIRE(result.notices.size() == 1);
    CHECK(result.notices[0].kind == "table-full");
    return std::to_string(result.notices[0].count) + " " + result.notices[0].text;
  };
  SUBCASE("addresses") {
    limits.subjects = 6;  // five clients and the server
    CHECK(text().starts_with("15 The table of addresses was full (6): 15 statements"));
  }
  SUBCASE("facts") {
    limits.facts = 8;
    CHECK(text().starts_with("12 12 facts about devices"));
  }
  SUBCASE("connections") {
    limits.connections = 3;
    CHECK(text().starts_with("17 The ledger of connections was full (3 rows): 17 further"));
  }
}

TEST_CASE("inventory: the limit of facts holds for the whole device") {
  std::vector<Observation> all;
  for (unsigned i = 0; i < 8; ++i) {
    all.push_back(bound(i + 1, fmt::format("2001:db8::{}", i + 1), 1, "nd"));
    for (unsigned k = 0; k < 10; ++k)
      all.push_back(
          clue(100 * i + k + 100, fmt::format("2001:db8::{}", i + 1), "a.b", fmt::format("{} {}", i, k)));
  }
  InventoryLimits limits;
  limits.facts = 16;
  const auto result = inventory_of(all, limits);
  REQUIRE(result.devices.size() == 1);
  CHECK(result.devices[0].clues.size() == 16);
  REQUIRE(result.notices.size() == 1);
  CHECK(result.notices[0].count == 80 - 16);
}

TEST_CASE("inventory: the same input gives the same result, letter by letter") {
  std::vector<Observation> all;
  for (unsigned i = 1; i < 60; ++i) {
    all.push_back(bound(4 * i, fmt::format("10.0.0.{}", i), 1 + i % 40));
    all.push_back(talk(4 * i + 1, {.client = fmt::format("10.0.0.{}", i),
                                   .server = fmt::format("10.0.1.{}", i % 7),
                                   .client_mac = 1 + i % 40,
                                   .server_mac = 99,
                                   .server_ttl = 62}));
    all.push_back(
        clue(4 * i + 2, fmt::format("10.0.0.{}", i), "smb.server-guid", fmt::format("g-{:04x}", i % 20)));
  }
  const std::string first = dump(inventory_of(all));
  for (int run = 0; run < 3; ++run) CHECK(dump(inventory_of(all)) == first);
  // Each alone, with no look ahead; and with more threads at the end.
  for (const unsigned threads : {1U, 2U, 3U}) {
    Inventory inventory;
    for (const Observation& one : all) inventory.add(one);
    CHECK(dump(inventory.finish(threads)) == first);
  }
}

}  // namespace bedrail
