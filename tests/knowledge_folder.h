#pragma once

#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>

#include "knowledge/knowledge.h"

namespace bedrail::test {

/// A small, whole folder of knowledge that lives as long as this. `put` replaces or adds a file.
class KnowledgeFolder {
 public:
  KnowledgeFolder() {
    static std::atomic<unsigned> made{0};
    path_ = std::filesystem::temp_directory_path() /
            ("bedrail-knowledge-" + std::to_string(::getpid()) + "-" + std::to_string(made++));
    std::filesystem::create_directories(path_ / "rules");
    put("version.toml", "version = \"1\"\ndate = \"2026-01-02\"\n");
    put("device_types.tsv",
        "id\ttitle\tcategory\tlife_supporting\tbedside\thandles_phi\tdepartment\tpatient_safety\t"
        "confidentiality\tavailability\tsource\n"
        "pump\tInfusion pump\tmedical\ty\ty\ty\tIntensive care\t10\t6\t8\ttest\n"
        "ct-scanner\tCT scanner\tmedical\tn\tn\ty\tRadiology\t8\t8\t8\ttest\n"
        "mr-scanner\tMR scanner\tmedical\tn\tn\ty\tRadiology\t8\t8\t8\ttest\n"
        "pacs\tPicture archive\tmedical\tn\tn\ty\tRadiology\t6\t9\t8\ttest\n"
        "medical-gateway\tGateway\tmedical\tn\tn\ty\t\t7\t8\t8\ttest\n"
        "hl7-engine\tIntegration engine\tit\tn\tn\ty\t\t6\t8\t8\ttest\n"
        "printer\tPrinter\tit\tn\tn\tn\t\t0\t3\t2\ttest\n");
    put("oui.tsv",
        "prefix\torganisation\n00005E\tAcme Medical AG\n00005F\tSwitchworks Inc\n"
        "000060\tNobody Known Ltd\n000061\tChipmaker Co\n0000621\tAcme Medical AG\n"
        "000062123\tSwitchworks Inc\n000063\tBoxworks Computers\n000064\tCarewell Ltd\n");
    put("vendors.tsv",
        "vendor\tcategory\tmodule_maker\tnames\tsource\n"
        "Acme\tmedical\t\t\\bacme\\b\ttest\n"
        "Switchworks\tnetwork\t\tswitchworks\ttest\n"
        "Chipmaker\t\ty\tchipmaker\ttest\n"
        "Boxworks\tit\t\tboxworks\ttest\n"
        "Carewell\tmedical\t\tcarewell\ttest\n");
    put("models.tsv",
        "model\tvendor\ttype\tneeds_vendor\tnames\tos\tsource\n"
        "Infuser 7\tAcme\tpump\tn\t\\binfuser ?7\\b\tLinux\ttest\n"
        "Infuser\tAcme\tpump\tn\t\\binfuser\\b\t\ttest\n"
        "M5\tAcme\tmr-scanner\ty\t\\bm5\\b\t\ttest\n"
        "M5\tSwitchworks\tprinter\ty\t\\bm5\\b\t\ttest\n");
    put("os_lifecycle.tsv",
        "product\tfamily\tversion\tbuild\tend_of_support\textended_end\tnote\tsource\n"
        "Windows 7\tWindows\t6.1\t7601\t2020-01-14\t2023-01-10\t\ttest\n"
        "Windows Server 2008 R2\tWindows\t6.1\t7601\t2020-01-14\t2024-01-09\t\ttest\n"
        "Windows 10\tWindows\t10.0\t19045\t2025-10-14\t\t\ttest\n"
        "Windows 10 LTSC\tWindows\t10.0\t19044\t2032-01-13\t\t\ttest\n"
        "Linux 2.6\tLinux\t2.6\t\t2016-02-01\t\tvendors patch it\ttest\n");
    put("windows_builds.tsv",
        "version\tbuild\tproducts\tsource\n"
        "6.1\t7601\tWindows 7; Windows Server 2008 R2\ttest\n"
        "10.0\t19044\tWindows 10; Windows 10 LTSC\ttest\n");
    put("dicom_implementations.tsv",
        "uid\tversion_name\tvendor\tmodel\ttype\tconfidence\tkind\tsource\n"
        "1.2.3.\t\tAcme\t\t\t0.6\tvendor\ttest\n"
        "1.2.3.4\t^CT\tAcme\tScan-O\tct-scanner\t0.8\tvendor\ttest\n"
        "1.2.9.\t\tOpenLib\t\t\t0.1\ttoolkit\ttest\n");
    put("dicom_storage.tsv",
        "sop_class\ttype\tsource\n1.2.840.1.2\tct-scanner\ttest\n"
        "1.2.840.1.4\tmr-scanner\ttest\n1.2.840.1.9\t\ttest\n");
    put("default_credentials.tsv",
        "protocol\taccount\tsecret\tproduct\tsource\n"
        "ftp\tservice\tservice1\tAcme pumps\ttest\n"
        "*\tadmin\tadmin\tmany devices\ttest\n");
    put("recog_kinds.tsv",
        "kind\ton\trole\ttext\tas\nssh.banner\tclue ssh.banner\tserver\t^SSH-[0-9.]+-(.*)$\t\n"
        "html_title\tclue http.title\t\t\t\nx509.subject\tcertificate subject\t\t\t\nwww\tclue "
        "http.realm\t\t^(.*)$\tBasic realm=\"$1\"\n");
    put("recog_terms.tsv",
        "what\trecog\tours\tsource\nvendor\tACME Corp.\tAcme\ttest\ntype\tPrinter\tprinter\ttest\n"
        "system\tUbuntu Linux\tUbuntu\ttest\nfamily\tLinux\tLinux\ttest\nmodel-prefix\tAcme\tAcme \ttest\n");
    put("rules/declared.tsv", shipped("rules/declared.tsv"));
    put("rules/tcp.tsv", shipped("rules/tcp.tsv"));
    put("rules/a.tsv",
        "id\ton\trole\tpattern\tset\tconfidence\tsource\n"
        "class\tclue dhcp.vendor-class\t\t^Pump ([0-9.]+)\ttype=pump; vendor=acme inc; "
        "firmware=$1\t0.8\ttest\n"
        "win\tclue http.user-agent\tclient\tWindows NT 6.1\tos.family=Windows; "
        "os.product=Windows 7\t0.7\ttest\n"
        "dav\tclue http.user-agent\tclient\t^WebDAV/(6\\.1)\\.([0-9]+)\tos.family=Windows; "
        "os.version=$1; os.build=$2\t0.7\ttest\n"
        "iphone\tclue http.user-agent\tclient\tiPhone\tos.family=iOS; vendor=Fruit\t0.7\ttest\n"
        "archive\tclue http.title\tserver\tOrthanc( Explorer)?\ttype=pacs\t0.6\ttest\n"
        "win10\tclue smb.os\t\t^Windows 10 ?(LTSC)?\tos.product=Windows 10 $1\t0.7\ttest\n"
        "win10any\tclue smb.os\t\t^Windows 10\tos.product=Windows 10\t0.6\ttest\n"
        "mac\tclue mdns.os\t\t^macOS\tos.family=macOS\t0.9\ttest\n"
        "phone\tclue mdns.phone\t\t.\tos.family=iOS\t0.9\ttest\n"
        "printer\tservice ipp\tserver\t\ttype=printer\t0.7\ttest\n"
        "oui\torganisation\t\t^Acme Medical\ttype=pump\t0.9\ttest\n"
        "pumpname\tname *\t\t^pump-\ttype=pump\t0.4\ttest\n"
        "asks\tclue dns.query\tclient\t^update\\.acme$\tos.family=Linux\t0.7\ttest\n"
        "scan\tname dns\t\t^scan-\ttype=ct-scanner\t0.4\ttest\n"
        "title\tname dicom-ae\t\tPACS\ttype=pacs\t0.5\ttest\n"
        "name\tname *\t\t^prn-\tcategory=it\t0.6\ttest\n"
        "cert\tcertificate\t\tO=Acme\tvendor=Acme\t0.6\ttest\n"
        "hl7\tmessage hl7\tclient\t^ORU\tcategory=medical\t0.6\ttest\n");
    put("behaviours.tsv",
        "id\twhen\tset\tconfidence\tsource\n"
        "reports\tcalls hl7 >= 1; every hl7 <= 60; called hl7 <= 0; external <= 0\ttype=pump\t0.35\ttest\n"
        "calls\tcalls hl7 >= 1; called hl7 <= 0; external <= 0\ttype=pump\t0.2\ttest\n");
    put("findings.toml", texts());
    put("risk.toml", risk());
  }
  ~KnowledgeFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
    std::filesystem::remove_all(site(), ignored);
  }
  KnowledgeFolder(const KnowledgeFolder&) = delete;
  KnowledgeFolder& operator=(const KnowledgeFolder&) = delete;

  void put(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  /// The folder beside it that holds what a site adds.
  [[nodiscard]] std::string site() const { return site_folder(path()); }
  void put_site(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(site());
    std::ofstream(site() + "/" + name, std::ios::binary) << text;
  }
  void remove(const std::string& name) const { std::filesystem::remove_all(path_ / name); }
  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] Result<std::unique_ptr<const Knowledge>> load() const { return load_knowledge(path()); }

  /// All kinds of finding that the program makes, with short words.
  static std::string texts() {
    std::string out;
    for (const char* kind :
         {"unsupported-os", "cleartext-credential", "default-credential", "weak-credential",
          "outdated-protocol", "weak-encryption", "expired-certificate", "cleartext-phi", "no-authentication",
          "internet-exposure", "unknown-device", "mixed-segment"}) {
      out += std::string("[[finding]]\nkind = \"") + kind + "\"\ntitle = \"" + kind +
             " {protocol} {detail}\"\nseverity = \"high\"\nlikelihood = 0.3\n"
             "explanation = \"count {count} version {version} peers {peers}\"\n"
             "[[finding.remedy]]\naction = \"segment\"\ntext = \"Do.\"\nsource = \"test\"\n";
    }
    return out +
           "[[outdated]]\nprotocol = \"smb\"\nversion = \"1\"\ntitle = \"SMB 1\"\nseverity = \"critical\"\n"
           "likelihood = 0.5\n"
           "[[outdated]]\nprotocol = \"telnet\"\ntitle = \"Telnet\"\nseverity = \"low\"\nlikelihood = 0.1\n";
  }
  static std::string risk() {
    return "[likelihood]\nbase = 0.02\ninternet = 0.15\nper_peer = 0.004\npeers_at_most = 25\n"
           "[weights]\npatient_safety = 5\nconfidentiality = 2.5\navailability = 2.5\nlife_supporting = "
           "1.25\n"
           "[category.medical]\npatient_safety = 7\nconfidentiality = 7\navailability = 7\n"
           "[category.it]\npatient_safety = 3\nconfidentiality = 6\navailability = 5\n"
           "[category.unknown]\npatient_safety = 4\nconfidentiality = 4\navailability = 4\n"
           // Not in descending order: the reader sorts.
           "[[level]]\nname = \"info\"\nfrom = 0\n[[level]]\nname = \"critical\"\nfrom = 80\n"
           "[[level]]\nname = \"medium\"\nfrom = 35\n[[level]]\nname = \"high\"\nfrom = 60\n"
           "[[level]]\nname = \"low\"\nfrom = 10\n";
  }

 private:
  /// A table as it is shipped.
  static std::string shipped(const std::string& name) {
    std::ifstream file(std::string(BEDRAIL_SOURCE_DIR "/knowledge/") + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  std::filesystem::path path_;
};

/// The small knowledge of KnowledgeFolder, read once.
inline const Knowledge& small_knowledge() {
  static const std::unique_ptr<const Knowledge> knowledge = [] {
    auto loaded = KnowledgeFolder().load();
    if (!loaded) throw std::runtime_error(loaded.error().message);
    return std::move(*loaded);
  }();
  return *knowledge;
}

}  // namespace bedrail::test
