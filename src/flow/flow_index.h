#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "flow/flow.h"

namespace bedrail {

/// Where flows are, by hash: open addressing with linear probing, half full at most, the hash beside the
/// pointer. Nearly every look touches one line of the cache, and no flow but the one that is looked for.
class FlowIndex {
 public:
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t memory() const { return entries_.size() * sizeof(Entry); }
  /// Brings the line that `find` will begin with nearer.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&entries_[home(hash)]); }
  /// The first flow with this hash that `wanted`, or null.
  template <typename Wanted>
  [[nodiscard]] Flow* find(std::uint64_t hash, const Wanted& wanted) const {
    for (std::size_t i = home(hash); entries_[i].flow != nullptr; i = after(i)) {
      if (entries_[i].hash == hash && wanted(*entries_[i].flow)) return entries_[i].flow;
    }
    return nullptr;
  }
  void insert(std::uint64_t hash, Flow* flow) {
    if (2 * (size_ + 1) > entries_.size()) grow();
    put({hash, flow});
    ++size_;
  }
  /// A flow that was inserted with this hash.
  void erase(std::uint64_t hash, const Flow* flow) {
    std::size_t hole = home(hash);
    while (entries_[hole].flow != flow) hole = after(hole);
    // What stands behind moves up, unless that would be before its home.
    for (std::size_t i = after(hole); entries_[i].flow != nullptr; i = after(i)) {
      const std::size_t from_home = (i - home(entries_[i].hash)) & mask_, from_hole = (i - hole) & mask_;
      if (from_home < from_hole) continue;
      entries_[hole] = entries_[i];
      hole = i;
    }
    entries_[hole] = {};
    --size_;
  }

 private:
  struct Entry {
    std::uint64_t hash = 0;
    Flow* flow = nullptr;
  };
  [[nodiscard]] std::size_t home(std::uint64_t hash) const { return hash & mask_; }
  [[nodiscard]] std::size_t after(std::size_t i) const { return (i + 1) & mask_; }
  void put(const Entry& entry) {
    std::size_t i = home(entry.hash);
    while (entries_[i].flow != nullptr) i = after(i);
    entries_[i] = entry;
  }
  void grow() {
    std::vector<Entry> before(2 * entries_.size());
    before.swap(entries_);
    mask_ = entries_.size() - 1;
    for (const Entry& entry : before) {
      if (entry.flow != nullptr) put(entry);
    }
  }

  static constexpr std::size_t kLeast = 256;  ///< entries; always a power of two
  std::vector<Entry> entries_ = std::vector<Entry>(kLeast);
  std::size_t mask_ = kLeast - 1;
  std::size_t size_ = 0;
};

}  // namespace bedrail
