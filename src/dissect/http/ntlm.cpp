#include "dissect/http/ntlm.h"

#include <array>

#include "base/text.h"
#include "format/base64.h"
#include "format/ntlmssp.h"
#include "net/address.h"

namespace bedrail::http {
namespace {

constexpr std::uint8_t kClientVersion = 1, kServerVersion = 2, kClientNames = 4, kServerNames = 8;

bool first(std::uint8_t& said, std::uint8_t bit) {
  if ((said & bit) != 0) return false;
  said |= bit;
  return true;
}

/// A domain, where the text is not the computer itself or a stand-in for it.
bool tells_domain(std::string_view domain, std::string_view computer) {
  return !domain.empty() && domain != "." && !equals_ignoring_case(domain, computer);
}

bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253 || host.find_first_of("*:\\/%? ") != std::string_view::npos)
    return false;
  return !equals_ignoring_case(host, "localhost") && !parse_ip(host);
}

void server_names(const ntlmssp::TargetInfo& target, const Party& who, Observer& out) {
  out.name(who, "ntlm", target.netbios_computer);
  if (!equals_ignoring_case(target.dns_computer, target.netbios_computer))
    out.name(who, "ntlm", target.dns_computer);
  if (tells_domain(target.netbios_domain, target.netbios_computer))
    out.clue(who, "ntlm.domain", target.netbios_domain, Role::kServer);
  if (tells_domain(target.dns_domain, target.dns_computer))
    out.clue(who, "ntlm.dns-domain", target.dns_domain, Role::kServer);
}

void client_names(const ntlmssp::Message& message, const Party& who, Observer& out) {
  if (is_host_name(message.workstation)) out.name(who, "ntlm", message.workstation);
  if (tells_domain(message.domain, message.workstation))
    out.clue(who, "ntlm.domain", message.domain, Role::kClient);
  if (!message.machine_account.empty())
    out.clue(who, "ntlm.machine-account", message.machine_account, Role::kClient);
}

}  // namespace

Attempt read_ntlm(const Credentials& credentials, bool from_server, const Party& who, std::uint8_t& said,
                  Observer& out) {
  Attempt attempt;
  if (!equals_ignoring_case(credentials.scheme, "NTLM") &&
      !equals_ignoring_case(credentials.scheme, "Negotiate"))
    return attempt;
  std::array<std::byte, 4096> buffer;
  const auto bytes = decode_base64(credentials.rest, buffer);
  if (!bytes) return attempt;
  const auto message = ntlmssp::find_and_parse(*bytes);
  if (!message || (message->type == ntlmssp::MessageType::kChallenge) != from_server) return attempt;
  if (message->version && first(said, from_server ? kServerVersion : kClientVersion)) {
    out.clue(who, "ntlm.version", message->version->text(), from_server ? Role::kServer : Role::kClient);
  }
  if (from_server) {
    if (!message->target.empty() && first(said, kServerNames)) server_names(message->target, who, out);
  } else if (message->type == ntlmssp::MessageType::kAuthenticate) {
    if (first(said, kClientNames)) client_names(*message, who, out);
    attempt.mechanism = ntlmssp::mechanism(message->proof);
  }
  return attempt;
}

std::string_view ntlm_version(const Attempt& attempt) {
  if (attempt.mechanism == "ntlmv2") return "2";
  return attempt.mechanism == "ntlmv1" || attempt.mechanism == "lmv1" ? "1" : "";
}

}  // namespace bedrail::http
