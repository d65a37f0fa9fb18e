#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

/// Kerberos version 5 messages (RFC 4120), as far as they are in clear. Tickets stay closed.
namespace bedrail::kerberos {

/// The application's tag numbers (RFC 4120, 5.10).
enum class Type : std::uint8_t {
  kAsRequest = 10,
  kAsReply = 11,
  kTgsRequest = 12,
  kTgsReply = 13,
  kApRequest = 14,
  kError = 30
};

/// A name of up to four parts ("cifs", "ct01.ward.example"); views into the message.
struct Principal {
  static constexpr std::size_t kMostParts = 4;
  std::array<std::string_view, kMostParts> parts;
  std::size_t count = 0;  ///< as sent; parts beyond the fourth are left out

  /// The computer's account without its '$' ("CT01$"), or the host of a "host/NAME" principal; empty for
  /// anyone else, people above all.
  [[nodiscard]] std::string_view machine() const;
  /// "cifs/ct01.ward.example"; empty where it names no host: such a name may be a person's account.
  [[nodiscard]] std::string service() const;
};

inline constexpr std::size_t kMostEncryptionTypes = 16;

struct Message {
  Type type = Type::kAsRequest;
  std::string_view realm;
  Principal client;   ///< cname
  Principal service;  ///< sname; of a reply's ticket, of the request's body
  std::array<std::int32_t, kMostEncryptionTypes> offered{};
  std::size_t offered_count = 0;
  std::int32_t ticket_encryption = 0, reply_encryption = 0;  ///< 0 where not said
  /// The request proves the client's key beforehand (encrypted time stamp, FAST, certificate).
  bool preauthenticated = false;
  std::int32_t error = 0;
  std::string_view netbios;  ///< the client's NetBIOS name among its addresses, blanks cut
};

/// A message from its application tag on; nothing where it is none, or cut.
std::optional<Message> parse(Bytes bytes);

/// True where `bytes` (perhaps only a front of them) begin a message of version 5.
bool begins_message(Bytes bytes);

/// The ticket's service within a GSS-API or SPNEGO token that carries an AP-REQ: who the client believes to
/// speak to. Empty where there is none.
Principal service_of_token(Bytes token);

/// "aes256", "aes128", "rc4", "des", ... (IANA's register); empty for a number without a name here.
std::string_view encryption_name(std::int32_t type);

}  // namespace bedrail::kerberos
