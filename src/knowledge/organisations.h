#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "knowledge/tsv.h"
#include "net/address.h"

namespace bedrail {

/// Who was given which prefix of MAC addresses (`oui.tsv`): tens of thousands of rows, left as they stand in
/// the file and found by an index.
class Organisations {
 public:
  Result<void> read(const std::string& path);
  /// The registered owner of a universal MAC's prefix, longest first; empty where there is none.
  [[nodiscard]] std::string_view of(const MacAddress& mac) const;

 private:
  struct Entry {
    std::uint64_t key = 0;  ///< the prefix's digits, left-aligned in 36 bits, and how many there are
    std::uint32_t row = 0;
  };

  std::optional<Tsv> table_;
  std::size_t name_column_ = 0;
  std::vector<Entry> entries_;  ///< by key; of equal ones the file's last counts
};

}  // namespace bedrail
