// Each kind of finding: when it is made, and when not.
#include "assess/checks.h"

#include <doctest/doctest.h>

#include "facts.h"
#include "identify/identify.h"
#include "knowledge_folder.h"

namespace bedrail {

using namespace test;  // NOLINT(google-build-using-namespace): the builders are the language of these tests

namespace {

using Check = void (*)(const Subjected&, FindingMaker&);

std::vector<DraftFinding> run(Check check, const DeviceFacts& facts, const AssessedDevice& device,
                              int year = 2026) {
  std::vector<DraftFinding> out;
  FindingMaker make(small_knowledge(), facts.id, out);
  check({facts, device, small_knowledge(), from_civil(year, 1, 2)}, make);
  return out;
}
std::vector<DraftFinding> run(Check check, const DeviceFacts& facts) { return run(check, facts, {}); }

std::string kinds(const std::vector<DraftFinding>& drafts) {
  std::string out;
  for (const DraftFinding& draft : drafts) out += (out.empty() ? "" : " ") + draft.finding.kind;
  return out;
}

AssessedDevice running(const std::string& product, const std::string& support, double confidence = 0.9) {
  AssessedDevice out;
  out.os.emplace();
  out.os->value.product = product;
  out.os->value.support = support;
  out.os->value.end_of_support = "2020-01-14";
  out.os->confidence = confidence;
  out.os->evidence = {evidence_of(ref(3), "ntlm", "version", "6.1")};
  return out;
}

LoginSeen login(std::string_view protocol, std::string_view mechanism) {
  LoginSeen out;
  out.protocol = protocol, out.mechanism = mechanism, out.cleartext = true, out.outcome = Outcome::kAccepted;
  return out;
}
DeviceFacts with_login(const LoginSeen& one, std::uint64_t count = 1) {
  DeviceFacts out = some_device();
  out.logins.push_back({one, ref(5), std::nullopt, count});
  return out;
}

CertificateSeen certificate(int ends, std::string key = "rsa-2048", std::string signature = "sha256-rsa") {
  CertificateSeen out;
  out.sha256 = "ab" + std::to_string(ends) + key + signature;
  out.subject = "CN=x";
  out.not_after = from_civil(ends, 1, 1);
  out.key = std::move(key);
  out.signature = std::move(signature);
  return out;
}

}  // namespace

TEST_CASE("checks: unsupported-os") {
  const DeviceFacts facts = some_device();
  auto found = run(check_operating_system, facts, running("Windows 7", "unsupported"));
  REQUIRE(kinds(found) == "unsupported-os");
  CHECK(found[0].finding.status == "observed");
  CHECK(found[0].finding.confidence == 0.9);
  CHECK(found[0].finding.evidence[0].frame == 3);
  CHECK(found[0].finding.title == "unsupported-os  Windows 7");
  CHECK(found[0].finding.remediation.size() == 1);
  CHECK(run(check_operating_system, facts, running("Windows 7", "unsupported", 0.7))[0].finding.status ==
        "inferred");
  CHECK(run(check_operating_system, facts, running("A or B", "unsupported"))[0].finding.status == "inferred");
  found = run(check_operating_system, facts, running("Windows 7", "extended"));
  REQUIRE(kinds(found) == "unsupported-os");
  CHECK(found[0].finding.severity == "medium");
  CHECK(found[0].likelihood == doctest::Approx(0.18));
  // Title and text agree: some updates still come, until when and to whom is said.
  CHECK(found[0].finding.title == "Windows 7 gets extended security updates only");
  CHECK(found[0].finding.explanation.find("Holes found since then stay open") == std::string::npos);
  CHECK(found[0].finding.explanation.find("whether this device") != std::string::npos);
  CHECK(run(check_operating_system, facts, running("Windows 11", "supported")).empty());
  CHECK(run(check_operating_system, facts, running("X", "unknown")).empty());
  CHECK(run(check_operating_system, facts).empty());
}

TEST_CASE("checks: cleartext-credential adds up by protocol; its evidence is redacted") {
  DeviceFacts facts = with_login(login("ftp", "plain"), 3);
  facts.logins.push_back({login("ftp", "other"), ref(6), std::nullopt, 4});
  facts.logins.push_back({login("http", "basic"), ref(7), std::nullopt, 1});
  const auto found = run(check_logins, facts);
  REQUIRE(kinds(found) == "cleartext-credential cleartext-credential");
  CHECK(found[0].finding.explanation.starts_with("count 7"));
  CHECK(found[0].finding.title.ends_with("FTP other, plain"));
  REQUIRE(found[0].finding.evidence.size() == 2);
  for (const Evidence& one : found[0].finding.evidence) CHECK(one.redacted);
}

TEST_CASE("checks: what is no cleartext credential") {
  LoginSeen one = login("ftp", "plain");
  SUBCASE("encrypted") { one.cleartext = false; }
  SUBCASE("anonymous") { one.mechanism = "anonymous"; }
  SUBCASE("a community: told as SNMP's version") { one = login("snmp", "community"); }
  CHECK(run(check_logins, with_login(one)).empty());
}

TEST_CASE("checks: a refused login in clear showed its secret all the same") {
  LoginSeen one = login("ftp", "plain");
  one.outcome = Outcome::kRefused;
  one.secret_empty = true;
  CHECK(kinds(run(check_logins, with_login(one))) == "cleartext-credential");
}

TEST_CASE("checks: default-credential") {
  LoginSeen one = login("ftp", "plain");
  one.cleartext = false;
  one.account_and_secret = digest_secret("service", "service1");
  auto found = run(check_logins, with_login(one));
  REQUIRE(kinds(found) == "default-credential");
  CHECK(found[0].finding.status == "observed");
  CHECK(found[0].finding.title.ends_with("Acme pumps"));
  CHECK(found[0].finding.evidence[0].redacted);
  one.outcome = Outcome::kUnknown;
  found = run(check_logins, with_login(one));
  CHECK(found[0].finding.status == "inferred");
  CHECK(found[0].finding.confidence == 0.6);
  CHECK(found[0].finding.severity == "medium");
  CHECK(found[0].likelihood < 0.3);
  CHECK(found[0].finding.title.ends_with("(tried)"));
  CHECK(found[0].finding.explanation.ends_with("whether it was accepted could not be seen."));
  one.outcome = Outcome::kRefused;
  CHECK(run(check_logins, with_login(one)).empty());
  one.outcome = Outcome::kAccepted;
  one.account_and_secret = digest_secret("service", "better");
  CHECK(run(check_logins, with_login(one)).empty());
}

TEST_CASE("checks: of several guessed logins the accepted ones are told, whichever came first") {
  LoginSeen tried = login("ftp", "plain"), in = login("ftp", "plain");
  tried.cleartext = in.cleartext = false;
  tried.outcome = Outcome::kUnknown;
  tried.account_and_secret = digest_secret("admin", "admin");
  in.account_and_secret = digest_secret("service", "service1");
  for (const bool first : {true, false}) {
    DeviceFacts facts = some_device();
    facts.logins.push_back({first ? tried : in, ref(5), std::nullopt, 1});
    facts.logins.push_back({first ? in : tried, ref(6), std::nullopt, 1});
    const auto found = run(check_logins, facts);
    REQUIRE(kinds(found) == "default-credential");
    CHECK(found[0].finding.status == "observed");
    CHECK(found[0].finding.title.ends_with("Acme pumps"));
    REQUIRE(found[0].finding.evidence.size() == 1);
    CHECK(found[0].finding.evidence[0].frame == (first ? 6 : 5));
  }
  // Two that were accepted are both told.
  tried.outcome = Outcome::kAccepted;
  DeviceFacts facts = some_device();
  facts.logins = {{tried, ref(5), std::nullopt, 1}, {in, ref(6), std::nullopt, 1}};
  const auto found = run(check_logins, facts);
  REQUIRE(kinds(found) == "default-credential");
  CHECK(found[0].finding.title.find("; ") != std::string::npos);
  CHECK(found[0].finding.evidence.size() == 2);
}

TEST_CASE("checks: a weak login that was only tried is of little weight") {
  LoginSeen one = login("http", "basic"), other = login("http", "basic");
  one.cleartext = other.cleartext = false;
  one.secret_empty = other.secret_is_account = true;
  one.outcome = Outcome::kUnknown;
  auto found = run(check_logins, with_login(one));
  REQUIRE(kinds(found) == "weak-credential");
  CHECK(found[0].finding.severity == "low");
  DeviceFacts facts = some_device();
  facts.logins = {{one, ref(5), std::nullopt, 1}, {other, ref(6), std::nullopt, 1}};
  found = run(check_logins, facts);
  REQUIRE(kinds(found) == "weak-credential");
  CHECK(found[0].finding.severity != "low");
  CHECK(found[0].finding.title.ends_with("the account's name as password"));
}

TEST_CASE("checks: weak-credential, which a known default outweighs") {
  LoginSeen one = login("http", "basic");
  one.cleartext = false;
  CHECK(run(check_logins, with_login(one)).empty());
  one.secret_empty = true;
  CHECK(run(check_logins, with_login(one))[0].finding.title.ends_with("an empty password"));
  one.secret_empty = false, one.secret_is_account = true;
  auto found = run(check_logins, with_login(one));
  REQUIRE(kinds(found) == "weak-credential");
  CHECK(found[0].finding.title.ends_with("the account's name as password"));
  one.account_and_secret = digest_secret("admin", "admin");
  CHECK(kinds(run(check_logins, with_login(one))) == "default-credential");
}

TEST_CASE("checks: outdated-protocol") {
  DeviceFacts facts = some_device();
  facts.protocols = {{"smb", "1", true, ref(2), 1},
                     {"smb", "3.1.1", true, ref(3), 1},
                     {"tls", "1.3", true, ref(3), 1},
                     {"telnet", "", true, ref(4), 1}};
  const auto found = run(check_protocols, facts);
  REQUIRE(kinds(found) == "outdated-protocol outdated-protocol");
  CHECK(found[0].finding.severity == "critical");
  CHECK(found[0].likelihood == 0.5);
  CHECK(found[0].finding.title.ends_with("SMB 1"));
  CHECK(found[1].finding.severity == "low");
  facts.protocols = {{"smb", "1", false, ref(2), 1}};  // offered, not used
  CHECK(run(check_protocols, facts).empty());
}

TEST_CASE("checks: no-authentication") {
  using Authentication = SessionSeen::Authentication;
  DeviceFacts facts = some_device();
  facts.sessions = {{"dicom", Authentication::kNone, false, ref(2), 3},
                    {"hl7", Authentication::kNone, false, ref(3), 1}};
  const auto found = run(check_sessions, facts);
  REQUIRE(kinds(found) == "no-authentication no-authentication");
  CHECK(found[0].finding.explanation.starts_with("count 3"));
  facts.sessions = {{"dicom", Authentication::kPresent, false, ref(2), 1},
                    {"http", Authentication::kUnknown, false, ref(2), 1},
                    {"tls", Authentication::kNone, true, ref(2), 1}};
  CHECK(run(check_sessions, facts).empty());
}

TEST_CASE("checks: cleartext-phi is the sender's") {
  DeviceFacts facts = some_device();
  facts.patient_data = {{"hl7", "ORU^R01", "name,id", std::nullopt, true, ref(2), 3},
                        {"hl7", "ADT^A01", "name", std::nullopt, true, ref(3), 1}};
  const auto found = run(check_patient_data, facts);
  REQUIRE(kinds(found) == "cleartext-phi");
  CHECK(found[0].finding.explanation.starts_with("count 4"));
  for (const Evidence& one : found[0].finding.evidence) CHECK(one.redacted);
  for (PatientDataRecord& record : facts.patient_data) record.sent = false;
  CHECK(run(check_patient_data, facts).empty());
}

TEST_CASE("checks: weak-encryption is said once a weakness") {
  DeviceFacts facts = some_device();
  facts.certificates = {{certificate(2030), ref(2)}};
  CHECK(run(check_certificates, facts).empty());
  facts.certificates = {{certificate(2030, "rsa-1024"), ref(2)}, {certificate(2031, "rsa-1024"), ref(3)}};
  CHECK(kinds(run(check_certificates, facts)) == "weak-encryption");
  facts.certificates = {{certificate(2030, "rsa-2048", "md5-rsa"), ref(2)},
                        {certificate(2030, "ec-p256", "sha1-rsa"), ref(2)}};
  CHECK(kinds(run(check_certificates, facts)) == "weak-encryption weak-encryption");
  facts.certificates.clear();
  add_clue(facts, 4, "tls.weak-cipher", "TLS_RSA_WITH_RC4_128_MD5");
  add_clue(facts, 5, "tls.cipher", "TLS_AES_128_GCM_SHA256");
  const auto found = run(check_certificates, facts);
  REQUIRE(kinds(found) == "weak-encryption");
  CHECK(found[0].finding.title.find("RC4") != std::string::npos);
}

TEST_CASE("checks: expired-certificate") {
  DeviceFacts facts = some_device();
  facts.certificates = {
      {certificate(2025), ref(2)}, {certificate(2024), ref(3)}, {certificate(2027), ref(4)}};
  const auto found = run(check_certificates, facts);
  REQUIRE(kinds(found) == "expired-certificate expired-certificate");
  CHECK(found[0].finding.title.ends_with("2025-01-01"));
  CHECK(found[0].finding.id != found[1].finding.id);
  CertificateSeen no_date = certificate(2025);
  no_date.not_after = {};
  facts.certificates = {{no_date, ref(2)}};
  CHECK(run(check_certificates, facts).empty());
}

TEST_CASE("checks: unknown-device says what would tell") {
  DeviceFacts facts = some_device();
  auto found = run(check_identity, facts);
  REQUIRE(kinds(found) == "unknown-device");
  CHECK(found[0].finding.title.find("MAC") != std::string::npos);
  CHECK(found[0].finding.title.find("DHCP") != std::string::npos);
  with_mac(facts, "00:00:5e:00:53:01");
  add_clue(facts, 2, "dhcp.parameters", "1,3");
  found = run(check_identity, facts);
  CHECK(found[0].finding.title.find("MAC") == std::string::npos);
  CHECK(found[0].finding.title.find("DHCP") == std::string::npos);
  AssessedDevice known;
  known.category.emplace().confidence = 0.7;  // a maker's prefix alone identifies nothing
  CHECK(kinds(run(check_identity, facts, known)) == "unknown-device");
  known.category->confidence = 0.71;
  CHECK(run(check_identity, facts, known).empty());
  known.category.reset();
  known.model.emplace();
  CHECK(run(check_identity, facts, known).empty());
  CHECK(run(check_identity, some_device("198.51.100.1")).empty());
}

TEST_CASE(
    "checks: a finding's id stays from capture to capture and tells devices, kinds and subjects apart") {
  DeviceFacts facts = with_login(login("ftp", "plain"));
  const std::string id = run(check_logins, facts)[0].finding.id;
  CHECK(id.size() == 20);
  CHECK(id.starts_with("fnd-"));
  DeviceFacts later = with_login(login("ftp", "plain"), 99);
  later.logins[0].first = ref(12345);
  CHECK(run(check_logins, later)[0].finding.id == id);
  later.id = "dev-0000000000000002";
  CHECK(run(check_logins, later)[0].finding.id != id);
  CHECK(run(check_logins, with_login(login("http", "basic")))[0].finding.id != id);
}

TEST_CASE("checks: a kind without words in the knowledge is not made") {
  std::vector<DraftFinding> out;
  FindingMaker make(small_knowledge(), "dev-1", out);
  CHECK(make.make("unheard-of", {}) == nullptr);
  CHECK(out.empty());
}

}  // namespace bedrail
