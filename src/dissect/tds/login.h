#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "base/hash.h"

namespace bedrail::tds {

/// What a login record says of the client (MS-TDS 2.2.6.4; before version 7 Sybase's form). The account and
/// its password are digested and forgotten.
struct Login {
  std::uint32_t version = 0;  ///< 0 for the old form
  std::string host, application, server, library, database;
  bool has_password = false, secret_empty = false, secret_is_account = false;
  SecretDigest digest;
  Bytes token;  ///< NTLM or SPNEGO in place of a password
};

/// `body` is the record without its packet's header.
std::optional<Login> read_login7(Bytes body);
std::optional<Login> read_old_login(Bytes body);

/// What came of a login: the server's tokens (MS-TDS 2.2.7).
struct Answer {
  bool accepted = false, refused = false;
  std::string product, version, server;
  Bytes token;
};
Answer read_answer(Bytes body);

}  // namespace bedrail::tds
