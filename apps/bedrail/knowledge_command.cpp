#include "knowledge/knowledge.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "commands.h"
#include "feed_command.h"
#include "knowledge/check.h"
#include "knowledge/recog/import.h"
#include "knowledge/recog/table.h"
#include "knowledge_place.h"
#include "knowledge_why.h"
#include "output.h"

namespace bedrail::app {
namespace {

int failed(const Error& error) {
  complain(error.message);
  return kFailed;
}

/// What an earlier import wrote; nothing where there was none. One that cannot be read is no reason to keep
/// it.
std::vector<RecogFingerprint> imported_before(const std::string& path) {
  std::vector<RecogFingerprint> out;
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return out;
  const auto table = Tsv::read(path, recog_columns());
  if (!table) {
    complain("what was imported before cannot be read and is replaced: " + table.error().message);
    return out;
  }
  for (std::size_t i = 0; i < table->size(); ++i) {
    if (auto fingerprint = recog_of_row(table->row(i))) out.push_back(std::move(*fingerprint));
  }
  return out;
}

/// How many of them are read on something that dissectors tell.
std::size_t heard(const std::vector<RecogFingerprint>& fingerprints, const Knowledge& knowledge) {
  return static_cast<std::size_t>(std::count_if(
      fingerprints.begin(), fingerprints.end(),
      [&](const RecogFingerprint& f) { return !knowledge.recog_kinds().heard_as(f.kind).empty(); }));
}

std::string account(const RecogImport& import, const RecogChanges& changes, std::size_t heard) {
  std::string out = fmt::format("recog: {} files, {} fingerprints taken, {} not\n", import.files,
                                import.fingerprints.size(), import.refused.size());
  out += fmt::format("banners that are heard: {} of them are read on what the dissectors tell\n", heard);
  out += fmt::format("examples: {} of {} come out as the files say\n", import.examples - import.failed.size(),
                     import.examples);
  return out + fmt::format("new {}, changed {}, withdrawn {}, the same {}\n", changes.added, changes.changed,
                           changes.withdrawn, changes.same);
}

void complain_of(const RecogImport& import) {
  for (const RecogImport::Refused& refused : import.refused)
    complain(
        fmt::format("{}: the pattern is not taken ({}): {}", refused.where, refused.why, refused.pattern));
  for (const std::string& fault : import.failed) complain(fault);
}

int import_recog(const KnowledgeArguments& arguments) {
  const auto folder = knowledge_folder(arguments.knowledge);
  if (!folder) return failed(folder.error());
  const std::string site = arguments.site.empty() ? site_folder(*folder) : arguments.site;
  // What was imported before may be broken: that is no part of what is asked of the knowledge here.
  const auto knowledge = load_knowledge(*folder, Patterns::kOnFirstUse, site + "/none");
  if (!knowledge) return failed(knowledge.error());
  const auto import = read_recog_folder(arguments.folder);
  if (!import) return failed({import.error().message + "; nothing was changed"});
  complain_of(*import);
  if (import->fingerprints.empty()) return failed({"no pattern could be taken; nothing was changed"});
  const std::string path = site + "/" + kRecogFile;
  const RecogChanges changes = compare_recog(imported_before(path), import->fingerprints);
  std::string text = account(*import, changes, heard(import->fingerprints, **knowledge));
  if (arguments.preview) {
    text += "preview: nothing was written; it would go to " + path + "\n";
  } else {
    if (auto made = make_folder(site); !made) return failed(made.error());
    const std::string note = fmt::format(
        "{} fingerprints of rapid7's recog (BSD-2-Clause, (c) Rapid7), written by bedrail knowledge import "
        "recog; an import replaces this file.",
        import->fingerprints.size());
    if (auto written = write_file(path, recog_table(import->fingerprints, note)); !written)
      return failed(written.error());
    text += "written to " + path + "\n";
  }
  if (auto written = write_stdout(text); !written) return failed(written.error());
  return import->refused.empty() && import->failed.empty() ? kComplete : kIncomplete;
}

std::string tables_text(const std::string& folder, const std::string& site, const Knowledge& knowledge) {
  std::string out =
      fmt::format("Knowledge {} of {}, in {}\n", knowledge.info().version, knowledge.info().date, folder);
  for (const KnowledgeTable& table : knowledge_tables(folder))
    out += fmt::format("{:>8}  {}\n", table.rows, table.name);
  if (knowledge.recog().size() == 0)
    return out + fmt::format("Nothing was imported: there is no {}/{}\n", site, kRecogFile);
  out += fmt::format("Imported, in {}\n{:>8}  {}\n", site, knowledge.recog().size(), kRecogFile);
  for (const auto& [kind, count] : knowledge.recog().kinds()) {
    const std::string heard = knowledge.recog_kinds().heard_as(kind);
    out += fmt::format("{:>8}    {}: {}\n", count, kind, heard.empty() ? "not heard" : heard);
  }
  return out;
}

/// One line a rule: id, what it reads, what it says, its confidence and source.
std::string rules_text(const Knowledge& knowledge, const std::string& word) {
  std::string out;
  for (const auto& [on, rule] : knowledge.rules().all()) {
    std::string settings;
    for (const Rule::Setting& setting : rule->settings)
      settings +=
          fmt::format("{}{}={}", settings.empty() ? "" : "; ", to_string(setting.trait), setting.text);
    const std::string line =
        fmt::format("{}\t{}\t{}\t{:g}\t{}\n", rule->id, on, settings, rule->confidence, rule->source);
    if (word.empty() || to_lower(line).find(to_lower(word)) != std::string::npos) out += line;
  }
  return out;
}

int check(const std::string& folder, const std::string& site) {
  const KnowledgeCheck found = check_knowledge(folder, site);
  for (const std::string& fault : found.faults) complain(fault);
  const std::string text = fmt::format(
      "{} files, {} rows, {} examples of rules: {}\n", found.files, found.rows, found.examples,
      found.faults.empty()
          ? "no fault"
          : fmt::format("{} {}", found.faults.size(), found.faults.size() == 1 ? "fault" : "faults"));
  if (auto written = write_stdout(text); !written) return failed(written.error());
  return found.faults.empty() ? kComplete : kFailed;
}

}  // namespace

Result<std::string> knowledge_folder(const std::string& given) {
  if (given.empty()) return find_knowledge(program_folder());
  return given;
}

int run_knowledge(const KnowledgeArguments& arguments) {
  using What = KnowledgeArguments::What;
  if (arguments.what == What::kImport) return import_recog(arguments);
  const auto folder = knowledge_folder(arguments.knowledge);
  if (!folder) return failed(folder.error());
  const std::string site = arguments.site.empty() ? site_folder(*folder) : arguments.site;
  if (arguments.what == What::kImportFeed) return run_import_feed(arguments, site);
  if (arguments.what == What::kDiff) return run_diff(arguments, site);
  if (arguments.what == What::kRollback) return run_rollback(arguments, site);
  if (arguments.what == What::kCheck) return check(*folder, arguments.site);
  const auto knowledge = load_knowledge(*folder, Patterns::kOnFirstUse, arguments.site);
  if (!knowledge) return failed(knowledge.error());
  if (arguments.what == What::kWhy) return run_why(arguments, **knowledge);
  std::string text =
      arguments.rules ? rules_text(**knowledge, arguments.word) : tables_text(*folder, site, **knowledge);
  if (!arguments.rules) {
    const auto feeds = feeds_text(arguments, site);
    if (!feeds) return failed(feeds.error());
    text += *feeds;
  }
  if (auto written = write_stdout(text); !written) return failed(written.error());
  return kComplete;
}

}  // namespace bedrail::app
