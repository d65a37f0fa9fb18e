#include "dissect/redaction.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace bedrail {
namespace {

/// In lower case; what they end is looked at, too: "admin_password=".
constexpr std::string_view kSecrets[] = {"password", "passwd",  "passwort", "kennwort", "passphrase",
                                         "passcode", "pass",    "pwd",      "token",    "secret",
                                         "apikey",   "api_key", "api-key",  "community"};

constexpr std::string_view kDigits = "0123456789";

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

/// Whether what follows a secret's name gives its value.
bool gives_value(std::string_view rest) {
  while (!rest.empty() && (rest.front() == '"' || rest.front() == '\'' || rest.front() == ')'))
    rest.remove_prefix(1);
  const bool blank = rest.starts_with(' ');
  rest = trim(rest);
  // "default password 1234": the word behind it, where it cannot be prose.
  if (blank && rest.substr(0, rest.find(' ')).find_first_of(kDigits) != std::string_view::npos) return true;
  constexpr std::string_view kGives[] = {"=", ":", "is ", "ist ", "/"};
  return std::any_of(std::begin(kGives), std::end(kGives), [&](std::string_view mark) {
    const bool word = is_letter(mark.front());
    if (mark == "/" && !blank) return false;
    return rest.starts_with(mark) && (!word || blank) && !trim(rest.substr(mark.size())).empty();
  });
}

}  // namespace

std::string without_secret(std::string text) {
  // What gives a value has one of these; most texts (hosts' names, numbers) have none.
  if (text.find_first_of(" =:") == std::string::npos) return text;
  const std::string lower = to_lower(text);
  std::size_t cut = std::string::npos;
  for (const std::string_view name : kSecrets) {
    for (std::size_t at = lower.find(name); at < cut; at = lower.find(name, at + 1)) {
      if (at > 0 && is_letter(lower[at - 1])) continue;
      if (gives_value(std::string_view(lower).substr(at + name.size()))) cut = std::min(cut, at);
    }
  }
  if (cut == std::string::npos) return text;
  text.resize(cut);
  const std::size_t end = text.find_last_not_of(" \t([{<,;:&?\"'-_");
  text.resize(end == std::string::npos ? 0 : end + 1);
  return text;
}

}  // namespace bedrail
