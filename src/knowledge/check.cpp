#include "knowledge/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace bedrail {
namespace {

void check_rule(const Knowledge& knowledge, const Rule& rule, std::vector<std::string>& faults) {
  std::string_view type, category;
  for (const Rule::Setting& setting : rule.settings) {
    if (setting.text.find('$') != std::string::npos) continue;
    if (setting.trait == Trait::kType) type = setting.text;
    if (setting.trait == Trait::kCategory) category = setting.text;
  }
  if (type.empty()) return;
  const DeviceType* known = knowledge.type(type);
  if (known == nullptr)
    faults.push_back(fmt::format("{}: there is no kind of device \"{}\"", rule.pattern->where(), type));
  else if (!category.empty() && known->category != category)
    faults.push_back(
        fmt::format("{}: a {} is {}, not {}", rule.pattern->where(), type, known->category, category));
}

/// One that is bound to a rule which is gone says nothing any more.
void check_corrections(const Knowledge& knowledge, std::vector<std::string>& faults) {
  const auto rules = knowledge.rules().all();
  for (const Correction& correction : knowledge.corrections()) {
    if (correction.on != Correction::On::kRule) continue;
    const bool known = std::any_of(rules.begin(), rules.end(),
                                   [&](const auto& each) { return each.second->id == correction.is; });
    if (!known)
      faults.push_back(fmt::format("{}: {}: there is no rule \"{}\"; correct the devices again",
                                   kCorrectionsFile, correction.id, correction.is));
  }
}

void check_examples(const Knowledge& knowledge, const std::string& path, KnowledgeCheck& to) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return;
  const auto table = Tsv::read(path, {"id", "matches", "matches_not"});
  if (!table) {
    to.faults.push_back(table.error().message);
    return;
  }
  std::map<std::string_view, const Rule*> by_id;
  for (const auto& [on, rule] : knowledge.rules().all()) by_id.emplace(rule->id, rule);
  for (std::size_t i = 0; i < table->size(); ++i) {
    const Tsv::Row row = table->row(i);
    ++to.examples;
    const auto rule = by_id.find(row["id"]);
    if (rule == by_id.end()) {
      to.faults.push_back(fmt::format("{}: there is no rule \"{}\"", row.where(), row["id"]));
      continue;
    }
    const Pattern& pattern = *rule->second->pattern;
    if (!row["matches"].empty() && !pattern.found_in(row["matches"]))
      to.faults.push_back(
          fmt::format("{}: {} does not match \"{}\"", row.where(), row["id"], row["matches"]));
    if (!row["matches_not"].empty() && pattern.found_in(row["matches_not"]))
      to.faults.push_back(
          fmt::format("{}: {} matches \"{}\" and must not", row.where(), row["id"], row["matches_not"]));
  }
}

}  // namespace

std::vector<KnowledgeTable> knowledge_tables(const std::string& folder) {
  std::vector<KnowledgeTable> out;
  for (const std::string& place : {std::string(), std::string("rules/")}) {
    std::error_code error;
    for (std::filesystem::directory_iterator entry(folder + "/" + place, error), end; !error && entry != end;
         entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (!name.ends_with(".tsv")) continue;
      const auto table = Tsv::read(entry->path().string(), {});
      out.push_back({place + name, table ? table->size() : 0});
    }
  }
  std::sort(out.begin(), out.end(), [](const KnowledgeTable& a, const KnowledgeTable& b) {
    return std::pair(a.name.find('/') != std::string::npos, a.name) <
           std::pair(b.name.find('/') != std::string::npos, b.name);
  });
  return out;
}

KnowledgeCheck check_knowledge(const std::string& folder, const std::string& site) {
  KnowledgeCheck out;
  const auto knowledge = read_noting_faults(folder, site, out.faults);
  if (knowledge == nullptr) return out;
  for (const auto& [on, rule] : knowledge->rules().all()) check_rule(*knowledge, *rule, out.faults);
  check_corrections(*knowledge, out.faults);
  check_examples(*knowledge, folder + "/rules/examples.tsv", out);
  for (const std::string& place : {folder, site.empty() ? site_folder(folder) : site}) {
    for (const KnowledgeTable& table : knowledge_tables(place)) {
      ++out.files;
      out.rows += table.rows;
    }
  }
  return out;
}

}  // namespace bedrail
