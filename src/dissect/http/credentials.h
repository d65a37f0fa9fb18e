#pragma once

#include <optional>
#include <string_view>

#include "model/observation.h"

namespace bedrail::http {

/// A login that waits for its outcome. Holds no text but a literal: account and secret end in the digest.
struct Attempt {
  std::string_view
      mechanism;  ///< "basic", "digest", "bearer", "form", "token", "ntlmv1", ...; empty: no login
  bool cleartext = false;
  bool has_digest = false;
  bool secret_empty = false;
  bool secret_is_account = false;
  SecretDigest digest;

  explicit operator bool() const { return !mechanism.empty(); }
  friend bool operator==(const Attempt&, const Attempt&) = default;
  [[nodiscard]] LoginSeen login(Outcome outcome) const;
};

/// A scheme and what follows it: "Basic YTpi".
struct Credentials {
  std::string_view scheme, rest;
};
Credentials split_credentials(std::string_view value);

/// From an Authorization value of the schemes Basic, Digest and Bearer; `bad` is set where Basic cannot be
/// decoded. NTLM and Negotiate carry messages of their own and are not read here.
Attempt attempt_of(const Credentials& credentials, bool& bad);

/// From "user=a&password=b" (a form's body): no login where no field is a password or token.
Attempt attempt_of_form(std::string_view text);
/// The same from an address's query. Addresses have parameters of such names that log nobody in
/// ("/app.js?password=show"): a password counts beside an account, or where the path is that of a login.
Attempt attempt_of_query(std::string_view path, std::string_view query);
/// From {"username": "a", "password": "b"} at any depth.
Attempt attempt_of_json(std::string_view text);
/// From multipart/form-data (RFC 7578): that a field is a password, not what it holds.
Attempt attempt_of_multipart(std::string_view text);
/// From XML: that an element with content, or an attribute, is a password (of a WS-Security token, whether
/// in clear), not what it holds.
Attempt attempt_of_xml(std::string_view text);

}  // namespace bedrail::http
