// Reads the folder of knowledge, file by file.
#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "knowledge/check.h"
#include "knowledge/knowledge.h"
#include "knowledge/recog/table.h"

namespace bedrail {
namespace {

bool is_category(std::string_view name) {
  static constexpr std::string_view kCategories[] = {"medical", "iot", "ot", "it", "network", "mobile"};
  return std::find(std::begin(kCategories), std::end(kCategories), name) != std::end(kCategories);
}

}  // namespace

class KnowledgeLoader {
 public:
  KnowledgeLoader(std::string folder, Patterns when, std::string site)
      : folder_(std::move(folder)), site_(std::move(site)), when_(when) {}

  /// Reads on past faults, and notes them there.
  void note_faults(std::vector<std::string>& faults) { faults_ = &faults; }

  Result<std::unique_ptr<const Knowledge>> load() {
    using Step = Result<void> (KnowledgeLoader::*)();
    for (const Step step :
         {&KnowledgeLoader::version, &KnowledgeLoader::types, &KnowledgeLoader::organisations,
          &KnowledgeLoader::vendors, &KnowledgeLoader::models, &KnowledgeLoader::lifecycles,
          &KnowledgeLoader::windows, &KnowledgeLoader::dicom, &KnowledgeLoader::credentials,
          &KnowledgeLoader::rules, &KnowledgeLoader::behaviours, &KnowledgeLoader::findings,
          &KnowledgeLoader::advisories, &KnowledgeLoader::aliases, &KnowledgeLoader::recog,
          &KnowledgeLoader::corrections}) {
      if (auto done = noted((this->*step)()); !done) return tl::unexpected(done.error());
    }
    to_->info_.fingerprints = to_->rules_.size() + to_->behaviours_.size() +
                              to_->dicom_implementations_.size() + to_->models_.size() + to_->recog_.size();
    return std::unique_ptr<const Knowledge>(std::move(to_));
  }

 private:
  /// The same, or nothing wrong where faults are only noted.
  Result<void> noted(Result<void> done) {
    if (done || faults_ == nullptr) return done;
    faults_->push_back(done.error().message);
    return {};
  }

  /// Calls `take(row)` for each row of a table; it may fail.
  template <typename Take>
  Result<void> each(const char* file, const std::vector<std::string_view>& needed, Take&& take) {
    const auto table = Tsv::read(folder_ + "/" + file, needed);
    if (!table) return tl::unexpected(table.error());
    for (std::size_t i = 0; i < table->size(); ++i) {
      if (Result<void> done = noted(take(table->row(i))); !done) return done;
    }
    return {};
  }

  Result<std::shared_ptr<const Pattern>> pattern(const Tsv::Row& row, std::string_view text) {
    auto out = std::make_shared<const Pattern>(text, row.where(), to_->faults_);
    if (when_ == Patterns::kAtOnce) {
      if (const auto checked = out->check(); !checked) return tl::unexpected(checked.error());
    }
    return out;
  }

  Result<void> advisories() {
    auto done = to_->advisories_.read(folder_);
    to_->info_.advisories = to_->advisories_.advisories();
    return done;
  }

  /// Other names of makers and products; a folder without them has none.
  Result<void> aliases() {
    ProductAliases& to = to_->product_aliases_;
    std::error_code error;
    if (std::filesystem::exists(folder_ + "/vendor_aliases.tsv", error)) {
      auto done = each("vendor_aliases.tsv", {"alias", "vendor"}, [&](const Tsv::Row& row) -> Result<void> {
        to.add_vendor(row["alias"], row["vendor"], row["product"], row.flag("brand"));
        return {};
      });
      if (!done) return done;
    }
    if (!std::filesystem::exists(folder_ + "/product_aliases.tsv", error)) return {};
    return each("product_aliases.tsv", {"alias", "name"}, [&](const Tsv::Row& row) -> Result<void> {
      to.add_product(row["vendor"], row["alias"], row["name"]);
      return {};
    });
  }

  Result<void> version() {
    const std::string path = folder_ + "/version.toml";
    const auto text = read_knowledge_file(path);
    if (!text) return tl::unexpected(text.error());
    try {
      const toml::table table = toml::parse(*text, path);
      to_->info_.version = table["version"].value_or(std::string());
      to_->info_.date = table["date"].value_or(std::string());
    } catch (const toml::parse_error& error) {
      return failure(fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()));
    }
    if (!parse_rfc3339(to_->info_.date))
      return failure(path + ": date = \"YYYY-MM-DD\" is needed: knowledge ages");
    return {};
  }

  Result<void> types() {
    return each("device_types.tsv", {"id", "title", "category"}, [&](const Tsv::Row& row) -> Result<void> {
      DeviceType type{std::string(row["id"]),
                      std::string(row["title"]),
                      std::string(row["category"]),
                      std::string(row["department"]),
                      std::string(row["source"]),
                      row.flag("life_supporting"),
                      row.flag("bedside"),
                      row.flag("handles_phi"),
                      0,
                      0,
                      0};
      struct Impact {
        const char* column;
        double DeviceType::*member;
      };
      for (const Impact& impact : {Impact{"patient_safety", &DeviceType::patient_safety},
                                   Impact{"confidentiality", &DeviceType::confidentiality},
                                   Impact{"availability", &DeviceType::availability}}) {
        const auto number = row.number_in(impact.column, 0, 10);
        if (!number) return tl::unexpected(number.error());
        type.*impact.member = *number;
      }
      if (type.id.empty() || !is_category(type.category)) {
        return failure(
            fmt::format("{}: a kind of device needs an id and one of the categories medical, iot, ot, it, "
                        "network, mobile",
                        row.where()));
      }
      std::string id = type.id;
      if (!to_->types_.try_emplace(id, std::move(type)).second)
        return failure(fmt::format("{}: the kind \"{}\" stands twice", row.where(), id));
      return {};
    });
  }

  Result<void> organisations() { return to_->organisations_.read(folder_ + "/oui.tsv"); }

  Result<void> vendors() {
    return each("vendors.tsv", {"vendor", "names"}, [&](const Tsv::Row& row) -> Result<void> {
      // An empty pattern would find its maker in every text.
      if (row["vendor"].empty() || row["names"].empty())
        return failure(row.where() + ": a maker needs a name and the pattern of its names");
      if (!row["category"].empty() && !is_category(row["category"]))
        return failure(fmt::format("{}: there is no category \"{}\"", row.where(), row["category"]));
      auto names = pattern(row, row["names"]);
      if (!names) return tl::unexpected(names.error());
      to_->vendors_.push_back({std::string(row["vendor"]), std::string(row["category"]),
                               std::string(row["source"]), row.flag("module_maker"), *names});
      return {};
    });
  }

  Result<void> models() {
    return each("models.tsv", {"model", "vendor", "type", "names"}, [&](const Tsv::Row& row) -> Result<void> {
      if (row["model"].empty() || row["vendor"].empty() || row["names"].empty())
        return failure(row.where() + ": a model needs a name, a maker and the pattern of its names");
      if (!row["type"].empty() && to_->type(row["type"]) == nullptr)
        return failure(fmt::format("{}: there is no kind of device \"{}\"", row.where(), row["type"]));
      auto names = pattern(row, row["names"]);
      if (!names) return tl::unexpected(names.error());
      to_->models_.push_back({std::string(row["model"]), std::string(row["vendor"]), std::string(row["type"]),
                              std::string(row["os"]), std::string(row["source"]), row.flag("needs_vendor"),
                              *names});
      return {};
    });
  }

  Result<void> lifecycles() {
    return each(
        "os_lifecycle.tsv", {"product", "family", "end_of_support"},
        [&](const Tsv::Row& row) -> Result<void> {
          for (const char* date : {"end_of_support", "extended_end"}) {
            if (!row[date].empty() && !parse_rfc3339(row[date]))
              return failure(fmt::format("{}: \"{}\" is no date (YYYY-MM-DD)", row.where(), row[date]));
          }
          Lifecycle entry{std::string(row["product"]),        std::string(row["family"]),
                          std::string(row["version"]),        std::string(row["build"]),
                          std::string(row["end_of_support"]), std::string(row["extended_end"]),
                          std::string(row["note"]),           std::string(row["source"])};
          std::string key = to_lower(entry.product);
          to_->lifecycles_[std::move(key)] = std::move(entry);
          return {};
        });
  }

  Result<void> windows() {
    return each("windows_builds.tsv", {"version", "build", "products"},
                [&](const Tsv::Row& row) -> Result<void> {
                  auto& products = to_->windows_[fmt::format("{}.{}", row["version"], row["build"])];
                  for (const std::string_view product : split_list(row["products"], ';'))
                    products.emplace_back(product);
                  return {};
                });
  }

  Result<void> dicom() {
    auto done = each(
        "dicom_implementations.tsv", {"uid", "version_name", "vendor", "confidence"},
        [&](const Tsv::Row& row) -> Result<void> {
          DicomImplementation entry{std::string(row["uid"]),    std::string(row["vendor"]),
                                    std::string(row["model"]),  std::string(row["type"]),
                                    std::string(row["source"]), nullptr,
                                    row.number("confidence"),   row["kind"] == "toolkit"};
          if (!(entry.confidence > 0 && entry.confidence <= 1))
            return failure(row.where() + ": the confidence is a number above 0, at most 1");
          if (!entry.type.empty() && to_->type(entry.type) == nullptr)
            return failure(fmt::format("{}: there is no kind of device \"{}\"", row.where(), entry.type));
          if (!row["version_name"].empty()) {
            auto name = pattern(row, row["version_name"]);
            if (!name) return tl::unexpected(name.error());
            entry.version_name = *name;
          }
          if (entry.uid.empty() && entry.version_name == nullptr)
            return failure(row.where() + ": a uid or a version name is needed");
          to_->dicom_implementations_.push_back(std::move(entry));
          return {};
        });
    if (!done) return done;
    return each("dicom_storage.tsv", {"sop_class", "type"}, [&](const Tsv::Row& row) -> Result<void> {
      if (!row["type"].empty() && to_->type(row["type"]) == nullptr)
        return failure(fmt::format("{}: there is no kind of device \"{}\"", row.where(), row["type"]));
      if (!row["type"].empty()) to_->dicom_senders_[std::string(row["sop_class"])] = row["type"];
      return {};
    });
  }

  Result<void> credentials() {
    return each("default_credentials.tsv", {"protocol", "account", "secret", "product"},
                [&](const Tsv::Row& row) -> Result<void> {
                  to_->credentials_.push_back({std::string(row["protocol"]), std::string(row["product"]),
                                               std::string(row["source"]),
                                               digest_secret(row["account"], row["secret"])});
                  return {};
                });
  }

  Result<void> rules() {
    std::vector<std::string> files;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/rules", error)) {
      if (entry.path().extension() == ".tsv" && entry.path().filename() != "examples.tsv")
        files.push_back(entry.path().string());
    }
    if (error)
      return failure(folder_ + "/rules: " + error.message() + "; the folder of knowledge is not whole");
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) {
      if (auto done = noted(rules_of(file)); !done) return done;
    }
    return {};
  }

  Result<void> rules_of(const std::string& file) {
    const auto table = Tsv::read(file, {"id", "on", "role", "pattern", "set", "confidence", "source"});
    if (!table) return tl::unexpected(table.error());
    for (std::size_t i = 0; i < table->size(); ++i) {
      if (auto done = noted(to_->rules_.add(table->row(i), when_)); !done) return done;
    }
    return {};
  }

  Result<void> behaviours() {
    return each(
        "behaviours.tsv", {"id", "when", "set", "confidence", "source"},
        [&](const Tsv::Row& row) -> Result<void> {
          auto behaviour = read_behaviour(row);
          if (!behaviour) return tl::unexpected(behaviour.error());
          const DeviceType* kind = nullptr;
          for (const auto& [trait, value] : behaviour->says) {
            if (trait == Trait::kType && (kind = to_->type(value)) == nullptr)
              return failure(fmt::format("{}: there is no kind of device \"{}\"", row.where(), value));
          }
          for (const auto& [trait, value] : behaviour->says) {
            if (trait != Trait::kCategory) continue;
            if (!is_category(value) || (kind != nullptr && kind->category != value))
              return failure(fmt::format("{}: \"{}\" is no category, or not its kind's", row.where(), value));
          }
          to_->behaviours_.push_back(std::move(*behaviour));
          return {};
        });
  }

  Result<void> recog() {
    auto done = each("recog_kinds.tsv", {"kind", "on", "role", "text", "as"},
                     [&](const Tsv::Row& row) { return to_->recog_kinds_.add(row, when_, to_->faults_); });
    if (!done) return done;
    done = each("recog_terms.tsv", {"what", "recog", "ours"}, [&](const Tsv::Row& row) -> Result<void> {
      if (row["what"] == "type" && to_->type(row["ours"]) == nullptr)
        return failure(fmt::format("{}: there is no kind of device \"{}\"", row.where(), row["ours"]));
      return to_->recog_terms_.add(row);
    });
    if (!done) return done;
    const std::string imported = site_ + "/" + kRecogFile;
    std::error_code error;
    if (!std::filesystem::exists(imported, error)) return {};
    done = to_->recog_.read(imported, to_->faults_);
    if (done) to_->recog_.take_on_one_line(to_->recog_kinds_.on_one_line());
    if (!done || when_ == Patterns::kOnFirstUse) return done;
    for (const std::string& fault : to_->recog_.check()) {
      if (done = noted(failure(fault)); !done) return done;
    }
    return {};
  }

  Result<void> corrections() {
    const std::string path = site_ + "/" + kCorrectionsFile;
    auto read = read_corrections(path);
    if (!read) return tl::unexpected(read.error());
    for (Correction& correction : *read) {
      auto held = check_correction(correction, *to_);
      if (held) {
        to_->corrections_.push_back(std::move(correction));
        continue;
      }
      held =
          noted(failure(fmt::format("{}: {}: {}; take it back with bedrail knowledge corrections remove {}",
                                    path, correction.id, held.error().message, correction.id)));
      if (!held) return held;
    }
    return {};
  }

  Result<void> findings() {
    const std::string findings = folder_ + "/findings.toml", risk = folder_ + "/risk.toml";
    const auto findings_text = read_knowledge_file(findings), risk_text = read_knowledge_file(risk);
    if (!findings_text) return tl::unexpected(findings_text.error());
    if (!risk_text) return tl::unexpected(risk_text.error());
    return to_->findings_.read(findings, *findings_text, risk, *risk_text);
  }

  std::string folder_, site_;
  Patterns when_;
  std::vector<std::string>* faults_ = nullptr;
  std::unique_ptr<Knowledge> to_ = std::make_unique<Knowledge>();
};

std::unique_ptr<const Knowledge> read_noting_faults(const std::string& folder, const std::string& site,
                                                    std::vector<std::string>& faults) {
  KnowledgeLoader loader(folder, Patterns::kAtOnce, site.empty() ? site_folder(folder) : site);
  loader.note_faults(faults);
  auto out = loader.load();
  return out ? std::move(*out) : nullptr;
}

Result<std::unique_ptr<const Knowledge>> load_knowledge(const std::string& folder, Patterns when,
                                                        const std::string& site) {
  return KnowledgeLoader(folder, when, site.empty() ? site_folder(folder) : site).load();
}

}  // namespace bedrail
