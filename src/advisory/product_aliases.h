#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bedrail {

/// Lower-case ASCII with single blanks: letters without their marks, UTF-8 that was once read as Latin-1
/// repaired, apostrophes and trade marks left out, what else is not ASCII a blank. At most 512 bytes.
std::string plain_text(std::string_view text);
/// The same with blanks for all signs.
std::string plain_words(std::string_view text);

/// Names that mean the same: of makers (spellings, makers that were bought) and of their products. Filled
/// from tables; those who match names hold one for the whole run.
class ProductAliases {
 public:
  /// `alias` is a name of `vendor`; where `product` is not empty only for products whose name holds these
  /// words. A `brand` is also the name of a family of products ("Alaris"): there it says something.
  void add_vendor(std::string_view alias, std::string_view vendor, std::string_view product = {},
                  bool brand = false);
  /// In a product of `vendor` (any, where empty) the words `alias` stand for the words `name`.
  void add_product(std::string_view vendor, std::string_view alias, std::string_view name);

  /// The makers that a text names, in plain words: "Hospira" is "icu medical"; "Silex Technology and GE
  /// Healthcare" are two. Legal forms are left out. Sorted.
  [[nodiscard]] std::vector<std::string> vendors_of(std::string_view vendor, std::string_view product) const;
  /// Every name by which one of these makers goes, but for brands, the longest first: they say nothing inside
  /// of a product's name.
  [[nodiscard]] std::vector<std::string> names_of(const std::vector<std::string>& vendors) const;
  /// A product's plain text with its aliases put into one form.
  [[nodiscard]] std::string product_of(const std::vector<std::string>& vendors, std::string text) const;

 private:
  struct Vendor {
    std::string alias, vendor, product;
    bool brand = false;
  };
  struct Product {
    std::string vendor, alias, name;
  };
  [[nodiscard]] std::string vendor_of(std::string_view name, std::string_view product) const;

  std::vector<Vendor> vendors_;
  std::vector<Product> products_;
};

/// Whether `words` stand in `text` as whole words; both plain.
bool holds_words(std::string_view text, std::string_view words);
/// The text with `to` where `from` stands as whole words.
std::string with_words(std::string_view text, std::string_view from, std::string_view to);

}  // namespace bedrail
