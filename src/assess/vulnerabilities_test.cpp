#include "assess/vulnerabilities.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "knowledge/knowledge.h"

namespace bedrail {
namespace {

const Knowledge& shipped() {
  static const auto knowledge =
      load_knowledge(std::string(BEDRAIL_SOURCE_DIR) + "/knowledge", Patterns::kOnFirstUse);
  REQUIRE_MESSAGE(knowledge, knowledge.error().message);
  return **knowledge;
}

std::vector<DraftFinding> found(const AssessedDevice& device) {
  const Matcher matcher(shipped().advisories(), shipped().product_aliases());
  std::vector<DraftFinding> out;
  FindingMaker make(shipped(), "dev-1", out);
  check_vulnerabilities({DeviceFacts{}, device, shipped(), {}}, matcher, make);
  return out;
}

const DraftFinding* of(const std::vector<DraftFinding>& all, std::string_view cve) {
  const auto it = std::find_if(all.begin(), all.end(),
                               [&](const DraftFinding& d) { return d.finding.vulnerability->cve == cve; });
  return it == all.end() ? nullptr : &*it;
}

Attribute said(std::string value) {
  Attribute out;
  out.value = std::move(value);
  out.confidence = 0.9;
  out.evidence = {evidence_of(PacketRef{}, "test", "model", out.value)};
  return out;
}

AssessedDevice pump(std::string firmware) {
  AssessedDevice out;
  out.vendor = said("Becton Dickinson");
  out.model = said("Alaris PC Unit 8015");
  if (!firmware.empty()) out.firmware = said(std::move(firmware));
  return out;
}

AssessedDevice windows(std::vector<std::string> services) {
  AssessedDevice out;
  out.os.emplace();
  out.os->value = {"Windows", "Windows 7", "6.1", "7601", "", ""};
  out.os->confidence = 0.9;
  for (std::string& protocol : services) out.services.emplace_back().protocol = std::move(protocol);
  return out;
}

}  // namespace

TEST_CASE("vulnerabilities: a confirmed one says what matched, its score, its cure") {
  const auto all = found(pump("9.33"));
  const DraftFinding* draft = of(all, "CVE-2019-12255");
  REQUIRE(draft != nullptr);
  const Finding& finding = draft->finding;
  CHECK(finding.status == "confirmed");
  CHECK(finding.severity == "critical");
  CHECK(finding.confidence == 0.9);
  CHECK(finding.title == "CVE-2019-12255 (URGENT/11) in Alaris PC Unit 8015 9.33");
  CHECK(!finding.evidence.empty());
  CHECK(finding.vulnerability->advisory == "BD-IPNET");
  REQUIRE(finding.vulnerability->cvss.size() == 1);
  CHECK(finding.vulnerability->cvss[0].score == 9.8);
  CHECK(finding.vulnerability->cvss[0].version == "3.0");
  CHECK(!finding.vulnerability->kev);
  REQUIRE(!finding.remediation.empty());
  CHECK(finding.remediation[0].text.find("12.1.0") != std::string::npos);
}

TEST_CASE("vulnerabilities: without the version it is possible, and less sure; what is fixed is no finding") {
  const auto all = found(pump(""));
  const DraftFinding* draft = of(all, "CVE-2019-12255");
  REQUIRE(draft != nullptr);
  CHECK(draft->finding.status == "potential");
  CHECK(draft->finding.confidence < 0.9);
  CHECK(draft->finding.explanation.find("its version") != std::string::npos);
  CHECK(of(found(pump("12.1.0")), "CVE-2019-12255") == nullptr);
  CHECK(of(all, "CVE-2019-12262") == nullptr);
}

TEST_CASE("vulnerabilities: what is attacked through a service counts where the device offers it") {
  CHECK(found(windows({})).empty());
  const auto smb = found(windows({"smb"}));
  CHECK(of(smb, "CVE-2017-0144") != nullptr);
  CHECK(of(smb, "CVE-2019-0708") == nullptr);
  CHECK(of(found(windows({"rdp"})), "CVE-2019-0708") != nullptr);
}

TEST_CASE("vulnerabilities: those known to be exploited are likelier than others of the same score") {
  const auto all = found(windows({"smb", "rdp"}));
  const DraftFinding *listed = of(all, "CVE-2019-0708"), *other = of(all, "CVE-2019-1181");
  REQUIRE(listed != nullptr);
  REQUIRE(other != nullptr);
  CHECK(listed->finding.vulnerability->kev);
  CHECK(!other->finding.vulnerability->kev);
  CHECK(listed->likelihood > other->likelihood);
}

}  // namespace bedrail
