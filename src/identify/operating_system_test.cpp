#include "identify/operating_system.h"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include "facts.h"
#include "knowledge_folder.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

constexpr const char* kSet = "Windows 7 or Windows Server 2008 R2";

std::optional<AttributeOf<OperatingSystem>> decide(std::vector<Vote> products,
                                                   const DeviceFacts& facts = some_device(),
                                                   std::vector<Vote> families = {}, int year = 2024) {
  Ballots ballots;
  ballots[Trait::kOsProduct] = ballot_of(std::move(products));
  ballots[Trait::kOsFamily] = ballot_of(std::move(families));
  ballots[Trait::kOsVersion] = ballot_of({vote("6.1", 0.9, "ntlm")});
  ballots[Trait::kOsBuild] = ballot_of({vote("7601", 0.9, "ntlm")});
  return decide_operating_system(ballots, facts, small_knowledge(), from_civil(year, 6, 1));
}

std::string support(const std::string& product, int year, unsigned month = 6) {
  std::string end;
  const std::string out = support_of(product, small_knowledge(), from_civil(year, month, 1), end);
  return out + " " + end;
}

}  // namespace

TEST_CASE("operating system: nothing is known") { CHECK(!decide({})); }

TEST_CASE("operating system: one build of two products gives the set, if nothing chooses") {
  const auto os = decide({vote(kSet, 0.9, "ntlm")});
  REQUIRE(os);
  CHECK(os->value.product == kSet);
  CHECK(os->value.family == "Windows");
  CHECK(os->value.version == "6.1");
  CHECK(os->value.build == "7601");
  CHECK(os->value.support == "unsupported");
  CHECK(os->value.end_of_support == "2020-01-14");
  CHECK(os->confidence == 0.9);
  CHECK(os->conflicts.empty());
  CHECK(os->evidence.size() == 1);
}

TEST_CASE("operating system: sets of several sources add up, and leave open what none of them tells") {
  DeviceFacts facts = some_device();
  add_name(facts, 2, "dhcp", "DESKTOP-AB12CD3");
  const auto os =
      decide({vote("Windows 10 or Windows 11", 0.4, "dhcp"),
              vote("Windows 10 or Windows 11 or Windows 7 or Windows Server 2008 R2", 0.5, "http")},
             facts);
  REQUIRE(os);
  CHECK(os->value.family == "Windows");
  CHECK(os->value.product == "Windows 10 or Windows 11");
  // One of the two may have its updates: no finding.
  CHECK(os->value.support == "unknown");
}

TEST_CASE("operating system: a set of more than three is no product, but a family") {
  const auto os =
      decide({vote("Windows 10 or Windows 11 or Windows 7 or Windows Server 2008 R2", 0.9, "http")});
  REQUIRE(os);
  CHECK(os->value.family == "Windows");
  CHECK(os->value.product.empty());
}

TEST_CASE("operating system: what a device serves chooses in a set, and does not make it sure") {
  DeviceFacts facts = some_device();
  add_service(facts, 2, "ldap", 389);
  facts.services.back().clients = 1;
  CHECK(!decide({vote(kSet, 0.2, "http")}, facts));
  const auto sure = decide({vote(kSet, 0.5, "http")}, facts);
  REQUIRE(sure);
  CHECK(sure->value.product == "Windows Server 2008 R2");
}

TEST_CASE("operating system: however many sets there are, who names one product chooses") {
  std::vector<Vote> votes = {vote("Windows 10 LTSC", 0.9, "ntlm")};
  for (const char* group : {"dhcp", "http", "dns", "ssdp", "netbios", "mdns"})
    votes.push_back(vote("Windows 10 or Windows 11", 0.5, group));
  const auto os = decide(votes);
  REQUIRE(os);
  CHECK(os->value.product == "Windows 10 LTSC");
}

TEST_CASE("operating system: another source chooses in the set") {
  const auto os = decide({vote(kSet, 0.9, "ntlm"), vote("windows 7", 0.7, "http")});
  REQUIRE(os);
  CHECK(os->value.product == "Windows 7");
  CHECK(os->confidence == 0.97);
  REQUIRE(os->conflicts.size() == 1);
  CHECK(os->conflicts[0].value.product == "Windows Server 2008 R2");
}

TEST_CASE("operating system: what servers and workstations do chooses the edition") {
  DeviceFacts facts = some_device();
  std::string expected = "Windows Server 2008 R2";
  SUBCASE("it serves the domain") {
    add_service(facts, 3, "ldap", 389);
    facts.services[0].clients = 4;
  }
  SUBCASE("it says so in NetBIOS") { add_clue(facts, 3, "netbios.role", "domain-controller"); }
  SUBCASE("it has the name that workstations are given") {
    add_name(facts, 3, "dhcp", "DESKTOP-ABC123");
    expected = "Windows 7";
  }
  SUBCASE("a service that nobody used chooses nothing") {
    add_service(facts, 3, "ldap", 389);
    expected = kSet;
  }
  SUBCASE("a web server chooses nothing") {
    add_service(facts, 3, "http", 80);
    facts.services[0].clients = 4;
    expected = kSet;
  }
  const auto os = decide({vote(kSet, 0.9, "ntlm")}, facts);
  REQUIRE(os);
  CHECK(os->value.product == expected);
}

TEST_CASE("operating system: signs of an edition say nothing where no set is in question") {
  DeviceFacts facts = some_device();
  add_name(facts, 3, "dhcp", "DESKTOP-ABC123");
  CHECK(!decide({}, facts));
}

TEST_CASE("operating system: an edition is its product, too, and the more special is stated") {
  const auto os = decide({vote("Windows 10", 0.6, "http"), vote("Windows 10 LTSC", 0.7, "smb")});
  REQUIRE(os);
  CHECK(os->value.product == "Windows 10 LTSC");
  CHECK(os->confidence == 0.88);
  CHECK(os->conflicts.empty());
  // "Windows 1" is no general form of "Windows 10".
  CHECK(!decide({vote("Windows 1", 0.7, "http"), vote("Windows 10", 0.7, "smb")})->value.product.size());
}

TEST_CASE("operating system: two products that nobody named together are no set") {
  const auto os = decide({vote("Windows 7", 0.7, "http"), vote("Windows 10", 0.7, "smb")});
  REQUIRE(os);
  CHECK(os->value.product.empty());
  CHECK(os->value.family == "Windows");
  CHECK(os->value.support == "unknown");
}

TEST_CASE("operating system: a product of another family than the surer one is not stated") {
  const auto os = decide({vote("Windows 7", 0.55, "http")}, some_device(),
                         {vote("Linux", 0.9, "ssh"), vote("Linux", 0.5, "tcp")});
  REQUIRE(os);
  CHECK(os->value.family == "Linux");
  CHECK(os->value.product.empty());
  REQUIRE(os->conflicts.size() == 1);
  CHECK(os->conflicts[0].value.family == "Windows");
}

TEST_CASE("operating system: the family alone") {
  const auto os = decide({}, some_device(), {vote("macOS", 0.9, "mdns")});
  REQUIRE(os);
  CHECK(os->value.family == "macOS");
  CHECK(os->value.product.empty());
  CHECK(os->value.version == "6.1");  // stands for itself
  CHECK(os->value.support == "unknown");
}

TEST_CASE("operating system: support as of a day") {
  CHECK(support("Windows 7", 2019) == "supported 2020-01-14");
  CHECK(support("Windows 7", 2020, 1) == "supported 2020-01-14");
  CHECK(support("Windows 7", 2020, 2) == "extended 2020-01-14");
  CHECK(support("Windows 7", 2023, 1) == "extended 2020-01-14");
  CHECK(support("Windows 7", 2023, 2) == "unsupported 2020-01-14");
  CHECK(support("Windows 10", 2026) == "unsupported 2025-10-14");
  CHECK(support("Unheard OS 3", 2026) == "unknown ");
}

TEST_CASE("operating system: of a set all must agree, and the latest end counts") {
  CHECK(support(kSet, 2019) == "supported 2020-01-14");
  CHECK(support(kSet, 2022) == "extended 2020-01-14");
  CHECK(support(kSet, 2023) == "extended 2020-01-14");  // one has ended, the other may get paid updates
  CHECK(support(kSet, 2025) == "unsupported 2020-01-14");
  CHECK(support("Windows 10 or Windows 10 LTSC", 2026) == "unknown 2032-01-13");
  CHECK(support("Windows 7 or Unheard OS", 2026) == "unknown 2020-01-14");
}

TEST_CASE("operating system: a text of very many products is bounded") {
  std::string many = "Windows 7";
  for (int i = 0; i < 400; ++i) many += " or W" + std::to_string(i);
  std::vector<Vote> votes;
  for (unsigned i = 0; i < 600; ++i) votes.push_back(vote(many + std::to_string(i), 0.6, "http", i + 1));
  const auto os = decide(std::move(votes));
  if (os) CHECK(os->value.product.empty());
}

}  // namespace bedrail
