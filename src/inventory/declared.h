#pragma once

#include <absl/container/flat_hash_map.h>

#include <optional>
#include <string>
#include <vector>

#include "inventory/fact_book.h"

namespace bedrail {

/// What one teller says of one device: a gateway of a monitor behind it, or a monitor of itself.
struct DeclaredSubject {
  /// What tells it from others, the surest first.
  enum class Identity : std::uint8_t { kEui64, kSerial, kName, kAddress };
  std::uint32_t teller = 0;  ///< a subject of the inventory
  std::string_view protocol;
  Identity identity = Identity::kName;
  std::string value, model, serial;
  std::vector<MacAddress> macs;  ///< that it is said to have
  std::optional<IpAddress> ip;
  FactBook facts;
  PacketRef first;
  Timestamp last;
  std::uint64_t count = 0;
};

/// Devices that others speak of. Bounded; what does not fit is counted.
class DeclaredTable {
 public:
  explicit DeclaredTable(std::size_t limit) : limit_(limit) {}
  /// `observation` is a clue whose key ends with `kDeclaredKey`.
  void add(const Observation& observation, std::uint32_t teller);
  [[nodiscard]] std::vector<DeclaredSubject>& subjects() { return subjects_; }
  [[nodiscard]] std::uint64_t overflow() const { return overflow_; }

 private:
  std::size_t limit_;
  std::vector<DeclaredSubject> subjects_;
  absl::flat_hash_map<std::uint64_t, std::uint32_t> places_;
  std::uint64_t overflow_ = 0;
};

}  // namespace bedrail
