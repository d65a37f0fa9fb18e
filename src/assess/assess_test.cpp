#include "assess/assess.h"

#include <doctest/doctest.h>

#include <chrono>
#include <set>

#include "assess/checks.h"
#include "identify/identify.h"
#include "inventories.h"
#include "knowledge_folder.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

Assessment assessed(const InventoryResult& inventory) {
  Assessment out;
  out.as_of = from_civil(2026, 1, 2);
  out.connections = inventory.connections;
  for (const DeviceFacts& facts : inventory.devices)
    out.devices.push_back(identify(facts, small_knowledge(), out.as_of));
  assess(inventory, small_knowledge(), out);
  return out;
}

Assessment assessed(const std::vector<Observation>& all) { return assessed(inventory_of(all)); }

Share share(const Assessment& assessment, std::string_view name) {
  for (const auto& [key, value] : assessment.summary)
    if (key == name) return value;
  FAIL("no such figure: ", std::string(name));
  return {};
}

std::string text(const Share& share) { return fmt::format("{}/{}", share.count, share.of); }

std::vector<Finding> of_kind(const Assessment& assessment, std::string_view kind) {
  std::vector<Finding> out;
  for (const Finding& finding : assessment.findings)
    if (finding.kind == kind) out.push_back(finding);
  return out;
}

Observation on_vlan(Observation one, std::uint16_t vlan) {
  one.who.vlan = vlan;
  if (auto* seen = std::get_if<ConnectionSeen>(&one.body)) seen->key.vlan = vlan;
  return one;
}

}  // namespace

TEST_CASE("assess: the figures say of how many") {
  Observation patient = observed(8, at_ip("10.0.0.5"), PatientDataSeen{"hl7", "ORU^R01", "name"}, "hl7");
  patient.peer = at_ip("10.0.0.6");
  const Assessment assessment = assessed({
      bound(1, "10.0.0.5", 1),
      bound(2, "10.0.0.6", 2),
      bound(3, "10.0.0.7", 3),
      clue(4, "10.0.0.5", "dhcp.vendor-class", "Pump 5.1"),
      clue(5, "10.0.0.6", "ntlm.version", "6.1.7601", Role::kServer),
      talk(6, {.client = "10.0.0.5", .server = "10.0.0.6", .protocol = "hl7", .server_ttl = 128}),
      talk(
          7,
          {.client = "10.0.0.7", .server = "198.51.100.1", .port = 443, .protocol = "tls", .server_ttl = 50}),
      patient,
      talk(9, {.client = "10.0.0.7",
               .server = "10.0.0.99",
               .state = ConnectionSeen::State::kAttempted,
               .to_client = 0}),
      clue(10, "198.51.100.1", "ntlm.version", "6.1.7601", Role::kServer),
  });
  REQUIRE(assessment.devices.size() == 4);
  CHECK(text(share(assessment, "devices_identified")) == "1/3");  // by more than a prefix; not the Internet
  CHECK(text(share(assessment, "medical_devices")) == "3/3");     // all three have a medical maker's prefix
  CHECK(share(assessment, "devices_at_high_risk").of == 3);
  CHECK(text(share(assessment, "unsupported_os")) == "1/1");  // of those whose support is known
  CHECK(text(share(assessment, "phi_in_clear")) == "1/3");
  CHECK(text(share(assessment, "connections_encrypted")) == "1/2");  // of those that came about
  CHECK(of_kind(assessment, "unsupported-os").size() == 1);          // what runs on the Internet is not ours
}

TEST_CASE("assess: nothing seen gives figures of nothing") {
  const Assessment assessment = assessed(std::vector<Observation>{});
  for (const auto& [name, value] : assessment.summary) CHECK(text(value) == "0/0");
  CHECK(assessment.findings.empty());
}

TEST_CASE("assess: findings by risk, the highest first, each with a device that exists and its evidence") {
  std::vector<Observation> all;
  for (unsigned i = 1; i <= 20; ++i) {
    const std::string address = fmt::format("10.0.0.{}", i);
    all.push_back(bound(10 * i, address, i));
    if (i % 2 == 0) all.push_back(clue(10 * i + 1, address, "dhcp.vendor-class", "Pump 5.1"));
    if (i % 3 == 0) all.push_back(observed(10 * i + 2, at_ip(address), ProtocolUsed{"smb", "1", true}));
    if (i % 5 == 0)
      all.push_back(observed(10 * i + 3, at_ip(address),
                             SessionSeen{"dicom", SessionSeen::Authentication::kNone, false}));
  }
  const Assessment assessment = assessed(all);
  CHECK(assessment.findings.size() >= 10);
  std::set<std::string> ids, devices;
  for (const AssessedDevice& device : assessment.devices) devices.insert(device.id);
  for (std::size_t i = 0; i < assessment.findings.size(); ++i) {
    const Finding& finding = assessment.findings[i];
    if (i > 0) CHECK(assessment.findings[i - 1].risk >= finding.risk);
    CHECK(ids.insert(finding.id).second);
    CHECK(devices.contains(finding.device));
    CHECK(!finding.evidence.empty());
    CHECK(!finding.remediation.empty());
  }
  for (const AssessedDevice& device : assessment.devices)
    for (const RiskReason& reason : device.risk.reasons)
      CHECK((reason.finding.empty() || ids.contains(reason.finding)));
}

TEST_CASE("assess: internet-exposure needs somebody from outside who was answered") {
  const Talk inbound{
      .client = "198.51.100.9", .server = "10.0.0.5", .port = 3389, .protocol = "rdp", .client_ttl = 50};
  std::vector<Observation> all;
  for (unsigned i = 20; i > 0; --i) {
    Talk one = inbound;
    one.client = fmt::format("198.51.100.{}", i);
    all.push_back(talk(100 - i, one));
  }
  const auto found = of_kind(assessed(all), "internet-exposure");
  REQUIRE(found.size() == 1);
  CHECK(found[0].explanation.starts_with("count 20"));
  CHECK(found[0].title.ends_with("RDP on port 3389"));
  REQUIRE(found[0].evidence.size() == 8);
  for (std::size_t i = 0; i < 8; ++i) CHECK(found[0].evidence[i].frame == 80 + i);
  Talk none = inbound;
  SUBCASE("from inside") { none.client = "10.0.9.9"; }
  SUBCASE("refused") { none.state = ConnectionSeen::State::kRefused; }
  SUBCASE("never answered") { none.to_client = 0; }
  SUBCASE("nobody knows what was spoken") { none.protocol = ""; }
  SUBCASE("datagrams") { none.transport = Transport::kUdp; }
  SUBCASE("who called whom was guessed from the ports") { none.directed = false; }
  SUBCASE("outbound") { std::swap(none.client, none.server); }
  CHECK(of_kind(assessed({talk(1, none), bound(2, "10.0.0.5", 5)}), "internet-exposure").empty());
}

TEST_CASE("assess: mixed-segment is told of medical devices among others, by VLAN or network") {
  const auto with = [](std::uint16_t vlan, const std::string& printer, bool is_printer) {
    std::vector<Observation> all = {
        on_vlan(talk(1, {.client = "10.0.0.5", .server = "10.9.9.9", .to_client = 0}), vlan),
        clue(2, "10.0.0.5", "dhcp.vendor-class", "Pump 5.1"),
        on_vlan(talk(3, {.client = printer, .server = "10.9.9.9", .to_client = 0}), vlan)};
    if (is_printer)
      all.push_back(observed(4, at_ip(printer), ServiceOffered{Transport::kTcp, 631, "ipp", "", "", false}));
    return of_kind(assessed(all), "mixed-segment");
  };
  auto found = with(0, "10.0.0.6", true);
  REQUIRE(found.size() == 1);
  CHECK(found[0].title.ends_with("10.0.0.0/24"));
  CHECK(found[0].explanation.ends_with("peers 1 it"));
  CHECK(found[0].status == "inferred");
  CHECK(with(0, "10.0.1.6", true).empty());   // another network
  CHECK(with(0, "10.0.0.6", false).empty());  // nobody knows what it is
  found = with(12, "10.0.1.6", true);
  REQUIRE(found.size() == 1);
  CHECK(found[0].title.ends_with("VLAN 12"));
}

TEST_CASE("assess: segments") {
  DeviceFacts facts;
  for (const char* address : {"10.1.2.3", "10.1.2.9", "10.1.3.1", "169.254.1.1", "198.51.100.1", "fe80::1"})
    facts.addresses.push_back({ip(address), {}, {}, {}, "arp"});
  CHECK(segments_of(facts) == std::vector<std::string>{"10.1.2.0/24", "10.1.3.0/24"});
  facts.vlans = {7, 12};
  CHECK(segments_of(facts) == std::vector<std::string>{"VLAN 7", "VLAN 12"});
}

TEST_CASE("assess: the work grows with the network, not with its square") {
  const auto seconds = [](unsigned devices) {
    std::vector<Observation> all;
    for (unsigned i = 0; i < devices; ++i) {
      Talk one{.client = fmt::format("10.{}.{}.7", i / 200, i % 200), .server = "10.255.0.1"};
      all.push_back(talk(i + 1, one));
    }
    const InventoryResult inventory = inventory_of(all);
    const auto start = std::chrono::steady_clock::now();
    CHECK(assessed(inventory).devices.size() == devices + 1);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  const double some = seconds(1500), more = seconds(12000);
  // Eight times the devices; a square would take 64 times as long. Machines are noisy.
  CHECK(more < 30 * some + 0.1);
}

}  // namespace bedrail
