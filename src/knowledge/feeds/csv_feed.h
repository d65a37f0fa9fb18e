#pragma once

#include <functional>
#include <string>
#include <vector>

#include "knowledge/feeds/feed_source.h"

namespace bedrail {

/// Cuts a table into its fields (RFC 4180: quotation marks, doubled inside; both kinds of line end).
class CsvReader {
 public:
  explicit CsvReader(FeedSource& source) : source_(source) {}

  /// The next row that is not empty; false at the end. The row is good until the next call. Errors name the
  /// line.
  Result<bool> next();
  [[nodiscard]] const std::vector<std::string>& row() const { return row_; }
  /// The line that the row begins in.
  [[nodiscard]] std::size_t line() const { return row_line_; }
  /// The row's columns by one of these names, in any case; -1 where none bears it.
  [[nodiscard]] int column(std::initializer_list<std::string_view> names) const;
  /// A field; empty where the row is shorter.
  [[nodiscard]] const std::string& field(int column) const;
  [[nodiscard]] tl::unexpected<Error> fail(const std::string& what) const;

 private:
  Result<int> byte();
  Result<void> quoted(std::string& field);

  FeedSource& source_;
  std::string_view piece_;
  std::vector<std::string> row_;
  std::size_t line_ = 1, row_line_ = 1;
  bool pushed_back_ = false;
  int last_ = 0;
};

}  // namespace bedrail
