#include "format/sasl.h"

#include <array>

#include "base/text.h"
#include "format/base64.h"

namespace bedrail::sasl {
namespace {

/// Decoded bytes that leave nothing behind.
class Decoded {
 public:
  explicit Decoded(std::string_view base64) {
    if (const auto bytes = decode_base64(trim(base64), buffer_)) {
      text_ = as_text(*bytes);
      ok_ = true;
    }
  }
  Decoded(const Decoded&) = delete;
  Decoded& operator=(const Decoded&) = delete;
  ~Decoded() { buffer_.fill(std::byte{0}); }
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::array<std::byte, 512> buffer_{};
  std::string_view text_;
  bool ok_ = false;
};

}  // namespace

Proof digest(std::string_view account, std::string_view secret) {
  return {digest_secret(account, secret), secret.empty(), !secret.empty() && account == secret};
}

std::optional<Proof> digest_plain(std::string_view base64) {
  const Decoded decoded(base64);
  if (!decoded.ok()) return std::nullopt;
  const std::string_view text = decoded.text();
  const std::size_t account = text.find('\0');
  if (account == std::string_view::npos) return std::nullopt;
  const std::size_t secret = text.find('\0', account + 1);
  if (secret == std::string_view::npos) return std::nullopt;
  return digest(text.substr(account + 1, secret - account - 1), text.substr(secret + 1));
}

std::optional<Proof> digest_login(std::string_view account, std::string_view base64) {
  const Decoded decoded(base64);
  if (!decoded.ok()) return std::nullopt;
  return digest(account, decoded.text());
}

bool decode(std::string_view base64, ShortText<128>& out) {
  const Decoded decoded(base64);
  if (!decoded.ok() || decoded.text().size() > 128) return false;
  out.assign(decoded.text());
  return true;
}

std::string_view mechanism_name(std::string_view name) {
  if (equals_ignoring_case(name, "PLAIN")) return "plain";
  if (equals_ignoring_case(name, "LOGIN")) return "login";
  if (equals_ignoring_case(name, "CRAM-MD5") || equals_ignoring_case(name, "DIGEST-MD5")) return "digest";
  if (starts_with_ignoring_case(name, "SCRAM-")) return "scram";
  if (equals_ignoring_case(name, "NTLM")) return "ntlm";
  if (equals_ignoring_case(name, "GSSAPI") || equals_ignoring_case(name, "GSS-SPNEGO")) return "kerberos";
  if (equals_ignoring_case(name, "XOAUTH2") || equals_ignoring_case(name, "OAUTHBEARER")) return "token";
  return equals_ignoring_case(name, "EXTERNAL") ? "external" : "other";
}

}  // namespace bedrail::sasl
