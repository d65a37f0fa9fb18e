#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/time.h"

namespace bedrail::ntlmssp {

enum class MessageType : std::uint8_t { kNegotiate = 1, kChallenge = 2, kAuthenticate = 3 };

/// Negotiate flags that say something to us (MS-NLMP 2.2.2.5).
inline constexpr std::uint32_t kFlagUnicode = 0x00000001;
inline constexpr std::uint32_t kFlagAnonymous = 0x00000800;
inline constexpr std::uint32_t kFlagOemDomainSupplied = 0x00001000;
inline constexpr std::uint32_t kFlagOemWorkstationSupplied = 0x00002000;
inline constexpr std::uint32_t kFlagExtendedSessionSecurity = 0x00080000;
inline constexpr std::uint32_t kFlagTargetInfo = 0x00800000;
inline constexpr std::uint32_t kFlagVersion = 0x02000000;

/// What proves the account in an authenticate message, told by the lengths of its two responses.
enum class Proof : std::uint8_t { kNone, kAnonymous, kLmV1, kNtlmV1, kNtlmV1Extended, kNtlmV2 };

/// The operating system's version block (MS-NLMP 2.2.2.10). Samba and others that imitate Windows say build
/// 0.
struct Version {
  std::uint8_t major = 0, minor = 0;
  std::uint16_t build = 0;
  /// "10.0.14393".
  [[nodiscard]] std::string text() const;
};

/// The server's own words about itself: a challenge's target information, or its echo in an NTLMv2 response
/// (MS-NLMP 2.2.2.1). UTF-8; empty where not said.
struct TargetInfo {
  std::string netbios_computer, netbios_domain, dns_computer, dns_domain, dns_forest;
  /// The service that the client believes to reach ("cifs/10.0.0.5"); only in an NTLMv2 response.
  std::string service;
  std::optional<Timestamp> server_time;
  [[nodiscard]] bool empty() const {
    return netbios_computer.empty() && netbios_domain.empty() && dns_computer.empty() && dns_domain.empty();
  }
};

/// One NTLMSSP message. The account and its responses are looked at and forgotten; only a machine's account
/// (a name ending in '$', which names a computer and no person) is kept.
struct Message {
  MessageType type = MessageType::kNegotiate;
  std::uint32_t flags = 0;
  std::optional<Version> version;
  /// Challenge: the authentication realm (domain, or the computer's own name).
  std::string target_name;
  TargetInfo target;
  /// Negotiate and authenticate: what the client says of itself; may be blank or forged.
  std::string domain, workstation;
  Proof proof = Proof::kNone;
  std::string machine_account;
  /// A field pointed outside the message (cut, or malformed); it is left empty.
  bool truncated = false;
};

/// From the first "NTLMSSP\0" with a known message type within `bytes` on (SPNEGO-wrapped tokens are found
/// without reading their ASN.1); empty where there is none.
Bytes find(Bytes bytes);

/// Reads a message that starts with "NTLMSSP\0"; nothing where it is no such message or lacks its fixed part.
std::optional<Message> parse(Bytes bytes);

/// `parse(find(bytes))`.
std::optional<Message> find_and_parse(Bytes bytes);

/// "ntlmv1", "ntlmv2", "lmv1", "anonymous", "".
std::string_view mechanism(Proof proof);

}  // namespace bedrail::ntlmssp
