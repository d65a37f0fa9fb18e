#include "knowledge/rules.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/text.h"
#include "knowledge/pattern_index.h"

namespace bedrail {
namespace {

constexpr std::array<std::string_view, kTraits> kTraitNames = {
    "category",  "type",       "vendor",     "model",    "firmware",   "serial",  "hardware",
    "os.family", "os.product", "os.version", "os.build", "department", "location"};
constexpr int kGroups = 10;

std::optional<Trait> trait_of(std::string_view name) {
  const auto found = std::find(kTraitNames.begin(), kTraitNames.end(), name);
  if (found == kTraitNames.end()) return std::nullopt;
  return static_cast<Trait>(found - kTraitNames.begin());
}

bool known_subject(std::string_view on) {
  for (const std::string_view prefix : {"clue ", "name ", "service ", "message "}) {
    if (on.starts_with(prefix) && on.size() > prefix.size()) return true;
  }
  return on == "organisation" || on == "certificate";
}

/// The highest of $1..$9 in a setting; 0 where it uses none.
int highest_group(std::string_view text) {
  int out = 0;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '$' && text[i + 1] >= '1' && text[i + 1] <= '9') out = std::max(out, text[i + 1] - '0');
  }
  return out;
}

/// `text` with $1..$9 replaced by what the groups matched. Empty where a group that it needs matched nothing.
std::string expand(const std::string& text, const std::array<re2::StringPiece, kGroups>& groups) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '$' || i + 1 == text.size() || text[i + 1] < '1' || text[i + 1] > '9') {
      out.push_back(text[i]);
      continue;
    }
    const re2::StringPiece& group = groups[static_cast<std::size_t>(text[++i] - '0')];
    if (group.empty()) return {};
    out.append(group.data(), group.size());
  }
  return std::string(trim(out));
}

}  // namespace

std::string_view to_string(Trait trait) { return kTraitNames[static_cast<std::size_t>(trait)]; }

std::optional<Role> role_of(std::string_view name) {
  if (name == "client") return Role::kClient;
  if (name == "server") return Role::kServer;
  return name == "self" ? std::optional(Role::kSelf) : std::nullopt;
}

/// The rules on one kind of statement.
struct RuleBook::Shelf {
  std::vector<Rule> rules;
  mutable std::once_flag indexed;
  mutable std::unique_ptr<const PatternIndex> index;  ///< of their patterns, made when first needed
};

RuleBook::RuleBook() = default;
RuleBook::~RuleBook() = default;
RuleBook::RuleBook(RuleBook&&) noexcept = default;
RuleBook& RuleBook::operator=(RuleBook&&) noexcept = default;

Result<void> RuleBook::add(const Tsv& table, Patterns when) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (auto done = add(table.row(i), when); !done) return done;
  }
  return {};
}

Result<void> RuleBook::add_settings(const Tsv::Row& row, Rule& rule) {
  for (const std::string_view setting : split_list(row["set"], ';')) {
    const std::size_t equals = setting.find('=');
    const auto trait = trait_of(trim(setting.substr(0, equals)));
    if (!trait || equals == std::string_view::npos)
      return failure(fmt::format("{}: \"{}\" sets no attribute that there is", row.where(), setting));
    rule.settings.push_back({*trait, std::string(trim(setting.substr(equals + 1)))});
  }
  if (rule.settings.empty()) return failure(fmt::format("{}: the rule sets nothing", row.where()));
  return {};
}

Result<void> RuleBook::check(const Rule& rule) {
  const re2::RE2* pattern = rule.pattern->get();
  if (pattern == nullptr) return rule.pattern->check();
  const std::string& where = rule.pattern->where();
  if (pattern->NumberOfCapturingGroups() >= kGroups)
    return failure(fmt::format("{}: the pattern has more than {} groups", where, kGroups - 1));
  for (const Rule::Setting& setting : rule.settings) {
    if (highest_group(setting.text) > pattern->NumberOfCapturingGroups())
      return failure(fmt::format("{}: \"{}={}\" uses a group that the pattern does not have", where,
                                 to_string(setting.trait), setting.text));
  }
  return {};
}

std::vector<std::pair<std::string_view, const Rule*>> RuleBook::all() const {
  std::vector<std::pair<std::string_view, const Rule*>> out;
  for (const auto& [on, shelf] : shelves_) {
    for (const Rule& rule : shelf->rules) out.emplace_back(on, &rule);
  }
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.second->id < b.second->id; });
  return out;
}

Result<void> RuleBook::add(const Tsv::Row& row, Patterns when) {
  Rule rule;
  rule.id = row["id"];
  rule.source = row["source"];
  rule.confidence = row.number("confidence", -1);
  const std::string on(row["on"]);
  if (rule.id.empty() || !known_subject(on))
    return failure(fmt::format("{}: \"{}\" is nothing that rules are read on", row.where(), on));
  if (!(rule.confidence > 0 && rule.confidence <= 1))
    return failure(fmt::format("{}: the confidence is a number above 0, at most 1", row.where()));
  const auto [place, fresh] = ids_.try_emplace(rule.id, row.where());
  if (!fresh)
    return failure(fmt::format("{}: the id \"{}\" is taken by {}", row.where(), rule.id, place->second));
  if (const std::string_view role = row["role"]; !role.empty()) {
    rule.role = role_of(role);
    if (!rule.role)
      return failure(fmt::format("{}: the role is client, server or self, not \"{}\"", row.where(), role));
  }
  rule.pattern = std::make_shared<const Pattern>(row["pattern"], place->second, faults_);
  if (auto done = add_settings(row, rule); !done) return done;
  if (when == Patterns::kAtOnce) {
    if (auto done = check(rule); !done) return done;
  }
  auto& shelf = shelves_[on];
  if (shelf == nullptr) shelf = std::make_unique<Shelf>();
  shelf->rules.push_back(std::move(rule));
  ++count_;
  return {};
}

void RuleBook::match(std::string_view on, Role role, std::string_view text, std::vector<RuleHit>& out) const {
  const auto found = shelves_.find(std::string(on));
  if (found == shelves_.end()) return;
  const Shelf& shelf = *found->second;
  std::call_once(shelf.indexed, [&] {
    std::vector<std::string_view> patterns;
    patterns.reserve(shelf.rules.size());
    for (const Rule& rule : shelf.rules) patterns.push_back(rule.pattern->text());
    shelf.index = std::make_unique<const PatternIndex>(patterns);
  });
  for (const std::uint32_t candidate : shelf.index->candidates(text))
    apply(shelf.rules[candidate], role, text, out);
}

void RuleBook::apply(const Rule& rule, Role role, std::string_view text, std::vector<RuleHit>& out) const {
  if (rule.role && *rule.role != role) return;
  const re2::RE2* pattern = rule.pattern->get();
  if (pattern == nullptr) return;
  std::array<re2::StringPiece, kGroups> groups;
  const int wanted = pattern->NumberOfCapturingGroups() + 1;
  if (wanted > kGroups) {
    if (const auto checked = check(rule); !checked) faults_->add(checked.error().message);
    return;
  }
  if (!pattern->Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED, groups.data(),
                      wanted))
    return;
  RuleHit hit{&rule, {}, std::string(groups[0].data(), groups[0].size())};
  for (const Rule::Setting& setting : rule.settings) {
    std::string value = expand(setting.text, groups);
    if (!value.empty()) hit.values.emplace_back(setting.trait, std::move(value));
  }
  if (!hit.values.empty()) out.push_back(std::move(hit));
}

}  // namespace bedrail
