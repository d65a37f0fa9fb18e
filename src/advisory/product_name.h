#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "advisory/product_aliases.h"
#include "advisory/range.h"

namespace bedrail {

/// How the model of a device stands to an advisory's product.
enum class ProductRelation : std::uint8_t {
  kSame,    ///< it is the product, or one of the family that the advisory names as a whole
  kFamily,  ///< it may be: what is known of the device says less than the advisory's name
  kOther,   ///< another maker's, another product, another model number
  kUnknown  ///< one of the names says too little ("Version", "Patient Monitor")
};

struct ProductMatch {
  ProductRelation relation = ProductRelation::kUnknown;
  /// "the advisory names the model 8015, the device is a 8000".
  std::string reason;
};

/// A maker and one of its products, taken apart for comparing. A value, made once for each advisory's product
/// and each model of a device.
class ProductName {
 public:
  static ProductName read(const ProductAliases& aliases, std::string_view vendor, std::string_view product);

  /// The makers in plain words; empty where none is told.
  [[nodiscard]] const std::vector<std::string>& vendors() const { return vendors_; }
  /// Words by which this product can be looked up: a product and a device of relation kSame or kFamily share
  /// at least one. Sorted.
  [[nodiscard]] std::vector<std::string> keys() const;

  friend ProductMatch relate(const ProductName& device, const ProductName& advisory);
  friend Covered names_model(const ProductName& device, const Condition& condition);

 private:
  /// Model numbers any of which it may be; `from` and `to` for MP20-MP90.
  struct Models {
    std::vector<std::string> any;
    std::string from, to;
    /// The list may leave some out.
    bool open = false;
    [[nodiscard]] bool holds(std::string_view model) const;
  };
  /// One way to read the name; "EPIQ/Affiniti" has two.
  struct Variant {
    /// Words without those that say nothing; the first `head` of them stand before the first model number.
    std::vector<std::string> names;
    std::size_t head = 0;
    std::vector<Models> models;
  };
  friend class NameReader;
  friend class Relation;

  std::vector<std::string> vendors_;
  std::vector<Variant> variants_;
  /// Part and order numbers, which need not be told.
  std::vector<std::string> parts_;
  /// What the name leaves out: "not including LOGIQ 100 Pro".
  std::vector<Variant> excluded_;
};

/// Conservative: never kSame on the maker alone, on a word that many products have, or where a number
/// differs. Without the device's maker it is kFamily at most.
ProductMatch relate(const ProductName& device, const ProductName& advisory);

/// Whether a device is one of the models that a condition of a range names: yes, no, or not known.
Covered names_model(const ProductName& device, const Condition& condition);

}  // namespace bedrail
