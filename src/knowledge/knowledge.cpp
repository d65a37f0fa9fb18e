#include "knowledge/knowledge.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "knowledge/pattern_index.h"

namespace bedrail {

Knowledge::Knowledge() = default;
Knowledge::~Knowledge() = default;

const DeviceType* Knowledge::type(std::string_view id) const {
  const auto found = types_.find(id);
  return found == types_.end() ? nullptr : &found->second;
}

std::vector<std::string> Knowledge::type_ids() const {
  std::vector<std::string> out;
  for (const auto& [id, type] : types_) out.push_back(id);
  return out;
}

bool Knowledge::knows_system(std::string_view name) const {
  const std::vector<std::string> known = systems();
  return std::any_of(known.begin(), known.end(),
                     [&](const std::string& each) { return equals_ignoring_case(each, name); });
}

std::vector<std::string> Knowledge::systems() const {
  std::vector<std::string> out;
  std::set<std::string> families;
  for (const auto& [key, lifecycle] : lifecycles_) {
    out.push_back(lifecycle.product);
    if (!lifecycle.family.empty()) families.insert(lifecycle.family);
  }
  out.insert(out.end(), families.begin(), families.end());
  return out;
}

const Vendor* Knowledge::vendor_in(std::string_view text) const {
  if (text.empty()) return nullptr;
  std::call_once(vendors_indexed_, [this] {
    std::vector<std::string_view> patterns;
    patterns.reserve(vendors_.size());
    for (const Vendor& vendor : vendors_) patterns.push_back(vendor.names->text());
    vendor_index_ = std::make_unique<const PatternIndex>(patterns);
  });
  for (const std::uint32_t candidate : vendor_index_->candidates(text)) {
    if (vendors_[candidate].names->found_in(text)) return &vendors_[candidate];
  }
  return nullptr;
}

std::vector<const Model*> Knowledge::models_in(std::string_view text) const {
  std::call_once(models_indexed_, [this] {
    std::vector<std::string_view> patterns;
    patterns.reserve(models_.size());
    for (const Model& model : models_) patterns.push_back(model.names->text());
    model_index_ = std::make_unique<const PatternIndex>(patterns);
  });
  std::vector<const Model*> out;
  for (const std::uint32_t candidate : model_index_->candidates(text)) {
    if (models_[candidate].names->found_in(text)) out.push_back(&models_[candidate]);
  }
  return out;
}

std::string Knowledge::fault() const {
  std::string out = rules_.fault();
  return out.empty() ? faults_->first() : out;
}

const Lifecycle* Knowledge::lifecycle(std::string_view product) const {
  const auto found = lifecycles_.find(to_lower(product));
  return found == lifecycles_.end() ? nullptr : &found->second;
}

const std::vector<std::string>* Knowledge::windows_products(std::string_view version,
                                                            std::string_view build) const {
  const auto found = windows_.find(fmt::format("{}.{}", version, build));
  return found == windows_.end() ? nullptr : &found->second;
}

const DicomImplementation* Knowledge::dicom_implementation(std::string_view uid,
                                                           std::string_view version_name) const {
  const auto fits = [&](const DicomImplementation& row) {
    const bool uid_fits =
        row.uid.empty() || (row.uid.ends_with('.') ? uid.starts_with(row.uid) : uid == row.uid);
    return uid_fits && (row.version_name == nullptr ||
                        (!version_name.empty() && row.version_name->found_in(version_name)));
  };
  const DicomImplementation* best = nullptr;
  const auto weight = [](const DicomImplementation& row) {
    return row.uid.size() + (row.version_name != nullptr ? 100U : 0U);
  };
  for (const DicomImplementation& row : dicom_implementations_) {
    if (fits(row) && (best == nullptr || weight(row) > weight(*best))) best = &row;
  }
  return best;
}

std::string_view Knowledge::sender_of(std::string_view sop_class) const {
  const auto found = dicom_senders_.find(sop_class);
  return found == dicom_senders_.end() ? std::string_view() : std::string_view(found->second);
}

const DefaultCredential* Knowledge::default_credential(const LoginSeen& login) const {
  if (!login.account_and_secret) return nullptr;
  for (const DefaultCredential& known : credentials_) {
    if (known.digest == *login.account_and_secret &&
        (known.protocol == "*" || known.protocol == login.protocol))
      return &known;
  }
  return nullptr;
}

std::string site_folder(const std::string& folder) {
  const std::size_t end = folder.find_last_not_of('/');
  return folder.substr(0, end == std::string::npos ? folder.size() : end + 1) + ".site";
}

Result<std::string> find_knowledge(const std::string& program_folder) {
  for (const char* place : {"/knowledge", "/../../knowledge", "/../share/bedrail/knowledge"}) {
    std::string folder = program_folder + place;
    std::error_code error;
    if (std::filesystem::is_regular_file(folder + "/version.toml", error)) return folder;
  }
  return failure("the knowledge was not found beside the program; give its folder with --knowledge");
}

}  // namespace bedrail
