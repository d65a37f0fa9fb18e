#pragma once

#include <optional>
#include <string_view>

#include "base/short_text.h"
#include "dissect/ntlm_speaker.h"
#include "format/sasl.h"

namespace bedrail {

/// A login in a mail protocol's exchange of lines: by name and password, or by SASL in base64. Part of a
/// dissector's state; its clues are NTLM's.
class MailLogin {
 public:
  /// "USER" and the like: the account comes first, its password later.
  void account(std::string_view name);
  void password(std::string_view secret);
  void both(std::string_view name, std::string_view secret);
  /// A proof of which only the kind is of interest ("digest").
  void proof(std::string_view mechanism);
  /// SASL begins; `initial` is the client's first message where it comes at once.
  void begin(std::string_view mechanism, std::string_view initial, Observer& out);
  /// True while the client's lines are SASL's.
  [[nodiscard]] bool exchanging() const { return exchanging_; }
  /// A line of either side within the exchange, in base64.
  void client_line(std::string_view base64, Observer& out);
  void server_line(std::string_view base64, Observer& out);
  /// The server's verdict on what was tried last; says nothing where nothing was.
  void verdict(std::string_view protocol, bool accepted, Observer& out);
  /// Lines were lost: what follows may belong to something else.
  void forget();
  [[nodiscard]] bool pending() const { return !mechanism_.empty(); }

 private:
  ShortText<128> account_;
  std::string_view mechanism_;  ///< a literal
  std::optional<sasl::Proof> proof_;
  NtlmSpeaker ntlm_;
  ntlmssp::Proof ntlm_proof_ = ntlmssp::Proof::kNone;
  bool exchanging_ = false, has_account_ = false;
};

}  // namespace bedrail
