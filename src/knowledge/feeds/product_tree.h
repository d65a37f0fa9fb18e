#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "format/json_reader.h"
#include "model/vulnerability.h"

namespace bedrail {

/// The products of a CSAF document (CSAF 2.0, 3.2.2), with the numbers that statements refer to them by.
class ProductTree {
 public:
  /// Reads `product_tree`; what does not fit is the document's fault.
  void read(const JsonValue& tree);

  /// A product as the tree describes it: without vulnerability and status.
  [[nodiscard]] const AffectedProduct& leaf(std::uint32_t number) const { return leaves_[number]; }
  /// True where it stands only for what others are made of, or run on.
  [[nodiscard]] bool only_related(std::uint32_t number) const { return related_.contains(number); }
  [[nodiscard]] std::size_t size() const { return leaves_.size(); }

  /// The numbers of a list of product ids; an id that is not in the tree is the document's fault.
  [[nodiscard]] std::vector<std::uint32_t> leaves(const JsonValue& ids) const;
  /// The same of `product_ids` and `group_ids` together, sorted, each once.
  [[nodiscard]] std::vector<std::uint32_t> leaves_and_groups(const JsonValue& of) const;

 private:
  void branches(const JsonValue& list, const AffectedProduct& above);
  void branch(const JsonValue& one, const AffectedProduct& above);
  void product(const JsonValue& full, AffectedProduct as);
  void relationship(const JsonValue& one);
  [[nodiscard]] const AffectedProduct* named(const JsonValue& id) const;
  /// Sorted, each once; counted, since a group is named once and means many.
  [[nodiscard]] std::vector<std::uint32_t> ordered(std::vector<std::uint32_t> leaves,
                                                   const JsonValue& of) const;

  std::vector<AffectedProduct> leaves_;
  std::set<std::uint32_t> related_;
  mutable std::size_t references_ = 0;
  std::map<std::string, std::uint32_t, std::less<>> ids_;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> groups_;
};

}  // namespace bedrail
