#include "dissect/telnet/words.h"

#include <algorithm>
#include <string>

#include "base/text.h"

namespace bedrail::telnet {
namespace {

constexpr std::string_view kAccountPrompts[] = {
    "login:", "login name:", "username:", "user name:", "user:", "user id:", "userid:", "account:", "logon:"};
constexpr std::string_view kPasswordPrompts[] = {
    "password:", "passwd:", "passcode:", "pass:", "pass phrase:", "passphrase:"};
constexpr std::string_view kRefusals[] = {"incorrect", "fail",           "denied",  "invalid",  "wrong",
                                          "bad ",      "not authorized", "refused", "rejected", "locked"};
constexpr std::size_t kPromptLimit = 64;

template <std::size_t N>
bool ends_with_any(std::string_view line, const std::string_view (&words)[N]) {
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view word) { return line.ends_with(word); });
}

}  // namespace

Prompt prompt_of(std::string_view line) {
  line = trim(line);
  if (!line.ends_with(':')) return Prompt::kNone;
  const std::string text = to_lower(line);
  if (ends_with_any(text, kPasswordPrompts) || (text.find("password for ") != std::string::npos))
    return Prompt::kPassword;
  // "Last login: Tue Feb 22" and "Last failed login:" tell, they do not ask.
  if (text.starts_with("last ")) return Prompt::kNone;
  return ends_with_any(text, kAccountPrompts) ? Prompt::kAccount : Prompt::kNone;
}

bool is_command_prompt(std::string_view line) {
  line = trim(line);
  if (line.empty() || line.size() > kPromptLimit ||
      std::string_view("$#>%").find(line.back()) == std::string_view::npos)
    return false;
  // "Press <Enter>" and "Loading 100%" are none.
  const bool percentage =
      line.back() == '%' && line.size() > 1 && line[line.size() - 2] >= '0' && line[line.size() - 2] <= '9';
  return !percentage && line.find('<') == std::string_view::npos;
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
