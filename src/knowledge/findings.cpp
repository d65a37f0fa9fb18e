#include "knowledge/findings.h"

#include <fmt/format.h>

#include <toml++/toml.h>

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
double number_of(const toml::table& table, std::string_view key) { return table[key].value_or(0.0); }

std::map<std::string, double, std::less<>> numbers_of(const toml::node_view<const toml::node>& node) {
  std::map<std::string, double, std::less<>> out;
  if (const toml::table* table = node.as_table()) {
    for (const auto& [key, value] : *table) out[std::string(key.str())] = value.value_or(0.0);
  }
  return out;
}

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

Result<RiskModel> risk_of(const std::string& name, const toml::table& table) {
  RiskModel out;
  const toml::table empty;
  const auto part = [&](std::string_view key) -> const toml::table& {
    const toml::table* found = table[key].as_table();
    return found != nullptr ? *found : empty;
  };
  out.base_likelihood = number_of(part("likelihood"), "base");
  out.external_likelihood = number_of(part("likelihood"), "internet");
  out.exposure_per_peer = number_of(part("likelihood"), "per_peer");
  out.exposure_limit = number_of(part("likelihood"), "peers_at_most");
  out.safety_weight = number_of(part("weights"), "patient_safety");
  out.confidentiality_weight = number_of(part("weights"), "confidentiality");
  out.availability_weight = number_of(part("weights"), "availability");
  out.life_supporting_bonus = number_of(part("weights"), "life_supporting");
  if (const toml::array* levels = table["level"].as_array()) {
    for (const toml::node& entry : *levels) {
      if (const toml::table* level = entry.as_table())
        out.levels.push_back({text_of(*level, "name"), number_of(*level, "from")});
    }
  }
  for (const auto& [key, value] : numbers_of(toml::node_view<const toml::node>(table["severity"])))
    out.severity_share[key] = value;
  if (const toml::table* impacts = table["category"].as_table()) {
    for (const auto& [category, node] : *impacts) {
      const toml::table* impact = node.as_table();
      if (impact == nullptr) continue;
      const std::string key(category.str());
      out.category_impact_safety[key] = number_of(*impact, "patient_safety");
      out.category_impact_confidentiality[key] = number_of(*impact, "confidentiality");
      out.category_impact_availability[key] = number_of(*impact, "availability");
    }
  }
  const double weights = out.safety_weight + out.confidentiality_weight + out.availability_weight;
  if (out.levels.empty() || weights <= 0)
    return failure(name + ": [weights] and at least one [[level]] are needed");
  return out;
}

}  // namespace

Result<void> FindingBook::read(const std::string& findings_name, std::string_view findings_text,
                               const std::string& risk_name, std::string_view risk_text) {
  const auto findings = parse(findings_name, findings_text);
  if (!findings) return tl::unexpected(findings.error());
  if (const toml::array* list = (*findings)["finding"].as_array()) {
    for (const toml::node& entry : *list) {
      const toml::table* table = entry.as_table();
      if (table == nullptr) continue;
      FindingText text{text_of(*table, "kind"),         text_of(*table, "title"),
                       text_of(*table, "severity"),     text_of(*table, "explanation"),
                       number_of(*table, "likelihood"), remedies_of(*table)};
      if (text.kind.empty() || text.title.empty() || text.severity.empty()) {
        return failure(fmt::format("{}:{}: a finding needs kind, title and severity", findings_name,
                                   table->source().begin.line));
      }
      std::string kind = text.kind;
      texts_[std::move(kind)] = std::move(text);
    }
  }
  if (const toml::array* list = (*findings)["outdated"].as_array()) {
    for (const toml::node& entry : *list) {
      const toml::table* table = entry.as_table();
      if (table == nullptr) continue;
      outdated_.push_back({text_of(*table, "protocol"), text_of(*table, "version"), text_of(*table, "title"),
                           text_of(*table, "severity"), text_of(*table, "explanation"),
                           text_of(*table, "source"), number_of(*table, "likelihood")});
    }
  }
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
