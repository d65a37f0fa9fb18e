#include "format/hl7_segment.h"

#include <algorithm>
#include <charconv>

namespace bedrail {
namespace {

bool is_upper_or_digit(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_separator(char c) { return c > 0x20 && c < 0x7f && !is_upper_or_digit(c) && !(c >= 'a' && c <= 'z'); }

/// What stands between two escape characters: a delimiter's letter, or X and hexadecimal digits. Formatting
/// and character set escapes say nothing here.
void append_escape(std::string& out, std::string_view code) {
  if (code.size() == 1) {
    constexpr std::string_view kLetters = "FSTRE";
    constexpr std::string_view kMeaning = "|^&~\\";
    if (const std::size_t at = kLetters.find(code.front()); at != std::string_view::npos)
      out.push_back(kMeaning[at]);
    return;
  }
  if (code.empty() || code.front() != 'X') return;
  for (std::string_view digits = code.substr(1); digits.size() >= 2; digits.remove_prefix(2)) {
    unsigned value = 0;
    const auto end = digits.data() + 2;
    if (std::from_chars(digits.data(), end, value, 16).ptr != end) return;
    out.push_back(static_cast<char>(value));
  }
}

}  // namespace

std::optional<Hl7Separators> Hl7Separators::of(std::string_view header) {
  if (header.size() < 4 || !is_separator(header[3])) return std::nullopt;
  Hl7Separators out;
  out.field = header[3];
  const std::string_view encoding = hl7_part(header, out.field, 2);
  char* const places[] = {&out.component, &out.repetition, &out.escape, &out.subcomponent};
  for (std::size_t i = 0; i < std::size(places); ++i) {
    // Those not declared are not in use: a character that cannot occur in a segment stands for them.
    *places[i] = i < encoding.size() && is_separator(encoding[i]) ? encoding[i] : '\r';
  }
  return out;
}

std::string_view hl7_part(std::string_view text, char separator, std::size_t number) {
  for (; number > 1; --number) {
    const std::size_t end = text.find(separator);
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find(separator));
}

bool hl7_says_something(std::string_view field, const Hl7Separators& separators) {
  return std::any_of(field.begin(), field.end(), [&](char c) {
    return c != separators.component && c != separators.repetition && c != separators.subcomponent &&
           c != '"' && c != ' ' && c != '\t';
  });
}

bool is_hl7_header(std::string_view id) { return id == "MSH" || id == "FHS" || id == "BHS"; }

std::string_view Hl7Segment::id() const {
  const std::string_view id = text_.substr(0, 3);
  if (id.size() < 3 || !std::all_of(id.begin(), id.end(), is_upper_or_digit)) return {};
  return text_.size() == 3 || text_[3] == separators_.field ? id : std::string_view();
}

std::string_view Hl7Segment::field(std::size_t number) const {
  return hl7_part(text_, separators_.field, is_hl7_header(text_.substr(0, 3)) ? number : number + 1);
}

std::string Hl7Segment::text(std::string_view part) const {
  std::string out;
  if (!hl7_says_something(part, separators_)) return out;
  out.reserve(part.size());
  for (std::size_t at = 0; at < part.size(); ++at) {
    const char c = part[at];
    if (c == separators_.escape) {
      const std::size_t end = part.find(separators_.escape, at + 1);
      if (end == std::string_view::npos) {
        out.append(part.substr(at));
        break;
      }
      append_escape(out, part.substr(at + 1, end - at - 1));
      at = end;
    } else {
      out.push_back(c == separators_.component      ? '^'
                    : c == separators_.repetition   ? '~'
                    : c == separators_.subcomponent ? '&'
                                                    : c);
    }
  }
  while (!out.empty() && (out.back() == '^' || out.back() == '&' || out.back() == ' ')) out.pop_back();
  return out;
}

}  // namespace bedrail
