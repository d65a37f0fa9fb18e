#pragma once

#include <string>

#include "format/tls_hello.h"

namespace bedrail::tls {

/// "771,4865-4866,0-23-65281,29-23-24,0": version, ciphers, extensions, groups and point formats in decimal,
/// without GREASE. JA3 is its MD5.
std::string ja3_text(const ClientHello& hello);
std::string ja3(const ClientHello& hello);
/// "771,49200,65281-0-11": version, cipher and extensions of the answer. JA3S is its MD5.
std::string ja3s_text(const ServerHello& hello);
std::string ja3s(const ServerHello& hello);
/// "t13d1516h2_8daaf6152771_e5627efa2ab1": what the client can do whatever the order in which it says so.
/// `transport`: 't' for TCP, 'q' for QUIC.
std::string ja4(const ClientHello& hello, char transport = 't');

}  // namespace bedrail::tls
