#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "base/short_text.h"

namespace bedrail::ldap {

/// A domain controller's answer to "are you one, and whose?" (MS-ADTS 6.3.1.9,
/// NETLOGON_SAM_LOGON_RESPONSE_EX). The user's name in it is passed over.
struct Netlogon {
  std::uint32_t flags = 0;
  ShortText<255> forest, domain, host;
  ShortText<32> netbios_domain, netbios_host;
  ShortText<128> server_site, client_site;
};

/// Nothing where the value is of another kind or does not fit.
std::optional<Netlogon> read_netlogon(Bytes value);

/// The oldest Windows Server whose controllers set these flags (MS-ADTS 6.3.1.2): "2016", "2012 R2", "2012",
/// "2008 R2", "2008", "2003".
std::string_view generation(std::uint32_t flags);

}  // namespace bedrail::ldap
