#include "advisory/range_words.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.h"

namespace bedrail {
namespace {

constexpr std::size_t kMaxTokens = 256;

enum class Mark : std::uint8_t { kValue, kSign, kSeparator, kTo, kSuffix };

struct Token {
  Mark mark = Mark::kValue;
  std::string text;
  Comparison comparison = Comparison::kExactly;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 9> kEarlier = {"earlier",  "prior", "below", "lower", "older",
                                                      "previous", "under", "less",  "before"};
constexpr std::array<std::string_view, 11> kLater = {
    "later", "newer", "above", "higher", "up", "greater", "onward", "onwards", "beyond", "upwards", "after"};
constexpr std::array<std::string_view, 23> kFillers = {
    "version", "versions", "ver", "ver.",      "release",  "releases", "software",  "firmware",
    "fw",      "the",      "of",  "only",      "affected", "revision", "revisions", "rev",
    "rev.",    "is",       "are", "inclusive", "models",   "products", "devices"};
constexpr std::array<std::string_view, 4> kEverything = {"all", "any", "every", "*"};

/// Words before a version, the longest first.
constexpr std::array<std::pair<std::string_view, Comparison>, 40> kPhrases = {{
    {"less than or equal to", Comparison::kUpTo},
    {"greater than or equal to", Comparison::kFrom},
    {"up to but not including", Comparison::kBefore},
    {"up to but excluding", Comparison::kBefore},
    {"up to and excluding", Comparison::kBefore},
    {"up to and including", Comparison::kUpTo},
    {"prior to and including", Comparison::kUpTo},
    {"before and including", Comparison::kUpTo},
    {"earlier than or equal to", Comparison::kUpTo},
    {"and prior to", Comparison::kBefore},
    {"but prior to", Comparison::kBefore},
    {"prior to", Comparison::kBefore},
    {"previous to", Comparison::kBefore},
    {"earlier than", Comparison::kBefore},
    {"older than", Comparison::kBefore},
    {"lower than", Comparison::kBefore},
    {"less than", Comparison::kBefore},
    {"and before", Comparison::kBefore},
    {"but before", Comparison::kBefore},
    {"before", Comparison::kBefore},
    {"below", Comparison::kBefore},
    {"newer than", Comparison::kAfter},
    {"later than", Comparison::kAfter},
    {"greater than", Comparison::kAfter},
    {"higher than", Comparison::kAfter},
    {"more than", Comparison::kAfter},
    {"after", Comparison::kAfter},
    {"above", Comparison::kAfter},
    {"up to", Comparison::kUpTo},
    {"through", Comparison::kUpTo},
    {"thru", Comparison::kUpTo},
    {"until", Comparison::kUpTo},
    {"to", Comparison::kUpTo},
    {"starting with", Comparison::kFrom},
    {"starting from", Comparison::kFrom},
    {"starting at", Comparison::kFrom},
    {"beginning with", Comparison::kFrom},
    {"at least", Comparison::kFrom},
    {"since", Comparison::kFrom},
    {"from", Comparison::kFrom},
}};

constexpr std::array<std::pair<std::string_view, Comparison>, 8> kSigns = {{{"<=", Comparison::kUpTo},
                                                                            {"=<", Comparison::kUpTo},
                                                                            {">=", Comparison::kFrom},
                                                                            {"=>", Comparison::kFrom},
                                                                            {"==", Comparison::kExactly},
                                                                            {"<", Comparison::kBefore},
                                                                            {">", Comparison::kAfter},
                                                                            {"=", Comparison::kExactly}}};

std::vector<std::string> words_of(std::string_view text) {
  constexpr std::string_view kAlone = "|,;/<>=!";
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size() && words.size() < kMaxTokens;) {
    if (text[at] == ' ' || text[at] == '\t') {
      ++at;
      continue;
    }
    std::size_t end = at + 1;
    if (kAlone.find(text[at]) != std::string_view::npos) {
      const auto sign = std::find_if(kSigns.begin(), kSigns.end(),
                                     [&](const auto& s) { return text.substr(at).starts_with(s.first); });
      if (sign != kSigns.end()) end = at + sign->first.size();
    } else {
      while (end < text.size() && text[end] != ' ' && text[end] != '\t' &&
             kAlone.find(text[end]) == std::string_view::npos)
        ++end;
    }
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

/// Words to marks: comparisons, lists, and runs of words that are versions.
class Marker {
 public:
  explicit Marker(std::string_view text) : words_(words_of(text)) {
    for (const std::string& word : words_) lower_.push_back(to_lower(word));
  }

  std::vector<Token> run() {
    while (at_ < words_.size()) step();
    return std::move(tokens_);
  }
  [[nodiscard]] bool everything() const { return everything_; }

 private:
  void add(Mark mark, Comparison comparison = Comparison::kExactly) {
    tokens_.push_back({mark, {}, comparison});
  }
  [[nodiscard]] bool after_value() const { return !tokens_.empty() && tokens_.back().mark == Mark::kValue; }

  /// The number of words of `phrase` that stand here, or 0.
  [[nodiscard]] std::size_t stands_here(std::string_view phrase) const {
    std::size_t count = 0;
    while (!phrase.empty()) {
      const std::size_t end = std::min(phrase.find(' '), phrase.size());
      // A comma inside of "up to, but not including" does not part it.
      if (at_ + count >= lower_.size() || lower_[at_ + count] != phrase.substr(0, end)) return 0;
      ++count;
      phrase.remove_prefix(std::min(end + 1, phrase.size()));
    }
    return count;
  }

  void step() {
    const std::string& word = lower_[at_];
    for (const auto& [sign, comparison] : kSigns) {
      if (word != sign) continue;
      add(Mark::kSign, comparison);
      ++at_;
      return;
    }
    if (suffix() || phrase()) return;
    if (word == "-" && after_value()) {
      add(Mark::kTo);
    } else if (word == "between") {
      between_ = true;
    } else if (word == "and" && between_ && after_value()) {
      between_ = false;
      add(Mark::kTo);
    } else if (word == "|" || word == "," || word == ";" || word == "/" || word == "and" || word == "or" ||
               word == "&") {
      add(Mark::kSeparator);
    } else if (one_of(word, kEverything)) {
      everything_ = true;
    } else if (!one_of(word, kFillers)) {
      tokens_.push_back({Mark::kValue, words_[at_], Comparison::kExactly});
    }
    ++at_;
  }

  /// "and earlier", "or all newer versions".
  bool suffix() {
    if (!after_value() || (lower_[at_] != "and" && lower_[at_] != "or" && lower_[at_] != "&")) return false;
    std::size_t next = at_ + 1;
    while (next < lower_.size() && (lower_[next] == "all" || lower_[next] == "any")) ++next;
    if (next >= lower_.size()) return false;
    const bool earlier = one_of(lower_[next], kEarlier), later = one_of(lower_[next], kLater);
    // "and prior to 3.0" is a bound of its own.
    const bool own = next + 1 < lower_.size() && (lower_[next + 1] == "to" || lower_[next + 1] == "than" ||
                                                  (lower_[next] == "before" || lower_[next] == "after"));
    if ((!earlier && !later) || own) return false;
    add(Mark::kSuffix, earlier ? Comparison::kUpTo : Comparison::kFrom);
    at_ = next + 1;
    return true;
  }

  bool phrase() {
    for (const auto& [words, comparison] : kPhrases) {
      const std::size_t count = stands_here(words);
      if (count == 0) continue;
      // Between two versions "through" and "to" make a range.
      add(comparison == Comparison::kUpTo && after_value() ? Mark::kTo : Mark::kSign, comparison);
      at_ += count;
      return true;
    }
    return false;
  }

  std::vector<std::string> words_, lower_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  bool everything_ = false, between_ = false;
};

/// A word that can be part of a version: with a digit, or a short or known word.
bool is_version_word(std::string_view word) {
  if (std::any_of(word.begin(), word.end(), is_digit)) return true;
  const std::string lower = to_lower(word);
  return word.size() <= 3 || lower == "build" || lower == "service" || lower == "pack" || lower == "patch" ||
         lower == "hotfix" || lower == "update" || lower == "beta" || lower == "alpha";
}

bool is_dotted(std::string_view word) {
  return !word.empty() && is_digit(word.front()) && word.find('.') != std::string_view::npos;
}

/// The "x" at the end of "14.1.x.x": cut off, and whether there was one.
bool cut_wildcard(std::string_view& value) {
  bool wild = false;
  while (value.size() > 2 && (value.back() == 'x' || value.back() == 'X' || value.back() == '*') &&
         (value[value.size() - 2] == '.' || value[value.size() - 2] == '-')) {
    value.remove_suffix(2);
    wild = true;
  }
  return wild;
}

bool is_lower_bound(const BoundSet& set) {
  return set.size() == 1 &&
         (set[0].comparison == Comparison::kFrom || set[0].comparison == Comparison::kAfter);
}
bool is_upper_bound(const BoundSet& set) {
  return set.size() == 1 &&
         (set[0].comparison == Comparison::kBefore || set[0].comparison == Comparison::kUpTo);
}

/// A lower bound followed by an upper one above it are one range; the rest are alternatives.
std::vector<BoundSet> paired(std::vector<BoundSet> sets) {
  std::vector<BoundSet> out;
  for (BoundSet& set : sets) {
    if (!out.empty() && is_lower_bound(out.back()) && is_upper_bound(set)) {
      const Order order = compare(out.back()[0].version, set[0].version);
      if (order == Order::kLess || order == Order::kEqual) {
        out.back().push_back(std::move(set[0]));
        continue;
      }
    }
    out.push_back(std::move(set));
  }
  return out;
}

/// Marks to sets of bounds.
class BoundParser {
 public:
  explicit BoundParser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  std::optional<std::vector<BoundSet>> run() {
    while (at_ < tokens_.size()) {
      if (tokens_[at_].mark == Mark::kSeparator) {
        ++at_;
      } else if (!item()) {
        return std::nullopt;
      }
    }
    return paired(std::move(sets_));
  }

 private:
  [[nodiscard]] bool is(Mark mark) const { return at_ < tokens_.size() && tokens_[at_].mark == mark; }

  std::vector<std::string> values() {
    std::vector<std::string> words;
    for (; is(Mark::kValue); ++at_) words.push_back(tokens_[at_].text);
    return words;
  }

  bool add(Comparison comparison, std::string_view value) {
    auto set = read_bound(comparison, value);
    if (!set) return false;
    sets_.push_back(std::move(*set));
    return true;
  }

  bool item() {
    std::optional<Comparison> sign;
    if (is(Mark::kSign)) sign = tokens_[at_++].comparison;
    const auto words = values();
    if (words.empty()) return false;
    // "1.3.2 1.4.0 1.4.1" is a list without separators.
    if (!sign && words.size() > 1 && std::all_of(words.begin(), words.end(), is_dotted))
      return std::all_of(words.begin(), words.end(),
                         [&](const std::string& word) { return add(Comparison::kExactly, word); });
    if (!std::all_of(words.begin(), words.end(), is_version_word)) return false;
    std::string value;
    for (const std::string& word : words) value += (value.empty() ? "" : " ") + word;
    if (is(Mark::kSuffix)) {
      sign = tokens_[at_++].comparison;
    } else if (is(Mark::kTo)) {
      ++at_;
      const std::size_t before = sets_.size();
      if (!add(Comparison::kFrom, value) || !item() || sets_.size() != before + 2) return false;
      return upper_end();
    } else if (!sign && is(Mark::kSign) && is_upper(tokens_[at_].comparison)) {
      sign = Comparison::kFrom;  // "A10 < A11"
    }
    if (!sign && value.size() == 3 && value[1] == '-' && is_letter(value[0]) && is_letter(value[2]))
      return add(Comparison::kFrom, value.substr(0, 1)) && add(Comparison::kUpTo, value.substr(2));
    if (!sign && value.back() == '+') {
      value.pop_back();
      sign = Comparison::kFrom;
    }
    return add(sign.value_or(Comparison::kExactly), value);
  }

  static bool is_upper(Comparison c) { return c == Comparison::kBefore || c == Comparison::kUpTo; }

  /// The value behind "through" is the range's end.
  bool upper_end() {
    BoundSet& end = sets_.back();
    if (end.size() != 1 || end[0].comparison != Comparison::kExactly) return false;
    end[0].comparison = Comparison::kUpTo;
    return true;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<BoundSet> sets_;
};

}  // namespace

std::optional<BoundSet> read_bound(Comparison comparison, std::string_view value) {
  value = trim(value);
  std::string text(value);
  std::string_view cut = text;
  bool wild = cut_wildcard(cut);
  const bool digit_wild = !wild && cut.size() > 2 && (cut.back() == 'x' || cut.back() == 'X') &&
                          is_digit(cut[cut.size() - 2]) && cut.find('.') != std::string_view::npos;
  if (digit_wild) {
    std::string low(cut.substr(0, cut.size() - 1)), high = low + '9';
    low += '0';
    const auto first = Version::read(low), last = Version::read(high);
    if (!first || !last) return std::nullopt;
    switch (comparison) {
      case Comparison::kExactly:
        return BoundSet{{Comparison::kFrom, *first, false}, {Comparison::kUpTo, *last, true}};
      case Comparison::kUpTo:
      case Comparison::kAfter:
        return BoundSet{{comparison, *last, true}};
      default:
        return BoundSet{{comparison, *first, false}};
    }
  }
  auto version = Version::read(cut);
  if (!version) return std::nullopt;
  // "Rev M" is all of M.
  wild = wild || version->is_lone_letter();
  return BoundSet{{comparison, std::move(*version), wild}};
}

bool looks_like_model(std::string_view value) {
  if (value.find('.') != std::string_view::npos || to_lower(value).find("build") != std::string::npos)
    return false;
  for (std::size_t at = 0; at < value.size();) {
    if (!is_digit(value[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < value.size() && is_digit(value[end])) ++end;
    const std::string_view run = value.substr(at, end - at);
    const bool year = run.size() == 4 && (run.starts_with("19") || run.starts_with("20"));
    // 112U000040: digits go on behind the letter.
    const bool goes_on = end + 1 < value.size() && is_letter(value[end]) && is_digit(value[end + 1]);
    if (run.size() >= 3 && run.size() <= 6 && run.front() != '0' && !year && !goes_on) return true;
    at = end;
  }
  return false;
}

std::optional<std::vector<BoundSet>> read_bounds(std::string_view text) {
  Marker marker(text);
  auto tokens = marker.run();
  if (tokens.size() >= kMaxTokens) return std::nullopt;
  if (tokens.empty()) return marker.everything() ? std::make_optional<std::vector<BoundSet>>() : std::nullopt;
  return BoundParser(std::move(tokens)).run();
}

}  // namespace bedrail
