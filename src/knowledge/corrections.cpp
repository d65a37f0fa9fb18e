#include "knowledge/corrections.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>

#include "base/hash.h"
#include "base/text.h"
#include "base/time.h"
#include "knowledge/knowledge.h"

namespace bedrail {
namespace {

constexpr std::array<std::string_view, 6> kOn = {"mac", "serial", "device", "model", "clue", "rule"};
/// Of one cell; longer ones belong into another document.
constexpr std::size_t kLongest = 500;

/// How many letters have to be put in, left out or changed (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t corner = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = corner + (a[i] == b[j] ? 0 : 1);
      corner = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

/// The three that are written most alike, those that hold the word first.
std::string nearest(std::string_view word, std::vector<std::string> known) {
  const std::string wanted = to_lower(word.substr(0, 100));
  std::vector<std::pair<std::size_t, std::string>> order;
  for (std::string& each : known) {
    const std::string lower = to_lower(each);
    const bool holds = !wanted.empty() &&
                       (lower.find(wanted) != std::string::npos || wanted.find(lower) != std::string::npos);
    order.emplace_back(distance(wanted, lower) - (holds ? std::min(wanted.size(), lower.size()) / 2 : 0),
                       std::move(each));
  }
  std::sort(order.begin(), order.end());
  std::string out;
  for (std::size_t i = 0; i < std::min<std::size_t>(order.size(), 3); ++i)
    out += (i == 0 ? "" : ", ") + order[i].second;
  return out;
}

Result<void> check_text(std::string_view what, std::string_view text) {
  if (text.empty()) return failure(fmt::format("the {} is empty", what));
  if (text.size() > kLongest)
    return failure(fmt::format("the {} has {} bytes, more than {}", what, text.size(), kLongest));
  const bool control = std::any_of(text.begin(), text.end(),
                                   [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (control) return failure(fmt::format("the {} holds a tab or another control character", what));
  return {};
}

Result<void> check_binding(const Correction& correction) {
  if (auto held = check_text("text that it is bound to", correction.is); !held) return held;
  const bool keyed = correction.on == Correction::On::kModel || correction.on == Correction::On::kClue;
  if (keyed && !check_text("key", correction.key))
    return failure("a model needs its vendor and a clue its key");
  const auto mac = parse_mac(correction.is);
  if (correction.on == Correction::On::kMac && (!mac || to_string(*mac) != correction.is))
    return failure(fmt::format("\"{}\" is no MAC address", correction.is));
  return {};
}

}  // namespace

std::string_view to_string(Correction::On on) { return kOn[static_cast<std::size_t>(on)]; }

const std::vector<std::string_view>& correctable() {
  static const std::vector<std::string_view> kAttributes = {"type", "vendor",     "model",   "firmware",
                                                            "os",   "department", "location"};
  return kAttributes;
}

const std::vector<std::string_view>& correction_columns() {
  static const std::vector<std::string_view> kColumns = {"id",    "on",      "key",  "is",        "attribute",
                                                         "value", "because", "date", "names_site"};
  return kColumns;
}

std::string correction_id(const Correction& correction) {
  const std::string bound = fmt::format("{}\t{}\t{}\t{}", to_string(correction.on), correction.key,
                                        correction.is, correction.attribute);
  return fmt::format("cor-{:08x}", hash64(bound) >> 32);
}

Result<std::vector<Correction>> read_corrections(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::vector<Correction>();
  const auto table = Tsv::read(path, correction_columns());
  if (!table) return tl::unexpected(table.error());
  return corrections_of(*table);
}

Result<std::vector<Correction>> corrections_of(const Tsv& table) {
  std::vector<Correction> out;
  for (std::size_t i = 0; i < table.size(); ++i) {
    const Tsv::Row row = table.row(i);
    const auto on = std::find(kOn.begin(), kOn.end(), row["on"]);
    if (on == kOn.end())
      return failure(
          fmt::format("{}: \"{}\" is nothing that a correction is bound to", row.where(), row["on"]));
    Correction each{std::string(row["id"]),        static_cast<Correction::On>(on - kOn.begin()),
                    std::string(row["key"]),       std::string(row["is"]),
                    std::string(row["attribute"]), std::string(row["value"]),
                    std::string(row["because"]),   std::string(row["date"]),
                    row.flag("names_site")};
    if (each.id != correction_id(each))
      return failure(fmt::format("{}: the id of this correction is {}", row.where(), correction_id(each)));
    const bool twice =
        std::any_of(out.begin(), out.end(), [&](const Correction& c) { return c.id == each.id; });
    if (twice) return failure(fmt::format("{}: {} stands twice", row.where(), each.id));
    out.push_back(std::move(each));
  }
  return out;
}

std::string corrections_table(const std::vector<Correction>& corrections, std::string_view note) {
  std::string out = fmt::format("# {}\n{}\n", note, fmt::join(correction_columns(), "\t"));
  for (const Correction& c : corrections) {
    out += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", c.id, to_string(c.on), c.key, c.is,
                       c.attribute, c.value, c.because, c.date, c.names_site ? "y" : "n");
  }
  return out;
}

Result<void> check_correction(const Correction& correction, const Knowledge& knowledge) {
  const auto& attributes = correctable();
  if (std::find(attributes.begin(), attributes.end(), correction.attribute) == attributes.end())
    return failure(fmt::format("\"{}\" cannot be corrected; what can: {}", correction.attribute,
                               fmt::join(attributes, ", ")));
  if (auto held = check_text("value", correction.value); !held) return held;
  // An export may leave reasons out.
  if (!correction.because.empty()) {
    if (auto held = check_text("reason", correction.because); !held) return held;
  }
  if (auto held = check_binding(correction); !held) return held;
  if (correction.date.size() != 10 || !parse_rfc3339(correction.date))
    return failure(fmt::format("\"{}\" is no date (YYYY-MM-DD)", correction.date));
  if (correction.attribute == "location" && correction.for_siblings())
    return failure("a location is one device's, not that of all that are like it");
  if (correction.attribute == "type" && knowledge.type(correction.value) == nullptr)
    return failure(fmt::format("there is no kind of device \"{}\"; nearest: {}", correction.value,
                               nearest(correction.value, knowledge.type_ids())));
  if (correction.attribute == "os" && !knowledge.knows_system(correction.value))
    return failure(fmt::format("there is no operating system \"{}\" in os_lifecycle.tsv; nearest: {}",
                               correction.value, nearest(correction.value, knowledge.systems())));
  return {};
}

bool holds_address(std::string_view text) {
  const auto belongs = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == ':' || c == '-' || c == '_' || c == '@';
  };
  const auto letters = [](std::string_view label) {
    return label.size() >= 2 && std::all_of(label.begin(), label.end(), [](char c) {
             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
           });
  };
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && belongs(text[end])) ++end;
    std::string_view word = text.substr(at, end - at);
    at = end + 1;
    while (!word.empty() && (word.back() == '.' || word.back() == ':')) word.remove_suffix(1);
    if (word.find('@') != std::string_view::npos) return true;
    // "::" alone is an IPv6 address, too, and tells nothing.
    if (word.size() > 2 && (parse_ip(word) || parse_mac(word))) return true;
    // A MAC or EUI-64 without separators.
    const bool digits = std::all_of(word.begin(), word.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
    if (digits && (word.size() == 12 || word.size() == 16)) return true;
    // An address with its port.
    const std::size_t colon = word.rfind(':');
    if (colon != std::string_view::npos && parse_ip(word.substr(0, colon))) return true;
    const std::size_t dot = word.rfind('.');
    if (dot != std::string_view::npos && dot > 0 && letters(word.substr(dot + 1))) return true;
  }
  return false;
}

}  // namespace bedrail
