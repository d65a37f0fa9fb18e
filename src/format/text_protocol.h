#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/hash.h"

/// What protocols in HTTP's form share beside it: SIP (RFC 3261) and RTSP (RFC 2326).
namespace bedrail {

/// "METHOD SP target SP SIP/2.0" or "SIP/2.0 SP status ..."; views into the line.
struct TextStartLine {
  enum class Kind : std::uint8_t { kNone, kRequest, kResponse } kind = Kind::kNone;
  std::string_view method, target;  ///< request
  std::uint16_t status = 0;         ///< response: 100..699
};
/// `version`: "SIP/2.0".
TextStartLine text_start_line(std::string_view line, std::string_view version);

/// What a message's first bytes may still become.
enum class TextPrefix : std::uint8_t { kNo, kMore, kYes };
/// Tells by the first bytes whether it is such a message: kYes with its whole first line.
TextPrefix text_prefix(std::string_view text, std::string_view version);

/// A parameter of a field's value: of `Digest realm="a", nonce="b"` realm is `a`; of `<sip:a>;+x="y"` +x is
/// `y`. Case does not count. Empty where there is none.
std::string_view field_parameter(std::string_view value, std::string_view name);

/// A number that fills the text, at most nine digits.
std::optional<std::uint32_t> field_number(std::string_view text);

/// The credentials of an Authorization field (RFC 7617, RFC 7616), without account and secret.
struct FieldCredentials {
  std::string_view mechanism;              ///< "basic", "digest" or "other"
  std::optional<SecretDigest> secret;      ///< of Basic: digest_secret(account, secret)
  bool empty = false, is_account = false;  ///< of Basic: the secret
  bool malformed = false;                  ///< Basic, but not base64 of "account:secret"
};
FieldCredentials field_credentials(std::string_view value);

}  // namespace bedrail
