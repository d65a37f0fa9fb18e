#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "advisory/version.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr std::size_t kMaxText = 128, kMaxParts = 24;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

/// Words that only say that a version follows, or that it is an ordinary one.
constexpr std::array<std::string_view, 17> kFillers = {
    "version",  "versions", "ver",      "v",  "release", "rel", "r",  "rev",  "revision",
    "firmware", "fw",       "software", "sw", "number",  "no",  "ga", "final"};

/// Labels by the words they are written with.
constexpr std::array<std::tuple<std::string_view, LabelKind, std::string_view>, 22> kLabels = {{
    {"sp", LabelKind::kService, "sp"},         {"servicepack", LabelKind::kService, "sp"},
    {"sr", LabelKind::kService, "sr"},         {"mr", LabelKind::kService, "mr"},
    {"patch", LabelKind::kService, "patch"},   {"p", LabelKind::kService, "patch"},
    {"hotfix", LabelKind::kService, "hotfix"}, {"hf", LabelKind::kService, "hotfix"},
    {"update", LabelKind::kService, "update"}, {"cu", LabelKind::kService, "cu"},
    {"build", LabelKind::kBuild, "build"},     {"bld", LabelKind::kBuild, "build"},
    {"dev", LabelKind::kPre, "dev"},           {"snapshot", LabelKind::kPre, "dev"},
    {"nightly", LabelKind::kPre, "dev"},       {"alpha", LabelKind::kPre, "alpha"},
    {"beta", LabelKind::kPre, "beta"},         {"pre", LabelKind::kPre, "pre"},
    {"preview", LabelKind::kPre, "pre"},       {"rc", LabelKind::kPre, "rc"},
    {"canary", LabelKind::kPre, "dev"},        {"prerelease", LabelKind::kPre, "pre"},
}};

bool is_filler(std::string_view word) {
  return std::find(kFillers.begin(), kFillers.end(), word) != kFillers.end();
}

/// Lower case, "service pack" as one word, blanks single.
std::string normalised(std::string_view text) {
  std::string out;
  for (const char c : to_lower(trim(text))) {
    if (c == '\t' || c == ' ') {
      if (!out.empty() && out.back() != ' ') out += ' ';
    } else {
      out += c;
    }
  }
  for (std::size_t at = out.find("service pack"); at != std::string::npos; at = out.find("service pack"))
    out.erase(at + 7, 1);
  return out;
}

}  // namespace

/// Cuts a text into runs of digits and letters, and these into segments.
class VersionReader {
 public:
  std::optional<Version> read(std::string_view text) {
    text = trim(text);
    // "~2.3" is somebody's range.
    if (text.empty() || text.size() > kMaxText || text.front() == '~') return std::nullopt;
    if (const auto date = read_date(text); date && date->day != 0 && date->year != 0 && text.size() == 10) {
      Version version;
      version.text_ = date->text();
      version.date_ = date;
      return version;
    }
    if (!cut(normalised(text)) || parts_.empty()) return std::nullopt;
    drop_fillers(text);
    if (parts_.empty()) return std::nullopt;
    for (std::size_t i = 0; i < parts_.size(); ++i) add(i);
    const bool counts = std::any_of(version_.segments_.begin(), version_.segments_.end(),
                                    [](const Version::Segment& s) { return !s.numbers.empty(); });
    if (!counts && !version_.is_lone_letter()) return std::nullopt;
    return std::move(version_);
  }

 private:
  struct Part {
    std::string text;
    bool number = false;
    /// Nothing stands between this part and the one before it.
    bool attached = false;
    /// What stands right behind it, or 0 at the end.
    char next = 0;
    std::size_t at = 0;
  };

  /// A hash behind a hyphen or plus is one word: 1.4.2.0-9d9eff4.
  static std::size_t hash_at(const std::string& text, std::size_t at) {
    if (at == 0 || (text[at - 1] != '-' && text[at - 1] != '+')) return 0;
    std::size_t end = at;
    bool digits = false, letters = false;
    for (; end < text.size() && is_hex(text[end]); ++end) (is_digit(text[end]) ? digits : letters) = true;
    const bool whole = end == text.size() || !(is_letter(text[end]) || is_digit(text[end]));
    return whole && digits && letters && end - at >= 7 && end - at <= 40 ? end - at : 0;
  }

  bool cut(const std::string& text) {
    constexpr std::string_view kSeparators = " ._-+(),~";
    for (std::size_t at = 0; at < text.size();) {
      if (kSeparators.find(text[at]) != std::string_view::npos) {
        ++at;
        continue;
      }
      if (parts_.size() == kMaxParts) return false;
      const bool number = is_digit(text[at]);
      if (!number && !is_letter(text[at])) return false;
      std::size_t end = at;
      if (const std::size_t hash = hash_at(text, at); hash != 0) {
        end = at + hash;
        parts_.push_back({text.substr(at, hash), false, false, 0, at});
      } else {
        while (end < text.size() && (number ? is_digit(text[end]) : is_letter(text[end]))) ++end;
        const bool attached = at > 0 && kSeparators.find(text[at - 1]) == std::string_view::npos;
        parts_.push_back(
            {text.substr(at, end - at), number, attached, end < text.size() ? text[end] : '\0', at});
      }
      at = end;
    }
    return true;
  }

  /// Words at the front that say nothing. A letter V or R counts as such only before a digit: "V.2", "R4.1".
  void drop_fillers(std::string_view written) {
    std::size_t first = 0;
    while (first + 1 < parts_.size() && !parts_[first].number && is_filler(parts_[first].text)) {
      if (parts_[first].text.size() == 1 && !parts_[first + 1].number) break;
      ++first;
    }
    const std::string folded = fold(written);
    version_.text_ = folded;
    if (first > 0) {
      // "service pack" was one blank longer in the text as written, but stands behind the front.
      const std::size_t at = parts_[first].at;
      if (at < folded.size()) version_.text_ = folded.substr(at);
      parts_.erase(parts_.begin(), parts_.begin() + static_cast<std::ptrdiff_t>(first));
      parts_.front().attached = false;
    }
  }

  static std::string fold(std::string_view written) {
    std::string out;
    for (const char c : written) {
      if (c != ' ' && c != '\t')
        out += c;
      else if (!out.empty() && out.back() != ' ')
        out += ' ';
    }
    return out;
  }

  void add(std::size_t index) {
    const Part& part = parts_[index];
    auto& segments = version_.segments_;
    if (part.number) {
      if (segments.empty()) segments.emplace_back();
      segments.back().numbers.push_back(part.text);
      return;
    }
    if (index > 0 && is_filler(part.text) && part.text.size() > 1) return;
    Version::Segment segment;
    std::tie(segment.kind, segment.word) = label(index);
    segments.push_back(std::move(segment));
  }

  [[nodiscard]] std::pair<LabelKind, std::string> label(std::size_t index) const {
    const Part& part = parts_[index];
    const bool letter = part.text.size() == 1;
    const bool number_follows = index + 1 < parts_.size() && parts_[index + 1].number;
    const bool joined = number_follows && parts_[index + 1].attached;
    if (index == 0) {
      if (letter && !joined && (part.next == '.' || part.next == 0 || !number_follows))
        return {LabelKind::kRevision, part.text};
      return {LabelKind::kScheme, part.text};
    }
    // A lone P is a patch only before its number.
    if (!letter || number_follows) {
      for (const auto& [word, kind, meaning] : kLabels)
        if (word == part.text) return {kind, std::string(meaning)};
    }
    if (letter && part.attached && parts_[index - 1].number && !joined)
      return {LabelKind::kLetter, part.text};
    if (letter && !part.attached && !joined) return {LabelKind::kRevision, part.text};
    return {LabelKind::kTag, part.text};
  }

  std::vector<Part> parts_;
  Version version_;
};

std::optional<Version> Version::read(std::string_view text) { return VersionReader().read(text); }

}  // namespace bedrail
