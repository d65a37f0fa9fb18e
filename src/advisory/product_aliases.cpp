#include "advisory/product_aliases.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/utf8.h"

namespace bedrail {
namespace {

constexpr std::size_t kMaxText = 512;

/// "YhtymÃ¤": every character is below U+0100, and as bytes they are UTF-8 again.
std::string repaired(std::string_view text) {
  std::string bytes;
  bool wide = false;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text.substr(at));
    if (!point.valid || point.value > 0xff) return std::string(text);
    wide = wide || point.value >= 0x80;
    bytes.push_back(static_cast<char>(point.value));
    at += point.length;
  }
  if (!wide) return std::string(text);
  for (std::size_t at = 0; at < bytes.size();) {
    const CodePoint point = decode_utf8(std::string_view(bytes).substr(at));
    if (!point.valid) return std::string(text);
    at += point.length;
  }
  return bytes;
}

/// The letters of U+00C0 to U+00FF without their marks; a blank is no letter.
constexpr std::string_view kLatin1 = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty";

bool is_word_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

constexpr std::array<std::string_view, 27> kLegalForms = {
    "inc", "incorporated", "llc", "ltd",  "limited", "gmbh", "ag",  "corp", "corporation",
    "co",  "company",      "kg",  "sa",   "oy",      "ab",   "bv",  "nv",   "plc",
    "spa", "srl",          "pty", "kgaa", "se",      "as",   "the", "aps",  "kk"};

bool is_legal_form(std::string_view word) {
  return std::find(kLegalForms.begin(), kLegalForms.end(), word) != kLegalForms.end();
}

/// Plain words without legal forms; "b v" of "B.V." goes, too.
std::string without_legal_forms(std::string_view plain) {
  std::string out;
  for (std::size_t at = 0; at < plain.size();) {
    const std::size_t end = std::min(plain.find(' ', at), plain.size());
    const std::string_view word = plain.substr(at, end - at);
    at = end + 1;
    if (is_legal_form(word)) continue;
    out += (out.empty() ? "" : " ") + std::string(word);
  }
  return out;
}

/// Whether a whole word may begin or end between these two places.
bool is_edge(std::string_view text, std::size_t at) {
  return at == 0 || at >= text.size() || !is_word_char(text[at - 1]) || !is_word_char(text[at]);
}

}  // namespace

bool holds_words(std::string_view text, std::string_view words) {
  if (words.empty()) return false;
  for (std::size_t at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1))
    if (is_edge(text, at) && is_edge(text, at + words.size())) return true;
  return false;
}

std::string with_words(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const bool here = !from.empty() && text.substr(at).starts_with(from) && is_edge(text, at) &&
                      is_edge(text, at + from.size());
    if (here) {
      out += to;
      at += from.size();
    } else {
      out += text[at++];
    }
  }
  return out;
}

std::string plain_text(std::string_view text) {
  const std::string whole = repaired(text.substr(0, kMaxText));
  std::string out;
  for (std::size_t at = 0; at < whole.size();) {
    const CodePoint point = decode_utf8(std::string_view(whole).substr(at));
    at += point.length;
    char c = ' ';
    if (point.value < 0x80 && !is_control(point.value))
      c = static_cast<char>(point.value >= 'A' && point.value <= 'Z' ? point.value + 32 : point.value);
    else if (point.value >= 0xc0 && point.value <= 0xff)
      c = kLatin1[point.value - 0xc0];
    else if (is_invisible(point.value) || point.value == 0x2122 || point.value == 0xae)
      continue;
    if (c == '\'') continue;
    if (c != ' ' || (!out.empty() && out.back() != ' ')) out += c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string plain_words(std::string_view text) {
  std::string out;
  for (const char c : plain_text(text)) {
    if (is_word_char(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

void ProductAliases::add_vendor(std::string_view alias, std::string_view vendor, std::string_view product,
                                bool brand) {
  vendors_.push_back({without_legal_forms(plain_words(alias)), without_legal_forms(plain_words(vendor)),
                      plain_words(product), brand});
}

void ProductAliases::add_product(std::string_view vendor, std::string_view alias, std::string_view name) {
  products_.push_back({without_legal_forms(plain_words(vendor)), plain_text(alias), plain_text(name)});
}

std::string ProductAliases::vendor_of(std::string_view name, std::string_view product) const {
  std::string found = without_legal_forms(plain_words(name));
  // A maker that was bought by one that was bought: two steps are enough.
  for (int step = 0; step < 2; ++step) {
    const auto row = std::find_if(vendors_.begin(), vendors_.end(), [&](const Vendor& v) {
      return v.alias == found && (v.product.empty() || holds_words(product, v.product));
    });
    if (row == vendors_.end() || row->vendor == found) break;
    found = row->vendor;
  }
  return found;
}

std::vector<std::string> ProductAliases::vendors_of(std::string_view vendor, std::string_view product) const {
  const std::string words = plain_words(product);
  std::vector<std::string> out;
  const auto add = [&](std::string_view name) {
    std::string one = vendor_of(name, words);
    if (!one.empty() && std::find(out.begin(), out.end(), one) == out.end()) out.push_back(std::move(one));
  };
  // "Becton, Dickinson and Company (BD)": known as a whole, or a list of makers.
  const std::string whole = without_legal_forms(plain_words(vendor));
  const bool known = std::any_of(vendors_.begin(), vendors_.end(),
                                 [&](const Vendor& v) { return v.alias == whole || v.vendor == whole; });
  std::string_view rest = vendor.substr(0, kMaxText);
  while (!known && !rest.empty()) {
    const std::size_t end = std::min(
        {rest.find(','), rest.find(';'), rest.find('('), rest.find('/'), rest.find(" and "), rest.size()});
    add(rest.substr(0, end));
    const bool word = end < rest.size() && rest[end] == ' ';
    rest.remove_prefix(std::min(end + (word ? 5 : 1), rest.size()));
  }
  if (known) add(vendor);
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> ProductAliases::names_of(const std::vector<std::string>& vendors) const {
  std::vector<std::string> out = vendors;
  for (std::size_t step = 0; step < 2; ++step) {
    for (const Vendor& row : vendors_)
      if (std::find(out.begin(), out.end(), row.vendor) != out.end() && row.product.empty() && !row.brand &&
          std::find(out.begin(), out.end(), row.alias) == out.end())
        out.push_back(row.alias);
  }
  std::sort(out.begin(), out.end(), [](const std::string& a, const std::string& b) {
    return a.size() != b.size() ? a.size() > b.size() : a < b;
  });
  return out;
}

std::string ProductAliases::product_of(const std::vector<std::string>& vendors, std::string text) const {
  for (const Product& row : products_) {
    const bool theirs =
        row.vendor.empty() || std::find(vendors.begin(), vendors.end(), row.vendor) != vendors.end();
    // A name that holds its alias ("central station" in "carescape central station") is not made longer
    // again.
    const bool there = holds_words(row.name, row.alias) && holds_words(text, row.name);
    if (!theirs || there || !holds_words(text, row.alias)) continue;
    text = with_words(text, row.alias, row.name);
    if (text.size() > 2 * kMaxText) text.resize(2 * kMaxText);
  }
  return text;
}

}  // namespace bedrail
