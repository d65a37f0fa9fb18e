#include "format/product.h"

#include <algorithm>

#include "base/text.h"

namespace bedrail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The version at the front of `text`: up to a blank or a closing mark.
std::string_view leading_version(std::string_view text) {
  const std::size_t end = std::min(text.find_first_of(" \t()[],;"), text.size());
  return text.substr(0, end);
}

/// "3.0.3", "v6.4", "2.1b": a digit (after an optional 'v') and a dot somewhere.
bool is_version(std::string_view word) {
  if (!word.empty() && (word.front() == 'v' || word.front() == 'V')) word.remove_prefix(1);
  return !word.empty() && is_digit(word.front()) && word.find('.') != std::string_view::npos;
}

/// An IPv4 address or a clock's time is no version.
bool is_other_number(std::string_view word) {
  return std::count(word.begin(), word.end(), '.') == 3 &&
         std::all_of(word.begin(), word.end(), [](char c) { return is_digit(c) || c == '.' || c == ':'; });
}

constexpr std::string_view kWordsOfGreeting[] = {"version", "ver",     "ver.",   "server",  "service",
                                                 "ftp",     "release", "ready",  "welcome", "to",
                                                 "the",     "is",      "running"};

bool is_greeting(std::string_view word) {
  return std::any_of(std::begin(kWordsOfGreeting), std::end(kWordsOfGreeting),
                     [&](std::string_view w) { return equals_ignoring_case(w, word); });
}

/// The last word of `text`; blanks at its end do not count.
std::string_view last_word(std::string_view text) {
  text = trim(text);
  const std::size_t blank = text.find_last_of(" \t([,");
  return blank == std::string_view::npos ? text : text.substr(blank + 1);
}

}  // namespace

Product product_of_tokens(std::string_view tokens) {
  tokens = trim(tokens);
  for (const std::string_view mark : {" UPnP/", ", UPnP/"}) {
    const std::size_t upnp = tokens.find(mark);
    if (upnp == std::string_view::npos) continue;
    const std::size_t next = tokens.find(' ', upnp + mark.size());
    if (next == std::string_view::npos) break;
    const std::string_view rest = trim(tokens.substr(next));
    if (!rest.empty()) tokens = rest;
    break;
  }
  const std::size_t slash = tokens.find('/');
  const std::size_t comment = tokens.find_first_of("(,;");
  if (slash == std::string_view::npos || comment < slash)
    return {trim(tokens.substr(0, std::min(comment, tokens.size()))), {}};
  return {trim(tokens.substr(0, slash)), leading_version(trim(tokens.substr(slash + 1)))};
}

Product product_of_word(std::string_view word) {
  for (std::size_t at = word.size(); at-- > 1;) {
    const bool separator = word[at] == '_' || word[at] == '-' || word[at] == '/';
    if (!separator || at + 1 >= word.size()) continue;
    const char next = word[at + 1];
    // A suffix like "-rc1" belongs to the version that stands before it.
    if (!is_digit(next) && !((next == 'v' || next == 'R') && at + 2 < word.size() && is_digit(word[at + 2])))
      continue;
    const std::size_t earlier = word.find_first_of("_-/");
    if (earlier < at && earlier + 1 < word.size() && is_digit(word[earlier + 1]))
      return {word.substr(0, earlier), word.substr(earlier + 1)};
    return {word.substr(0, at), word.substr(at + 1)};
  }
  return {word, {}};
}

Product product_of_text(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = text.find_first_not_of(" \t()[],", at);
    if (start == std::string_view::npos) break;
    const std::size_t end = std::min(text.find_first_of(" \t()[],", start), text.size());
    std::string_view word = text.substr(start, end - start);
    at = end;
    const std::size_t slash = word.find('/');
    if (slash != std::string_view::npos && slash > 0 && is_letter(word.front()) &&
        is_version(word.substr(slash + 1))) {
      return {word.substr(0, slash), word.substr(slash + 1)};
    }
    if (!is_version(word) || is_other_number(word)) continue;
    // Walk back over "Server version" to the name; an opening bracket in between ends the search.
    std::string_view before = text.substr(0, start);
    std::string_view name_end = {};
    while (!trim(before).empty()) {
      before = trim(before);
      const bool bracket = before.back() == '(' || before.back() == '[';
      if (bracket && name_end.data() != nullptr) break;
      if (bracket) before = trim(before.substr(0, before.size() - 1));
      const std::string_view name = last_word(before);
      if (name.empty() || (!is_letter(name.front()) && !is_digit(name.front()))) break;
      if (name_end.data() == nullptr) name_end = before;
      if (!is_greeting(name)) {
        if (word.front() == 'v' || word.front() == 'V') word.remove_prefix(1);
        return {name, word};
      }
      before = before.substr(0, static_cast<std::size_t>(name.data() - before.data()));
    }
    return {};
  }
  return {};
}

}  // namespace bedrail
