#include "knowledge/knowledge.h"

#include <doctest/doctest.h>

#include "knowledge_folder.h"

namespace bedrail {
namespace {

using test::KnowledgeFolder;
using test::small_knowledge;

/// What loading says once a file holds this instead.
std::string error_with(const std::string& file, const std::string& text) {
  const KnowledgeFolder folder;
  folder.put(file, text);
  const auto loaded = folder.load();
  if (loaded) return "";
  const std::string& message = loaded.error().message;
  CHECK(message.starts_with(folder.path() + "/"));
  return message.substr(std::min(message.size(), folder.path().size() + 1));
}

MacAddress mac(std::string_view text) { return *parse_mac(text); }

LoginSeen login(std::string_view protocol, std::string_view account, std::string_view secret) {
  LoginSeen out;
  out.protocol = protocol;
  out.account_and_secret = digest_secret(account, secret);
  return out;
}

}  // namespace

TEST_CASE("knowledge: the folder that ships is whole") {
  const auto loaded = load_knowledge(std::string(BEDRAIL_SOURCE_DIR) + "/knowledge");
  if (!loaded) FAIL(loaded.error().message);
  CHECK((*loaded)->info().fingerprints > (*loaded)->rules().size());
  CHECK(!(*loaded)->info().version.empty());
  CHECK((*loaded)->type("infusion-pump") != nullptr);
  CHECK((*loaded)->findings().text("unsupported-os") != nullptr);
  CHECK((*loaded)->findings().risk().levels.front().name == "critical");
}

TEST_CASE("knowledge: a prefix belongs to the longest registered block") {
  const Knowledge& k = small_knowledge();
  CHECK(k.organisation(mac("00:00:5e:12:34:56")) == "Acme Medical AG");
  CHECK(k.organisation(mac("00:00:62:1f:00:00")) == "Acme Medical AG");
  CHECK(k.organisation(mac("00:00:62:12:3f:00")) == "Switchworks Inc");
  CHECK(k.organisation(mac("00:00:62:22:3f:00")).empty());
  CHECK(k.organisation(mac("02:00:5e:12:34:56")).empty());  // set by software: no maker's
  CHECK(k.organisation(mac("01:00:5e:00:00:fb")).empty());
}

TEST_CASE("knowledge: models by the names that they give themselves, the first row first") {
  const Knowledge& k = small_knowledge();
  CHECK(k.models_in("nothing of the kind").empty());
  const auto models = k.models_in("ACME infuser 7 rev B");
  REQUIRE(models.size() == 2);
  CHECK(models[0]->name == "Infuser 7");
  CHECK(models[0]->os == "Linux");
  CHECK(!models[0]->needs_vendor);
  CHECK(k.models_in("m5")[1]->vendor == "Switchworks");
  CHECK(k.models_in("m5")[1]->needs_vendor);
  CHECK(error_with("models.tsv", "model\tvendor\ttype\tnames\nX\tAcme\tcar\tx\n") ==
        "models.tsv:2: there is no kind of device \"car\"");
  CHECK(error_with("models.tsv", "model\tvendor\ttype\tnames\nX\tAcme\tpump\t\n")
            .starts_with("models.tsv:2: "));
}

TEST_CASE("knowledge: makers by the names they go by, the first row first") {
  const Knowledge& k = small_knowledge();
  REQUIRE(k.vendor_in("the ACME works") != nullptr);
  CHECK(k.vendor_in("the ACME works")->name == "Acme");
  CHECK(k.vendor_in("switchworks of acme")->name == "Acme");
  CHECK(k.vendor_in("acmeology") == nullptr);
  CHECK(k.vendor_in("") == nullptr);
  CHECK(k.vendor_in("chipmaker")->module_maker);
}

TEST_CASE("knowledge: of many makers the first row counts, whatever its words are") {
  std::string rows = "vendor\tnames\n";
  for (int i = 0; i < 300; ++i)
    rows += "V" + std::to_string(i) + "\tv" + std::to_string(i) + "x.{40}[a-m].{60}y\n";
  const KnowledgeFolder folder;
  folder.put("vendors.tsv", rows + "Last\tlast\\b\nAny\t[0-9]z\nLater\tlast 5\n");
  const auto loaded = folder.load();
  REQUIRE(loaded);
  std::string text;
  for (int i = 0; i < 300; ++i) text += "v" + std::to_string(i) + "x";
  REQUIRE((*loaded)->vendor_in(text + " last ") != nullptr);
  CHECK((*loaded)->vendor_in("last 5z")->name == "Last");
  CHECK((*loaded)->vendor_in("5z")->name == "Any");
  CHECK((*loaded)->vendor_in("lasting") == nullptr);
}

TEST_CASE("knowledge: a pattern that turns out to be none is told once it was needed") {
  const KnowledgeFolder folder;
  folder.put("vendors.tsv", "vendor\tnames\nA\tacme(\nB\tb\n");
  const auto loaded = load_knowledge(folder.path(), Patterns::kOnFirstUse);
  REQUIRE(loaded);
  CHECK((*loaded)->fault().empty());
  CHECK((*loaded)->vendor_in("b")->name == "B");
  CHECK((*loaded)->fault().starts_with(folder.path() + "/vendors.tsv:2: \"acme(\" is no RE2"));
}

TEST_CASE("knowledge: prefixes in any order, the last of equal ones") {
  const KnowledgeFolder folder;
  folder.put("oui.tsv", "organisation\tprefix\nB\t00005F\nC\t00005E123\nA\t00005E\nD\t00005E1\nE\t00005F\n");
  const auto loaded = folder.load();
  REQUIRE(loaded);
  CHECK((*loaded)->organisation(mac("00:00:5e:12:34:56")) == "C");
  CHECK((*loaded)->organisation(mac("00:00:5e:12:44:56")) == "D");
  CHECK((*loaded)->organisation(mac("00:00:5e:22:34:56")) == "A");
  CHECK((*loaded)->organisation(mac("00:00:5f:22:34:56")) == "E");
  CHECK((*loaded)->organisation(mac("00:00:5d:22:34:56")).empty());
}

TEST_CASE("knowledge: one Windows build is that of several products") {
  const Knowledge& k = small_knowledge();
  REQUIRE(k.windows_products("6.1", "7601") != nullptr);
  CHECK(*k.windows_products("6.1", "7601") ==
        std::vector<std::string>{"Windows 7", "Windows Server 2008 R2"});
  CHECK(k.windows_products("6.1", "7602") == nullptr);
  REQUIRE(k.lifecycle("windows 7") != nullptr);
  CHECK(k.lifecycle("windows 7")->end_of_support == "2020-01-14");
  CHECK(k.lifecycle("Windows 77") == nullptr);
}

TEST_CASE("knowledge: DICOM implementations, a version name that fits before a longer uid") {
  const Knowledge& k = small_knowledge();
  REQUIRE(k.dicom_implementation("1.2.3.9", "") != nullptr);
  CHECK(k.dicom_implementation("1.2.3.9", "")->model.empty());
  CHECK(k.dicom_implementation("1.2.3.4", "CT_V1")->model == "Scan-O");
  CHECK(k.dicom_implementation("1.2.3.4", "MR_V1")->model.empty());
  CHECK(k.dicom_implementation("1.2.30", "CT_V1") == nullptr);
  CHECK(k.sender_of("1.2.840.1.2") == "ct-scanner");
  CHECK(k.sender_of("1.2.840.1.9").empty());
  CHECK(k.sender_of("9").empty());
}

TEST_CASE("knowledge: default logins of a protocol, or of any") {
  const Knowledge& k = small_knowledge();
  REQUIRE(k.default_credential(login("ftp", "service", "service1")) != nullptr);
  CHECK(k.default_credential(login("ftp", "service", "service1"))->product == "Acme pumps");
  CHECK(k.default_credential(login("http", "service", "service1")) == nullptr);
  CHECK(k.default_credential(login("http", "admin", "admin")) != nullptr);
  CHECK(k.default_credential(login("ftp", "services", "ervice1")) == nullptr);
  CHECK(k.default_credential(LoginSeen{}) == nullptr);
}

TEST_CASE("knowledge: findings' texts and outdated protocols") {
  const FindingBook& book = small_knowledge().findings();
  REQUIRE(book.text("cleartext-phi") != nullptr);
  CHECK(book.text("cleartext-phi")->remedies.size() == 1);
  CHECK(book.text("nothing") == nullptr);
  REQUIRE(book.outdated("smb", "1") != nullptr);
  CHECK(book.outdated("smb", "1")->likelihood == 0.5);
  CHECK(book.outdated("smb", "2") == nullptr);
  CHECK(book.outdated("telnet", "any") != nullptr);
}

TEST_CASE("knowledge: the levels of risk descend, however they are written") {
  const auto& levels = small_knowledge().findings().risk().levels;
  REQUIRE(levels.size() == 5);
  for (std::size_t i = 1; i < levels.size(); ++i) CHECK(levels[i - 1].from > levels[i].from);
}

TEST_CASE("knowledge: a table with a fault is refused, with file and line") {
  CHECK(
      error_with("device_types.tsv", "id\ttitle\tcategory\nx\tX\tpets\n").starts_with("device_types.tsv:2:"));
  CHECK(error_with("device_types.tsv", "id\ttitle\tcategory\tpatient_safety\nx\tX\tit\t11\n")
            .starts_with("device_types.tsv:2: \"11\""));
  CHECK(error_with("device_types.tsv", "id\ttitle\tcategory\nx\tX\tit\nx\tX\tit\n")
            .starts_with("device_types.tsv:3: the kind \"x\" stands twice"));
  CHECK(error_with("oui.tsv", "prefix\torganisation\n00005e\tA\n").starts_with("oui.tsv:2: \"00005e\""));
  CHECK(error_with("oui.tsv", "prefix\torganisation\n00005E11\tA\n").starts_with("oui.tsv:2:"));
  CHECK(error_with("vendors.tsv", "vendor\tnames\nA\ta\nB\t\n").starts_with("vendors.tsv:3:"));
  CHECK(error_with("vendors.tsv", "vendor\tnames\nA\t(\n").starts_with("vendors.tsv:2: \"(\" is no RE2"));
  CHECK(error_with("vendors.tsv", "vendor\tcategory\tnames\nA\tpets\ta\n").starts_with("vendors.tsv:2:"));
  CHECK(error_with("os_lifecycle.tsv", "product\tfamily\tend_of_support\nW\tW\tsoon\n")
            .starts_with("os_lifecycle.tsv:2: \"soon\" is no date"));
  CHECK(error_with("dicom_implementations.tsv", "uid\tversion_name\tvendor\tconfidence\n1.2\t\tA\t2\n")
            .starts_with("dicom_implementations.tsv:2: the confidence"));
  CHECK(error_with("dicom_implementations.tsv", "uid\tversion_name\tvendor\tconfidence\n\t\tA\t0.5\n")
            .starts_with("dicom_implementations.tsv:2: a uid"));
  CHECK(error_with("dicom_implementations.tsv",
                   "uid\tversion_name\tvendor\ttype\tconfidence\n1\t\tA\tufo\t0.5\n")
            .starts_with("dicom_implementations.tsv:2: there is no kind"));
  CHECK(error_with("dicom_storage.tsv", "sop_class\ttype\n1\tufo\n").starts_with("dicom_storage.tsv:2:"));
  CHECK(error_with("rules/b.tsv",
                   "id\ton\trole\tpattern\tset\tconfidence\tsource\nclass\tclue k\t\tx\tmodel=m\t1\ts\n")
            .starts_with("rules/b.tsv:2: the id \"class\" is taken by"));
  CHECK(error_with("version.toml", "version = \"1\"\ndate = \"soon\"\n").starts_with("version.toml: date"));
  CHECK(error_with("version.toml", "version = \"1\"\ndate\n").starts_with("version.toml:2:"));
}

TEST_CASE("knowledge: faults in findings and risk") {
  const std::string head = "[[finding]]\nkind = \"k\"\ntitle = \"t\"\n";
  CHECK(error_with("findings.toml", head + "severity = \"grave\"\n")
            .starts_with("findings.toml:1: a finding needs"));
  CHECK(error_with("findings.toml", head).starts_with("findings.toml:1: a finding needs"));
  CHECK(error_with("findings.toml", head + "severity = \"low\"\nlikelihood = 1.5\n")
            .starts_with("findings.toml:5: likelihood is no number"));
  CHECK(error_with("findings.toml", head + "severity = \"low\"\nlikelihood = nan\n")
            .starts_with("findings.toml:5:"));
  CHECK(error_with("findings.toml", head + "severity = \"low\"\nlikelihood = \"x\"\n")
            .starts_with("findings.toml:5:"));
  CHECK(error_with("findings.toml", head + "severity = \"low\"\n" + head + "severity = \"low\"\n")
            .starts_with("findings.toml:5: the kind \"k\" stands twice"));
  CHECK(error_with("findings.toml", "[[outdated]]\nprotocol = \"p\"\n")
            .starts_with("findings.toml:1: an outdated"));
  CHECK(error_with("findings.toml", "[[finding]\n").starts_with("findings.toml:1:"));
  CHECK(error_with("risk.toml", "").starts_with("risk.toml: [weights]"));
  CHECK(error_with("risk.toml", "[weights]\npatient_safety = 1\n[[level]]\nname = \"low\"\nfrom = 10\n")
            .starts_with("risk.toml: [weights] and [[level]]s down to 0"));
  CHECK(
      error_with("risk.toml", "[weights]\npatient_safety = -1\n").starts_with("risk.toml:2: patient_safety"));
}

TEST_CASE("knowledge: a file that is missing is told") {
  for (const char* file : {"version.toml", "device_types.tsv", "oui.tsv", "vendors.tsv", "os_lifecycle.tsv",
                           "windows_builds.tsv", "dicom_implementations.tsv", "dicom_storage.tsv",
                           "default_credentials.tsv", "rules", "findings.toml", "risk.toml"}) {
    const KnowledgeFolder folder;
    folder.remove(file);
    const auto loaded = folder.load();
    CAPTURE(file);
    REQUIRE(!loaded);
    CHECK(loaded.error().message.find(file) != std::string::npos);
  }
}

TEST_CASE("knowledge: found beside the program, or told how to give it") {
  const KnowledgeFolder folder;
  const std::string program = folder.path() + "/bin";
  std::filesystem::create_directories(program + "/knowledge");
  CHECK(!find_knowledge(program));
  folder.put("bin/knowledge/version.toml", "");
  REQUIRE(find_knowledge(program));
  CHECK(*find_knowledge(program) == program + "/knowledge");
}

}  // namespace bedrail
