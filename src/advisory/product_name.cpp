#include "advisory/product_name.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "advisory/product_words.h"

namespace bedrail {
namespace {

constexpr std::size_t kMaxWords = 64, kMaxVariants = 4;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

/// "7.0.x", "2.5": a version, which is not part of a name.
bool is_version_word(std::string_view word) {
  return word.find('.') != std::string_view::npos && is_digit(word.front()) &&
         word.find_first_not_of("0123456789.x") == std::string_view::npos;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == ',')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == ',')) text.remove_suffix(1);
  return text;
}

/// A word and what parts it from the one before.
struct Word {
  std::string text;
  bool slash = false, hyphen = false;
};

/// Words of letters, digits and inner dots; '+' becomes the word "plus".
std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  bool slash = false, hyphen = false;
  for (std::size_t at = 0; at < text.size() && words.size() < kMaxWords;) {
    const char c = text[at];
    if (c == '+') {
      // "A+3" is no "A+".
      std::size_t end = at + 1;
      while (end < text.size() && is_digit(text[end])) ++end;
      words.push_back({"plus" + std::string(text.substr(at + 1, end - at - 1)), slash, false});
      at = end - 1;
    } else if (is_digit(c) || is_letter(c)) {
      std::size_t end = at;
      while (end < text.size() && (is_digit(text[end]) || is_letter(text[end]) ||
                                   (text[end] == '.' && end + 1 < text.size() && text[end + 1] != ' ')))
        ++end;
      words.push_back({std::string(text.substr(at, end - at)), slash, hyphen});
      slash = hyphen = false;
      at = end;
      continue;
    }
    if (c == '/') slash = true;
    if (c == '-') hyphen = true;
    if (c == ' ' || c == ',') hyphen = false;
    ++at;
  }
  return words;
}

std::optional<unsigned> number_in(std::string_view word) {
  const std::string_view digits = word.substr(letters_of(word).size());
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end == digits.data()) return std::nullopt;
  return value;
}

}  // namespace

bool ProductName::Models::holds(std::string_view model) const {
  if (std::find(any.begin(), any.end(), model) != any.end()) return true;
  if (from.empty() || letters_of(model) != letters_of(from)) return false;
  const auto low = number_in(from), high = number_in(to), number = number_in(model);
  return low && high && number && *low <= *number && *number <= *high;
}

/// Takes a product's name apart.
class NameReader {
 public:
  static ProductName read(const ProductAliases& aliases, std::string_view vendor, std::string_view product) {
    ProductName name;
    name.vendors_ = aliases.vendors_of(vendor, product);
    std::string text = aliases.product_of(name.vendors_, plain_text(product));
    for (const std::string_view words : {"not including ", "excluding ", "except "}) {
      const std::size_t at = text.find(words);
      if (at == std::string::npos) continue;
      const std::string left_out = text.substr(at + words.size());
      text.resize(at);
      for (const std::string& part : split(left_out, " and "))
        name.excluded_.push_back(variant(without_makers(aliases, name.vendors_, part), {}, nullptr));
      break;
    }
    std::vector<std::string> brackets;
    for (const std::string& part : alternatives(text)) {
      if (name.variants_.size() == kMaxVariants) break;
      const std::string bare = without_brackets(part, brackets);
      name.variants_.push_back(variant(without_makers(aliases, name.vendors_, bare), brackets, &name.parts_));
      brackets.clear();
    }
    return name;
  }

 private:
  using Variant = ProductName::Variant;
  using Models = ProductName::Models;

  static std::vector<std::string> split(std::string_view text, std::string_view separator) {
    std::vector<std::string> out;
    while (true) {
      const std::size_t at = text.find(separator);
      out.emplace_back(trimmed(text.substr(0, at)));
      if (at == std::string_view::npos || out.size() == kMaxVariants) return out;
      text.remove_prefix(at + separator.size());
    }
  }

  /// Names of several products in one: "A (718095) and B (718075)", "A / B", "EPIQ/Affiniti".
  static std::vector<std::string> alternatives(const std::string& text) {
    if (text.find(") and ") != std::string::npos) return split(text, " and ");
    const std::size_t spaced = text.find(" / ");
    if (spaced != std::string::npos && spaced + 3 < text.size() && is_letter(text[spaced + 3]))
      return split(text, " / ");
    for (std::size_t at = text.find('/'); at != std::string::npos; at = text.find('/', at + 1)) {
      std::size_t first = at, last = at + 1;
      while (first > 0 && is_letter(text[first - 1])) --first;
      while (last < text.size() && is_letter(text[last])) ++last;
      const bool inside =
          text.rfind('(', at) != std::string::npos && text.rfind('(', at) > text.rfind(')', at) + 1;
      if (at - first < 4 || last - at - 1 < 4 || inside) continue;
      if ((first > 0 && text[first - 1] != ' ') || (last < text.size() && text[last] != ' ')) continue;
      return {text.substr(0, at) + text.substr(last), text.substr(0, first) + text.substr(at + 1)};
    }
    return {text};
  }

  static std::string without_brackets(std::string_view text, std::vector<std::string>& brackets) {
    std::string out;
    while (true) {
      const std::size_t open = text.find('(');
      out += text.substr(0, open);
      if (open == std::string_view::npos) return out;
      const std::size_t close = std::min(text.find(')', open), text.size());
      std::string_view inside = text.substr(open + 1, close - open - 1);
      while (inside.starts_with('(')) inside.remove_prefix(1);
      brackets.emplace_back(inside);
      text.remove_prefix(std::min(close + 1, text.size()));
      out += ' ';
    }
  }

  /// Without the maker's own names, as long as something is left that tells the product.
  static std::string without_makers(const ProductAliases& aliases, const std::vector<std::string>& vendors,
                                    const std::string& text) {
    std::string out = text;
    for (const std::string& name : aliases.names_of(vendors)) out = with_words(out, name, " ");
    const auto words = words_of(out);
    const bool tells = std::any_of(words.begin(), words.end(), [](const Word& w) {
      return has_digit(w.text) || !(is_noise_word(w.text) || is_weak_word(w.text));
    });
    return tells ? out : text;
  }

  static Variant variant(std::string_view text, const std::vector<std::string>& brackets,
                         std::vector<std::string>* parts) {
    NameReader reader(parts);
    reader.take(words_of(text), true);
    const bool told = !reader.variant_.models.empty();
    for (std::string_view inside : brackets) {
      // "(includingMP2/X2/MP30)": such a list may leave some out.
      const bool open = inside.starts_with("including");
      if (open) inside.remove_prefix(9);
      NameReader bracket(parts);
      bracket.take(words_of(inside), false);
      if (told) continue;
      for (Models& models : bracket.variant_.models) {
        models.open = open;
        reader.variant_.models.push_back(std::move(models));
      }
    }
    return std::move(reader.variant_);
  }

  explicit NameReader(std::vector<std::string>* parts) : parts_(parts) {}

  void take(const std::vector<Word>& words, bool names) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const Word& word = words[i];
      if (is_version_word(word.text)) continue;
      if (!has_digit(word.text)) {
        // "EC 40" is EC40, "SD-320AN" SD320AN; a longer word stays a name.
        const bool joins = i + 1 < words.size() && is_digit(words[i + 1].text.front()) &&
                           !words[i + 1].slash && !is_version_word(words[i + 1].text) &&
                           word.text.size() <= (word.slash ? 6U : 3U) && !is_noise_word(word.text) &&
                           (!word.slash || !variant_.models.empty());
        if (joins) {
          model(word.text + words[i + 1].text, word.slash, false);
          ++i;
        } else if (names && !is_noise_word(word.text)) {
          variant_.names.push_back(word.text);
          if (variant_.models.empty()) ++variant_.head;
        }
        continue;
      }
      model(word.text, word.slash, word.hyphen);
    }
  }

  void model(std::string text, bool slash, bool hyphen) {
    if (is_part_number(text)) {
      if (parts_ != nullptr && parts_->size() < kMaxWords) parts_->push_back(std::move(text));
      return;
    }
    auto& models = variant_.models;
    if (!models.empty() && !models.back().any.empty()) {
      const std::string& last = models.back().any.back();
      const std::string_view letters = letters_of(last);
      const bool bare = is_digit(text.front());
      if (hyphen && models.back().any.size() == 1 && number_in(last) &&
          (bare || letters_of(text) == letters)) {
        Models range;
        range.from = last;
        range.to = bare ? std::string(letters) + text : text;
        models.back() = std::move(range);
        return;
      }
      if (slash && bare) text.insert(0, letters);  // "MX800/700"
      if (slash || (!letters.empty() && !bare && letters == letters_of(text))) {
        models.back().any.push_back(std::move(text));
        return;
      }
    }
    models.emplace_back().any.push_back(std::move(text));
  }

  std::vector<std::string>* parts_;
  Variant variant_;
};

ProductName ProductName::read(const ProductAliases& aliases, std::string_view vendor,
                              std::string_view product) {
  return NameReader::read(aliases, vendor, product);
}

std::vector<std::string> ProductName::keys() const {
  std::vector<std::string> out;
  for (const Variant& variant : variants_) {
    for (const std::string& name : variant.names)
      if (!is_weak_word(name)) out.push_back(name);
    for (const Models& models : variant.models) {
      // "#mp" is what MP50 and the range MP20 to MP90 have in common.
      if (!models.from.empty()) out.push_back("#" + std::string(letters_of(models.from)));
      for (const std::string& model : models.any) {
        out.push_back(model);
        out.push_back("#" + std::string(letters_of(model)));
      }
    }
  }
  out.insert(out.end(), parts_.begin(), parts_.end());
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace bedrail
