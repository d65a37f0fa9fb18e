#include "knowledge/recog/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include "base/hash.h"
#include "base/text.h"
#include "knowledge/recog/book.h"
#include "knowledge/tsv.h"

namespace bedrail {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFiles = 1000;

/// What is wrong with an example; empty where it comes out as given.
std::string fault_of(const RecogExample& example, const std::optional<RecogFields>& fields) {
  if (!fields) return "the pattern does not match its example";
  for (const auto& [name, wanted] : example.fields) {
    const auto got =
        std::find_if(fields->begin(), fields->end(), [&](const auto& f) { return f.first == name; });
    // "" stands for what a text does not tell.
    if (got == fields->end() && wanted.empty()) continue;
    if (got == fields->end()) return fmt::format("the example gives no {}", name);
    if (got->second != wanted)
      return fmt::format("the example gives {} \"{}\", not \"{}\"", name, clean_text(got->second),
                         clean_text(wanted));
  }
  return {};
}

std::string id_of(const RecogFingerprint& fingerprint, std::set<std::string>& taken) {
  const std::string stem = fmt::format("recog-{}-{:016x}", fingerprint.kind, hash64(fingerprint.pattern));
  std::string out = stem;
  for (int i = 2; !taken.insert(out).second; ++i) out = fmt::format("{}-{}", stem, i);
  return out;
}

class Attachments final : public RecogAttachments {
 public:
  explicit Attachments(fs::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] Result<std::string> read(const std::string& name) const override {
    // A file beside the fingerprints, never one elsewhere.
    const fs::path path = fs::path(name).lexically_normal();
    if (path.is_absolute() || path.empty() || *path.begin() == "..")
      return failure(fmt::format("\"{}\" leads out of the folder", clean_text(name)));
    return read_knowledge_file((folder_ / path).string());
  }

 private:
  fs::path folder_;
};

Result<std::vector<std::string>> files_of(const std::string& folder) {
  for (const std::string& place : {folder, folder + "/xml"}) {
    std::vector<std::string> out;
    std::error_code error;
    for (fs::directory_iterator entry(place, error), end; !error && entry != end; entry.increment(error)) {
      if (entry->path().extension() == ".xml") out.push_back(entry->path().string());
    }
    if (error && place == folder) return failure(folder + ": " + error.message());
    if (out.size() > kFiles) return failure(fmt::format("{}: more than {} files", place, kFiles));
    std::sort(out.begin(), out.end());
    if (!out.empty()) return out;
  }
  return failure(folder + ": no XML file is in it; give the folder of recog's fingerprints");
}

}  // namespace

Result<void> RecogImporter::add(const std::string& name, std::vector<RecogEntry> entries) {
  for (RecogEntry& entry : entries) {
    const std::string where = fmt::format("{}:{}", name, entry.line);
    auto translated = re2_of_ruby(entry.ruby, entry.flags);
    if (!translated) {
      out_.refused.push_back({where, entry.ruby, translated.error().message});
      continue;
    }
    const RecogPattern pattern(*translated, where, nullptr);
    if (const auto checked = pattern.check(); !checked) {
      // It repeats the pattern, which stands beside it.
      const std::string& why = checked.error().message;
      out_.refused.push_back({where, entry.ruby, why.substr(why.rfind("expression: ") + 12)});
      continue;
    }
    RecogFingerprint& fingerprint = entry.fingerprint;
    for (const RecogParam& param : fingerprint.params) {
      if (param.group > pattern.groups())
        return failure(fmt::format("{}: {} uses group {}, but the pattern has {}", where, param.name,
                                   param.group, pattern.groups()));
    }
    fingerprint.pattern = std::move(*translated);
    fingerprint.id = id_of(fingerprint, ids_);
    for (RecogExample& example : entry.examples) {
      const auto fields = pattern.match(fingerprint.params, example.text);
      if (const std::string fault = fault_of(example, fields); !fault.empty())
        out_.failed.push_back(fmt::format("{}:{}: {}", name, example.line, fault));
      else
        examples_.push_back({out_.fingerprints.size(), name, std::move(example)});
    }
    out_.fingerprints.push_back(std::move(fingerprint));
  }
  ++out_.files;
  return {};
}

void RecogImporter::try_example(const Kept& kept, const RecogBook& book) {
  out_.encoded += kept.example.encoded ? 1U : 0U;
  out_.attached += kept.example.attached ? 1U : 0U;
  const RecogFingerprint& own = out_.fingerprints[kept.fingerprint];
  const auto hit = book.match(own.kind, kept.example.text);
  if (hit && hit->id != own.id) {
    ++out_.earlier;
    return;
  }
  const std::string fault = fault_of(kept.example, hit ? std::optional(hit->fields) : std::nullopt);
  if (!fault.empty())
    out_.failed.push_back(fmt::format("{}:{}: as a banner: {}", kept.file, kept.example.line, fault));
}

RecogImport RecogImporter::finish() {
  out_.examples = examples_.size() + out_.failed.size();
  RecogBook book;
  book.read(out_.fingerprints, std::make_shared<PatternFaults>());
  for (const Kept& kept : examples_) try_example(kept, book);
  return std::move(out_);
}

Result<RecogImport> read_recog_folder(const std::string& folder) {
  const auto files = files_of(folder);
  if (!files) return tl::unexpected(files.error());
  const Attachments attachments(fs::path(files->front()).parent_path());
  RecogImporter importer;
  for (const std::string& file : *files) {
    const auto text = read_knowledge_file(file);
    if (!text) return tl::unexpected(text.error());
    auto entries = read_recog_document(file, *text, &attachments);
    if (!entries) return tl::unexpected(entries.error());
    if (auto done = importer.add(file, std::move(*entries)); !done) return tl::unexpected(done.error());
  }
  return importer.finish();
}

RecogChanges compare_recog(const std::vector<RecogFingerprint>& before,
                           const std::vector<RecogFingerprint>& after) {
  const auto says = [](const RecogFingerprint& f) {
    std::string out = fmt::format("{:g}\t{}", f.certainty, f.source);
    for (const RecogParam& param : f.params)
      out += fmt::format("\t{}\t{}\t{}", param.name, param.group, param.value);
    return out;
  };
  std::map<std::string_view, std::string> known;
  for (const RecogFingerprint& fingerprint : before) known.emplace(fingerprint.id, says(fingerprint));
  RecogChanges out;
  std::size_t kept = 0;
  for (const RecogFingerprint& fingerprint : after) {
    const auto old = known.find(fingerprint.id);
    if (old == known.end()) {
      ++out.added;
      continue;
    }
    ++kept;
    ++(old->second == says(fingerprint) ? out.same : out.changed);
  }
  out.withdrawn = known.size() - kept;
  return out;
}

}  // namespace bedrail
