#include "knowledge/recog/terms.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "base/text.h"

namespace bedrail {
namespace {

constexpr std::string_view kWhats[] = {"vendor", "type", "system", "family", "model-prefix"};

std::string key_of(std::string_view what, std::string_view theirs) {
  return fmt::format("{}\t{}", what, to_lower(theirs));
}

}  // namespace

Result<void> RecogKinds::add(const Tsv::Row& row, Patterns when,
                             const std::shared_ptr<PatternFaults>& faults) {
  const std::string on(row["on"]);
  if (row["kind"].empty() || !((on.starts_with("clue ") && on.size() > 5) || on == "certificate subject" ||
                               on == "certificate issuer"))
    return failure(fmt::format("{}: \"{}\" is nothing that fingerprints are read on", row.where(), on));
  Entry entry{std::string(row["kind"]), std::string(row["as"]), std::nullopt, nullptr};
  if (const std::string_view role = row["role"]; !role.empty()) {
    entry.role = role_of(role);
    if (!entry.role)
      return failure(fmt::format("{}: the role is client, server or self, not \"{}\"", row.where(), role));
  }
  if (!row["text"].empty()) {
    entry.part = std::make_shared<const Pattern>(row["text"], row.where(), faults);
    if (when == Patterns::kAtOnce) {
      if (auto checked = entry.part->check(); !checked) return checked;
    }
  }
  if (row.flag("lines")) on_one_line_.push_back(entry.kind);
  by_subject_[on].push_back(std::move(entry));
  return {};
}

std::vector<RecogKinds::Use> RecogKinds::uses(std::string_view on, Role role, std::string_view text) const {
  std::vector<Use> out;
  const auto found = by_subject_.find(on);
  if (found == by_subject_.end()) return out;
  for (const Entry& entry : found->second) {
    if (entry.role && *entry.role != role) continue;
    if (entry.part == nullptr) {
      out.push_back({entry.kind, std::string(text)});
      continue;
    }
    const re2::RE2* part = entry.part->get();
    re2::StringPiece groups[2];
    if (part == nullptr || part->NumberOfCapturingGroups() < 1 ||
        !part->Match({text.data(), text.size()}, 0, text.size(), re2::RE2::UNANCHORED, groups, 2))
      continue;
    std::string as = entry.as.empty() ? "$1" : entry.as;
    if (const std::size_t at = as.find("$1"); at != std::string::npos)
      as.replace(at, 2, groups[1].data(), groups[1].size());
    out.push_back({entry.kind, std::move(as)});
  }
  return out;
}

std::string RecogKinds::heard_as(std::string_view kind) const {
  std::string out;
  for (const auto& [on, entries] : by_subject_) {
    if (std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.kind == kind; }))
      out += (out.empty() ? "" : ", ") + on;
  }
  return out;
}

Result<void> RecogTerms::add(const Tsv::Row& row) {
  const std::string_view what = row["what"];
  if (std::find(std::begin(kWhats), std::end(kWhats), what) == std::end(kWhats))
    return failure(fmt::format("{}: \"{}\" is none of {}", row.where(), what, fmt::join(kWhats, ", ")));
  if (row["recog"].empty()) return failure(row.where() + ": recog's word is missing");
  if (!terms_.try_emplace(key_of(what, row["recog"]), row["ours"]).second)
    return failure(fmt::format("{}: the {} \"{}\" stands twice", row.where(), what, row["recog"]));
  return {};
}

std::string_view RecogTerms::ours(std::string_view what, std::string_view theirs) const {
  const auto found = terms_.find(key_of(what, theirs));
  return found == terms_.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace bedrail
