#include "model/observation.h"

#include <fmt/format.h>

namespace bedrail {
namespace {

std::string_view to_string(SessionSeen::Authentication a) {
  switch (a) {
    case SessionSeen::Authentication::kNone:
      return "none";
    case SessionSeen::Authentication::kPresent:
      return "present";
    case SessionSeen::Authentication::kUnknown:
      break;
  }
  return "unknown";
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "\"";
}

struct Line {
  std::string operator()(const AddressBound& b) const {
    return fmt::format("address ip={} mac={} how={} lease={}", bedrail::to_string(b.ip),
                       bedrail::to_string(b.mac), b.how, b.lease_seconds);
  }
  std::string operator()(const NameHeard& b) const {
    return fmt::format("name kind={} name={}", b.kind, quoted(b.name));
  }
  std::string operator()(const Clue& b) const {
    return fmt::format("clue {}={} role={}", b.key, quoted(b.value), bedrail::to_string(b.role));
  }
  std::string operator()(const ServiceOffered& b) const {
    return fmt::format("service {}/{} {} product={} version={} encrypted={}", bedrail::to_string(b.transport),
                       b.port, b.protocol, quoted(b.product), quoted(b.version), b.encrypted);
  }
  std::string operator()(const LoginSeen& b) const {
    return fmt::format("login {} mechanism={} cleartext={} outcome={} secret={} empty={} same={}", b.protocol,
                       b.mechanism, b.cleartext, bedrail::to_string(b.outcome),
                       b.account_and_secret ? "<redacted>" : "<unseen>", b.secret_empty, b.secret_is_account);
  }
  std::string operator()(const ProtocolUsed& b) const {
    return fmt::format("protocol {} version={} agreed={}", b.protocol, quoted(b.version), b.agreed);
  }
  std::string operator()(const SessionSeen& b) const {
    return fmt::format("session {} authentication={} encrypted={}", b.protocol, to_string(b.authentication),
                       b.encrypted);
  }
  std::string operator()(const PatientDataSeen& b) const {
    return fmt::format("patient-data {} message={} fields={}", b.protocol, quoted(b.message), b.fields);
  }
  std::string operator()(const MessageSeen& b) const {
    return fmt::format("message {} {} status={}", b.protocol, quoted(b.message), quoted(b.status));
  }
  std::string operator()(const CertificateSeen& b) const {
    return fmt::format(
        "certificate subject={} issuer={} names={} sha256={} from={} to={} key={} signature={} "
        "self-signed={}",
        quoted(b.subject), quoted(b.issuer), quoted(b.names), b.sha256, format_rfc3339(b.not_before),
        format_rfc3339(b.not_after), b.key, b.signature, b.self_signed);
  }
  std::string operator()(const LinkNeighbour& b) const {
    return fmt::format("neighbour {} port={}", b.protocol, quoted(b.port));
  }
  std::string operator()(const AnomalySeen& b) const {
    return fmt::format("anomaly {} {}", b.protocol, b.name);
  }
  std::string operator()(const ConnectionSeen& b) const {
    return fmt::format("connection {} {} -> {} protocol={} state={} packets={}/{} bytes={}/{} gap={}",
                       bedrail::to_string(b.key.transport), bedrail::to_string(b.key.client),
                       bedrail::to_string(b.key.server), b.protocol, bedrail::to_string(b.state),
                       b.packets_to_server, b.packets_to_client, b.bytes_to_server, b.bytes_to_client,
                       b.gap_bytes);
  }
  std::string operator()(const LinkTraffic& b) const {
    return fmt::format("link ether-type={:04x} packets={} bytes={}", b.ether_type, b.packets, b.bytes);
  }
};

std::string text_of(const Party& party) {
  if (!party.ip && !party.mac) return "-";
  std::string text = party.ip ? to_string(*party.ip) : "";
  if (party.mac) text += (party.mac_declared ? "=" : "/") + to_string(*party.mac);
  return text;
}

}  // namespace

std::string_view to_string(Role role) {
  switch (role) {
    case Role::kClient:
      return "client";
    case Role::kServer:
      return "server";
    case Role::kSelf:
      break;
  }
  return "self";
}

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::kAccepted:
      return "accepted";
    case Outcome::kRefused:
      return "refused";
    case Outcome::kUnknown:
      break;
  }
  return "unknown";
}

std::string_view to_string(ConnectionSeen::State state) {
  switch (state) {
    case ConnectionSeen::State::kAttempted:
      return "attempted";
    case ConnectionSeen::State::kRefused:
      return "refused";
    case ConnectionSeen::State::kEstablished:
      return "established";
    case ConnectionSeen::State::kClosed:
      return "closed";
    case ConnectionSeen::State::kReset:
      return "reset";
    case ConnectionSeen::State::kUnknown:
      break;
  }
  return "unknown";
}

std::string to_line(const Observation& o) {
  return fmt::format("{} {} {}", o.where.frame, text_of(o.who), std::visit(Line{}, o.body));
}

}  // namespace bedrail
