#include "format/hl7_segment.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

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

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Segments that follow a header or each other; what else ends in three such letters is no name of a system.
constexpr std::string_view kKnown[] = {"PID", "PV1", "OBX", "OBR", "EVN", "MSA", "NK1", "PV2", "PD1", "ORC",
                                       "MRG", "GT1", "IN1", "AL1", "DG1", "NTE", "MSH", "QRD", "SFT"};
/// What stands where CR would: visible spellings of it, and of LF.
constexpr std::string_view kMarks[] = {"\\r",          "\\n",         "<CR>",  "<LF>",  "\\X0D\\",
                                       "\\X0A\\",      "\\.br\\",     "&#13;", "&#10;", "&#xD;",
                                       "&#xA;",        "%0D",         "%0A",
                                       "\x85",  // NEL in Latin 1, and its last byte in UTF-8
                                       "\xe2\x80\xa8", "\xe2\x80\xa9"};

/// How much at the end of `text` stands where a segment's end would; 0 where nothing does. (ESC changes
/// the character set, and is part of the text.)
std::size_t end_mark(std::string_view text) {
  if (text.empty()) return 0;
  const auto last = static_cast<unsigned char>(text.back());
  if ((last < 0x20 && last != 0x1b) || last == 0x7f) return 1;
  for (const std::string_view mark : kMarks) {
    if (text.size() >= mark.size() && equals_ignoring_case(text.substr(text.size() - mark.size()), mark))
      return mark.size();
  }
  return 0;
}

/// True where a segment's id stands before the separator at `end`, and is not the end of a word.
bool hides_at(std::string_view text, std::size_t end) {
  if (end < 7) return false;
  const std::string_view id = text.substr(end - 3, 3);
  if (!is_upper(id[0]) || !is_upper_or_digit(id[1]) || !is_upper_or_digit(id[2])) return false;
  if (end_mark(text.substr(0, end - 3)) != 0) return true;
  return !is_upper(text[end - 4]) && std::find(std::begin(kKnown), std::end(kKnown), id) != std::end(kKnown);
}

}  // namespace

std::size_t hl7_hidden_segment(std::string_view text, char separator) {
  // Glued segments may declare nothing and use the usual separator.
  for (std::size_t at = 4; at <= text.size(); ++at) {
    std::size_t end = text.find(separator, at);
    if (separator != '|') end = std::min(end, text.find('|', at));
    end = std::min(end, text.size());
    if (hides_at(text, end)) return end - 3;
    at = end;
  }
  return std::string_view::npos;
}

std::string_view hl7_without_end_marks(std::string_view text) {
  for (std::size_t size = end_mark(text); size != 0; size = end_mark(text)) text.remove_suffix(size);
  return text;
}

bool is_hl7_version(std::string_view text) {
  const bool digits = text.find_first_not_of("0123456789.") == std::string_view::npos;
  return digits && (text.size() == 3 || text.size() == 5) && text[0] == '2' && text[1] == '.' &&
         text[2] != '.' && (text.size() == 3 || (text[3] == '.' && text[4] != '.'));
}

bool is_hl7_message_code(std::string_view text) {
  if (text.size() == 7 && text[3] == '_')
    return is_hl7_message_code(text.substr(0, 3)) && is_hl7_trigger_event(text.substr(4));
  return text.size() == 3 && is_upper(text[0]) && is_upper_or_digit(text[1]) && is_upper_or_digit(text[2]);
}

bool is_hl7_trigger_event(std::string_view text) {
  if (text.size() != 3 || !is_upper(text[0])) return false;
  const bool own = text[0] == 'Z';
  return (is_digit(text[1]) || (own && is_upper(text[1]))) &&
         (is_digit(text[2]) || (own && is_upper(text[2])));
}

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
