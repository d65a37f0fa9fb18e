#include "advisory/product_name.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "table_rows.h"

using namespace bedrail;

namespace {

/// The tables that the program ships.
const ProductAliases& shipped() {
  static const ProductAliases aliases = [] {
    ProductAliases out;
    for (const auto& row : test::table_rows(BEDRAIL_SOURCE_DIR "/knowledge/vendor_aliases.tsv"))
      out.add_vendor(row.at(0), row.at(1), row.at(2), row.at(3) == "y");
    for (const auto& row : test::table_rows(BEDRAIL_SOURCE_DIR "/knowledge/product_aliases.tsv"))
      out.add_product(row.at(2), row.at(0), row.at(1));
    return out;
  }();
  return aliases;
}

ProductMatch match(std::string_view vendor, std::string_view model, std::string_view maker,
                   std::string_view product) {
  return relate(ProductName::read(shipped(), vendor, model), ProductName::read(shipped(), maker, product));
}

std::string_view word(ProductRelation relation) {
  switch (relation) {
    case ProductRelation::kSame:
      return "same";
    case ProductRelation::kFamily:
      return "family";
    case ProductRelation::kOther:
      return "other";
    case ProductRelation::kUnknown:
      return "unknown";
  }
  return "";
}

}  // namespace

TEST_CASE("product: plain words") {
  CHECK(plain_words("Innokas YhtymÃ¤ Oy") == "innokas yhtyma oy");
  CHECK(plain_words("Drägerwerk AG & Co. KGaA") == "dragerwerk ag co kgaa");
  CHECK(plain_words("  IntelliVue™  MX40® ") == "intellivue mx40");
  CHECK(plain_words("N'Vision") == "nvision");
  CHECK(plain_words("\xff\xfe"
                    "a\x01"
                    "b") == "a b");
  CHECK(plain_words(std::string(2000, 'a')).size() == 512);
}

TEST_CASE("product: makers by any of their names") {
  const auto makers = [](std::string_view vendor, std::string_view product = {}) {
    std::string out;
    for (const auto& one : shipped().vendors_of(vendor, product)) out += (out.empty() ? "" : ", ") + one;
    return out;
  };
  CHECK(makers("Hospira, Inc.") == "icu medical");
  CHECK(makers("Becton, Dickinson and Company (BD)") == "bd");
  CHECK(makers("Phillips") == "philips");
  CHECK(makers("Medtronic ") == "medtronic");
  CHECK(makers("Silex Technology and GE Healthcare") == "ge healthcare, silex technology");
  CHECK(makers("Innokas YhtymÃ¤ Oy") == "innokas");
  CHECK(makers("General Electric (GE)") == "ge healthcare");
  CHECK(makers("Draeger Medical Systems") == "drager");
  CHECK(makers("Hillrom and ELI, Baxter International Inc.") == "baxter");
  CHECK(makers("Carestream", "Vue PACS") == "philips");
  CHECK(makers("Carestream", "DRX-Evolution") == "carestream");
  CHECK(makers("Welch Allyn") == "baxter");
  CHECK(makers("") == "");
}

TEST_CASE("product: how a device's model stands to an advisory's product") {
  const auto rows = test::table_rows(BEDRAIL_SOURCE_DIR "/src/advisory/product_pairs.tsv");
  REQUIRE(rows.size() >= 60);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 5);
    const ProductMatch found = match(row[0], row[1], row[2], row[3]);
    INFO(row[0] << " " << row[1] << "  |  " << row[2] << " " << row[3] << ": " << found.reason);
    CHECK(word(found.relation) == row[4]);
    CHECK_FALSE(found.reason.empty());
    // Who looks products up by their keys misses none.
    if (row[4] != "same" && row[4] != "family") continue;
    const auto left = ProductName::read(shipped(), row[0], row[1]).keys();
    const auto right = ProductName::read(shipped(), row[2], row[3]).keys();
    CHECK(std::any_of(left.begin(), left.end(), [&](const std::string& key) {
      return std::binary_search(right.begin(), right.end(), key);
    }));
  }
}

TEST_CASE("product: which model a condition means") {
  const auto condition = [](std::string_view text) {
    const auto range = VersionRange::read(text);
    REQUIRE(range.conditions().size() == 1);
    return range.conditions()[0];
  };
  const auto device = [](std::string_view vendor, std::string_view model) {
    return ProductName::read(shipped(), vendor, model);
  };
  const auto spectrum = condition("6.x model 35700BAX");
  CHECK(names_model(device("Baxter", "Sigma Spectrum 35700BAX"), spectrum) == Covered::kYes);
  CHECK(names_model(device("Baxter", "Sigma Spectrum 35700BAX2"), spectrum) == Covered::kNo);
  CHECK(names_model(device("Baxter", "Sigma Spectrum"), spectrum) == Covered::kUnknown);
  const auto minimed = condition("MMT-1715 | MMT-1754 | MMT-1755");
  CHECK(names_model(device("Medtronic", "MMT-1754"), minimed) == Covered::kYes);
  CHECK(names_model(device("Medtronic", "MMT-1711"), minimed) == Covered::kNo);
  CHECK(names_model(device("Medtronic", "MiniMed 630G"), minimed) == Covered::kUnknown);
  const auto meter = condition("CoaguChek XS Plus");
  CHECK(names_model(device("Roche", "CoaguChek XS Plus"), meter) == Covered::kYes);
  CHECK(names_model(device("Roche", "CoaguChek XS Pro"), meter) == Covered::kUnknown);
}

// Every product of the medical advisories is itself, or says too little to be anything.
TEST_CASE("product: all products of the medical advisories") {
  const char* shared = std::getenv("BEDRAIL_SHARED");
  const auto rows =
      test::table_rows(std::string(shared != nullptr ? shared : "") + "/kb/advisory_versions.tsv");
  if (rows.empty()) {
    MESSAGE("skipped: BEDRAIL_SHARED names no folder with kb/advisory_versions.tsv");
    return;
  }
  std::size_t same = 0, unknown = 0, other = 0;
  for (const auto& row : rows) {
    const ProductMatch found = match(row.at(1), row.at(2), row.at(1), row.at(2));
    same += found.relation == ProductRelation::kSame;
    unknown += found.relation == ProductRelation::kUnknown;
    if (found.relation == ProductRelation::kUnknown)
      MESSAGE(row[1] << ": " << row[2] << ": " << found.reason);
    // "LOGIQ, not including LOGIQ 100 Pro" leaves open which of them a device is.
    const bool lost =
        found.relation == ProductRelation::kOther ||
        (found.relation == ProductRelation::kFamily && row[2].find("not including") == std::string::npos);
    other += lost;
    if (lost) MESSAGE(row[1] << ": " << row[2] << " is not itself: " << found.reason);
  }
  MESSAGE(same << " of " << rows.size() << " products are themselves, " << unknown << " say too little");
  CHECK(other == 0);
  CHECK(unknown * 20 < rows.size());
}
