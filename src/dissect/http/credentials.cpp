#include "dissect/http/credentials.h"

#include <string.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"
#include "format/base64.h"

namespace bedrail::http {
namespace {

/// Room for what is compared; longer accounts and secrets are seen but not digested.
constexpr std::size_t kTextLimit = 256;

/// A decoded field on the stack, wiped when it goes.
class WipedText {
 public:
  WipedText() = default;
  WipedText(const WipedText&) = delete;
  WipedText& operator=(const WipedText&) = delete;
  ~WipedText() { explicit_bzero(text_.data(), text_.size()); }
  void put(char c) {
    if (size_ < text_.size()) {
      text_[size_++] = c;
    } else {
      overflowed_ = true;
    }
  }
  void clear() { size_ = 0, overflowed_ = false; }
  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }
  [[nodiscard]] bool overflowed() const { return overflowed_; }

 private:
  std::array<char, kTextLimit> text_{};
  std::size_t size_ = 0;
  bool overflowed_ = false;
};

void digest_into(std::string_view account, std::string_view secret, Attempt& out) {
  out.digest = digest_secret(account, secret);
  out.has_digest = true;
  out.secret_empty = secret.empty();
  out.secret_is_account = !secret.empty() && secret == account;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = static_cast<char>(c | 0x20);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

void decode_url(std::string_view text, WipedText& out) {
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      out.put(static_cast<char>(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2])));
      i += 2;
    } else {
      out.put(text[i] == '+' ? ' ' : text[i]);
    }
  }
}

/// A JSON string's content; \uXXXX outside ASCII is kept as '?', which no known password holds.
void decode_json(std::string_view text, WipedText& out) {
  out.clear();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 >= text.size()) {
      out.put(text[i]);
      continue;
    }
    const char c = text[++i];
    if (c != 'u') {
      out.put(c == 'n' ? '\n' : c == 't' ? '\t' : c);
    } else if (i + 4 < text.size() && text[i + 1] == '0' && text[i + 2] == '0' &&
               hex_value(text[i + 3]) >= 0 && hex_value(text[i + 4]) >= 0) {
      out.put(static_cast<char>(hex_value(text[i + 3]) << 4 | hex_value(text[i + 4])));
      i += 4;
    } else {
      out.put('?');
      i = std::min(i + 4, text.size() - 1);
    }
  }
}

bool has(std::string_view key, std::string_view part) { return key.find(part) != std::string_view::npos; }

bool is_password_key(std::string_view key) {
  if (has(key, "confirm") || has(key, "repeat") || has(key, "forgot") || has(key, "reset")) return false;
  return has(key, "passw") || key == "pass" || key == "pwd" || key == "psw" || key == "loginpas" ||
         key == "userpass" || key == "user_pass" || key == "userpwd" || key == "j_pwd" || key == "passcode";
}

bool is_token_key(std::string_view key) {
  return key == "token" || key == "access_token" || key == "auth_token" || key == "authtoken" ||
         key == "api_key" || key == "apikey";
}

/// From this rank on a key names nothing but an account.
constexpr int kAccount = 2;

/// How well a key names the account; 0: it does not.
int account_rank(std::string_view key) {
  if (is_password_key(key) || has(key, "submit") || has(key, "button") || has(key, "agent")) return 0;
  if (key == "username" || key == "user" || key == "j_username") return 4;
  if (has(key, "user") || has(key, "usr")) return 3;
  if (has(key, "email") || has(key, "account") || has(key, "login")) return 2;
  return key == "log" || key == "name" || key == "uname" || key == "uid" || key == "id" ? 1 : 0;
}

/// A browser's script may have hashed the password: then the secret itself is not readable.
bool looks_hashed(std::string_view secret) {
  const bool length =
      secret.size() == 32 || secret.size() == 40 || secret.size() == 64 || secret.size() == 128;
  return length && std::all_of(secret.begin(), secret.end(), [](char c) { return hex_value(c) >= 0; });
}

/// The fields of a form that matter, raw (still encoded).
struct Fields {
  std::string_view account, secret, token;
  int rank = 0;
  bool has_secret = false;

  void take(std::string_view raw_key, std::string_view value) {
    if (raw_key.empty() || raw_key.size() > 40) return;
    const std::string key = to_lower(raw_key);
    if (is_password_key(key)) {
      if (!has_secret) secret = value;
      has_secret = true;
    } else if (is_token_key(key)) {
      if (token.empty()) token = value;
    } else if (const int found = account_rank(key); found > rank) {
      account = value;
      rank = found;
    }
  }

  template <typename Decode>
  [[nodiscard]] Attempt attempt(Decode decode) const {
    Attempt out;
    if (!has_secret && token.size() < 6) return out;
    WipedText user, password;
    out.mechanism = has_secret ? "form" : "token";
    if (has_secret) decode(account, user);
    decode(has_secret ? secret : token, password);
    out.cleartext = !has_secret || !looks_hashed(password.view());
    if (out.cleartext && !user.overflowed() && !password.overflowed())
      digest_into(user.view(), password.view(), out);
    return out;
  }
};

Fields fields_of(std::string_view text) {
  Fields fields;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("&;"), text.size());
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos)
      fields.take(trim(pair.substr(0, equals)), trim(pair.substr(equals + 1)));
  }
  return fields;
}

/// The end of a JSON string that starts at `at` (behind its quote); npos where it is cut.
std::size_t string_end(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at < text.size() ? at : std::string_view::npos;
}

/// Copies `text` without its white space (of folded lines); what does not fit is given back as it is.
std::string_view unfolded(std::string_view text, std::span<char> room) {
  if (text.find_first_of(" \t\r\n") == std::string_view::npos || text.size() > room.size()) return text;
  std::size_t size = 0;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') room[size++] = c;
  }
  return {room.data(), size};
}

/// A field that holds a password, where only its name is looked at: "passwordPolicy" is none.
bool names_password(std::string_view raw) {
  const std::string key = to_lower(raw.substr(0, 40));
  constexpr std::string_view kEnds[] = {"password", "passwd", "passwort", "pass", "pwd", "psw", "passcode"};
  return is_password_key(key) && std::any_of(std::begin(kEnds), std::end(kEnds),
                                             [&](std::string_view end) { return key.ends_with(end); });
}

/// A form with a password that was not looked at.
Attempt present(bool cleartext) {
  Attempt out;
  out.mechanism = "form";
  out.cleartext = cleartext;
  return out;
}

/// True where one of a tag's attributes is a password that is not empty; `tag` is what follows its name.
bool has_password_attribute(std::string_view tag) {
  for (std::size_t at = tag.find('='); at != std::string_view::npos; at = tag.find('=', at)) {
    const std::string_view front = trim(tag.substr(0, at));
    const std::string_view name = front.substr(front.find_last_of(" \t\r\n\"':") + 1);
    const std::size_t open = tag.find_first_of("\"'", at);
    if (open == std::string_view::npos) return false;
    const std::size_t end = tag.find(tag[open], open + 1);
    if (end == std::string_view::npos) return false;
    if (end > open + 1 && names_password(name)) return true;
    at = end;
  }
  return false;
}

Attempt basic(std::string_view token, bool& bad) {
  std::array<char, 4 * kTextLimit> folded{};
  token = unfolded(token, folded);
  Attempt out;
  out.mechanism = "basic";
  out.cleartext = true;
  std::array<std::byte, 2 * kTextLimit> buffer{};
  if (const auto bytes = decode_base64(token, buffer)) {
    const std::string_view text = as_text(*bytes);
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      bad = true;
    } else {
      digest_into(text.substr(0, colon), text.substr(colon + 1), out);
    }
  } else {
    bad = token.size() <= buffer.size();
  }
  explicit_bzero(buffer.data(), buffer.size());
  explicit_bzero(folded.data(), folded.size());
  if (bad) return {};
  return out;
}

}  // namespace

LoginSeen Attempt::login(Outcome outcome) const {
  LoginSeen seen;
  seen.protocol = "http";
  seen.mechanism = mechanism;
  seen.cleartext = cleartext;
  seen.outcome = outcome;
  if (has_digest) seen.account_and_secret = digest;
  seen.secret_empty = secret_empty;
  seen.secret_is_account = secret_is_account;
  return seen;
}

Credentials split_credentials(std::string_view value) {
  value = trim(value);
  const std::size_t blank = value.find_first_of(" \t\r\n");
  if (blank == std::string_view::npos) return {value, {}};
  return {value.substr(0, blank), trim(value.substr(blank))};
}

Attempt attempt_of(const Credentials& credentials, bool& bad) {
  Attempt out;
  if (credentials.rest.empty()) return out;
  if (equals_ignoring_case(credentials.scheme, "Basic")) return basic(credentials.rest, bad);
  if (equals_ignoring_case(credentials.scheme, "Digest")) out.mechanism = "digest";
  if (equals_ignoring_case(credentials.scheme, "Bearer")) {
    out.mechanism = "bearer";
    out.cleartext = true;
    digest_into({}, credentials.rest, out);
  }
  return out;
}

Attempt attempt_of_form(std::string_view text) { return fields_of(text).attempt(decode_url); }

Attempt attempt_of_query(std::string_view path, std::string_view query) {
  const Fields fields = fields_of(query);
  const std::string page = to_lower(path);
  constexpr std::string_view kLogins[] = {"login", "logon", "signin", "sign-in", "auth", "session"};
  const bool at_login = std::any_of(std::begin(kLogins), std::end(kLogins),
                                    [&](std::string_view word) { return has(page, word); });
  if (fields.has_secret && !at_login && (fields.rank < kAccount || fields.account.empty())) return {};
  return fields.attempt(decode_url);
}

Attempt attempt_of_json(std::string_view text) {
  Fields fields;
  for (std::size_t at = text.find('"'); at != std::string_view::npos; at = text.find('"', at)) {
    const std::size_t key_end = string_end(text, at + 1);
    if (key_end == std::string_view::npos) break;
    const std::string_view key = text.substr(at + 1, key_end - at - 1);
    at = text.find_first_not_of(" \t\r\n", key_end + 1);
    if (at == std::string_view::npos || text[at] != ':') continue;
    at = text.find_first_not_of(" \t\r\n", at + 1);
    if (at == std::string_view::npos) break;
    if (text[at] != '"') continue;
    const std::size_t value_end = string_end(text, at + 1);
    if (value_end == std::string_view::npos) break;
    fields.take(key, text.substr(at + 1, value_end - at - 1));
    at = value_end + 1;
  }
  return fields.attempt(decode_json);
}

Attempt attempt_of_multipart(std::string_view text) {
  constexpr std::string_view kName = "name=";
  for (std::size_t at = text.find(kName); at != std::string_view::npos; at = text.find(kName, at)) {
    const bool whole = at > 0 && (text[at - 1] == ' ' || text[at - 1] == ';');
    at += kName.size();
    if (!whole) continue;
    // Only within the line that describes a part.
    const std::size_t start = text.substr(0, at).rfind('\n') + 1;
    if (!starts_with_ignoring_case(text.substr(start), "content-disposition:")) continue;
    std::string_view name = text.substr(at);
    name = trim(name.substr(0, name.find_first_of(";\r\n")));
    if (name.size() >= 2 && name.front() == '"') name = name.substr(1, name.find('"', 1) - 1);
    if (names_password(name)) return present(true);
  }
  return {};
}

Attempt attempt_of_xml(std::string_view text) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    const std::size_t end = text.find('>', at);
    if (end == std::string_view::npos) break;
    const std::string_view tag = text.substr(at + 1, end - at - 1);
    if (tag.empty() || tag.front() == '/' || tag.front() == '?' || tag.front() == '!') continue;
    const std::size_t name_end = std::min(tag.find_first_of(" \t\r\n/"), tag.size());
    std::string_view name = tag.substr(0, name_end);
    name = name.substr(name.rfind(':') + 1);
    const std::string_view attributes = tag.substr(name_end);
    if (has_password_attribute(attributes)) return present(true);
    if (tag.back() == '/' || !names_password(name)) continue;
    const std::size_t content = text.find_first_not_of(" \t\r\n", end + 1);
    if (content == std::string_view::npos) break;
    const bool data = text[content] != '<' || text.substr(content).starts_with("<![CDATA[");
    // WS-Security's UsernameToken may hold a digest in the password's place.
    if (data) return present(!has(attributes, "PasswordDigest"));
  }
  return {};
}

}  // namespace bedrail::http
