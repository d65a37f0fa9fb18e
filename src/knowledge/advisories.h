#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bedrail {

/// What is publicly known of a vulnerability: a row of `vulnerabilities.tsv`.
struct KnownVulnerability {
  std::string cve, cwe;
  std::vector<std::string> cvss;  ///< vectors; scores are computed from them
  std::string kev;   ///< the day since when CISA's catalogue lists it as exploited; empty: it does not
  std::string name;  ///< "BlueKeep"; empty: it has none
  std::string source;
};

/// What an advisory says of one product: a row of a table in `advisories/`.
struct ProductStatement {
  enum class Status : std::uint8_t { kAffected, kFixed, kNotAffected } status = Status::kAffected;
  std::string advisory, date;
  std::string vendor, product;
  std::string range;      ///< as the advisory writes it; `VersionRange::read` reads it
  std::string fixed_in;   ///< the version that the maker names; empty: none
  std::string service;    ///< the protocol that has to be offered for an attack; empty: any way
  std::string condition;  ///< what a version does not tell; empty: nothing
  std::string source;     ///< where it stands
  std::vector<std::uint32_t> vulnerabilities;  ///< places in `AdvisoryBook::vulnerabilities`
};

/// The statements of public advisories. Immutable once read.
class AdvisoryBook {
 public:
  /// Adds `folder`/vulnerabilities.tsv and every table in `folder`/advisories, by name; a folder without them
  /// adds none. Errors name the file and the line.
  Result<void> read(const std::string& folder);

  [[nodiscard]] const std::vector<ProductStatement>& statements() const { return statements_; }
  [[nodiscard]] const std::vector<KnownVulnerability>& vulnerabilities() const { return vulnerabilities_; }
  /// How many documents the statements come from.
  [[nodiscard]] std::size_t advisories() const { return documents_; }

 private:
  Result<void> read_vulnerabilities(const std::string& path);
  Result<void> read_statements(const std::string& path);
  Result<std::vector<std::uint32_t>> places_of(std::string_view cves, const std::string& where) const;

  std::vector<KnownVulnerability> vulnerabilities_;
  std::vector<ProductStatement> statements_;
  std::map<std::string, std::uint32_t, std::less<>> by_cve_;
  std::size_t documents_ = 0;
};

}  // namespace bedrail
