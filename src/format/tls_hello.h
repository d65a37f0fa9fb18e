#pragma once

#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

namespace bedrail::tls {

/// Protocol versions on the wire.
inline constexpr std::uint16_t kSsl2 = 0x0002, kSsl3 = 0x0300, kTls10 = 0x0301, kTls12 = 0x0303,
                               kTls13 = 0x0304;

/// "ssl" "3.0", "tls" "1.2"; drafts of 1.3 (0x7fxx) count as 1.3. Both empty where unknown.
struct VersionName {
  std::string_view protocol, version;
};
VersionName name_of_version(std::uint16_t version);

/// A value that clients send only to keep servers tolerant (RFC 8701): 0x0a0a, 0x1a1a, ... 0xfafa.
constexpr bool is_grease(std::uint16_t value) {
  return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

/// Numbers of the extensions that are read (IANA, TLS ExtensionType Values).
inline constexpr std::uint16_t kServerName = 0, kGroups = 10, kPointFormats = 11, kSignatureAlgorithms = 13,
                               kAlpn = 16, kSupportedVersions = 43;

/// A ClientHello (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2; RFC 6101, 5.6.1.2); views into the message.
struct ClientHello {
  std::uint16_t legacy_version = 0;
  Bytes ciphers;     ///< 16-bit numbers, in order
  Bytes extensions;  ///< the whole block: 16-bit number, 16-bit length, content; well-formed
  bool has_server_name = false;
  std::string_view server_name;  ///< the first host_name (RFC 6066, 3); empty where none
  Bytes groups, signatures;      ///< 16-bit numbers, in order
  Bytes point_formats;           ///< 8-bit numbers
  Bytes alpn;                    ///< names, each after an 8-bit length; well-formed
  /// The highest version offered: of supported_versions where there is one, else `legacy_version`.
  std::uint16_t highest_version = 0;
};
/// Reads a message's body; false where it is malformed.
bool read_client_hello(Bytes body, ClientHello& out);

/// A ServerHello (RFC 8446, 4.1.3); views into the message.
struct ServerHello {
  std::uint16_t legacy_version = 0;
  std::uint16_t version = 0;  ///< what is spoken from here on
  std::uint16_t cipher = 0;
  Bytes extensions;
  std::string_view alpn;  ///< the protocol chosen (TLS 1.2 and earlier; encrypted in 1.3)
  bool retry = false;     ///< a HelloRetryRequest: another hello of both sides follows
};
bool read_server_hello(Bytes body, ServerHello& out);

/// SSL 2.0's CLIENT-HELLO, in whose form later versions may be offered too (RFC 5246, E.2).
struct Ssl2ClientHello {
  std::uint16_t version = 0;
  Bytes ciphers;  ///< 24-bit numbers
};
/// Reads a record's content, from its message type on; false where its lengths do not add up.
bool read_ssl2_client_hello(Bytes record, Ssl2ClientHello& out);

/// SSL 2.0's SERVER-HELLO.
struct Ssl2ServerHello {
  std::uint16_t version = 0;
  Bytes certificate;  ///< empty where a session is resumed
};
bool read_ssl2_server_hello(Bytes record, Ssl2ServerHello& out);

/// Calls `each(number)` for every 16-bit number; an odd last octet is left out.
template <typename Each>
void for_each_number(Bytes numbers, Each each) {
  ByteReader reader(numbers);
  while (reader.remaining() >= 2) each(reader.be16());
}
/// Calls `each(number, content)` for every extension of a well-formed block.
template <typename Each>
void for_each_extension(Bytes extensions, Each each) {
  ByteReader reader(extensions);
  while (reader.ok() && !reader.empty()) {
    const std::uint16_t number = reader.be16();
    const Bytes content = reader.bytes(reader.be16());
    if (reader.ok()) each(number, content);
  }
}

}  // namespace bedrail::tls
