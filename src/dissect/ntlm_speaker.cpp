#include "dissect/ntlm_speaker.h"

#include "base/text.h"
#include "net/address.h"

namespace bedrail {
namespace {

constexpr std::uint8_t kServerVersion = 1, kServerNames = 2, kClientVersion = 4, kClientNames = 8;

/// A domain, where the text is not the computer itself or a stand-in for it.
bool tells_domain(std::string_view domain, std::string_view computer) {
  return !domain.empty() && domain != "." && !equals_ignoring_case(domain, computer);
}

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253 || host.find_first_of("*:\\/%? ") != std::string_view::npos)
    return false;
  return !equals_ignoring_case(host, "localhost") && !parse_ip(host);
}

}  // namespace

bool NtlmSpeaker::first(std::uint8_t bit) {
  if ((said_ & bit) != 0) return false;
  said_ |= bit;
  return true;
}

std::optional<ntlmssp::Message> NtlmSpeaker::say(Direction from, Bytes token, Observer& out) {
  auto message = ntlmssp::find_and_parse(token);
  if (!message) return std::nullopt;
  const bool challenge = message->type == ntlmssp::MessageType::kChallenge;
  if (challenge != (from == Direction::kToClient)) return std::nullopt;
  say(from, *message, out);
  return message;
}

void NtlmSpeaker::say(Direction from, const ntlmssp::Message& message, Observer& out) {
  if (from == Direction::kToClient) {
    server_says(message, out);
  } else {
    client_says(message, out);
  }
}

void NtlmSpeaker::server_says(const ntlmssp::Message& message, Observer& out) {
  const Party who = out.server();
  if (message.version && first(kServerVersion))
    out.clue(who, "ntlm.version", message.version->text(), Role::kServer);
  const ntlmssp::TargetInfo& target = message.target;
  if (target.empty() || !first(kServerNames)) return;
  out.name(who, "ntlm", target.netbios_computer);
  if (!equals_ignoring_case(target.dns_computer, target.netbios_computer))
    out.name(who, "ntlm", target.dns_computer);
  if (tells_domain(target.netbios_domain, target.netbios_computer))
    out.clue(who, "ntlm.domain", target.netbios_domain, Role::kServer);
  if (tells_domain(target.dns_domain, target.dns_computer))
    out.clue(who, "ntlm.dns-domain", target.dns_domain, Role::kServer);
}

void NtlmSpeaker::client_says(const ntlmssp::Message& message, Observer& out) {
  const Party who = out.client();
  if (message.version && first(kClientVersion))
    out.clue(who, "ntlm.version", message.version->text(), Role::kClient);
  if (message.type != ntlmssp::MessageType::kAuthenticate || !first(kClientNames)) return;
  if (is_host_name(message.workstation)) out.name(who, "ntlm", message.workstation);
  if (tells_domain(message.domain, message.workstation))
    out.clue(who, "ntlm.domain", message.domain, Role::kClient);
  if (!message.machine_account.empty())
    out.clue(who, "ntlm.machine-account", message.machine_account, Role::kClient);
}

std::string_view ntlm_generation(ntlmssp::Proof proof) {
  switch (proof) {
    case ntlmssp::Proof::kNtlmV2:
      return "2";
    case ntlmssp::Proof::kLmV1:
    case ntlmssp::Proof::kNtlmV1:
    case ntlmssp::Proof::kNtlmV1Extended:
      return "1";
    case ntlmssp::Proof::kNone:
    case ntlmssp::Proof::kAnonymous:
      break;
  }
  return {};
}

}  // namespace bedrail
