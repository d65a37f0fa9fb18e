#include <algorithm>
#include <utility>

#include "advisory/range.h"
#include "advisory/range_conditions.h"
#include "advisory/range_words.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr std::size_t kMaxText = 1024;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Signs beyond ASCII in ASCII, blanks single.
std::string in_ascii(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> kSigns[] = {
      {"\u2264", "<="}, {"\u2265", ">="}, {"\u2013", "-"}, {"\u2014", "-"}, {"\u00a0", " "}};
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const auto* sign = std::find_if(std::begin(kSigns), std::end(kSigns),
                                    [&](const auto& s) { return text.substr(at).starts_with(s.first); });
    if (sign != std::end(kSigns)) {
      out += sign->second;
      at += sign->first.size();
      continue;
    }
    const char c = text[at++];
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank)
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  return std::string(trim(out));
}

int hex_of(char c) {
  if (is_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '%' && at + 2 < text.size() && hex_of(text[at + 1]) >= 0 && hex_of(text[at + 2]) >= 0) {
      out += static_cast<char>(hex_of(text[at + 1]) * 16 + hex_of(text[at + 2]));
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

std::string without_escapes(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    out += text[at];
  }
  return out;
}

bool is_upper(const BoundSet& set) {
  return set.size() == 1 &&
         (set[0].comparison == Comparison::kBefore || set[0].comparison == Comparison::kUpTo);
}
bool is_lower(const BoundSet& set) {
  return set.size() == 1 &&
         (set[0].comparison == Comparison::kFrom || set[0].comparison == Comparison::kAfter);
}

/// A version that a product's name carries: "IntelliSpace Portal 7.0.x", "eNTEGRA 2.0/2.5 Workstation",
/// "(6.9.4.11, Vx7 SR540)".
std::string versions_in_name(std::string_view product) {
  const std::size_t open = product.find('('), close = product.find(')', open);
  if (open != std::string_view::npos && close != std::string_view::npos) {
    const std::string_view inside = trim(product.substr(open + 1, close - open - 1));
    if (!inside.empty() && is_digit(inside.front()) && inside.find('.') != std::string_view::npos)
      return std::string(inside);
  }
  for (std::size_t at = 0; at < product.size();) {
    const std::size_t end = std::min(product.find(' ', at), product.size());
    const std::string_view word = product.substr(at, end - at);
    at = end + 1;
    const bool numbers = !word.empty() && is_digit(word.front()) &&
                         word.find('.') != std::string_view::npos &&
                         word.find_first_not_of("0123456789./xX") == std::string_view::npos;
    if (numbers) return std::string(word);
  }
  return {};
}

/// "Windows XP" of "Systems Windows XP-Based", "used with Windows XP systems"; empty where the product is
/// itself a Windows.
std::string system_in_name(std::string_view product) {
  const std::size_t at = product.find("Windows ");
  if (at == std::string_view::npos || at == 0) return {};
  std::string_view name = product.substr(at);
  const std::size_t end = std::min(name.find_first_of(" -,)", 8), name.size());
  return std::string(name.substr(0, end));
}

}  // namespace

/// Reads one text in steps: `vers:`, then what stands beside versions, then bounds, then names of models.
class RangeReader {
 public:
  static VersionRange read(std::string_view written, std::string_view product) {
    RangeReader reader;
    if (written.size() > kMaxText) {
      reader.unread("a text of more than 1,024 bytes");
      return std::move(reader.range_);
    }
    const std::string text = in_ascii(written);
    if (starts_with_ignoring_case(text, "vers:"))
      reader.vers(std::string_view(text).substr(5));
    else
      reader.prose(text, product);
    if (reader.range_.all() && reader.range_.conditions_.empty()) reader.ask_name(product);
    return std::move(reader.range_);
  }

  static void add_bound(VersionRange& range, BoundSet& set, Comparison comparison, std::string_view value) {
    if (trim(value).empty()) return;
    if (auto bound = read_bound(comparison, value))
      set.insert(set.end(), bound->begin(), bound->end());
    else
      range.conditions_.push_back(unread_condition(value));
  }
  static Condition unread_condition(std::string_view text) {
    Condition out;
    out.kind = ConditionKind::kUnread;
    out.text = clean_text(text, 200);
    return out;
  }
  static void set_alternative(VersionRange& range, BoundSet set) {
    if (!set.empty()) range.alternatives_.push_back(std::move(set));
  }
  static void add_condition(VersionRange& range, Condition condition) {
    range.conditions_.push_back(std::move(condition));
  }

 private:
  void unread(std::string_view text) {
    range_.alternatives_.clear();
    range_.conditions_.push_back(unread_condition(text));
  }

  /// vers:SCHEME/CONSTRAINT|CONSTRAINT: a lower bound and the upper one behind it are one range, "!="
  /// excludes.
  void vers(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) return unread(text);
    std::string_view rest = text.substr(slash + 1);
    if (trim(rest) == "*") return;
    std::vector<BoundSet> sets;
    BoundSet excluded;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('|'), rest.size());
      std::string_view one = trim(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
      if (one.empty()) continue;
      Comparison comparison = Comparison::kExactly;
      for (const auto& [sign, meaning] : kVersSigns) {
        if (!one.starts_with(sign)) continue;
        comparison = meaning;
        one.remove_prefix(sign.size());
        break;
      }
      auto bound = read_bound(comparison, percent_decoded(one));
      if (!bound) return unread(text);
      if (comparison == Comparison::kNot) {
        excluded.insert(excluded.end(), bound->begin(), bound->end());
      } else if (!sets.empty() && is_lower(sets.back()) && is_upper(*bound)) {
        sets.back().push_back((*bound)[0]);
      } else {
        sets.push_back(std::move(*bound));
      }
    }
    if (sets.empty() && !excluded.empty()) sets.emplace_back();
    if (sets.empty()) return unread(text);
    for (BoundSet& set : sets) set.insert(set.end(), excluded.begin(), excluded.end());
    range_.alternatives_ = std::move(sets);
  }

  void prose(std::string text, std::string_view product) {
    const std::string whole = text;
    if (text.size() > 2 && text.front() == '(' && text.find(')') == text.size() - 1)
      text = text.substr(1, text.size() - 2);
    auto& conditions = range_.conditions_;
    take_remarks(text, conditions);
    hardware_version(text);
    take_model(text, conditions);
    take_dates(text, conditions);
    take_system(text, conditions);
    take_option(text, conditions);
    if (trim(text).empty()) {
      if (conditions.empty()) unread(whole.empty() ? "nothing is said" : whole);
      return;
    }
    auto bounds = read_bounds(text);
    if (bounds && !names_models(*bounds, text, product)) {
      range_.alternatives_ = std::move(*bounds);
      return;
    }
    Condition models;
    models.kind = ConditionKind::kModel;
    models.text = text;
    models.names = bounds ? exact_texts(*bounds) : model_names(text);
    if (models.names.empty()) return unread(text);
    conditions.push_back(std::move(models));
  }

  /// "Version A, Firmware A.03.09": the first is the hardware's.
  void hardware_version(std::string& text) {
    const std::string lower = to_lower(text);
    const std::size_t firmware = lower.find(", firmware ");
    if (firmware == std::string::npos || !lower.starts_with("version ")) return;
    Condition hardware;
    hardware.kind = ConditionKind::kOption;
    hardware.text = "hardware " + text.substr(0, firmware);
    range_.conditions_.push_back(std::move(hardware));
    text.erase(0, firmware + 2);
  }

  /// Bare values that look like model numbers, in a field that should hold versions.
  static bool names_models(const std::vector<BoundSet>& sets, std::string_view text,
                           std::string_view product) {
    if (sets.empty() || text.find_first_of("<>=") != std::string_view::npos) return false;
    const bool parts = product.find("integration with") != std::string_view::npos;
    return std::all_of(sets.begin(), sets.end(), [&](const BoundSet& set) {
      return set.size() == 1 && set[0].comparison == Comparison::kExactly && !set[0].wildcard &&
             (parts || looks_like_model(set[0].version.text()));
    });
  }

  static std::vector<std::string> exact_texts(const std::vector<BoundSet>& sets) {
    std::vector<std::string> out;
    for (const BoundSet& set : sets) {
      const std::string& name = set[0].version.text();
      if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    }
    return out;
  }

  /// "All versions" of a product whose name carries the version or the system.
  void ask_name(std::string_view product) {
    if (product.empty() || product.size() > kMaxText) return;
    if (const std::string versions = versions_in_name(product); !versions.empty()) {
      if (auto bounds = read_bounds(versions)) range_.alternatives_ = std::move(*bounds);
    }
    if (const std::string system = system_in_name(product); !system.empty()) {
      Condition condition;
      condition.kind = ConditionKind::kOperatingSystem;
      condition.text = system;
      range_.conditions_.push_back(std::move(condition));
    }
  }

  static constexpr std::pair<std::string_view, Comparison> kVersSigns[] = {
      {"<=", Comparison::kUpTo},  {">=", Comparison::kFrom}, {"!=", Comparison::kNot},
      {"<", Comparison::kBefore}, {">", Comparison::kAfter}, {"=", Comparison::kExactly}};

  VersionRange range_;
};

VersionRange VersionRange::read(std::string_view text, std::string_view product) {
  return RangeReader::read(text, product);
}

VersionRange VersionRange::of_bounds(std::string_view start_including, std::string_view start_excluding,
                                     std::string_view end_including, std::string_view end_excluding) {
  VersionRange range;
  BoundSet set;
  RangeReader::add_bound(range, set, Comparison::kFrom, start_including);
  RangeReader::add_bound(range, set, Comparison::kAfter, start_excluding);
  RangeReader::add_bound(range, set, Comparison::kUpTo, end_including);
  RangeReader::add_bound(range, set, Comparison::kBefore, end_excluding);
  RangeReader::set_alternative(range, std::move(set));
  return range;
}

VersionRange VersionRange::of_cpe(std::string_view version, std::string_view update) {
  VersionRange range;
  const bool no_update = update.empty() || update == "*" || update == "-";
  std::string number = without_escapes(version), more = no_update ? "" : without_escapes(update);
  std::replace(more.begin(), more.end(), '_', ' ');
  if (number.empty() || number == "*" || number == "-") {
    if (number == "-")
      RangeReader::add_condition(range,
                                 {ConditionKind::kNote, "no version is stated", {}, {}, {}, {}, false});
    if (!more.empty())
      RangeReader::add_condition(range, {ConditionKind::kOption, more, {}, {}, {}, {}, false});
    return range;
  }
  // An asterisk at the end that is not escaped stands for anything behind it.
  if (number.size() > 1 && number.back() == '*' && number[number.size() - 2] != '.')
    number.insert(number.size() - 1, ".");
  BoundSet set;
  RangeReader::add_bound(range, set, Comparison::kExactly, more.empty() ? number : number + " " + more);
  RangeReader::set_alternative(range, std::move(set));
  return range;
}

}  // namespace bedrail
