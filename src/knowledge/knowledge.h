#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/product_aliases.h"
#include "knowledge/advisories.h"
#include "knowledge/behaviours.h"
#include "knowledge/corrections.h"
#include "knowledge/findings.h"
#include "knowledge/organisations.h"
#include "knowledge/pattern.h"
#include "knowledge/recog/book.h"
#include "knowledge/recog/terms.h"
#include "knowledge/rules.h"
#include "model/assessment.h"
#include "net/address.h"

namespace bedrail {

/// A kind of device (`knowledge/device_types.tsv`).
struct DeviceType {
  std::string id, title, category, department, source;
  bool life_supporting = false, bedside = false, handles_phi = false;
  double patient_safety = 0, confidentiality = 0, availability = 0;  ///< impact of its loss or misuse, 0..10
};

/// A maker, by the names that it goes by.
struct Vendor {
  std::string name, category, source;
  bool module_maker = false;  ///< of radio modules or virtual machines: its prefix names no device's maker
  std::shared_ptr<const Pattern> names;
};

/// A model of a device, by the names that it gives itself (`knowledge/models.tsv`).
struct Model {
  std::string name, vendor, type, os, source;
  /// The names are common words: they count only where the maker is told otherwise, too.
  bool needs_vendor = false;
  std::shared_ptr<const Pattern> names;
};

/// When security updates for an operating system end.
struct Lifecycle {
  std::string product, family, version, build, end_of_support, extended_end, note, source;
};

/// Software that introduces itself in a DICOM association.
struct DicomImplementation {
  std::string uid, vendor, model, type, source;
  std::shared_ptr<const Pattern> version_name;  ///< null where any will do
  double confidence = 0;
  bool toolkit = false;  ///< a library that many makers use
};

/// A publicly documented factory login.
struct DefaultCredential {
  std::string protocol, product, source;
  SecretDigest digest;
};

/// All that is read from the folder `knowledge/`. Immutable once loaded; shared by all threads.
class Knowledge {
 public:
  [[nodiscard]] const KnowledgeInfo& info() const { return info_; }
  [[nodiscard]] const RuleBook& rules() const { return rules_; }
  [[nodiscard]] const std::vector<Behaviour>& behaviours() const { return behaviours_; }
  [[nodiscard]] const FindingBook& findings() const { return findings_; }
  [[nodiscard]] const AdvisoryBook& advisories() const { return advisories_; }
  /// Other names of makers and products, for matching with advisories.
  [[nodiscard]] const ProductAliases& product_aliases() const { return product_aliases_; }
  /// The fingerprints that were imported from recog's format, if any.
  [[nodiscard]] const RecogBook& recog() const { return recog_; }
  [[nodiscard]] const RecogKinds& recog_kinds() const { return recog_kinds_; }
  [[nodiscard]] const RecogTerms& recog_terms() const { return recog_terms_; }

  /// What the site knows better of its devices, in the order of its file.
  [[nodiscard]] const std::vector<Correction>& corrections() const { return corrections_; }

  [[nodiscard]] const DeviceType* type(std::string_view id) const;
  [[nodiscard]] std::vector<std::string> type_ids() const;
  /// The registered owner of a universal MAC's prefix, longest first; empty where there is none.
  [[nodiscard]] std::string_view organisation(const MacAddress& mac) const { return organisations_.of(mac); }
  /// The first vendor whose names are found in a text.
  [[nodiscard]] const Vendor* vendor_in(std::string_view text) const;
  /// The models whose names are found in a text that names a model, in the table's order.
  [[nodiscard]] std::vector<const Model*> models_in(std::string_view text) const;
  [[nodiscard]] std::size_t models() const { return models_.size(); }
  [[nodiscard]] const Lifecycle* lifecycle(std::string_view product) const;
  /// Whether there is such a product or family of operating systems.
  [[nodiscard]] bool knows_system(std::string_view name) const;
  /// The products, and then the families.
  [[nodiscard]] std::vector<std::string> systems() const;
  /// Products that show this Windows version and build ("6.1", "7601"); empty where it is not known.
  [[nodiscard]] const std::vector<std::string>* windows_products(std::string_view version,
                                                                 std::string_view build) const;
  [[nodiscard]] const DicomImplementation* dicom_implementation(std::string_view uid,
                                                                std::string_view version_name) const;
  /// The kind of device that sends this storage class; empty where that says nothing.
  [[nodiscard]] std::string_view sender_of(std::string_view sop_class) const;
  /// The documented default that a login used, if any.
  [[nodiscard]] const DefaultCredential* default_credential(const LoginSeen& login) const;

  /// What is wrong with a pattern that was needed: "FILE:LINE: ..."; empty where all that were are well.
  /// Only patterns that are compiled on first use can be wrong in a knowledge that was loaded.
  [[nodiscard]] std::string fault() const;

  Knowledge();
  ~Knowledge();
  Knowledge(const Knowledge&) = delete;
  Knowledge& operator=(const Knowledge&) = delete;

 private:
  friend class KnowledgeLoader;

  KnowledgeInfo info_;
  RuleBook rules_;
  std::vector<Behaviour> behaviours_;
  FindingBook findings_;
  AdvisoryBook advisories_;
  ProductAliases product_aliases_;
  RecogBook recog_;
  RecogKinds recog_kinds_;
  RecogTerms recog_terms_;
  std::vector<Correction> corrections_;
  std::map<std::string, DeviceType, std::less<>> types_;
  Organisations organisations_;
  std::vector<Vendor> vendors_;
  std::vector<Model> models_;
  mutable std::once_flag vendors_indexed_, models_indexed_;
  mutable std::unique_ptr<const PatternIndex> vendor_index_;  ///< in their order, made when first needed
  mutable std::unique_ptr<const PatternIndex> model_index_;
  std::shared_ptr<PatternFaults> faults_ = std::make_shared<PatternFaults>();
  std::map<std::string, Lifecycle, std::less<>> lifecycles_;
  std::map<std::string, std::vector<std::string>, std::less<>> windows_;  ///< by "6.1.7601"
  std::vector<DicomImplementation> dicom_implementations_;
  std::map<std::string, std::string, std::less<>> dicom_senders_;
  std::vector<DefaultCredential> credentials_;
};

/// Where what a site imported lies, beside the knowledge: "knowledge.site" for "knowledge". A newer knowledge
/// leaves it alone.
std::string site_folder(const std::string& folder);

/// Reads a folder of knowledge, and what there is in the site's folder (empty: the one beside it). Errors
/// name the file and the line.
Result<std::unique_ptr<const Knowledge>> load_knowledge(const std::string& folder,
                                                        Patterns when = Patterns::kAtOnce,
                                                        const std::string& site = {});

/// Where the program finds its knowledge when none is given: beside itself, in its source tree, or installed.
Result<std::string> find_knowledge(const std::string& program_folder);

}  // namespace bedrail
