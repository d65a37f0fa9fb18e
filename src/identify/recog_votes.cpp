#include "identify/recog_votes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace bedrail {
namespace {

// Modest: with recog's usual certainty of 0.85 one fingerprint alone states a maker, a model, a kind, a
// system, by a hair; anything of our own that says otherwise outweighs it.
constexpr double kVendor = 0.65, kModel = 0.65, kType = 0.62, kSerial = 0.6, kSystem = 0.6, kVersion = 0.55,
                 kHardware = 0.5, kFirmware = 0.5;
/// Of the maker and kind that only the operating system's name tells.
constexpr double kByItsSystem = 0.6;

bool is_version(std::string_view text) {
  return !text.empty() && text.front() >= '0' && text.front() <= '9' &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

class Speaker {
 public:
  Speaker(const RecogHit& hit, const Knowledge& knowledge) : hit_(hit), knowledge_(knowledge) {}

  std::vector<RecogStatement> run() {
    const std::string_view kind = field("hw.device");
    if (!field("hw.vendor").empty() || !kind.empty())
      hardware();
    else
      by_its_system();
    system();
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string_view field(std::string_view name) const {
    for (const auto& [known, value] : hit_.fields) {
      if (known == name) return value;
    }
    return {};
  }

  /// The fingerprint's own certainty, or that of a part ("os.certainty").
  [[nodiscard]] double certainty(std::string_view part) const {
    const std::string_view text = field(part);
    double out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    const bool given = error == std::errc() && end == text.data() + text.size() && out >= 0 && out <= 1;
    return given && !text.empty() ? out : hit_.certainty;
  }

  void say(Trait trait, std::string_view value, double confidence) {
    const std::string text = clean_text(value);
    if (!text.empty() && confidence > 0) out_.push_back({trait, text, std::min(confidence, 1.0)});
  }

  [[nodiscard]] std::string vendor(std::string_view theirs) const {
    if (const std::string_view ours = knowledge_.recog_terms().ours("vendor", theirs); !ours.empty())
      return std::string(ours);
    const Vendor* known = knowledge_.vendor_in(theirs);
    return known != nullptr ? known->name : std::string(theirs);
  }

  void kind(std::string_view theirs, double confidence) {
    const std::string_view ours = knowledge_.recog_terms().ours("type", theirs);
    const DeviceType* type = knowledge_.type(ours);
    if (type == nullptr) return;
    say(Trait::kType, ours, confidence);
    say(Trait::kCategory, type->category, confidence);
  }

  /// "LaserJet 4250" of HP is its "HP LaserJet 4250" here.
  void model(std::string_view name, const std::string& maker, double confidence) {
    const std::string_view prefix = knowledge_.recog_terms().ours("model-prefix", maker);
    const bool lacks = !prefix.empty() && !starts_with_ignoring_case(name, prefix);
    say(Trait::kModel, lacks ? fmt::format("{} {}", prefix, name) : std::string(name), confidence);
  }

  void hardware() {
    const double sure = certainty("hw.certainty");
    const std::string maker = vendor(field("hw.vendor"));
    say(Trait::kVendor, maker, kVendor * sure);
    kind(field("hw.device"), kType * sure);
    std::string product(field("hw.product"));
    if (product.empty()) product = field("hw.model");
    if (!product.empty()) model(product, maker, kModel * sure);
    say(Trait::kSerial, field("hw.serial_number"), kSerial * sure);
    say(Trait::kHardware, field("hw.version"), kHardware * sure);
    if (!maker.empty() && vendor(field("os.vendor")) == maker && ours_of_system().empty())
      say(Trait::kFirmware, field("os.version"), kFirmware * sure);
  }

  /// Older fingerprints put the device into the fields of its system.
  void by_its_system() {
    const std::string_view kind_word = field("os.device");
    if (knowledge_.recog_terms().ours("type", kind_word).empty()) return;
    const double sure = certainty("os.certainty") * kByItsSystem;
    const std::string maker = vendor(field("os.vendor"));
    say(Trait::kVendor, maker, kVendor * sure);
    kind(kind_word, kType * sure);
    const std::string_view product = field("os.product");
    const bool names_model =
        std::any_of(product.begin(), product.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (names_model && ours_of_system().empty() && !product.ends_with("Firmware"))
      model(product, maker, kModel * sure);
  }

  /// The system without its release, as os_lifecycle.tsv spells it; empty where it is not there.
  [[nodiscard]] std::string ours_of_system() const {
    const std::string_view product = field("os.product");
    if (product.empty()) return {};
    const std::string full = fmt::format("{} {}", field("os.vendor"), product);
    for (const std::string_view theirs : {std::string_view(full), product}) {
      const std::string_view ours = knowledge_.recog_terms().ours("system", theirs);
      if (!ours.empty()) return std::string(ours);
    }
    const Lifecycle* known = knowledge_.lifecycle(product);
    return known != nullptr ? known->product : std::string();
  }

  void system() {
    const double sure = certainty("os.certainty");
    const std::string base = ours_of_system();
    const Lifecycle* release = nullptr;
    std::string_view version = field("os.version");
    if (!base.empty()) {
      // "Ubuntu 18.04" of 18.04.3: the longest release that there is.
      for (std::string_view rest = version; !rest.empty() && release == nullptr;) {
        release = knowledge_.lifecycle(fmt::format("{} {}", base, rest));
        const std::size_t dot = rest.rfind('.');
        rest = dot == std::string_view::npos ? std::string_view() : rest.substr(0, dot);
      }
      if (release == nullptr) release = knowledge_.lifecycle(base);
    }
    const std::string family = release != nullptr
                                   ? release->family
                                   : std::string(knowledge_.recog_terms().ours("family", field("os.family")));
    say(Trait::kOsFamily, family, kSystem * sure);
    if (release == nullptr) return;
    say(Trait::kOsProduct, release->product, kSystem * sure);
    // Of Windows recog's versions are service packs.
    if (family != "Windows" && is_version(version)) say(Trait::kOsVersion, version, kVersion * sure);
  }

  const RecogHit& hit_;
  const Knowledge& knowledge_;
  std::vector<RecogStatement> out_;
};

}  // namespace

std::vector<RecogStatement> recog_statements(const RecogHit& hit, const Knowledge& knowledge) {
  return Speaker(hit, knowledge).run();
}

}  // namespace bedrail
