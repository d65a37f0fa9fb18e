#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/product_name.h"
#include "assess/components.h"
#include "knowledge/advisories.h"

namespace bedrail {

/// What a published vulnerability is to a component.
enum class Standing : std::uint8_t {
  kNotAffected,  ///< the product is named, this version is not among those affected
  kFixed,        ///< the version is one in which it was put right
  kPotential,    ///< the product is named; whether this one is affected, something unseen decides
  kConfirmed     ///< the affected version of the product was seen
};
/// "not-affected", "fixed", "potential", "confirmed": the contract's words.
std::string_view to_string(Standing standing);

struct Verdict {
  const KnownVulnerability* vulnerability = nullptr;
  const ProductStatement* statement = nullptr;  ///< the one that decided
  const Component* component = nullptr;
  Standing standing = Standing::kPotential;
  std::string range;     ///< the statement's range as it was read
  std::string reason;    ///< why it stands so, a sentence
  std::string settle;    ///< what would have to be seen to know; empty where it is known
  std::string fixed_in;  ///< the first version that has it put right, as far as the statement tells
};

/// Judges components by the statements of advisories. Immutable: one for all devices and threads.
class Matcher {
 public:
  /// Keeps views of both, which outlive it.
  Matcher(const AdvisoryBook& book, const ProductAliases& aliases);
  ~Matcher();
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  /// One verdict for each vulnerability that a statement on any of the components names, in the book's order.
  /// Views into `components` and the book.
  [[nodiscard]] std::vector<Verdict> verdicts(const std::vector<Component>& components) const;

 private:
  struct Entry;
  struct Case;
  void weigh(const Case& on, const Entry& entry, const ProductMatch& match) const;
  void judge_system(const Case& on) const;
  void judge_product(const Case& on) const;

  const AdvisoryBook& book_;
  const ProductAliases& aliases_;
  std::vector<Entry> entries_;
  std::map<std::string, std::vector<std::uint32_t>, std::less<>> by_key_;  ///< by `ProductName::keys`
  std::map<std::string, std::vector<std::uint32_t>, std::less<>>
      by_system_;  ///< by the product in plain words
};

}  // namespace bedrail
