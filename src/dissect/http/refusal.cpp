#include "dissect/http/refusal.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace bedrail::http {
namespace {

// What a page behind the login may hold as well ("failed logins: 0", "unauthorized access is prohibited") is
// not among them. In lower case; a letter that is not ASCII may be in any encoding, so words stop before it.
constexpr std::string_view kWords[] = {"login failed",
                                       "login error",
                                       "failed to log in",
                                       "logon failed",
                                       "log in failed",
                                       "sign in failed",
                                       "sign-in failed",
                                       "authentication failed",
                                       "authentication failure",
                                       "authentication error",
                                       "not authenticated",
                                       "authorization failed",
                                       "invalid password",
                                       "invalid user",
                                       "invalid login",
                                       "invalid credential",
                                       "invalid account",
                                       "incorrect password",
                                       "incorrect user",
                                       "incorrect login",
                                       "incorrect credential",
                                       "wrong password",
                                       "wrong pass",
                                       "wrong user",
                                       "wrong credential",
                                       "bad password",
                                       "bad credential",
                                       "bad username",
                                       "login incorrect",
                                       "password incorrect",
                                       "password is incorrect",
                                       "password is wrong",
                                       "password is invalid",
                                       "password is not correct",
                                       "access denied",
                                       "access is denied",
                                       "login denied",
                                       "anmeldung fehlgeschlagen",
                                       "login fehlgeschlagen",
                                       "authentifizierung fehlgeschlagen",
                                       "falsches passwort",
                                       "falsches kennwort",
                                       "kennwort falsch",
                                       "passwort falsch",
                                       "passwort ist falsch",
                                       "zugriff verweigert",
                                       "mot de passe incorrect",
                                       "mot de passe invalide",
                                       "mot de passe erron",
                                       "identifiants incorrects",
                                       "identifiants invalides",
                                       "a incorrecta",
                                       "acceso denegado",
                                       "password errata",
                                       "password non valida",
                                       "accesso negato"};
// Without white space.
constexpr std::string_view kFalse[] = {
    "\"success\":false",    "\"success\":0",        "\"success\":\"false\"", "\"authenticated\":false",
    "\"loggedin\":false",   "\"logged_in\":false",  "\"isloggedin\":false",  "\"ok\":false",
    "\"valid\":false",      "\"login\":false",      "\"result\":\"fail",     "\"status\":\"fail",
    "\"result\":\"error\"", "\"status\":\"error\"", "\"result\":false",      "\"status\":false",
    "\"status\":401",       "\"code\":401",         "\"code\":403",          "\"status\":403"};
constexpr std::string_view kMarks[] = {"error",     "fail",  "invalid",  "denied",
                                       "incorrect", "wrong", "unauthori"};

template <std::size_t N>
bool holds_any(std::string_view text, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

}  // namespace

bool says_refused(std::string_view text) {
  std::string lower = to_lower(text);
  if (holds_any(lower, kWords)) return true;
  if (lower.find('{') == std::string::npos) return false;
  std::erase_if(lower, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
  return holds_any(lower, kFalse);
}

bool leads_to_refusal(std::string_view location) {
  const std::string lower = to_lower(location);
  // "error=0" and "error=false" say the contrary.
  const std::size_t error = lower.find("error=");
  if (error != std::string::npos &&
      (lower.compare(error + 6, 1, "0") == 0 || lower.compare(error + 6, 5, "false") == 0))
    return false;
  return holds_any(lower, kMarks);
}

}  // namespace bedrail::http
