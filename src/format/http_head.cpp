#include "format/http_head.h"

#include <algorithm>

#include "base/text.h"
#include "format/text_line.h"

namespace bedrail {
namespace {

constexpr std::size_t kLongestMethod = 20;
constexpr std::string_view kVersion = "HTTP/1.";

bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Methods in use are upper case with '-' (WebDAV, M-SEARCH) or '_' (RPC_IN_DATA): narrower than RFC 9110's
/// token.
bool may_become_method(std::string_view text) {
  return text.size() <= kLongestMethod && (text.empty() || (text.front() >= 'A' && text.front() <= 'Z')) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '_'; });
}
bool is_method(std::string_view text) { return text.size() >= 3 && may_become_method(text); }

bool is_version(std::string_view text) {
  return text.size() == 8 && text.starts_with(kVersion) && is_digit(text[7]);
}

}  // namespace

HttpStartLine http_start_line(std::string_view line) {
  HttpStartLine out;
  if (line.starts_with(kVersion)) {
    if (line.size() < 12 || !is_version(line.substr(0, 8)) || line[8] != ' ') return out;
    if (!is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11]) ||
        (line.size() > 12 && line[12] != ' '))
      return out;
    out.status = static_cast<std::uint16_t>((line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0'));
    if (out.status < 100 || out.status > 599) return out;
    out.minor = static_cast<std::uint8_t>(line[7] - '0');
    out.kind = HttpStartLine::Kind::kResponse;
    return out;
  }
  line = trim(line);
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || last <= first + 1) return out;
  if (!is_method(line.substr(0, first)) || !is_version(line.substr(last + 1))) return out;
  out.method = line.substr(0, first);
  out.target = trim(line.substr(first + 1, last - first - 1));
  out.minor = static_cast<std::uint8_t>(line.back() - '0');
  if (!out.target.empty()) out.kind = HttpStartLine::Kind::kRequest;
  return out;
}

HttpPrefix http_prefix(std::string_view text) {
  const auto line = first_line(text);
  if (line) {
    const HttpStartLine start = http_start_line(line->text);
    return start.kind == HttpStartLine::Kind::kRequest    ? HttpPrefix::kRequest
           : start.kind == HttpStartLine::Kind::kResponse ? HttpPrefix::kResponse
                                                          : HttpPrefix::kNo;
  }
  if (text.starts_with(kVersion)) {
    if (text.size() < 12) return HttpPrefix::kMore;
    return http_start_line(text.substr(0, 12)).kind == HttpStartLine::Kind::kResponse ? HttpPrefix::kResponse
                                                                                      : HttpPrefix::kNo;
  }
  if (kVersion.starts_with(text)) return HttpPrefix::kMore;
  const std::size_t blank = text.find(' ');
  if (blank == std::string_view::npos) return may_become_method(text) ? HttpPrefix::kMore : HttpPrefix::kNo;
  if (!is_method(text.substr(0, blank))) return HttpPrefix::kNo;
  // A target is a path, a whole address, an authority or "*": printable, and no sentence with many blanks.
  const std::string_view target = text.substr(blank + 1);
  const bool plausible = std::all_of(target.begin(), target.end(), [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 || c == '\r' || c == '\t';
  });
  return plausible ? HttpPrefix::kMore : HttpPrefix::kNo;
}

std::size_t http_head_size(std::string_view text) {
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    if (at + 1 < text.size() && text[at + 1] == '\n') return at + 2;
    if (at + 2 < text.size() && text[at + 1] == '\r' && text[at + 2] == '\n') return at + 3;
  }
  return 0;
}

HttpFields::HttpFields(std::string_view head) : rest_(head) {
  if (const auto line = first_line(rest_)) rest_.remove_prefix(line->size);
}

bool HttpFields::next() {
  while (const auto line = first_line(rest_)) {
    const std::string_view field = rest_;
    std::size_t size = line->size;
    rest_.remove_prefix(line->size);
    if (line->text.empty()) return false;
    if (line->text.front() == ' ' || line->text.front() == '\t') continue;
    const std::size_t colon = line->text.find(':');
    if (colon == std::string_view::npos || colon == 0) {
      malformed_ = true;
      continue;
    }
    name_ = trim(line->text.substr(0, colon));
    while (rest_.starts_with(' ') || rest_.starts_with('\t')) {
      const auto more = first_line(rest_);
      if (!more) break;
      size += more->size;
      rest_.remove_prefix(more->size);
    }
    value_ = trim(field.substr(colon + 1, size - colon - 1));
    return true;
  }
  return false;
}

bool HttpFields::is(std::string_view name) const { return equals_ignoring_case(name_, name); }

}  // namespace bedrail
