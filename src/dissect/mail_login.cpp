#include "dissect/mail_login.h"

#include <array>

#include "base/text.h"
#include "format/base64.h"

namespace bedrail {

void MailLogin::account(std::string_view name) {
  account_.assign(name);
  has_account_ = true;
}

void MailLogin::password(std::string_view secret) {
  if (!has_account_) return;
  both(account_.view(), secret);
}

void MailLogin::both(std::string_view name, std::string_view secret) {
  mechanism_ = "plain";
  proof_ = sasl::digest(name, secret);
  account_.clear();
  has_account_ = false;
}

void MailLogin::proof(std::string_view mechanism) {
  mechanism_ = mechanism;
  proof_.reset();
}

void MailLogin::begin(std::string_view mechanism, std::string_view initial, Observer& out) {
  forget();
  mechanism_ = sasl::mechanism_name(mechanism);
  exchanging_ = true;
  if (!initial.empty()) client_line(initial == "=" ? std::string_view() : initial, out);
}

void MailLogin::client_line(std::string_view base64, Observer& out) {
  if (base64 == "*") return forget();
  if (mechanism_ == "plain") {
    proof_ = sasl::digest_plain(base64);
    exchanging_ = false;
  } else if (mechanism_ == "login") {
    if (!has_account_) {
      has_account_ = sasl::decode(base64, account_);
      return;
    }
    proof_ = sasl::digest_login(account_.view(), base64);
    account_.clear();
    has_account_ = exchanging_ = false;
  } else if (mechanism_ == "ntlm") {
    std::array<std::byte, 4096> buffer;
    const auto bytes = decode_base64(trim(base64), buffer);
    if (!bytes) return;
    if (const auto message = ntlm_.say(Direction::kToServer, *bytes, out)) ntlm_proof_ = message->proof;
  }
}

void MailLogin::server_line(std::string_view base64, Observer& out) {
  if (mechanism_ != "ntlm") return;
  std::array<std::byte, 4096> buffer;
  if (const auto bytes = decode_base64(trim(base64), buffer))
    (void)ntlm_.say(Direction::kToClient, *bytes, out);
}

void MailLogin::verdict(std::string_view protocol, bool accepted, Observer& out) {
  if (mechanism_.empty()) return;
  const bool readable = mechanism_ == "plain" || mechanism_ == "login";
  const bool seen = !readable || proof_.has_value();
  if (seen) {
    LoginSeen login;
    login.protocol = protocol;
    login.mechanism = mechanism_ == "ntlm" && ntlm_proof_ != ntlmssp::Proof::kNone
                          ? ntlmssp::mechanism(ntlm_proof_)
                          : mechanism_;
    login.cleartext = readable;
    login.outcome = accepted ? Outcome::kAccepted : Outcome::kRefused;
    if (readable) {
      login.account_and_secret = proof_->digest;
      login.secret_empty = proof_->secret_empty;
      login.secret_is_account = proof_->secret_is_account;
    }
    out.login(login);
    const std::string_view generation = ntlm_generation(ntlm_proof_);
    if (!generation.empty()) out.used(out.server(), "ntlm", generation, accepted);
    if (accepted) out.session({protocol, SessionSeen::Authentication::kPresent, false});
  }
  forget();
}

void MailLogin::forget() {
  mechanism_ = {};
  proof_.reset();
  ntlm_proof_ = ntlmssp::Proof::kNone;
  account_.clear();
  exchanging_ = has_account_ = false;
}

}  // namespace bedrail
