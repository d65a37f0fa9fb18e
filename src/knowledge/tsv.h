#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace bedrail {

/// A table of tab-separated text: the first line names the columns (each once, at most 64), `#` begins a
/// comment line, no quoting. A byte order mark is skipped.
class Tsv {
 public:
  /// One line, by the names of its columns. Valid as long as the table.
  class Row {
   public:
    Row(const Tsv& table, std::size_t index) : table_(&table), index_(index) {}
    /// By the column's place (`Tsv::column`), for those who read many rows.
    [[nodiscard]] std::string_view cell(std::size_t column) const;
    /// The cell, trimmed; empty where the table lacks the column.
    [[nodiscard]] std::string_view operator[](std::string_view column) const;
    [[nodiscard]] bool flag(std::string_view column) const { return (*this)[column] == "y"; }
    /// `otherwise` where the cell holds no finite number.
    [[nodiscard]] double number(std::string_view column, double otherwise = 0) const;
    /// The cell's number, 0 where the cell is empty; an error where it is no number from `low` to `high`.
    [[nodiscard]] Result<double> number_in(std::string_view column, double low, double high) const;
    /// "oui.tsv:12"
    [[nodiscard]] std::string where() const;

   private:
    const Tsv* table_;
    std::size_t index_;
  };

  /// `needed`: columns without which the table is of no use. Errors name the file and the line.
  static Result<Tsv> read(const std::string& path, const std::vector<std::string_view>& needed);
  static Result<Tsv> parse(const std::string& name, std::string text,
                           const std::vector<std::string_view>& needed);

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  /// Where a column stands.
  [[nodiscard]] std::optional<std::size_t> column(std::string_view name) const;
  [[nodiscard]] Row row(std::size_t index) const { return {*this, index}; }

 private:
  struct Line {
    std::size_t number = 0, first_cell = 0;
  };
  struct Cell {
    std::size_t at = 0, length = 0;
  };

  Result<void> name_columns(std::size_t number, const std::vector<std::string_view>& needed);
  Result<void> split(const std::vector<std::string_view>& needed);
  void add_cells(std::size_t from, std::size_t to);
  [[nodiscard]] std::string_view cell(std::size_t index) const {
    return std::string_view(text_).substr(cells_[index].at, cells_[index].length);
  }

  std::string name_, text_;
  std::vector<std::string> columns_;
  std::vector<Line> rows_;
  std::vector<Cell> cells_;
};

/// Reads a file of knowledge: at most 64 MiB.
Result<std::string> read_knowledge_file(const std::string& path);

/// The parts of `text` between separators, trimmed, without empty ones.
std::vector<std::string_view> split_list(std::string_view text, char separator);

}  // namespace bedrail
