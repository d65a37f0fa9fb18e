#include "knowledge/advisories.h"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

namespace bedrail {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFacts = "cve\tcwe\tcvss\tkev\tname\tsource\n";
constexpr const char* kFact =
    "CVE-2020-1234\tCWE-1\tCVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H\t2021-11-03\tLoud\tNVD\n";
constexpr const char* kHead =
    "advisory\tdate\tvendor\tproduct\trange\tstatus\tcves\tfixed_in\tservice\tcondition\tsource\n";

struct Folder {
  fs::path path = fs::temp_directory_path() / "bedrail_advisories_test";
  Folder() {
    fs::remove_all(path);
    fs::create_directories(path / "advisories");
  }
  ~Folder() { fs::remove_all(path); }
  void write(const char* name, const std::string& text) const { std::ofstream(path / name) << text; }
  [[nodiscard]] Result<AdvisoryBook> read() const {
    AdvisoryBook book;
    if (auto done = book.read(path.string()); !done) return tl::unexpected(done.error());
    return book;
  }
  [[nodiscard]] std::string fault() const {
    const auto book = read();
    return book ? "" : fs::path(book.error().message).filename().string();
  }
};

}  // namespace

TEST_CASE("advisories: tables are read by name, statements know their vulnerabilities") {
  const Folder folder;
  folder.write("vulnerabilities.tsv", std::string(kFacts) + kFact);
  folder.write("advisories/b.tsv",
               std::string(kHead) +
                   "B-1\t2020-01-02\tAcme\tPump\t< 2\taffected\tCVE-2020-1234\t2\tsmb\tnote\thttps://b\n");
  folder.write(
      "advisories/a.tsv",
      std::string(kHead) + "A-1\t\tAcme\tBed\tvers:all/*\tnot-affected\tCVE-2020-1234\t\t\t\thttps://a\n");
  const auto book = folder.read();
  REQUIRE(book);
  CHECK(book->advisories() == 2);
  REQUIRE(book->statements().size() == 2);
  CHECK(book->statements()[0].product == "Bed");
  CHECK(book->statements()[0].status == ProductStatement::Status::kNotAffected);
  const ProductStatement& pump = book->statements()[1];
  CHECK(pump.fixed_in == "2");
  CHECK(pump.service == "smb");
  CHECK(pump.condition == "note");
  REQUIRE(pump.vulnerabilities.size() == 1);
  const KnownVulnerability& known = book->vulnerabilities()[pump.vulnerabilities[0]];
  CHECK(known.cve == "CVE-2020-1234");
  CHECK(known.kev == "2021-11-03");
  CHECK(known.name == "Loud");
  CHECK(known.cvss.size() == 1);
}

TEST_CASE("advisories: a folder without them is none") {
  const Folder folder;
  fs::remove_all(folder.path / "advisories");
  const auto book = folder.read();
  REQUIRE(book);
  CHECK(book->statements().empty());
}

TEST_CASE("advisories: faults name the file and the line") {
  const Folder folder;
  const auto facts = [&](const std::string& row) {
    folder.write("vulnerabilities.tsv", std::string(kFacts) + row);
    return folder.fault();
  };
  CHECK(facts("CVE-20-1234\t\t\t\t\tNVD\n") ==
        "vulnerabilities.tsv:2: \"CVE-20-1234\" is no CVE number (CVE-2020-25165)");
  CHECK(facts("CVE-2020-1234\t\t\tsoon\t\tNVD\n") ==
        "vulnerabilities.tsv:2: kev is a day (2021-11-03), not \"soon\"");
  CHECK(facts(std::string(kFact) + kFact) == "vulnerabilities.tsv:3: CVE-2020-1234 stands twice");
  facts(kFact);
  const auto statement = [&](const std::string& row) {
    folder.write("advisories/a.tsv", kHead + row);
    return folder.fault();
  };
  CHECK(statement("A\t\tAcme\tPump\t<2\tbad\tCVE-2020-1234\t\t\t\tx\n") ==
        "a.tsv:2: the status is affected, fixed or not-affected, not \"bad\"");
  CHECK(statement("A\t\tAcme\tPump\t<2\taffected\tCVE-2020-9999\t\t\t\tx\n") ==
        "a.tsv:2: CVE-2020-9999 is missing from vulnerabilities.tsv");
  CHECK(statement("A\t\tAcme\tPump\t<2\taffected\t\t\t\t\tx\n") == "a.tsv:2: names no vulnerability");
  CHECK(statement("A\t\tAcme\tPump\t\taffected\tCVE-2020-1234\t\t\t\tx\n") == "a.tsv:2: range is empty");
  CHECK(statement("A\t1 May\tAcme\tPump\t<2\taffected\tCVE-2020-1234\t\t\t\tx\n") ==
        "a.tsv:2: date is a day (2021-11-03), not \"1 May\"");
}

}  // namespace bedrail
