#include "knowledge/knowledge.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "commands.h"
#include "knowledge/recog/import.h"
#include "knowledge/recog/table.h"
#include "knowledge_place.h"
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

}  // namespace

Result<std::string> knowledge_folder(const std::string& given) {
  if (given.empty()) return find_knowledge(program_folder());
  return given;
}

int run_knowledge(const KnowledgeArguments& arguments) {
  switch (arguments.what) {
    case KnowledgeArguments::What::kImport:
      return import_recog(arguments);
    case KnowledgeArguments::What::kList:
    case KnowledgeArguments::What::kCheck:
    case KnowledgeArguments::What::kWhy:
      break;
  }
  return kFailed;
}

}  // namespace bedrail::app
