#include "knowledge/advisories.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "knowledge/tsv.h"

namespace bedrail {
namespace {

namespace fs = std::filesystem;

/// "CVE-2020-25165": the year and at least four digits.
bool is_cve(std::string_view text) {
  constexpr std::string_view kPrefix = "CVE-";
  constexpr std::size_t kYear = 4, kLeast = kPrefix.size() + kYear + 1 + 4;
  if (text.size() < kLeast || !text.starts_with(kPrefix) || text[kPrefix.size() + kYear] != '-') return false;
  for (std::size_t i = kPrefix.size(); i < text.size(); ++i) {
    if (i != kPrefix.size() + kYear && (text[i] < '0' || text[i] > '9')) return false;
  }
  return true;
}

/// "2017-05-01", or nothing.
bool is_day_or_empty(std::string_view text) {
  if (text.empty()) return true;
  constexpr std::string_view kForm = "dddd-dd-dd";
  return text.size() == kForm.size() &&
         std::equal(text.begin(), text.end(), kForm.begin(),
                    [](char c, char f) { return f == 'd' ? c >= '0' && c <= '9' : c == f; });
}

Result<ProductStatement::Status> status_of(const Tsv::Row& row) {
  if (row["status"] == "affected") return ProductStatement::Status::kAffected;
  if (row["status"] == "fixed") return ProductStatement::Status::kFixed;
  if (row["status"] == "not-affected") return ProductStatement::Status::kNotAffected;
  return failure(fmt::format("{}: the status is affected, fixed or not-affected, not \"{}\"", row.where(),
                             row["status"]));
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view word : split_list(text, ' ')) out.emplace_back(word);
  return out;
}

}  // namespace

Result<void> AdvisoryBook::read(const std::string& folder) {
  std::error_code error;
  const fs::path facts = fs::path(folder) / "vulnerabilities.tsv", tables = fs::path(folder) / "advisories";
  if (!fs::exists(facts, error) && !fs::exists(tables, error)) return {};
  if (auto done = read_vulnerabilities(facts.string()); !done) return done;
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(tables, error)) {
    if (entry.path().extension() == ".tsv") paths.push_back(entry.path().string());
  }
  if (error) return failure(fmt::format("{}: cannot be read: {}", tables.string(), error.message()));
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    if (auto done = read_statements(path); !done) return done;
  }
  std::set<std::string_view> documents;
  for (const ProductStatement& statement : statements_) documents.insert(statement.advisory);
  documents_ = documents.size();
  return {};
}

Result<void> AdvisoryBook::read_vulnerabilities(const std::string& path) {
  const auto table = Tsv::read(path, {"cve", "cwe", "cvss", "kev", "name", "source"});
  if (!table) return tl::unexpected(table.error());
  for (std::size_t i = 0; i < table->size(); ++i) {
    const Tsv::Row row = table->row(i);
    if (!is_cve(row["cve"]))
      return failure(fmt::format("{}: \"{}\" is no CVE number (CVE-2020-25165)", row.where(), row["cve"]));
    if (!is_day_or_empty(row["kev"]))
      return failure(fmt::format("{}: kev is a day (2021-11-03), not \"{}\"", row.where(), row["kev"]));
    const auto place = static_cast<std::uint32_t>(vulnerabilities_.size());
    if (!by_cve_.try_emplace(std::string(row["cve"]), place).second)
      return failure(fmt::format("{}: {} stands twice", row.where(), row["cve"]));
    vulnerabilities_.push_back({std::string(row["cve"]), std::string(row["cwe"]), words(row["cvss"]),
                                std::string(row["kev"]), std::string(row["name"]),
                                std::string(row["source"])});
  }
  return {};
}

Result<std::vector<std::uint32_t>> AdvisoryBook::places_of(std::string_view cves,
                                                           const std::string& where) const {
  std::vector<std::uint32_t> out;
  for (const std::string_view cve : split_list(cves, ' ')) {
    const auto found = by_cve_.find(cve);
    if (found == by_cve_.end())
      return failure(fmt::format("{}: {} is missing from vulnerabilities.tsv", where, cve));
    out.push_back(found->second);
  }
  if (out.empty()) return failure(fmt::format("{}: names no vulnerability", where));
  return out;
}

Result<void> AdvisoryBook::read_statements(const std::string& path) {
  const auto table = Tsv::read(path, {"advisory", "date", "vendor", "product", "range", "status", "cves",
                                      "fixed_in", "service", "condition", "source"});
  if (!table) return tl::unexpected(table.error());
  for (std::size_t i = 0; i < table->size(); ++i) {
    const Tsv::Row row = table->row(i);
    for (const std::string_view column : {"advisory", "vendor", "product", "range", "source"}) {
      if (row[column].empty()) return failure(fmt::format("{}: {} is empty", row.where(), column));
    }
    if (!is_day_or_empty(row["date"]))
      return failure(fmt::format("{}: date is a day (2021-11-03), not \"{}\"", row.where(), row["date"]));
    const auto status = status_of(row);
    if (!status) return tl::unexpected(status.error());
    auto places = places_of(row["cves"], row.where());
    if (!places) return tl::unexpected(places.error());
    statements_.push_back({*status, std::string(row["advisory"]), std::string(row["date"]),
                           std::string(row["vendor"]), std::string(row["product"]), std::string(row["range"]),
                           std::string(row["fixed_in"]), std::string(row["service"]),
                           std::string(row["condition"]), std::string(row["source"]), std::move(*places)});
  }
  return {};
}

}  // namespace bedrail
