#include "assess/matching.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace bedrail {
namespace {

using Status = ProductStatement::Status;

/// What one statement makes of one component.
struct Opinion {
  Standing standing = Standing::kPotential;
  std::string reason, settle;
  bool counted_otherwise = false;
};

/// Whether a version lies above every upper bound of a range that has one. `put_right` becomes true where one
/// of them is the first version that is not affected any more.
bool is_above(const VersionRange& range, const Version& version, bool& put_right) {
  bool any = false;
  for (const BoundSet& bounds : range.alternatives()) {
    for (const Bound& bound : bounds) {
      if (bound.comparison != Comparison::kBefore && bound.comparison != Comparison::kUpTo) continue;
      const Order order =
          bound.wildcard ? compare_to_prefix(version, bound.version) : compare(version, bound.version);
      const bool before = bound.comparison == Comparison::kBefore;
      if (order != Order::kGreater && !(before && order == Order::kEqual)) return false;
      put_right = put_right || before;
      any = true;
    }
  }
  return any;
}

/// The version in which it was put right: what the maker names, else what all affected ones come before.
std::string fixed_in(const ProductStatement& statement, const VersionRange& range) {
  if (!statement.fixed_in.empty() || range.alternatives().size() != 1) return statement.fixed_in;
  for (const Bound& bound : range.alternatives().front()) {
    if (bound.comparison == Comparison::kBefore && !bound.wildcard) return bound.version.text();
  }
  return {};
}

Opinion cleared(const ProductStatement& statement, const VersionRange& range, const std::string& version) {
  const auto read = Version::read(version);
  const auto named = Version::read(statement.fixed_in);
  if (read && named) {
    const Order order = compare(*read, *named);
    if (order == Order::kGreater || order == Order::kEqual)
      return {Standing::kFixed,
              fmt::format("The version {} has what was put right in {}.", version, statement.fixed_in),
              {}};
  }
  bool put_right = false;
  if (read && is_above(range, *read, put_right)) {
    return {put_right ? Standing::kFixed : Standing::kNotAffected,
            fmt::format("The version {} is later than those that {} names ({}).", version, statement.advisory,
                        range.text()),
            {}};
  }
  return {Standing::kNotAffected,
          fmt::format("The version {} is not among those that {} names ({}).", version, statement.advisory,
                      range.text()),
          {}};
}

/// Conditions of a range that the device's model settles: kNo where one of them excludes it, kYes where
/// nothing but notes is left open.
Covered settled(const VersionRange& range, const ProductName& name) {
  Covered all = Covered::kYes;
  for (const Condition& condition : range.conditions()) {
    if (condition.kind == ConditionKind::kNote) continue;
    const Covered one =
        condition.kind == ConditionKind::kModel ? names_model(name, condition) : Covered::kUnknown;
    if (one == Covered::kNo) return Covered::kNo;
    if (one == Covered::kUnknown) all = Covered::kUnknown;
  }
  return all;
}

/// Whether a version is counted as a range counts: where it is not, the range says nothing of it.
bool comparable(const VersionRange& range, const Version& version) {
  return std::any_of(range.alternatives().begin(), range.alternatives().end(), [&](const BoundSet& bounds) {
    return std::any_of(bounds.begin(), bounds.end(), [&](const Bound& bound) {
      return compare(version, bound.version) != Order::kUnordered;
    });
  });
}

/// Ranks opinions on the same vulnerability, the lowest first.
enum Rank : int {
  kFamilyCleared,
  kFamilyPossible,
  kCountedOtherwise,  ///< a range in another way of counting
  kCleared,
  kPossible,
  kMakersWord,  ///< fixed or not affected, said outright of this product
  kSeen
};

Rank rank_of(const Opinion& opinion, ProductRelation relation, Status status) {
  if (opinion.standing == Standing::kConfirmed) return kSeen;
  if (status != Status::kAffected) return kMakersWord;
  const bool same = relation == ProductRelation::kSame, open = opinion.standing == Standing::kPotential;
  if (!same) return open ? kFamilyPossible : kFamilyCleared;
  if (opinion.counted_otherwise) return kCountedOtherwise;
  return open ? kPossible : kCleared;
}

}  // namespace

std::string_view to_string(Standing standing) {
  constexpr std::string_view kWords[] = {"not-affected", "fixed", "potential", "confirmed"};
  return kWords[static_cast<std::size_t>(standing)];
}

/// A statement, read.
struct Matcher::Entry {
  const ProductStatement* statement = nullptr;
  ProductName name;
  VersionRange range;
};

/// A component on its way through the statements.
struct Matcher::Case {
  const Component& component;
  ProductName name;
  std::map<std::uint32_t, std::pair<int, Verdict>>& best;  ///< by vulnerability
};

Matcher::Matcher(const AdvisoryBook& book, const ProductAliases& aliases) : book_(book), aliases_(aliases) {
  entries_.reserve(book.statements().size());
  for (const ProductStatement& statement : book.statements()) {
    const auto place = static_cast<std::uint32_t>(entries_.size());
    entries_.push_back({&statement, ProductName::read(aliases, statement.vendor, statement.product),
                        VersionRange::read(statement.range, statement.product)});
    for (const std::string& key : entries_.back().name.keys()) by_key_[key].push_back(place);
    by_system_[plain_words(statement.product)].push_back(place);
  }
}

Matcher::~Matcher() = default;

namespace {

/// A maker's word that versions are fixed or not affected: of those alone, and only where the version was
/// seen to be one of them.
std::optional<Opinion> makers_word(const Component& component, const ProductStatement& statement,
                                   const VersionRange& range) {
  if (component.version.empty() || range.covers(component.version).answer != Covered::kYes)
    return std::nullopt;
  const Standing standing = statement.status == Status::kFixed ? Standing::kFixed : Standing::kNotAffected;
  return Opinion{standing, fmt::format("{} states so for {}.", statement.advisory, range.text()), {}};
}

Opinion opinion_of(const Component& component, const ProductName& name, const ProductStatement& statement,
                   const VersionRange& range, const ProductMatch& match) {
  const Covered model = settled(range, name);
  if (model == Covered::kNo)
    return {Standing::kNotAffected,
            fmt::format("{} names other models ({}).", statement.advisory, range.text()),
            {}};
  if (component.version.empty()) {
    return {Standing::kPotential,
            fmt::format("{} names {}; which version this one has was not seen.", statement.advisory,
                        range.text()),
            "its version"};
  }
  const auto version = Version::read(component.version);
  const Coverage covered =
      model == Covered::kYes && version ? range.covers_number(*version) : range.covers(component.version);
  if (covered.answer == Covered::kNo) return cleared(statement, range, component.version);
  if (covered.answer == Covered::kUnknown) {
    return {Standing::kPotential,
            fmt::format("{} names {}: {}.", statement.advisory, range.text(), covered.reason),
            "what the advisory asks for beside the version",
            version && !range.all() && !comparable(range, *version)};
  }
  if (match.relation != ProductRelation::kSame || component.one_of_several) {
    const std::string why =
        component.one_of_several ? "it is one of several systems that this one may be" : match.reason;
    return {Standing::kPotential, fmt::format("{} names {}: {}.", statement.advisory, range.text(), why),
            "exactly which product it is"};
  }
  if (!statement.condition.empty())
    return {Standing::kPotential,
            fmt::format("{} names {}, {}.", statement.advisory, range.text(), statement.condition),
            "what the advisory asks for beside the version"};
  if (component.kind == Component::Kind::kSystem)
    return {Standing::kPotential,
            fmt::format("{} names {}; the device's maker may have put it right.", statement.advisory,
                        range.text()),
            "what the device's maker says"};
  return {Standing::kConfirmed,
          fmt::format("The version {} is among those that {} names ({}).", component.version,
                      statement.advisory, range.text()),
          {}};
}

}  // namespace

void Matcher::weigh(const Case& on, const Entry& entry, const ProductMatch& match) const {
  if (match.relation != ProductRelation::kSame && match.relation != ProductRelation::kFamily) return;
  const ProductStatement& statement = *entry.statement;
  Opinion opinion;
  if (statement.status == Status::kAffected) {
    opinion = opinion_of(on.component, on.name, statement, entry.range, match);
  } else if (auto word = makers_word(on.component, statement, entry.range);
             word && match.relation == ProductRelation::kSame) {
    opinion = std::move(*word);
  } else {
    return;
  }
  const Rank rank = rank_of(opinion, match.relation, statement.status);
  for (const std::uint32_t place : entry.statement->vulnerabilities) {
    const auto [found, fresh] = on.best.try_emplace(place);
    if (!fresh && found->second.first >= rank) continue;
    found->second = {
        rank,
        {&book_.vulnerabilities()[place], entry.statement, &on.component, opinion.standing,
         entry.range.text(), opinion.reason, opinion.settle, fixed_in(*entry.statement, entry.range)}};
  }
}

/// Systems are called by their names alone, so they have to be the same.
void Matcher::judge_system(const Case& on) const {
  const auto found = by_system_.find(plain_words(on.component.product));
  if (found == by_system_.end()) return;
  const std::string maker = plain_words(on.component.vendor);
  for (const std::uint32_t place : found->second) {
    const Entry& entry = entries_[place];
    if (!maker.empty() && holds_words(plain_words(entry.statement->vendor), maker))
      weigh(on, entry, {ProductRelation::kSame, {}});
  }
}

void Matcher::judge_product(const Case& on) const {
  std::vector<std::uint32_t> places;
  for (const std::string& key : on.name.keys()) {
    const auto found = by_key_.find(key);
    if (found != by_key_.end()) places.insert(places.end(), found->second.begin(), found->second.end());
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  for (const std::uint32_t place : places) weigh(on, entries_[place], relate(on.name, entries_[place].name));
}

std::vector<Verdict> Matcher::verdicts(const std::vector<Component>& components) const {
  std::map<std::uint32_t, std::pair<int, Verdict>> best;
  for (const Component& component : components) {
    const Case on{component, ProductName::read(aliases_, component.vendor, component.product), best};
    component.kind == Component::Kind::kSystem ? judge_system(on) : judge_product(on);
  }
  std::vector<Verdict> out;
  out.reserve(best.size());
  for (auto& [place, ranked] : best) out.push_back(std::move(ranked.second));
  return out;
}

}  // namespace bedrail
