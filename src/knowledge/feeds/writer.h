#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "database/database.h"
#include "knowledge/feeds/record.h"

namespace bedrail {

/// Puts the records of one kind into a base: of two with one key the later stands, whichever came first.
class FeedWriter final : public FeedSink {
 public:
  FeedWriter(Database& database, std::string kind) : database_(database), kind_(std::move(kind)) {}

  Result<void> put(const FeedRecord& record) override;
  void dated(std::string_view date) override;

  /// Drops the kind's records that were not put.
  Result<void> withdraw_others();
  /// Drops products that nothing names any more. After the last record.
  Result<void> finish();

  /// Records put, and the latest date that documents gave.
  [[nodiscard]] std::size_t records() const { return records_; }
  [[nodiscard]] const std::string& date() const { return date_; }

 private:
  Result<void> write(std::int64_t id, const FeedRecord& record);
  Result<void> write_affected(std::int64_t id, const FeedRecord& record);
  Result<void> write_vulnerabilities(std::int64_t id, const FeedRecord& record);
  Result<void> write_inventory(std::int64_t id, const FeedRecord& record);
  Result<void> drop(std::int64_t id);
  Result<std::int64_t> product(const std::string& vendor, const std::string& name);
  Result<void> index_words(std::int64_t product, const std::string& text);

  Database& database_;
  std::string kind_;
  std::string date_;
  std::size_t records_ = 0;
  bool dropped_ = false;
  std::vector<bool> put_;                                   ///< by the record's id
  std::unordered_map<std::string, std::int64_t> products_;  ///< of late
};

/// The words that a product is found by: runs of letters and digits in lower case (ASCII; other bytes count
/// as letters), each once, sorted.
std::vector<std::string> product_words(std::string_view text);

}  // namespace bedrail
