#include "advisory/range_conditions.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

#include "advisory/range_words.h"
#include "base/text.h"

namespace bedrail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_word_char(char c) { return is_digit(c) || is_letter(c); }

/// Where `word` stands as a word of its own in a lower-case text.
std::size_t find_word(std::string_view text, std::string_view word, std::size_t from = 0) {
  for (std::size_t at = text.find(word, from); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word_char(text[at - 1])) && (end >= text.size() || !is_word_char(text[end])))
      return at;
  }
  return std::string_view::npos;
}

template <std::size_t N>
bool has_any(std::string_view lower, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return find_word(lower, word) != std::string_view::npos; });
}

constexpr std::array<std::string_view, 10> kSystems = {
    "windows", "linux", "android", "ios", "vxworks", "qnx", "macos", "unix", "ubuntu", "operating system"};
/// Remarks that change nothing for a match.
constexpr std::array<std::string_view, 14> kInformative = {
    "end-of-life", "end of life", "eol", "end of support", "end-of-support", "discontinued", "replaced by",
    "global",      "u.s.",        "u.s", "inclusive",      "all versions",   "formerly",     "worldwide"};
/// Words that no model's name has.
constexpr std::array<std::string_view, 5> kRunningText = {"version", "versions", "prior", "earlier",
                                                          "before"};
constexpr std::array<std::string_view, 10> kDatedVerbs = {"shipped",   "distributed", "manufactured", "sold",
                                                          "purchased", "delivered",   "released",     "built",
                                                          "made",      "produced"};

Condition condition(ConditionKind kind, std::string_view text) {
  Condition out;
  out.kind = kind;
  out.text = std::string(trim(text));
  return out;
}

/// The text without what stands from `at` on, and without connecting marks at its end.
void cut_from(std::string& text, std::size_t at) {
  text.resize(at);
  while (!text.empty() &&
         (text.back() == ' ' || text.back() == ',' || text.back() == ';' || text.back() == '('))
    text.pop_back();
}

/// What ends with "when" or "if" goes on with the condition that was cut off.
void cut_joints(std::string& text) {
  for (const std::string_view word : {" when", " if", " and"})
    if (to_lower(text).ends_with(word)) cut_from(text, text.size() - word.size());
}

/// The longest beginning is tried first; a period's two dates are parted by these.
std::optional<std::pair<PartialDate, PartialDate>> read_period(std::string_view text) {
  for (const std::string_view between : {" through ", " and ", " to ", " until ", "-"}) {
    for (std::size_t at = text.find(between); at != std::string_view::npos; at = text.find(between, at + 1)) {
      const auto from = read_date(text.substr(0, at)), to = read_date(text.substr(at + between.size()));
      if (from && to && (from->month != 0 || to->month != 0)) return std::pair{*from, *to};
    }
  }
  return std::nullopt;
}

bool drop(std::string_view& text, std::string_view front) {
  if (!text.starts_with(front)) return false;
  text = trim(text.substr(front.size()));
  return true;
}

/// "shipped between 2016-August 2018", "distributed < april 1, 2018", "< july 1 2017", lower case.
std::optional<Condition> date_clause(std::string_view lower) {
  const std::string_view whole = lower;
  bool verb = false;
  for (const std::string_view word : {"firmware ", "fw ", "software "}) drop(lower, word);
  for (const std::string_view word : kDatedVerbs) verb = drop(lower, word) || verb;
  Condition out = condition(ConditionKind::kDate, whole);
  if (drop(lower, "between ") || drop(lower, "from ")) {
    const auto period = read_period(lower);
    if (!period) return std::nullopt;
    std::tie(out.from, out.to) = *period;
    return out;
  }
  bool from = false, sign = true;
  if (drop(lower, "<=") || drop(lower, "up to ")) {
  } else if (drop(lower, "<") || drop(lower, "before ") || drop(lower, "prior to ")) {
    out.before = true;
  } else if (drop(lower, ">=") || drop(lower, ">") || drop(lower, "after ") || drop(lower, "since ")) {
    from = true;
  } else {
    sign = false;
  }
  const auto date = read_date(lower);
  // A year or an ISO date behind a sign is a version, unless something was shipped then.
  const bool plain = date && (date->month == 0 || (lower.size() == 10 && lower[4] == '-'));
  if (!date || !sign || (plain && !verb)) return std::nullopt;
  (from ? out.from : out.to) = *date;
  return out;
}

/// Digits, "v9" or a sign: where the versions of an option begin.
std::size_t versions_at(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool start = at == 0 || text[at - 1] == ' ' || text[at - 1] == '(';
    if (!start) continue;
    if (is_digit(text[at]) || text[at] == '<' || text[at] == '>') return at;
    if ((text[at] == 'v' || text[at] == 'V') && at + 1 < text.size() && is_digit(text[at + 1])) return at;
  }
  return text.size();
}

/// "Wireless Battery Modules v9 | v11": the option's name and, where they can be read, its versions.
Condition option(std::string_view text) {
  Condition out = condition(ConditionKind::kOption, text);
  while (text.ends_with(')')) text.remove_suffix(1);
  const std::size_t at = versions_at(text);
  if (at == 0 || at == text.size()) return out;
  auto versions = read_bounds(text.substr(at));
  if (!versions || versions->empty()) return out;
  std::string_view name = trim(text.substr(0, at));
  while (!name.empty() && (name.back() == '(' || name.back() == ' ')) name.remove_suffix(1);
  out.text = std::string(name);
  out.versions = std::move(*versions);
  return out;
}

/// What a remark in brackets is, or nothing where it belongs to a name.
std::optional<Condition> remark(std::string_view content) {
  const std::string lower = to_lower(content);
  if (has_any(lower, kInformative)) return condition(ConditionKind::kNote, content);
  for (std::size_t at = 0; at < lower.size() && at < 64; ++at) {
    if (at > 0 && lower[at - 1] != ' ') continue;
    if (auto dates = date_clause(std::string_view(lower).substr(at))) return dates;
  }
  if (find_word(lower, "only") != std::string::npos) return condition(ConditionKind::kModel, content);
  if (has_any(lower, kSystems)) return condition(ConditionKind::kOperatingSystem, content);
  if (lower.starts_with("integrated") || lower.starts_with("installed") || lower.starts_with("when "))
    return condition(ConditionKind::kOption, content);
  if (lower.starts_with("with ")) return option(trim(content.substr(5)));
  Condition versioned = option(content);
  if (!versioned.versions.empty()) return versioned;
  return std::nullopt;
}

bool is_name_word(std::string_view word) {
  if (std::any_of(word.begin(), word.end(), is_digit)) return true;
  const auto capitals = std::count_if(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  return capitals >= 2;
}

}  // namespace

void take_remarks(std::string& text, std::vector<Condition>& conditions) {
  for (std::size_t open = text.find('('); open != std::string::npos; open = text.find('(', open + 1)) {
    if (open > 0 && text[open - 1] != ' ') continue;  // "MMT-522(K)"
    std::size_t close = text.find(')', open);
    // One that is opened in another, or never closed, goes to the end.
    if (close == std::string::npos || text.find('(', open + 1) < close) close = text.size();
    const std::string_view content = trim(std::string_view(text).substr(open + 1, close - open - 1));
    const std::string lower = to_lower(content);
    std::string kept;
    if (lower.starts_with("and ") || lower.starts_with("or ") || lower.starts_with("build ")) {
      kept = std::string(content);  // "2.1 (and prior)", "3.0 (Build 5)"
    } else if (auto found = remark(content)) {
      conditions.push_back(std::move(*found));
    } else {
      continue;
    }
    text = text.substr(0, open) + kept + (close < text.size() ? text.substr(close + 1) : "");
    if (open >= text.size()) break;
    if (open > 0) --open;
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '|' || text.back() == ',')) text.pop_back();
}

void take_model(std::string& text, std::vector<Condition>& conditions) {
  constexpr std::array<std::string_view, 9> kIntroductions = {
      "part #:",        "part number",    "part no.",     "p/n",  "ndc number",
      "reorder number", "catalog number", "model number", "model"};
  const std::string lower = to_lower(text);
  for (const std::string_view word : kIntroductions) {
    const std::size_t at = find_word(lower, word);
    if (at == std::string::npos) continue;
    const std::string_view rest = trim(std::string_view(text).substr(at + word.size()));
    // "UDI/Model/NDC number ZXP425": the last of several introductions counts, and they say nothing else.
    const std::string_view front = trim(std::string_view(lower).substr(0, at));
    Condition found = condition(ConditionKind::kModel, rest);
    if (!starts_with_ignoring_case(rest, "n/a")) {
      found.names = model_names(rest);
      if (found.names.empty()) continue;
      conditions.push_back(std::move(found));
    }
    const bool introduces =
        front.find_first_of(" 0123456789") == std::string_view::npos && front.ends_with('/');
    cut_from(text, introduces || front == "product id/" ? 0 : at);
    return;
  }
}

void take_dates(std::string& text, std::vector<Condition>& conditions) {
  const std::string lower = to_lower(text);
  for (std::size_t at = 0, words = 0; at < lower.size() && words < 64; ++at) {
    if (at > 0 && lower[at - 1] != ' ' && lower[at - 1] != '(' && lower[at] != '<' && lower[at] != '>')
      continue;
    ++words;
    std::string_view tail = trim(std::string_view(lower).substr(at));
    if (tail.ends_with(')')) tail = trim(tail.substr(0, tail.size() - 1));
    auto found = date_clause(tail);
    if (!found) continue;
    conditions.push_back(std::move(*found));
    cut_from(text, at);
    return;
  }
}

void take_system(std::string& text, std::vector<Condition>& conditions) {
  const std::string lower = to_lower(text);
  for (const std::string_view word : {"running on", "used with", "running", "on"}) {
    const std::size_t at = find_word(lower, word);
    if (at == std::string::npos) continue;
    const std::string_view rest = std::string_view(text).substr(at + word.size());
    if (!has_any(std::string_view(lower).substr(at), kSystems)) continue;
    conditions.push_back(condition(ConditionKind::kOperatingSystem, rest));
    cut_from(text, at);
    cut_joints(text);
    return;
  }
  if (lower.starts_with("windows ") && find_word(lower, "operating system") != std::string::npos) {
    conditions.push_back(condition(ConditionKind::kOperatingSystem, text));
    text.clear();
  }
}

void take_option(std::string& text, std::vector<Condition>& conditions) {
  const std::string lower = to_lower(text);
  const std::size_t at = find_word(lower, "with");
  if (at == std::string::npos) return;
  const std::string_view rest = trim(std::string_view(text).substr(at + 4));
  const std::string rest_lower = to_lower(rest);
  for (const std::string_view own : {"software", "firmware", "version"}) {
    if (!rest_lower.starts_with(own)) continue;
    // The versions are the product's own; what stands before them names it.
    const std::string front(trim(std::string_view(text).substr(0, at)));
    auto names = model_names(front);
    if (names.empty() && !front.empty()) return;
    if (!names.empty()) {
      Condition model = condition(ConditionKind::kModel, front);
      model.names = std::move(names);
      conditions.push_back(std::move(model));
    }
    text = std::string(rest);
    return;
  }
  if (rest.empty()) return;
  conditions.push_back(option(rest));
  cut_from(text, at);
}

std::vector<std::string> model_names(std::string_view text) {
  std::vector<std::string> names;
  bool named = false;
  while (!text.empty()) {
    const std::size_t end = std::min({text.find('|'), text.find(';'), text.find(" / "), text.size()});
    const std::string_view chunk = trim(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end == text.size() ? end : end + (text[end] == ' ' ? 3 : 1)));
    if (chunk.empty()) continue;
    if (has_any(to_lower(chunk), kRunningText) || chunk.size() > 64 ||
        std::count(chunk.begin(), chunk.end(), ' ') > 9 ||
        chunk.find_first_of("<>=~^") != std::string_view::npos)
      return {};
    std::string name;
    for (std::size_t at = 0; at < chunk.size();) {
      const std::size_t stop = std::min(chunk.find(' ', at), chunk.size());
      const std::string_view word = chunk.substr(at, stop - at);
      at = stop + 1;
      if (word.empty()) continue;
      named = named || is_name_word(word);
      name += (name.empty() ? "" : " ") + std::string(word);
    }
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    if (names.size() > 64) return {};
  }
  return named ? names : std::vector<std::string>{};
}

}  // namespace bedrail
