#include "knowledge/organisations.h"

#include <fmt/format.h>

#include <algorithm>

namespace bedrail {
namespace {

constexpr std::size_t kLongest = 9;

std::uint64_t key_of(std::uint64_t digits, std::size_t count) {
  return digits << (4 * (kLongest - count)) << 4 | count;
}

/// 6, 7 or 9 upper-case digits: the registry's large, medium and small blocks (MA-L, MA-M, MA-S).
std::optional<std::uint64_t> parse_prefix(std::string_view text) {
  if (text.size() != 6 && text.size() != 7 && text.size() != kLongest) return std::nullopt;
  std::uint64_t digits = 0;
  for (const char c : text) {
    const bool decimal = c >= '0' && c <= '9';
    if (!decimal && (c < 'A' || c > 'F')) return std::nullopt;
    digits = digits << 4 | static_cast<std::uint64_t>(decimal ? c - '0' : c - 'A' + 10);
  }
  return key_of(digits, text.size());
}

}  // namespace

Result<void> Organisations::read(const std::string& path) {
  auto table = Tsv::read(path, {"prefix", "organisation"});
  if (!table) return tl::unexpected(table.error());
  table_ = std::move(*table);
  const std::size_t prefix = *table_->column("prefix");
  name_column_ = *table_->column("organisation");
  entries_.clear();
  entries_.reserve(table_->size());
  for (std::size_t i = 0; i < table_->size(); ++i) {
    const std::string_view text = table_->row(i).cell(prefix);
    const auto key = parse_prefix(text);
    if (!key)
      return failure(fmt::format("{}: \"{}\" is no prefix of 6, 7 or 9 upper-case hexadecimal digits",
                                 table_->row(i).where(), text));
    entries_.push_back({*key, static_cast<std::uint32_t>(i)});
  }
  const auto before = [](const Entry& a, const Entry& b) { return a.key < b.key; };
  if (!std::is_sorted(entries_.begin(), entries_.end(), before))
    std::stable_sort(entries_.begin(), entries_.end(), before);
  return {};
}

std::string_view Organisations::of(const MacAddress& mac) const {
  if (mac.is_local() || mac.is_multicast() || !table_) return {};
  for (const std::size_t digits : {kLongest, std::size_t{7}, std::size_t{6}}) {
    const std::uint64_t key = key_of(mac.value() >> (48 - 4 * digits), digits);
    const auto after =
        std::upper_bound(entries_.begin(), entries_.end(), key,
                         [](std::uint64_t wanted, const Entry& entry) { return wanted < entry.key; });
    if (after != entries_.begin() && std::prev(after)->key == key)
      return table_->row(std::prev(after)->row).cell(name_column_);
  }
  return {};
}

}  // namespace bedrail
