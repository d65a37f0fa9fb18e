#include "knowledge/feeds/csv_feed.h"

#include <fmt/format.h>

#include "base/text.h"

namespace bedrail {
namespace {

constexpr std::size_t kLongestField = 1 << 20;
constexpr std::size_t kFields = 1000;
constexpr int kEnd = -1;

}  // namespace

tl::unexpected<Error> CsvReader::fail(const std::string& what) const {
  return failure(fmt::format("{}:{}: {}", source_.name(), row_line_, what));
}

Result<int> CsvReader::byte() {
  if (pushed_back_) {
    pushed_back_ = false;
    return last_;
  }
  if (piece_.empty()) {
    const auto piece = source_.next();
    if (!piece) return tl::unexpected(piece.error());
    piece_ = *piece;
    if (piece_.empty()) return last_ = kEnd;
  }
  last_ = static_cast<unsigned char>(piece_.front());
  piece_.remove_prefix(1);
  if (last_ == '\n') ++line_;
  return last_;
}

/// The rest of a field in quotation marks, up to the closing one.
Result<void> CsvReader::quoted(std::string& field) {
  for (;;) {
    const auto c = byte();
    if (!c) return tl::unexpected(c.error());
    if (*c == kEnd) return fail("has a quotation mark that is not closed");
    if (*c == '"') {
      const auto after = byte();
      if (!after) return tl::unexpected(after.error());
      if (*after != '"') {
        pushed_back_ = true;
        return {};
      }
    }
    field += static_cast<char>(*c);
    if (field.size() > kLongestField)
      return fail("has a field that is too long; is a quotation mark not closed?");
  }
}

Result<bool> CsvReader::next() {
  row_.assign(1, {});
  row_line_ = line_;
  for (;;) {
    const auto c = byte();
    if (!c) return tl::unexpected(c.error());
    const bool empty = row_.size() == 1 && row_[0].empty();
    if (*c == kEnd) return !empty;
    if (*c == '\r') continue;
    if (*c == '\n') {
      if (!empty) return true;
      row_line_ = line_;
    } else if (*c == ',') {
      if (row_.size() >= kFields) return fail(fmt::format("has more than {} fields", kFields));
      row_.emplace_back();
    } else if (*c == '"' && row_.back().empty()) {
      if (auto done = quoted(row_.back()); !done) return tl::unexpected(done.error());
    } else {
      row_.back() += static_cast<char>(*c);
      if (row_.back().size() > kLongestField) return fail("has a field that is too long; is this a table?");
    }
  }
}

int CsvReader::column(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    for (std::size_t i = 0; i < row_.size(); ++i) {
      if (equals_ignoring_case(trim(row_[i]), name)) return static_cast<int>(i);
    }
  }
  return -1;
}

const std::string& CsvReader::field(int column) const {
  static const std::string kNone;
  return column >= 0 && static_cast<std::size_t>(column) < row_.size()
             ? row_[static_cast<std::size_t>(column)]
             : kNone;
}

}  // namespace bedrail
