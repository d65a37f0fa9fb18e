#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bedrail::tls {

/// A cipher suite's IANA name ("TLS_RSA_WITH_AES_128_CBC_SHA"); its number ("0x1a2b") where it is not in the
/// table.
std::string cipher_name(std::uint16_t suite);
/// The name of one of SSL 2.0's cipher kinds ("SSL_CK_RC4_128_WITH_MD5"); its number ("0x010080") where
/// unknown.
std::string ssl2_cipher_name(std::uint32_t kind);
/// Why a suite of that name is weak, joined by ',': "null", "export", "rc4", "des", "3des", "rc2",
/// "anonymous"; empty where it is not, or the name is a mere number.
std::string weaknesses(std::string_view cipher);

/// An alert's name as RFC 8446, 6 and its predecessors write it ("handshake_failure"); its number where
/// unknown.
std::string alert_name(std::uint8_t description);

/// True where a text can be one machine's name: letters, digits, '-', '_' and '.', with a letter, no
/// wildcard, not "localhost".
bool is_host_like(std::string_view text);

}  // namespace bedrail::tls
