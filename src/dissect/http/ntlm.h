#pragma once

#include <string_view>

#include "dissect/http/credentials.h"
#include "dissect/observer.h"

namespace bedrail::http {

/// Says what an NTLM message in a header tells of the one who sent it ("NTLM TlRM...", "Negotiate ..." with
/// NTLM inside). `said` keeps what was already told in this flow. The login, where it is the last message of
/// a client.
Attempt read_ntlm(const Credentials& credentials, bool from_server, const Party& who, std::uint8_t& said,
                  Observer& out);

/// The version for `used("ntlm", ...)` of an attempt's mechanism; empty for the others.
std::string_view ntlm_version(const Attempt& attempt);

}  // namespace bedrail::http
