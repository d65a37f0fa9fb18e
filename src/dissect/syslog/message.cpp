#include "dissect/syslog/message.h"

#include <algorithm>

#include "base/text.h"
#include "net/address.h"

namespace bedrail::syslog {
namespace {

constexpr std::size_t kMostHost = 255, kMostApplication = 48;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// `text` has the form of `shape`, in which '9' stands for a digit and '_' for a digit or a blank.
bool has_shape(std::string_view text, std::string_view shape) {
  if (text.size() < shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = text[i];
    const bool fits = shape[i] == '9'   ? is_digit(c)
                      : shape[i] == '_' ? is_digit(c) || c == ' '
                                        : c == shape[i];
    if (!fits) return false;
  }
  return true;
}

/// One machine's name: letters, digits, '-', '_', '.', with a letter; no address.
bool is_host(std::string_view text) {
  if (text.empty() || text.size() > kMostHost || parse_ip(text)) return false;
  const bool characters = std::all_of(text.begin(), text.end(), [](char c) {
    return is_digit(c) || is_letter(c) || c == '-' || c == '_' || c == '.';
  });
  return characters && std::any_of(text.begin(), text.end(), is_letter) && text != "localhost";
}

bool is_application(std::string_view text) {
  return !text.empty() && text.size() <= kMostApplication && text != "-" &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || is_letter(c) || c == '-' || c == '_' || c == '.' || c == '/';
         });
}

/// The text up to the next blank, which is taken away with it.
std::string_view token(std::string_view& text) {
  const std::size_t end = text.find(' ');
  const std::string_view out = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return out;
}

/// The value of `name="value"` in a structured element; values may hold escaped quotes (RFC 5424, 6.3.3).
std::string_view parameter(std::string_view element, std::string_view name) {
  for (std::size_t at = element.find(name); at != std::string_view::npos; at = element.find(name, at + 1)) {
    std::string_view rest = element.substr(at + name.size());
    if (at == 0 || element[at - 1] != ' ' || !rest.starts_with("=\"")) continue;
    rest.remove_prefix(2);
    const std::size_t end = rest.find_first_of("\"\\");
    return end == std::string_view::npos || rest[end] == '\\' ? std::string_view{} : rest.substr(0, end);
  }
  return {};
}

/// The end of a structured element that starts at `at` with '[': behind its ']'.
std::size_t element_end(std::string_view text, std::size_t at) {
  bool quoted = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '\\' && quoted) {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    } else if (text[at] == ']' && !quoted) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

void read_structured(std::string_view& text, Message& out) {
  if (text.starts_with('-')) return text.remove_prefix(1);
  while (text.starts_with('[')) {
    const std::size_t end = element_end(text, 0);
    if (end == std::string_view::npos) return;
    const std::string_view element = text.substr(0, end);
    if (element.starts_with("[origin ") || element.starts_with("[origin@")) {
      out.software = parameter(element, "software");
      out.version = parameter(element, "swVersion");
      out.enterprise = parameter(element, "enterpriseId");
    }
    text.remove_prefix(end);
  }
}

/// VERSION SP TIMESTAMP SP HOSTNAME SP APP-NAME SP PROCID SP MSGID SP STRUCTURED-DATA [SP MSG]
void read_5424(std::string_view text, Message& out) {
  out.form = Message::Form::kRfc5424;
  (void)token(text);
  (void)token(text);
  const std::string_view host = token(text), application = token(text);
  if (is_host(host)) out.host = host;
  if (is_application(application)) out.application = application;
  (void)token(text);
  (void)token(text);
  read_structured(text, out);
  out.content = text;
}

/// A tag at the front, "name[pid]:" or "name:". A capital without a process number may be a person.
std::string_view tag(std::string_view text) {
  const std::size_t end = text.find_first_of("[: ");
  if (end == std::string_view::npos || end == 0 || text[end] == ' ') return {};
  const std::string_view name = text.substr(0, end);
  if (!is_application(name)) return {};
  if (text[end] == ':') return name.front() >= 'a' && name.front() <= 'z' ? name : std::string_view{};
  std::size_t at = end + 1;
  while (at < text.size() && is_digit(text[at])) ++at;
  return at > end + 1 && at < text.size() && text[at] == ']' ? name : std::string_view{};
}

/// Cisco's prefix: "29: SW1: *Mar  1 18:48:50.483: %SYS-5-CONFIG_I: ..."; the name only where one was set.
bool read_cisco(std::string_view text, Message& out) {
  const std::string_view name = mnemonic(text);
  if (name.empty()) return false;
  std::size_t at = 0;
  while (at < text.size() && is_digit(text[at])) ++at;
  if (at > 0 && text.substr(at, 2) == ": ") text.remove_prefix(at + 2);
  const std::size_t colon = text.find(": ");
  if (colon != std::string_view::npos && is_host(text.substr(0, colon))) {
    std::string_view rest = text.substr(colon + 2);
    while (rest.starts_with('*') || rest.starts_with('.')) rest.remove_prefix(1);
    if (timestamp_size(rest) > 0) out.host = text.substr(0, colon);
  }
  out.form = Message::Form::kRfc3164;
  out.content = text;
  return true;
}

/// TIMESTAMP SP HOSTNAME SP TAG: a name only where a tag stands behind it, else it may be a word of a
/// sentence.
void read_3164(std::string_view text, Message& out) {
  const std::size_t time = timestamp_size(text);
  out.content = text;
  if (time == 0 || text.substr(time, 1) != " ") return;
  out.form = Message::Form::kRfc3164;
  text.remove_prefix(time + 1);
  out.content = text;
  out.application = tag(text);
  if (!out.application.empty()) return;
  std::string_view rest = text;
  const std::string_view host = token(rest);
  const std::string_view application = tag(rest);
  const bool known = !application.empty() || !event_source(rest).empty() || !appliance(rest).maker.empty() ||
                     !mnemonic(rest).empty();
  if (!is_host(host) || !known) return;
  out.host = host;
  out.application = application;
  out.content = rest;
}

}  // namespace

std::optional<Priority> read_priority(std::string_view text) {
  if (text.size() < 3 || text.front() != '<' || !is_digit(text[1])) return std::nullopt;
  Priority out;
  std::size_t at = 1;
  for (; at < text.size() && at <= 3 && is_digit(text[at]); ++at)
    out.value = out.value * 10 + static_cast<unsigned>(text[at] - '0');
  // 23 facilities of 8 severities; no leading zeros.
  if (at >= text.size() || text[at] != '>' || out.value > 191 || (text[1] == '0' && at > 2))
    return std::nullopt;
  out.size = at + 1;
  return out;
}

std::size_t timestamp_size(std::string_view text) {
  constexpr std::string_view kMonths[] = {"Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ",
                                          "Jul ", "Aug ", "Sep ", "Oct ", "Nov ", "Dec "};
  const bool month = std::any_of(std::begin(kMonths), std::end(kMonths),
                                 [&](std::string_view name) { return text.starts_with(name); });
  if (month && has_shape(text.substr(4), "_9 99:99:99")) return 15;
  if (month && has_shape(text.substr(4), "_9 9999 99:99:99")) return 20;
  if (!has_shape(text, "9999-99-99T99:99:99")) return 0;
  const std::size_t end = text.find(' ');
  return end == std::string_view::npos || end > 40 ? 0 : end;
}

bool read_message(std::string_view text, Message& out) {
  const auto priority = read_priority(text);
  if (!priority) return false;
  out.facility = priority->value >> 3;
  out.severity = priority->value & 7;
  text.remove_prefix(priority->size);
  const bool structured =
      text.starts_with("1 ") && (timestamp_size(text.substr(2)) > 0 || text.substr(2, 2) == "- ");
  if (structured) {
    read_5424(text, out);
  } else if (!read_cisco(text, out)) {
    read_3164(text, out);
  }
  return true;
}

}  // namespace bedrail::syslog
