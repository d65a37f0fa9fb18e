#pragma once

#include <optional>
#include <string_view>

#include "base/hash.h"
#include "base/short_text.h"

/// Proofs of accounts as mail protocols carry them (RFC 4616; draft-murchison-sasl-login): digested at once.
namespace bedrail::sasl {

/// What remains of an account and its secret.
struct Proof {
  SecretDigest digest;
  bool secret_empty = false, secret_is_account = false;
};

Proof digest(std::string_view account, std::string_view secret);
/// From PLAIN's one message in base64; nothing where it is none.
std::optional<Proof> digest_plain(std::string_view base64);
/// From LOGIN's two messages: the account, decoded before, and the secret in base64.
std::optional<Proof> digest_login(std::string_view account, std::string_view base64);
/// A short text in base64; false where it is none, or too long.
bool decode(std::string_view base64, ShortText<128>& out);

/// A name for what was asked for by name: "plain", "login", "digest" (CRAM-MD5, DIGEST-MD5), "scram", "ntlm",
/// "kerberos" (GSSAPI), "token" (OAuth), "external", else "other".
std::string_view mechanism_name(std::string_view name);

}  // namespace bedrail::sasl
