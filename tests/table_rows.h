#pragma once

#include <fstream>
#include <string>
#include <vector>

namespace bedrail::test {

/// The rows of a tab-separated table without its head and comments; none where there is no such file. For
/// tests of rooms above `knowledge`, which reads tables for the others.
inline std::vector<std::vector<std::string>> table_rows(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::vector<std::string>> rows;
  bool head = true;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::vector<std::string> cells(1);
    for (const char c : line) c == '\t' ? (void)cells.emplace_back() : cells.back().push_back(c);
    if (!head) rows.push_back(std::move(cells));
    head = false;
  }
  return rows;
}

}  // namespace bedrail::test
