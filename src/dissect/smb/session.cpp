#include "dissect/smb/session.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/text.h"
#include "format/kerberos.h"
#include "net/address.h"

namespace bedrail::smb {
namespace {

using namespace std::string_view_literals;

/// SPNEGO's mechanism identifiers for Kerberos 5: the standard's (RFC 4121) and the one Windows sends first.
constexpr std::string_view kKerberos = "\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02"sv;
constexpr std::string_view kMsKerberos = "\x06\x09\x2a\x86\x48\x82\xf7\x12\x01\x02\x02"sv;
/// GSS token identifier of an AP-REQ, behind the mechanism's identifier (RFC 4121, 4.1).
constexpr std::string_view kApRequest = "\x01\x00\x6e"sv;

Mechanism mechanism_of(ntlmssp::Proof proof) {
  switch (proof) {
    case ntlmssp::Proof::kAnonymous:
      return Mechanism::kAnonymous;
    case ntlmssp::Proof::kLmV1:
      return Mechanism::kLmV1;
    case ntlmssp::Proof::kNtlmV1:
    case ntlmssp::Proof::kNtlmV1Extended:
      return Mechanism::kNtlmV1;
    case ntlmssp::Proof::kNtlmV2:
      return Mechanism::kNtlmV2;
    case ntlmssp::Proof::kNone:
      break;
  }
  return Mechanism::kNone;
}

std::string_view name_of(Mechanism mechanism) {
  switch (mechanism) {
    case Mechanism::kAnonymous:
      return "anonymous";
    case Mechanism::kPlain:
      return "plain";
    case Mechanism::kLmV1:
      return "lmv1";
    case Mechanism::kNtlmV1:
      return "ntlmv1";
    case Mechanism::kNtlmV2:
      return "ntlmv2";
    case Mechanism::kKerberos:
      return "kerberos";
    case Mechanism::kNone:
      break;
  }
  return "";
}

/// "CLINIC" for "CLINIC"; nothing for what stands for "this computer" or for no domain at all.
bool tells_domain(std::string_view domain, std::string_view computer) {
  return !domain.empty() && domain != "." && !equals_ignoring_case(domain, computer);
}

/// A host name, where the text is neither an address nor a placeholder ("*SMBSERVER", "localhost").
bool is_host_name(std::string_view host) {
  if (host.empty() || host.size() > 253 || host.find_first_of("*:\\/%? ") != std::string_view::npos)
    return false;
  return !equals_ignoring_case(host, "localhost") && !parse_ip(host);
}

bool is_readable(std::string_view text) {
  const bool word =
      std::any_of(text.begin(), text.end(), [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; });
  return word && text.find("\xef\xbf\xbd") == std::string_view::npos;
}

}  // namespace

bool Session::first(Said what) {
  const std::uint64_t bit = 1ULL << static_cast<unsigned>(what);
  if ((said_ & bit) != 0) return false;
  said_ |= bit;
  return true;
}

void Session::anomaly(Said what, std::string_view name, Observer& out) {
  if (first(what)) out.anomaly(name);
}

void Session::service(Observer& out) {
  if (first(Said::kService)) out.service("smb");
}

void Session::agreed(std::string_view version, std::string_view dialect, Observer& out) {
  service(out);
  if (first(Said::kVersion)) out.used(out.server(), "smb", version);
  if (!dialect.empty() && first(Said::kDialect))
    out.clue(out.server(), "smb.dialect", dialect, Role::kServer);
}

void Session::signing(bool enabled, bool required, Observer& out) {
  if (first(Said::kSigning))
    out.clue(out.server(), "smb.signing",
             required  ? "required"
             : enabled ? "enabled"
                       : "disabled",
             Role::kServer);
}

void Session::native(Direction from, std::string_view os, std::string_view lan_manager, Observer& out) {
  // Hand-made messages carry anything there; a system's name is readable.
  if (!is_readable(os)) os = {};
  if (!is_readable(lan_manager)) lan_manager = {};
  const bool server = from == Direction::kToClient;
  const Party who = server ? out.server() : out.client();
  const Role role = server ? Role::kServer : Role::kClient;
  if (!os.empty() && first(server ? Said::kServerOs : Said::kClientOs))
    out.clue(who, "smb.native-os", os, role);
  if (lan_manager.empty() || !first(server ? Said::kServerLanManager : Said::kClientLanManager)) return;
  out.clue(who, "smb.native-lm", lan_manager, role);
  if (!server || !first(Said::kServiceProduct)) return;
  // Samba says its own version there ("Samba 4.17.12-Debian"); Windows repeats the system's name.
  const bool samba = lan_manager.starts_with("Samba ");
  out.service("smb", samba ? "Samba"sv : lan_manager, samba ? lan_manager.substr(6) : ""sv);
}

void Session::called(std::string_view host, Observer& out) {
  if (is_host_name(host) && first(Said::kServerName)) out.name(out.server(), "smb", host);
}

void Session::tree(std::string_view path, Observer& out) {
  if (!path.starts_with("\\\\")) return;
  path.remove_prefix(2);
  const std::size_t slash = path.find('\\');
  if (slash == std::string_view::npos) return;
  called(path.substr(0, slash), out);
  const std::string_view share = path.substr(slash + 1);
  // Any other share's name may be a person's (home directories), and is not told.
  Said which = Said::kTreeOther;
  if (equals_ignoring_case(share, "IPC$")) {
    which = Said::kTreeIpc;
  } else if (equals_ignoring_case(share, "ADMIN$")) {
    which = Said::kTreeAdmin;
  } else if (share.size() == 2 && share[1] == '$') {
    which = Said::kTreeDrive;
  } else if (!equals_ignoring_case(share, "print$") && !equals_ignoring_case(share, "NETLOGON") &&
             !equals_ignoring_case(share, "SYSVOL")) {
    return;
  }
  if (first(which)) out.clue(out.server(), "smb.tree", share, Role::kServer);
}

Session::Pending& Session::pending(std::uint64_t id) {
  for (Pending& p : pending_) {
    if (p.mechanism != Mechanism::kNone && p.id == id) return p;
  }
  Pending& p = pending_[next_pending_++ % pending_.size()];
  p = {};
  p.id = id;
  return p;
}

void Session::attempt(std::uint64_t id, Mechanism mechanism) {
  if (mechanism != Mechanism::kNone) pending(id).mechanism = mechanism;
}

void Session::attempt_plain(std::uint64_t id, std::string_view account, std::string_view password) {
  Pending& p = pending(id);
  p.mechanism = Mechanism::kPlain;
  p.digest = digest_secret(account, password);
  p.secret_empty = password.empty();
  p.secret_is_account = account == password;
}

void Session::token(Direction from, std::uint64_t id, Bytes blob, Observer& out) {
  if (const auto message = ntlmssp::find_and_parse(blob)) {
    if (message->truncated) anomaly(Said::kBadOffset, "bad-offset", out);
    if (message->type == ntlmssp::MessageType::kChallenge && from == Direction::kToClient)
      challenge(*message, out);
    if (message->type != ntlmssp::MessageType::kChallenge && from == Direction::kToServer) {
      if (message->version && first(Said::kClientNtlmVersion))
        out.clue(out.client(), "ntlm.version", message->version->text(), Role::kClient);
      if (message->type == ntlmssp::MessageType::kAuthenticate) authenticate(id, *message, out);
    }
    return;
  }
  if (from != Direction::kToServer) return;
  const std::string_view text = as_text(blob);
  for (const std::string_view oid : {kKerberos, kMsKerberos}) {
    for (std::size_t at = text.find(oid); at != std::string_view::npos; at = text.find(oid, at + 1)) {
      if (!text.substr(at + oid.size()).starts_with(kApRequest)) continue;
      const kerberos::Principal service = kerberos::service_of_token(blob);
      if (service.count > 1 && is_host_name(service.parts[1]) && first(Said::kTicketName))
        out.name(out.server(), "kerberos", service.parts[1]);
      return attempt(id, Mechanism::kKerberos);
    }
  }
}

void Session::challenge(const ntlmssp::Message& message, Observer& out) {
  const Party server = out.server();
  if (message.version && first(Said::kServerNtlmVersion))
    out.clue(server, "ntlm.version", message.version->text(), Role::kServer);
  const ntlmssp::TargetInfo& target = message.target;
  if (target.empty() || !first(Said::kServerNtlm)) return;
  out.name(server, "ntlm", target.netbios_computer);
  if (!equals_ignoring_case(target.dns_computer, target.netbios_computer))
    out.name(server, "ntlm", target.dns_computer);
  if (tells_domain(target.netbios_domain, target.netbios_computer))
    out.clue(server, "ntlm.domain", target.netbios_domain, Role::kServer);
  if (tells_domain(target.dns_domain, target.dns_computer))
    out.clue(server, "ntlm.dns-domain", target.dns_domain, Role::kServer);
}

void Session::authenticate(std::uint64_t id, const ntlmssp::Message& message, Observer& out) {
  const Party client = out.client();
  if (is_host_name(message.workstation) && first(Said::kClientName))
    out.name(client, "ntlm", message.workstation);
  if (tells_domain(message.domain, message.workstation) && first(Said::kClientDomain)) {
    out.clue(client, "ntlm.domain", message.domain, Role::kClient);
  }
  if (!message.machine_account.empty() && first(Said::kMachineAccount)) {
    out.clue(client, "ntlm.machine-account", message.machine_account, Role::kClient);
  }
  attempt(id, mechanism_of(message.proof));
}

void Session::verdict(std::uint64_t id, std::uint64_t session, std::uint32_t status, bool guest,
                      Observer& out) {
  if (status == kStatusMoreProcessing || status == kStatusPending) return;
  Pending* found = nullptr;
  for (Pending& p : pending_) {
    if (p.mechanism != Mechanism::kNone && p.id == id) found = &p;
  }
  if (found == nullptr) return;
  const Pending p = *found;
  *found = {};
  const bool accepted = status == kStatusSuccess;
  if (p.mechanism != Mechanism::kKerberos) {
    LoginSeen login;
    login.protocol = "smb";
    login.mechanism =
        accepted && guest && p.mechanism != Mechanism::kAnonymous ? "guest" : name_of(p.mechanism);
    login.cleartext = p.mechanism == Mechanism::kPlain;
    login.outcome = accepted ? Outcome::kAccepted : Outcome::kRefused;
    login.account_and_secret = p.digest;
    login.secret_empty = p.secret_empty;
    login.secret_is_account = p.secret_is_account;
    out.login(std::move(login));
  }
  const bool ntlm = p.mechanism == Mechanism::kNtlmV1 || p.mechanism == Mechanism::kLmV1 ||
                    p.mechanism == Mechanism::kNtlmV2;
  const bool agreed = accepted && !guest;
  if (ntlm && first(agreed ? Said::kNtlmUsed : Said::kNtlmTried)) {
    out.used(out.server(), "ntlm", p.mechanism == Mechanism::kNtlmV2 ? "2" : "1", agreed);
  }
  if (!accepted) return;
  if (p.mechanism == Mechanism::kAnonymous || guest) {
    // Asking for names without an identity is everyday; what counts is whether files are given so.
    open_session_ = session;
    has_open_session_ = true;
  } else if (first(Said::kSessionPresent)) {
    out.session({"smb", SessionSeen::Authentication::kPresent, false});
  }
}

void Session::tree_opened(std::uint64_t session, bool disk, Observer& out) {
  if (!disk || !has_open_session_ || session != open_session_ || !first(Said::kSessionNone)) return;
  out.session({"smb", SessionSeen::Authentication::kNone, false});
}

void Session::encrypted(Observer& out) {
  service(out);
  if (first(Said::kEncrypted)) out.session({"smb", SessionSeen::Authentication::kPresent, true});
}

void Session::pipe_tree(std::uint32_t tree) {
  if (!is_pipe_tree(tree)) pipe_trees_[pipe_tree_count_++ % pipe_trees_.size()] = tree;
}

bool Session::is_pipe_tree(std::uint32_t tree) const {
  // Zero is no tree's number.
  return tree != 0 && std::find(pipe_trees_.begin(), pipe_trees_.end(), tree) != pipe_trees_.end();
}

void Session::pipe(bool from_server, std::uint64_t file, Bytes bytes, Observer& out) {
  if (bytes.size() < dcerpc::kHeader) return;
  const auto header = dcerpc::read_header(bytes);
  if (!header) return;
  const std::uint32_t wanted = calls_.wanted(*header);
  if (bytes.size() >= wanted) {
    (void)calls_.say(from_server ? Direction::kToClient : Direction::kToServer, *header, bytes.first(wanted),
                     out, static_cast<std::uint16_t>(mix(file, 0)));
  }
}

}  // namespace bedrail::smb
