// Which addresses and MACs are one device.
#include <doctest/doctest.h>

#include "inventories.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

std::size_t notices(const InventoryResult& result, std::string_view kind) {
  return static_cast<std::size_t>(std::count_if(result.notices.begin(), result.notices.end(),
                                                [&](const Notice& n) { return n.kind == kind; }));
}

constexpr const char* kGuid = "01234567-89ab-cdef-0123-456789abcdef";

}  // namespace

TEST_CASE("grouping: an address belongs to the MAC that declares it, with the reason in words") {
  const char* how = nullptr;
  const char* words = nullptr;
  const char* address = "10.0.0.5";
  SUBCASE("ARP") { how = "arp", words = "its own ARP says so"; }
  SUBCASE("neighbour discovery") {
    how = "nd", words = "its own neighbour discovery says so", address = "2001:db8::5";
  }
  SUBCASE("DHCP") { how = "dhcp", words = "it was leased to it"; }
  SUBCASE("DHCPv6") { how = "dhcpv6", words = "it was leased to it", address = "2001:db8::5"; }
  SUBCASE("LLDP") { how = "lldp", words = "it announced it itself"; }
  const auto result = inventory_of({bound(7, address, 1, how)});
  REQUIRE(result.devices.size() == 1);
  CHECK(joined(result, address, mac_text(1)));
  const DeviceFacts& device = result.devices[0];
  CHECK(device.addresses[0].how == how);
  REQUIRE(device.joins.size() == 1);
  CHECK(device.joins[0] == fmt::format("{} belongs to {}: {} (frame 7)", address, mac_text(1), words));
}

TEST_CASE("grouping: a lease to another MAC ends the former ownership") {
  const auto result =
      inventory_of({bound(1, "10.0.0.5", 1, "dhcp"), clue(2, "10.0.0.5", "k.old", "of the first"),
                    bound(3, "10.0.0.5", 2, "dhcp"), clue(4, "10.0.0.5", "k.new", "of the second")});
  REQUIRE(result.devices.size() == 2);
  const DeviceFacts& first = the(result, mac_text(1));
  const DeviceFacts& second = the(result, mac_text(2));
  REQUIRE(&first != &second);
  REQUIRE(first.clues.size() == 1);
  CHECK(first.clues[0].value == "of the first");
  REQUIRE(second.clues.size() == 1);
  CHECK(second.clues[0].value == "of the second");
  CHECK(first.addresses[0].ip == second.addresses[0].ip);
  CHECK(notices(result, "address-conflict") == 0);
}

TEST_CASE("grouping: a lease that is renewed changes nothing") {
  const auto result = inventory_of({bound(1, "10.0.0.5", 1, "dhcp"), bound(2, "10.0.0.5", 1, "dhcp")});
  REQUIRE(result.devices.size() == 1);
  CHECK(result.devices[0].addresses.size() == 1);
}

TEST_CASE("grouping: an address that two MACs claim counts for the first, and is told") {
  const auto result =
      inventory_of({bound(1, "10.0.0.5", 1), bound(2, "10.0.0.5", 2), bound(3, "10.0.0.5", 2)});
  CHECK(joined(result, "10.0.0.5", mac_text(1)));
  CHECK(!joined(result, "10.0.0.5", mac_text(2)));
  REQUIRE(notices(result, "address-conflict") == 1);
  const Notice& notice = result.notices.front();
  CHECK(notice.count == 2);
  for (const std::string& part :
       {std::string("10.0.0.5"), mac_text(1) + " (frame 1)", mac_text(2) + " (frame 2)"})
    CHECK(notice.text.find(part) != std::string::npos);
}

TEST_CASE("grouping: a lease outweighs a claim, whichever came first") {
  auto result = inventory_of({bound(1, "10.0.0.5", 1, "dhcp"), bound(2, "10.0.0.5", 2)});
  CHECK(joined(result, "10.0.0.5", mac_text(1)));
  CHECK(notices(result, "address-conflict") == 1);
  result = inventory_of({bound(1, "10.0.0.5", 1), bound(2, "10.0.0.5", 2), bound(3, "10.0.0.5", 2, "dhcp")});
  CHECK(joined(result, "10.0.0.5", mac_text(2)));
  CHECK(notices(result, "address-conflict") == 1);
}

TEST_CASE("grouping: many conflicts are told in one sentence") {
  std::vector<Observation> all;
  for (unsigned i = 0; i < 100; ++i) {
    all.push_back(bound(1 + 2 * i, fmt::format("10.0.1.{}", i), 1));
    all.push_back(bound(2 + 2 * i, fmt::format("10.0.1.{}", i), 2));
  }
  const auto result = inventory_of(all);
  CHECK(notices(result, "address-conflict") == 33);
  CHECK(result.notices[32].count == 68);
}

TEST_CASE("grouping: without a declaration an untouched TTL tells that the frame's MAC is the sender's") {
  const auto result = inventory_of({talk(1, {.client = "10.0.0.5",
                                             .server = "10.0.0.6",
                                             .client_mac = 5,
                                             .server_mac = 6,
                                             .client_ttl = 128,
                                             .server_ttl = 64})});
  REQUIRE(result.devices.size() == 2);
  CHECK(joined(result, "10.0.0.5", mac_text(5)));
  CHECK(joined(result, "10.0.0.6", mac_text(6)));
  CHECK(the(result, "10.0.0.5").joins[0].find("untouched TTL (frame 1)") != std::string::npos);
  CHECK(the(result, "10.0.0.5").addresses[0].how == "traffic");
}

TEST_CASE("grouping: a TTL that was counted down stands behind the MAC, which is a router's") {
  const auto result = inventory_of(
      {talk(1,
            {.client = "10.0.0.5", .server = "10.9.0.1", .client_mac = 5, .server_mac = 9, .server_ttl = 62}),
       talk(2, {.client = "10.0.0.5",
                .server = "10.9.0.2",
                .client_mac = 5,
                .server_mac = 9,
                .server_ttl = 126})});
  CHECK(!joined(result, "10.9.0.1", mac_text(9)));
  CHECK(!joined(result, "10.9.0.1", "10.9.0.2"));
  CHECK(the(result, mac_text(9)).is_router);
  CHECK(!the(result, "10.9.0.1").is_router);
  CHECK(!the(result, "10.0.0.5").is_router);
}

TEST_CASE("grouping: one public address behind a MAC makes it a router's") {
  const auto result = inventory_of({talk(
      1,
      {.client = "10.0.0.5", .server = "198.51.100.7", .client_mac = 5, .server_mac = 9, .server_ttl = 50})});
  CHECK(the(result, mac_text(9)).is_router);
  const DeviceFacts& far = the(result, "198.51.100.7");
  CHECK(far.macs.empty());
  CHECK(!far.is_internal);
}

TEST_CASE("grouping: a public address is near only with a usual start value") {
  const auto with = [](std::uint8_t ttl) {
    return joined(inventory_of({talk(1, {.client = "10.0.0.5",
                                         .server = "198.51.100.7",
                                         .client_mac = 5,
                                         .server_mac = 9,
                                         .server_ttl = ttl})}),
                  "198.51.100.7", mac_text(9));
  };
  CHECK(with(64));
  CHECK(!with(60));  // 64 less four hops
  CHECK(!with(100));
  const auto result = inventory_of({talk(
      1, {.client = "10.0.0.5", .server = "10.0.0.6", .client_mac = 5, .server_mac = 6, .server_ttl = 60})});
  CHECK(joined(result, "10.0.0.6", mac_text(6)));
}

TEST_CASE("grouping: TTLs at random, as scanners send, do not tell of a router") {
  std::vector<Observation> all;
  unsigned n = 1;
  for (const int ttl : {57, 46, 41, 52})
    all.push_back(talk(n++, {.client = "10.0.0.5",
                             .server = "10.0.0.6",
                             .client_mac = 5,
                             .server_mac = 6,
                             .client_ttl = static_cast<std::uint8_t>(ttl)}));
  CHECK(joined(inventory_of(all), "10.0.0.5", mac_text(5)));
}

TEST_CASE("grouping: the frame that a reason names is one that the MAC sent") {
  const auto result = inventory_of(
      {talk(1,
            {.client = "10.0.0.5", .server = "10.0.0.6", .client_mac = 5, .server_mac = 6, .server_ttl = 63}),
       talk(5, {.client = "10.0.0.5", .server = "10.0.0.6", .client_mac = 5, .server_mac = 6})});
  const DeviceFacts& server = the(result, "10.0.0.6");
  // The client began; the answer to the second call is the first with an untouched TTL.
  CHECK(server.joins[0].find("(frame 6)") != std::string::npos);
  CHECK(server.addresses[0].first_seen.frame == 2);
  REQUIRE(server.macs_seen.size() == 1);
  CHECK(server.macs_seen[0].frame == 2);
  CHECK(the(result, "10.0.0.5").addresses[0].first_seen.frame == 1);
}

TEST_CASE("grouping: who carries others' addresses is told by the first of them") {
  const auto result = inventory_of({talk(
      1,
      {.client = "10.0.0.5", .server = "198.51.100.7", .client_mac = 5, .server_mac = 9, .server_ttl = 50})});
  const DeviceFacts& router = the(result, mac_text(9));
  REQUIRE(router.carried);
  CHECK(to_string(router.carried->ip) == "198.51.100.7");
  CHECK(router.carried->first.frame == 2);
}

TEST_CASE("grouping: the only private address of a MAC is its own whatever its TTL") {
  auto all = std::vector{talk(
      1, {.client = "10.0.0.5", .server = "10.0.0.6", .client_mac = 5, .server_mac = 6, .server_ttl = 47})};
  auto result = inventory_of(all);
  CHECK(joined(result, "10.0.0.6", mac_text(6)));
  CHECK(the(result, "10.0.0.6").joins[0].find("the only address") != std::string::npos);
  // A router counts down by a few: this one stands behind it.
  const auto with = [](std::uint8_t ttl) {
    return joined(inventory_of({talk(1, {.client = "10.0.0.5",
                                         .server = "10.0.0.6",
                                         .client_mac = 5,
                                         .server_mac = 6,
                                         .server_ttl = ttl})}),
                  "10.0.0.6", mac_text(6));
  };
  for (const int ttl : {31, 56, 62, 63, 120, 127, 254}) CHECK(!with(static_cast<std::uint8_t>(ttl)));
  for (const int ttl : {16, 50, 110, 240}) CHECK(with(static_cast<std::uint8_t>(ttl)));
  // A second one behind the same MAC: nobody knows.
  all.push_back(talk(
      2, {.client = "10.0.0.5", .server = "10.0.0.7", .client_mac = 5, .server_mac = 6, .server_ttl = 47}));
  result = inventory_of(all);
  CHECK(!joined(result, "10.0.0.6", mac_text(6)));
  CHECK(the(result, mac_text(6)).is_router);
}

TEST_CASE("grouping: of several IPv4 addresses that only TTLs tell of, none is the MAC's") {
  const auto result = inventory_of({talk(1, {.client = "10.0.0.5", .server = "10.0.1.1", .client_mac = 9}),
                                    talk(2, {.client = "10.0.0.6", .server = "10.0.1.1", .client_mac = 9})});
  CHECK(!joined(result, "10.0.0.5", "10.0.0.6"));
  CHECK(!joined(result, "10.0.0.5", mac_text(9)));
}

TEST_CASE("grouping: a MAC that declared an address does not own another that it merely sends") {
  const auto result = inventory_of(
      {bound(1, "10.0.0.1", 9), talk(2, {.client = "10.0.0.6", .server = "10.0.1.1", .client_mac = 9})});
  CHECK(joined(result, "10.0.0.1", mac_text(9)));
  CHECK(!joined(result, "10.0.0.6", mac_text(9)));
}

TEST_CASE("grouping: one interface has IPv4, IPv6 and link-local addresses") {
  const auto result =
      inventory_of({bound(1, "10.0.0.1", 9), bound(2, "fe80::9", 9, "nd"),
                    talk(3, {.client = "2001:db8::9", .server = "2001:db8::1", .client_mac = 9}),
                    talk(4, {.client = "169.254.3.4", .server = "169.254.9.9", .client_mac = 9})});
  for (const char* address : {"fe80::9", "2001:db8::9", "169.254.3.4"}) {
    CAPTURE(address);
    CHECK(joined(result, "10.0.0.1", address));
  }
}

TEST_CASE("grouping: who declares up to eight IPv4 addresses owns them; with more it answers for others") {
  std::vector<Observation> all;
  for (unsigned i = 0; i < 8; ++i) all.push_back(bound(i + 1, fmt::format("10.0.0.{}", i + 1), 9));
  auto result = inventory_of(all);
  CHECK(result.devices.size() == 1);
  CHECK(!result.devices[0].is_router);
  all.push_back(bound(9, "10.0.0.9", 9));
  result = inventory_of(all);
  CHECK(result.devices.size() == 10);
  CHECK(the(result, mac_text(9)).is_router);
  CHECK(!joined(result, "10.0.0.1", "10.0.0.2"));
}

TEST_CASE("grouping: a lease that goes to and fro is one address, no proxy's") {
  std::vector<Observation> all;
  for (unsigned i = 0; i < 24; ++i) all.push_back(bound(i + 1, "10.0.0.5", 1 + i % 2, "dhcp"));
  const auto result = inventory_of(all);
  REQUIRE(result.devices.size() == 2);
  for (const DeviceFacts& device : result.devices) CHECK(!device.is_router);
}

TEST_CASE("grouping: a frame that was sent back tells nothing of its sender") {
  const auto result =
      inventory_of({talk(1, {.client = "10.0.0.5", .server = "10.0.0.6", .client_mac = 9, .server_mac = 9})});
  CHECK(!joined(result, "10.0.0.5", mac_text(9)));
  CHECK(!joined(result, "10.0.0.6", mac_text(9)));
}

TEST_CASE("grouping: a strong identifier makes two interfaces one device") {
  const auto result = inventory_of({bound(1, "10.0.0.5", 1), bound(2, "10.0.1.5", 2),
                                    clue(3, "10.0.0.5", "smb.server-guid", kGuid, Role::kServer),
                                    clue(4, "10.0.1.5", "smb.server-guid", kGuid, Role::kServer)});
  REQUIRE(result.devices.size() == 1);
  CHECK(result.devices[0].macs.size() == 2);
  const auto& reasons = result.devices[0].joins;
  CHECK(std::count(reasons.begin(), reasons.end(),
                   "10.0.0.5 and 10.0.1.5 give the same smb.server-guid (frame 3 and frame 4)") == 1);
}

TEST_CASE("grouping: other clues join nothing, nor does a blank identifier") {
  const auto apart = [](const char* key, const char* value) {
    const auto result = inventory_of({bound(1, "10.0.0.5", 1), bound(2, "10.0.1.5", 2),
                                      clue(3, "10.0.0.5", key, value), clue(4, "10.0.1.5", key, value)});
    return result.devices.size() == 2;
  };
  CHECK(apart("http.server", kGuid));
  CHECK(apart("smb.server-guid", "00000000-0000-0000-0000-000000000000"));
  CHECK(apart("hl7.equipment-eui64", "ff:ff:ff:ff:ff:ff:ff:ff"));
  CHECK(apart("snmp.engine-id", ""));
  CHECK(!apart("snmp.engine-id", "80001f8804"));
  // Samba's: "diskstation" and zeros, "nas" and zeros; not what only begins or ends so.
  CHECK(apart("smb.server-guid", "6b736964-7473-7461-696f-6e0000000000"));
  CHECK(apart("smb.server-guid", "0073616e-0000-0000-0000-000000000000"));
  CHECK(!apart("smb.server-guid", "6b736964-7473-7461-696f-6e0000000001"));
  CHECK(!apart("smb.server-guid", "6b736964-7473-7461-696f-6e6f6e6f6e6f"));
  CHECK(!apart("smb.server-guid", "6b73ff64-7473-7461-696f-6e0000000000"));
}

TEST_CASE("grouping: an identifier that more than three share was cloned") {
  std::vector<Observation> all;
  for (unsigned i = 1; i <= 4; ++i) {
    all.push_back(bound(2 * i, fmt::format("10.0.{}.5", i), i));
    all.push_back(clue(2 * i + 1, fmt::format("10.0.{}.5", i), "smb.server-guid", kGuid));
    const std::size_t devices = inventory_of(all).devices.size();
    CHECK(devices == (i <= 3 ? 1 : 4));
  }
}

TEST_CASE("grouping: sharers of an identifier are devices, not addresses or roles") {
  // One device with five addresses that all show it, and a second interface.
  std::vector<Observation> all;
  for (unsigned i = 1; i <= 5; ++i) {
    const std::string address = i == 1 ? "10.0.0.5" : fmt::format("2001:db8::{}", i);
    all.push_back(bound(3 * i, address, 1, i == 1 ? "arp" : "nd"));
    all.push_back(clue(3 * i + 1, address, "smb.server-guid", kGuid, Role::kServer));
    all.push_back(clue(3 * i + 2, address, "smb.server-guid", kGuid, Role::kSelf));
  }
  all.push_back(bound(30, "10.0.9.9", 2));
  all.push_back(clue(31, "10.0.9.9", "smb.server-guid", kGuid));
  const auto result = inventory_of(all);
  CHECK(result.devices.size() == 1);
  for (const std::string& reason : result.devices[0].joins)
    CHECK(reason.find("10.0.0.5 and 10.0.0.5") == std::string::npos);
}

TEST_CASE("grouping: a chain of forged identifiers does not swallow the network") {
  std::vector<Observation> all;
  std::uint64_t n = 0;
  for (unsigned i = 1; i <= 60; ++i) {
    const std::string address = fmt::format("10.0.{}.5", i);
    all.push_back(bound(++n, address, i));
    all.push_back(clue(++n, address, "smb.server-guid", fmt::format("{:08x}-link", i)));
    all.push_back(clue(++n, address, "smb.server-guid", fmt::format("{:08x}-link", i + 1)));
  }
  const auto result = inventory_of(all);
  for (const DeviceFacts& device : result.devices) CHECK(device.macs.size() <= 8);
}

namespace {

constexpr const char* kEui = "080019fffe112233";

/// A sender of HL7 that names the device whose values it tells.
void reports(std::vector<Observation>& all, const std::string& from, const std::string& to, std::string eui) {
  const std::uint64_t n = all.size() + 1;
  all.push_back(talk(n, {.client = from, .server = to, .port = 2575, .protocol = "hl7"}));
  all.push_back(clue(n + 1, from, "hl7.equipment-eui64", std::move(eui), Role::kClient));
}

}  // namespace

TEST_CASE("grouping: two interfaces of a monitor that report to one server are one device") {
  std::vector<Observation> all{bound(100, "10.0.0.1", 1), bound(101, "10.0.0.2", 2)};
  reports(all, "10.0.0.1", "10.0.0.9", kEui);
  reports(all, "10.0.0.2", "10.0.0.9", kEui);
  CHECK(joined(inventory_of(all), "10.0.0.1", "10.0.0.2"));
}

TEST_CASE("grouping: a gateway that tells on what a monitor told it is not the monitor") {
  std::vector<Observation> all{bound(100, "10.0.0.1", 1), bound(101, "10.0.0.2", 2)};
  reports(all, "10.0.0.1", "10.0.0.2", kEui);
  reports(all, "10.0.0.2", "10.0.0.9", kEui);
  SUBCASE("alone") {}
  SUBCASE("even where both report to the same server") { reports(all, "10.0.0.1", "10.0.0.9", kEui); }
  const auto result = inventory_of(all);
  CHECK(!joined(result, "10.0.0.1", "10.0.0.2"));
  for (const ConnectionRow& row : result.connections) CHECK(row.client != row.server);
  CHECK(!the(result, "10.0.0.1").repeats_others);
  CHECK(the(result, "10.0.0.2").repeats_others);
}

TEST_CASE("grouping: a gateway's other interface is not the monitor whose number it tells") {
  std::vector<Observation> all{bound(100, "10.0.0.1", 1), bound(101, "10.0.1.2", 2)};
  reports(all, "10.0.0.1", "10.0.0.2", kEui);
  reports(all, "10.0.1.2", "10.0.1.9", kEui);
  CHECK(!joined(inventory_of(all), "10.0.0.1", "10.0.1.2"));
}

TEST_CASE("grouping: who tells the numbers of several devices is none of them") {
  std::vector<Observation> all;
  for (unsigned i = 1; i <= 3; ++i) {
    all.push_back(bound(100 + i, fmt::format("10.0.0.{}", i), i));
    reports(all, fmt::format("10.0.0.{}", i), "10.0.0.9", fmt::format("080019fffe11223{}", i));
    reports(all, "10.0.0.7", "10.0.0.9", fmt::format("080019fffe11223{}", i));
  }
  all.push_back(bound(104, "10.0.0.7", 7));
  const auto result = inventory_of(all);
  for (unsigned i = 1; i <= 3; ++i) {
    CHECK(!joined(result, fmt::format("10.0.0.{}", i), "10.0.0.7"));
    CHECK(!joined(result, fmt::format("10.0.0.{}", i), fmt::format("10.0.0.{}", i % 3 + 1)));
  }
}

TEST_CASE("grouping: nobody calls himself: who converses is not joined, whatever both show") {
  std::vector<Observation> all{bound(1, "10.0.0.5", 1), bound(2, "10.0.1.5", 2), bound(3, "10.0.2.5", 3)};
  for (const char* address : {"10.0.0.5", "10.0.1.5", "10.0.2.5"})
    all.push_back(clue(all.size() + 1, address, "smb.server-guid", kGuid, Role::kServer));
  CHECK(inventory_of(all).devices.size() == 1);
  all.push_back(talk(10, {.client = "10.0.2.5", .server = "10.0.1.5"}));
  const auto result = inventory_of(all);
  CHECK(joined(result, "10.0.0.5", "10.0.1.5"));
  CHECK(!joined(result, "10.0.0.5", "10.0.2.5"));  // the second has been joined to the first
  CHECK(!joined(result, "10.0.1.5", "10.0.2.5"));
}

TEST_CASE("repeats: who shows a serial number that another sent it before") {
  const auto store = [](std::vector<Observation>& all, const char* from, const char* to) {
    all.push_back(talk(all.size() + 1, {.client = from, .server = to, .port = 104, .protocol = "dicom"}));
    all.push_back(clue(all.size() + 1, from, "dicom.serial", "SN-1", Role::kClient));
  };
  const auto repeating = [](const std::vector<Observation>& all) {
    const auto result = inventory_of(all);
    std::string out;
    for (const char* one : {"10.0.0.1", "10.0.0.2", "10.0.0.3"}) {
      const DeviceFacts* device = owner_of(result, one);
      out += device != nullptr && device->repeats_others ? 'y' : '-';
    }
    return out;
  };
  std::vector<Observation> all;
  store(all, "10.0.0.1", "10.0.0.2");
  CHECK(repeating(all) == "---");
  store(all, "10.0.0.2", "10.0.0.3");
  CHECK(repeating(all) == "-y-");
  // The archive sends the image back: still the scanner said it first.
  store(all, "10.0.0.2", "10.0.0.1");
  CHECK(repeating(all) == "-y-");
  // Heard in the other order, the direction alone tells.
  all.clear();
  store(all, "10.0.0.2", "10.0.0.3");
  store(all, "10.0.0.1", "10.0.0.2");
  CHECK(repeating(all) == "-y-");
  // A default that two show who have nothing to do with each other.
  all.clear();
  store(all, "10.0.0.1", "10.0.0.3");
  store(all, "10.0.0.2", "10.0.0.3");
  CHECK(repeating(all) == "---");
}

}  // namespace bedrail
