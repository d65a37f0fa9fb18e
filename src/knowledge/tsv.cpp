#include "knowledge/tsv.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>

#include "base/text.h"

namespace bedrail {

Result<std::string> read_knowledge_file(const std::string& path) {
  constexpr std::uintmax_t kLimit = 64 << 20;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error)
    return failure(path + ": " + error.message() + "; give the folder of knowledge with --knowledge");
  if (size > kLimit) return failure(fmt::format("{}: larger than {} MiB", path, kLimit >> 20));
  std::string text(static_cast<std::size_t>(size), '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!file) return failure(path + ": cannot be read");
  return text;
}

std::vector<std::string_view> split_list(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    if (const std::string_view part = trim(text.substr(0, end)); !part.empty()) out.push_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

Result<Tsv> Tsv::read(const std::string& path, const std::vector<std::string_view>& needed) {
  auto text = read_knowledge_file(path);
  if (!text) return tl::unexpected(text.error());
  return parse(path, std::move(*text), needed);
}

Result<Tsv> Tsv::parse(const std::string& name, std::string text,
                       const std::vector<std::string_view>& needed) {
  Tsv table;
  table.name_ = name;
  table.text_ = std::move(text);
  if (auto done = table.split(needed); !done) return tl::unexpected(done.error());
  return table;
}

void Tsv::add_cells(std::size_t from, std::size_t to) {
  while (from <= to) {
    const std::size_t tab = std::min(text_.find('\t', from), to);
    cells_.push_back({from, tab - from});
    from = tab + 1;
  }
}

Result<void> Tsv::name_columns(std::size_t number, const std::vector<std::string_view>& needed) {
  // Each row takes a cell for each column, so that their number must be bounded.
  constexpr std::size_t kColumns = 64;
  if (cells_.size() > kColumns)
    return failure(fmt::format("{}:{}: more than {} columns", name_, number, kColumns));
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const std::string_view column = trim(cell(i));
    if (!column.empty() && std::find(columns_.begin(), columns_.end(), column) != columns_.end())
      return failure(fmt::format("{}:{}: the column \"{}\" stands twice", name_, number, column));
    columns_.emplace_back(column);
  }
  cells_.clear();
  for (const std::string_view column : needed) {
    if (std::find(columns_.begin(), columns_.end(), column) == columns_.end())
      return failure(fmt::format("{}:{}: the column \"{}\" is missing", name_, number, column));
  }
  return {};
}

Result<void> Tsv::split(const std::vector<std::string_view>& needed) {
  std::size_t number = 0;
  const std::size_t begin = text_.starts_with("\xef\xbb\xbf") ? 3 : 0;
  for (std::size_t at = begin; at < text_.size();) {
    const std::size_t end = std::min(text_.find('\n', at), text_.size());
    const std::size_t stop = end > at && text_[end - 1] == '\r' ? end - 1 : end;
    const std::string_view line(text_.data() + at, stop - at);
    const std::size_t start = at;
    ++number;
    at = end + 1;
    if (line.empty() || line.front() == '#') continue;
    const std::size_t first = cells_.size();
    add_cells(start, stop);
    if (columns_.empty()) {
      if (auto done = name_columns(number, needed); !done) return done;
      continue;
    }
    const std::size_t found = cells_.size() - first;
    if (found > columns_.size()) {
      return failure(
          fmt::format("{}:{}: {} cells in a table of {} columns; cells are separated by tabs and hold none",
                      name_, number, found, columns_.size()));
    }
    // Editors drop empty cells at a line's end.
    cells_.resize(first + columns_.size());
    rows_.push_back({number, first});
  }
  if (columns_.empty()) return failure(name_ + ": no line names the columns");
  return {};
}

std::optional<std::size_t> Tsv::column(std::string_view name) const {
  const auto found = std::find(columns_.begin(), columns_.end(), name);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns_.begin());
}

std::string_view Tsv::Row::cell(std::size_t column) const {
  return trim(table_->cell(table_->rows_[index_].first_cell + column));
}

std::string_view Tsv::Row::operator[](std::string_view column) const {
  const auto place = table_->column(column);
  return place ? cell(*place) : std::string_view();
}

double Tsv::Row::number(std::string_view column, double otherwise) const {
  const std::string_view text = (*this)[column];
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(value) ? value : otherwise;
}

Result<double> Tsv::Row::number_in(std::string_view column, double low, double high) const {
  if ((*this)[column].empty()) return 0.0;
  const double value = number(column, low - 1);
  if (value >= low && value <= high) return value;
  return failure(fmt::format("{}: \"{}\" in the column {} is no number from {:g} to {:g}", where(),
                             (*this)[column], column, low, high));
}

std::string Tsv::Row::where() const {
  return fmt::format("{}:{}", table_->name_, table_->rows_[index_].number);
}

}  // namespace bedrail
