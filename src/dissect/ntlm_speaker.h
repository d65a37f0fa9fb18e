#pragma once

#include <cstdint>

#include "dissect/dissector.h"
#include "format/ntlmssp.h"

namespace bedrail {

/// Says what the NTLM messages of a flow tell of the two ends, each thing once: names (kind "ntlm") and the
/// clues "ntlm.version", "ntlm.domain", "ntlm.dns-domain", "ntlm.machine-account", which a dissector that
/// uses it lists among its own. Part of a dissector's state.
class NtlmSpeaker {
 public:
  /// The first NTLM message in `token` (bare, or within SPNEGO), where its sender may send it.
  std::optional<ntlmssp::Message> say(Direction from, Bytes token, Observer& out);
  /// The same of a message that was found already.
  void say(Direction from, const ntlmssp::Message& message, Observer& out);

 private:
  bool first(std::uint8_t bit);
  void server_says(const ntlmssp::Message& message, Observer& out);
  void client_says(const ntlmssp::Message& message, Observer& out);

  std::uint8_t said_ = 0;
};

/// The version for `used("ntlm", ...)` of what proves an account; empty where nothing does.
std::string_view ntlm_generation(ntlmssp::Proof proof);

}  // namespace bedrail
