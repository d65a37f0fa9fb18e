#include "knowledge/findings.h"

#include <fmt/format.h>

#include <toml++/toml.h>

#include <algorithm>
#include <optional>

namespace bedrail {
namespace {

/// Exceptions of the library end here.
Result<toml::table> parse(const std::string& name, std::string_view text) {
  try {
    return toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    return failure(fmt::format("{}:{}: {}", name, error.source().begin.line, error.description()));
  }
}

std::string text_of(const toml::table& table, std::string_view key) {
  return table[key].value_or(std::string());
}
/// Reads numbers and remembers the first that is none, or lies outside what makes sense.
class Numbers {
 public:
  explicit Numbers(std::string name) : name_(std::move(name)) {}

  /// The number at `key`, 0 where there is none.
  double operator()(const toml::table& table, std::string_view key, double low, double high) {
    const toml::node* node = table.get(key);
    return node == nullptr ? 0 : of(*node, key, low, high);
  }
  double of(const toml::node& node, std::string_view key, double low, double high) {
    const std::optional<double> value = node.value<double>();
    if (value && *value >= low && *value <= high) return *value;
    if (error_.empty())
      error_ = fmt::format("{}:{}: {} is no number from {:g} to {:g}", name_, node.source().begin.line, key,
                           low, high);
    return 0;
  }
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  std::string name_, error_;
};

std::vector<Remedy> remedies_of(const toml::table& table) {
  std::vector<Remedy> out;
  if (const toml::array* list = table["remedy"].as_array()) {
    for (const toml::node& entry : *list) {
      if (const toml::table* remedy = entry.as_table())
        out.push_back({text_of(*remedy, "action"), text_of(*remedy, "text"), text_of(*remedy, "source")});
    }
  }
  return out;
}

constexpr std::string_view kSeverities[] = {"critical", "high", "medium", "low", "info"};
bool is_severity(std::string_view text) {
  return std::find(std::begin(kSeverities), std::end(kSeverities), text) != std::end(kSeverities);
}

void read_levels(const toml::table& table, Numbers& number, RiskModel& out) {
  if (const toml::array* levels = table["level"].as_array()) {
    for (const toml::node& entry : *levels) {
      if (const toml::table* level = entry.as_table())
        out.levels.push_back({text_of(*level, "name"), number(*level, "from", 0, 100)});
    }
  }
  std::stable_sort(out.levels.begin(), out.levels.end(),
                   [](const auto& a, const auto& b) { return a.from > b.from; });
}

void read_impacts(const toml::table& table, Numbers& number, RiskModel& out) {
  const toml::table* impacts = table["category"].as_table();
  if (impacts == nullptr) return;
  for (const auto& [category, node] : *impacts) {
    const toml::table* impact = node.as_table();
    if (impact == nullptr) continue;
    const std::string key(category.str());
    out.category_impact_safety[key] = number(*impact, "patient_safety", 0, 10);
    out.category_impact_confidentiality[key] = number(*impact, "confidentiality", 0, 10);
    out.category_impact_availability[key] = number(*impact, "availability", 0, 10);
  }
}

Result<RiskModel> risk_of(const std::string& name, const toml::table& table) {
  RiskModel out;
  Numbers number(name);
  const toml::table empty;
  const auto part = [&](std::string_view key) -> const toml::table& {
    const toml::table* found = table[key].as_table();
    return found != nullptr ? *found : empty;
  };
  const toml::table &likelihood = part("likelihood"), &weights = part("weights");
  out.base_likelihood = number(likelihood, "base", 0, 1);
  out.external_likelihood = number(likelihood, "internet", 0, 1);
  out.exposure_per_peer = number(likelihood, "per_peer", 0, 1);
  out.exposure_limit = number(likelihood, "peers_at_most", 0, 1e6);
  const toml::table& vulnerability = part("vulnerability");
  out.vulnerability = {number(vulnerability, "network", 0, 1),  number(vulnerability, "adjacent", 0, 1),
                       number(vulnerability, "local", 0, 1),    number(vulnerability, "physical", 0, 1),
                       number(vulnerability, "hindered", 0, 1), number(vulnerability, "exploited", 0, 1),
                       number(vulnerability, "potential", 0, 1)};
  out.safety_weight = number(weights, "patient_safety", 0, 1e6);
  out.confidentiality_weight = number(weights, "confidentiality", 0, 1e6);
  out.availability_weight = number(weights, "availability", 0, 1e6);
  out.life_supporting_bonus = number(weights, "life_supporting", 0, 10);
  read_levels(table, number, out);
  read_impacts(table, number, out);
  if (!number.error().empty()) return failure(number.error());
  const double sum = out.safety_weight + out.confidentiality_weight + out.availability_weight;
  if (sum <= 0 || out.levels.empty() || out.levels.back().from > 0)
    return failure(name + ": [weights] and [[level]]s down to 0 are needed");
  return out;
}

Result<void> read_texts(const std::string& name, const toml::table& findings,
                        std::map<std::string, FindingText, std::less<>>& out) {
  const toml::array* list = findings["finding"].as_array();
  if (list == nullptr) return {};
  Numbers number(name);
  for (const toml::node& entry : *list) {
    const toml::table* table = entry.as_table();
    if (table == nullptr) continue;
    FindingText text{
        text_of(*table, "kind"),        text_of(*table, "title"),           text_of(*table, "severity"),
        text_of(*table, "explanation"), number(*table, "likelihood", 0, 1), remedies_of(*table)};
    const auto line = table->source().begin.line;
    if (text.kind.empty() || text.title.empty() || !is_severity(text.severity)) {
      return failure(fmt::format("{}:{}: a finding needs kind, title and a severity of {}", name, line,
                                 fmt::join(kSeverities, ", ")));
    }
    std::string kind = text.kind;
    if (!out.try_emplace(kind, std::move(text)).second)
      return failure(fmt::format("{}:{}: the kind \"{}\" stands twice", name, line, kind));
  }
  if (!number.error().empty()) return failure(number.error());
  return {};
}

Result<void> read_outdated(const std::string& name, const toml::table& findings,
                           std::vector<OutdatedProtocol>& out) {
  const toml::array* list = findings["outdated"].as_array();
  if (list == nullptr) return {};
  Numbers number(name);
  for (const toml::node& entry : *list) {
    const toml::table* table = entry.as_table();
    if (table == nullptr) continue;
    out.push_back({text_of(*table, "protocol"), text_of(*table, "version"), text_of(*table, "title"),
                   text_of(*table, "severity"), text_of(*table, "explanation"), text_of(*table, "source"),
                   number(*table, "likelihood", 0, 1)});
    const OutdatedProtocol& made = out.back();
    if (made.protocol.empty() || made.title.empty() || !is_severity(made.severity)) {
      return failure(fmt::format("{}:{}: an outdated protocol needs protocol, title and a severity of {}",
                                 name, table->source().begin.line, fmt::join(kSeverities, ", ")));
    }
  }
  if (!number.error().empty()) return failure(number.error());
  return {};
}

}  // namespace

Result<void> FindingBook::read(const std::string& findings_name, std::string_view findings_text,
                               const std::string& risk_name, std::string_view risk_text) {
  const auto findings = parse(findings_name, findings_text);
  if (!findings) return tl::unexpected(findings.error());
  if (auto done = read_texts(findings_name, *findings, texts_); !done) return done;
  if (auto done = read_outdated(findings_name, *findings, outdated_); !done) return done;
  const auto risk = parse(risk_name, risk_text);
  if (!risk) return tl::unexpected(risk.error());
  auto model = risk_of(risk_name, *risk);
  if (!model) return tl::unexpected(model.error());
  risk_ = std::move(*model);
  return {};
}

const FindingText* FindingBook::text(std::string_view kind) const {
  const auto found = texts_.find(kind);
  return found == texts_.end() ? nullptr : &found->second;
}

const OutdatedProtocol* FindingBook::outdated(std::string_view protocol, std::string_view version) const {
  for (const OutdatedProtocol& entry : outdated_) {
    if (entry.protocol == protocol && (entry.version.empty() || entry.version == version)) return &entry;
  }
  return nullptr;
}

}  // namespace bedrail
