#include "dissect/telnet/words.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace bedrail::telnet {
namespace {

// In lower case and without what is not ASCII: a device's character set is not known ("contrasea").
constexpr std::string_view kAccountPrompts[] = {
    "login", "login name", "username", "user name", "user", "user id", "userid", "account", "logon",
    // German, French, Spanish and Portuguese, Italian.
    "benutzername", "benutzer", "benutzerkennung", "nutzername", "anmeldename", "anmeldung", "kennung",
    "utilisateur", "identifiant", "compte", "usuario", "usurio", "cuenta", "utente", "utilizador"};
constexpr std::string_view kPasswordPrompts[] = {
    "password", "passwd",   "passcode",      "pass",         "pass phrase",     "passphrase",
    "passkey",  "passwort", "kennwort",      "mot de passe", "contrasea",       "contrasena",
    "clave",    "senha",    "palavra-passe", "parola",       "parola d'ordine", "parola chiave"};
/// What is asked for in a password's place, or after it.
constexpr std::string_view kCodePrompts[] = {"pin", "pin code", "code", "token", "zugangscode", "codice"};
/// Shorter words are ends of others too ("spin", "barcode").
constexpr std::size_t kShortWord = 5;
constexpr std::string_view kPromptEnds = ":>?";
constexpr std::string_view kRefusals[] = {"incorrect", "fail",           "denied",  "invalid",  "wrong",
                                          "bad ",      "not authorized", "refused", "rejected", "locked"};
constexpr std::size_t kPromptLimit = 64;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

template <std::size_t N>
bool ends_with_any(std::string_view line, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) {
    if (!line.ends_with(word)) return false;
    return word.size() >= kShortWord || line.size() == word.size() ||
           !is_letter(line[line.size() - word.size() - 1]);
  });
}

}  // namespace

Prompt prompt_of(std::string_view line) {
  line = trim(line);
  if (line.empty() || kPromptEnds.find(line.back()) == std::string_view::npos) return Prompt::kNone;
  std::string text = to_lower(line.substr(0, line.size() - 1));
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  const std::string_view asked = trim(text);
  if (ends_with_any(asked, kPasswordPrompts) || asked.find("password for ") != std::string_view::npos)
    return Prompt::kPassword;
  if (ends_with_any(asked, kCodePrompts)) return Prompt::kCode;
  // "Last login: Tue Feb 22" and "Last failed login:" tell, they do not ask.
  if (asked.starts_with("last ") || asked.starts_with("letzte ")) return Prompt::kNone;
  return ends_with_any(asked, kAccountPrompts) ? Prompt::kAccount : Prompt::kNone;
}

bool is_command_prompt(std::string_view line) {
  line = trim(line);
  if (line.empty() || line.size() > kPromptLimit ||
      std::string_view("$#>%").find(line.back()) == std::string_view::npos)
    return false;
  // "Press <Enter>" and "Loading 100%" are none.
  const char before = line.size() > 1 ? line[line.size() - 2] : ' ';
  if (line.back() == '%' && before >= '0' && before <= '9') return false;
  // Words that end in '>' ask for something: "Enter the number>".
  if (line.back() == '>' && is_letter(before) && line.find(' ') != std::string_view::npos) return false;
  return line.find('<') == std::string_view::npos;
}

Answer answer_of(std::string_view line) {
  const std::string text = to_lower(trim(line));
  if (text.empty()) return Answer::kNone;
  if (text.starts_with("last ") || text.find("last login") != std::string::npos) return Answer::kWelcome;
  for (const std::string_view word : kRefusals) {
    if (text.find(word) != std::string::npos) return Answer::kRefusal;
  }
  return Answer::kNone;
}

std::string_view system_of(std::string_view line) {
  constexpr std::string_view kLinux = "Linux ";
  if (!line.starts_with(kLinux)) return {};
  const std::size_t host_end = line.find(' ', kLinux.size());
  if (host_end == std::string_view::npos) return {};
  const std::size_t end = std::min(line.find(' ', host_end + 1), line.size());
  const std::string_view version = line.substr(host_end + 1, end - host_end - 1);
  const bool numbered = !version.empty() && version.front() >= '0' && version.front() <= '9' &&
                        version.find('.') != std::string_view::npos;
  return numbered ? line.substr(0, end) : std::string_view{};
}

}  // namespace bedrail::telnet
