#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "advisory/product_name.h"
#include "advisory/product_words.h"

namespace bedrail {
namespace {

using enum ProductRelation;

bool holds(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool tells(std::string_view word) { return !is_weak_word(word); }

bool any_tells(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) { return tells(word); });
}

std::string listed(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

/// The more that is known, the higher.
int rank(ProductRelation relation) {
  switch (relation) {
    case kSame:
      return 3;
    case kFamily:
      return 2;
    case kUnknown:
      return 1;
    case kOther:
      return 0;
  }
  return 0;
}

}  // namespace

/// One variant of a device's name beside one of an advisory's.
class Relation {
 public:
  using Variant = ProductName::Variant;
  using Models = ProductName::Models;

  Relation(const Variant& device, const Variant& advisory) : device_(device), advisory_(advisory) {
    for (const std::string& name : advisory.names) {
      if (holds(device.names, name))
        shared_.push_back(name);
      else if (is_kind_word(name))
        advisory_kind_ = true;
      else
        advisory_only_.push_back(name);
    }
    for (const std::string& name : device.names) {
      if (holds(advisory.names, name)) continue;
      if (is_kind_word(name))
        device_kind_ = true;
      else
        device_only_.push_back(name);
    }
    for (const Models& models : device.models) {
      models_.insert(models_.end(), models.any.begin(), models.any.end());
      if (!models.from.empty()) models_.insert(models_.end(), {models.from, models.to});
    }
  }

  [[nodiscard]] ProductMatch judge() const {
    if (device_.names.empty() && models_.empty()) return {kUnknown, "the device's model is not known"};
    if (!any_tells(device_.names) && models_.empty())
      return {kUnknown, fmt::format("\"{}\" tells no model of the device", listed(device_.names))};
    return advisory_.models.empty() ? by_names() : by_models();
  }

  /// A device without a maker needs more than one word.
  [[nodiscard]] bool is_distinct() const {
    const auto telling =
        std::count_if(shared_.begin(), shared_.end(), [](const std::string& w) { return tells(w); });
    return telling >= 2 || std::any_of(models_.begin(), models_.end(), [&](const std::string& model) {
             return is_strong_model(model) && std::any_of(advisory_.models.begin(), advisory_.models.end(),
                                                          [&](const Models& m) { return m.holds(model); });
           });
  }

 private:
  static std::string text_of(const Models& models) {
    if (!models.from.empty()) return models.from + " to " + models.to;
    return fmt::format("{}", fmt::join(models.any, " or "));
  }

  /// Both names go on differently, and at least one of them with a word that tells.
  [[nodiscard]] bool contradict() const {
    return !advisory_only_.empty() && !device_only_.empty() &&
           (any_tells(advisory_only_) || any_tells(device_only_));
  }

  [[nodiscard]] ProductMatch by_models() const {
    std::vector<std::string> matched;
    const Models* missing = nullptr;
    for (const Models& models : advisory_.models) {
      const auto found =
          std::find_if(models_.begin(), models_.end(), [&](const std::string& m) { return models.holds(m); });
      if (found != models_.end())
        matched.push_back(*found);
      else
        missing = &models;
    }
    if (missing == nullptr) return with_models(matched);
    const auto other = std::find_if(models_.begin(), models_.end(),
                                    [&](const std::string& m) { return !holds(matched, m); });
    if (other != models_.end()) {
      // "MP Series (including MP2, MX700)" may mean an MP60, but no MX40.
      const bool alike = missing->open && holds(advisory_.names, letters_of(*other));
      if (alike && any_tells(shared_))
        return {kFamily, fmt::format("the advisory names {} among others, the device is {}",
                                     text_of(*missing), *other)};
      return {kOther, fmt::format("the advisory names {}, the device is {}", text_of(*missing), *other)};
    }
    if (any_tells(shared_) && device_only_.empty())
      return {kFamily, fmt::format("the advisory names {} {}; of the device no more is known than {}",
                                   listed(shared_), text_of(*missing), said())};
    return {kOther, fmt::format("the advisory names {}, which the device does not say", text_of(*missing))};
  }

  [[nodiscard]] std::string said() const {
    return listed(device_.names) + (models_.empty() ? "" : " " + listed(models_));
  }

  /// All of the advisory's model numbers are the device's.
  [[nodiscard]] ProductMatch with_models(const std::vector<std::string>& matched) const {
    const bool strong =
        std::any_of(matched.begin(), matched.end(), [](const std::string& m) { return is_strong_model(m); });
    const bool named = any_tells(shared_);
    if (!named && any_tells(advisory_only_) && any_tells(device_only_))
      return {kOther, fmt::format("the same number {}, but {} is not {}", listed(matched),
                                  listed(device_only_), listed(advisory_only_))};
    if (!strong && contradict())
      return {kOther, fmt::format("{} is not {}", listed(device_only_), listed(advisory_only_))};
    // What follows the number in the advisory, but not in the device's name, narrows it.
    std::vector<std::string> narrower;
    for (std::size_t i = advisory_.head; i < advisory_.names.size(); ++i)
      if (tells(advisory_.names[i]) && !holds(device_.names, advisory_.names[i]))
        narrower.push_back(advisory_.names[i]);
    if (!narrower.empty() && any_tells(device_only_))
      return {kOther, fmt::format("{} is not {}", listed(device_only_), listed(narrower))};
    if (!narrower.empty())
      return {kFamily, fmt::format("the advisory names {} {} only", listed(matched), listed(narrower))};
    const auto variant = std::find_if(device_only_.begin(), device_only_.end(),
                                      [](const std::string& w) { return is_variant_word(w); });
    if (variant != device_only_.end())
      return {kFamily, fmt::format("the advisory names {}, the device is the {}", listed(matched), *variant)};
    const bool lettered = std::any_of(matched.begin(), matched.end(),
                                      [](const std::string& m) { return !letters_of(m).empty(); });
    const bool nameless = !any_tells(advisory_only_) && !any_tells(device_only_) && lettered;
    if (named || strong || nameless) return {kSame, fmt::format("the model is {}", listed(matched))};
    return {kFamily, fmt::format("the same number {}, without a name beside it", listed(matched))};
  }

  /// The first word that tells; there has to be one.
  static const std::string& first_telling(const std::vector<std::string>& names) {
    return *std::find_if(names.begin(), names.end(), [](const std::string& w) { return tells(w); });
  }

  /// The advisory names no model number: a product by its name, or a family.
  [[nodiscard]] ProductMatch by_names() const {
    if (!any_tells(advisory_.names))
      return {kUnknown, fmt::format("the advisory's name \"{}\" tells no product", listed(advisory_.names))};
    if (advisory_only_.empty()) return within_names();
    if (!any_tells(shared_) || !device_only_.empty() || !models_.empty())
      return {kOther, fmt::format("{} is not {}", said(), listed(advisory_.names))};
    if (first_telling(device_.names) != first_telling(advisory_.names))
      return {kUnknown,
              fmt::format("{} stands in the advisory's name, but not first", first_telling(device_.names))};
    return {kFamily, fmt::format("the advisory names {}; of the device no more is known than {}",
                                 listed(advisory_.names), said())};
  }

  /// All that the advisory's name says, the device's says, too.
  [[nodiscard]] ProductMatch within_names() const {
    const std::string& first = first_telling(advisory_.names);
    const bool alone = std::count_if(advisory_.names.begin(), advisory_.names.end(),
                                     [](const std::string& w) { return tells(w); }) == 1;
    if (alone && first_telling(device_.names) != first)
      return {kUnknown, fmt::format("{} stands in the device's name, but not first", first)};
    const bool whole = device_only_.empty() && models_.empty();
    // "CareLink Monitor" is not all of CareLink; "Ultrasound EPIQ" is all of EPIQ.
    const bool kind_last = advisory_kind_ && is_kind_word(advisory_.names.back());
    if ((advisory_kind_ && device_kind_) || (kind_last && !whole))
      return {kFamily, fmt::format("{} and {} may be different kinds", said(), listed(advisory_.names))};
    return {kSame, whole ? "the names are the same"
                         : fmt::format("the advisory names all of {}", listed(advisory_.names))};
  }

  const Variant& device_;
  const Variant& advisory_;
  std::vector<std::string> shared_, advisory_only_, device_only_, models_;
  /// Words of kind that only one side has.
  bool advisory_kind_ = false, device_kind_ = false;
};

ProductMatch relate(const ProductName& device, const ProductName& advisory) {
  const bool makers = !device.vendors_.empty() && !advisory.vendors_.empty();
  const bool theirs = std::any_of(device.vendors_.begin(), device.vendors_.end(),
                                  [&](const std::string& v) { return holds(advisory.vendors_, v); });
  if (makers && !theirs)
    return {kOther, fmt::format("{} is not {}", listed(device.vendors_), listed(advisory.vendors_))};
  ProductMatch best{kOther, "no name is told"};
  bool first = true, distinct = false;
  for (const auto& left : device.variants_) {
    for (const auto& right : advisory.variants_) {
      const Relation relation(left, right);
      ProductMatch one = relation.judge();
      if (!first && rank(one.relation) <= rank(best.relation)) continue;
      best = std::move(one);
      distinct = relation.is_distinct();
      first = false;
    }
    for (const auto& left_out : advisory.excluded_) {
      const ProductMatch out = Relation(left, left_out).judge();
      if (out.relation == kSame) return {kOther, "the advisory leaves it out"};
      if (out.relation == kFamily && best.relation == kSame)
        best = {kFamily, "the advisory leaves a part of the family out"};
    }
  }
  const auto parts_differ = [&] {
    if (device.parts_.empty() || advisory.parts_.empty()) return false;
    for (const std::string& part : device.parts_)
      if (holds(advisory.parts_, part)) return false;
    // Only numbers of one form can be told apart: a part number is not a serial number.
    return std::any_of(device.parts_.begin(), device.parts_.end(), [&](const std::string& part) {
      return std::any_of(advisory.parts_.begin(), advisory.parts_.end(), [&](const std::string& other) {
        return other.size() == part.size() && letters_of(other) == letters_of(part);
      });
    });
  };
  if (rank(best.relation) >= rank(kFamily) && parts_differ())
    return {kOther,
            fmt::format("the part number {} is not {}", listed(device.parts_), listed(advisory.parts_))};
  if (makers && (best.relation == kUnknown || best.relation == kFamily)) {
    for (const std::string& part : device.parts_)
      if (holds(advisory.parts_, part)) return {kSame, fmt::format("the part number {} is the same", part)};
  }
  if (!makers && best.relation == kSame) best = {kFamily, best.reason + "; the maker is not known"};
  if (!makers && best.relation == kFamily && !distinct) return {kUnknown, "the maker is not known"};
  return best;
}

Covered names_model(const ProductName& device, const Condition& condition) {
  if (condition.kind != ConditionKind::kModel || condition.names.empty()) return Covered::kUnknown;
  std::vector<std::string> numbers = device.parts_;
  std::vector<std::string> names;
  for (const auto& variant : device.variants_) {
    names.insert(names.end(), variant.names.begin(), variant.names.end());
    for (const auto& models : variant.models)
      numbers.insert(numbers.end(), models.any.begin(), models.any.end());
  }
  const ProductAliases none;
  bool alike = false;
  for (const std::string& text : condition.names) {
    const ProductName name = ProductName::read(none, {}, text);
    for (const auto& variant : name.variants_) {
      std::vector<std::string> wanted = name.parts_;
      for (const auto& models : variant.models)
        wanted.insert(wanted.end(), models.any.begin(), models.any.end());
      const bool all_numbers =
          std::all_of(wanted.begin(), wanted.end(), [&](const std::string& w) { return holds(numbers, w); });
      const bool all_names =
          std::all_of(variant.names.begin(), variant.names.end(),
                      [&](const std::string& w) { return is_weak_word(w) || holds(names, w); });
      if (wanted.empty() ? any_tells(variant.names) && all_names : all_numbers) return Covered::kYes;
      for (const std::string& w : wanted)
        for (const std::string& number : numbers)
          alike = alike || (letters_of(w) == letters_of(number) &&
                            (is_part_number(w) ? is_part_number(number) : w.size() == number.size()));
    }
  }
  return alike ? Covered::kNo : Covered::kUnknown;
}

}  // namespace bedrail
