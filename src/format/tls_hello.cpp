#include "format/tls_hello.h"

#include <algorithm>

namespace bedrail::tls {
namespace {

/// The random of a HelloRetryRequest (RFC 8446, 4.1.3): the SHA-256 of "HelloRetryRequest".
constexpr std::uint64_t kRetryRandom[4] = {0xcf21ad74e59a6111ULL, 0xbe1d8c021e65b891ULL,
                                           0xc2a211167abb8c5eULL, 0x079e09e2c8a8339cULL};

/// A draft's number of TLS 1.3 counts as 1.3 when versions are compared.
std::uint16_t settled(std::uint16_t version) { return version >> 8 == 0x7f ? kTls13 : version; }

bool is_version(std::uint16_t version) { return !name_of_version(version).version.empty(); }

/// Blocks of 16-bit number, 16-bit length, content, up to the end.
bool well_formed_extensions(Bytes block) {
  ByteReader reader(block);
  while (reader.ok() && !reader.empty()) {
    reader.skip(2);
    reader.skip(reader.be16());
  }
  return reader.ok();
}

/// RFC 6066, 3: a list of (type, name); type 0 is a host name.
bool read_server_name(ByteReader reader, ClientHello& out) {
  out.has_server_name = true;
  if (reader.empty()) return true;
  ByteReader list = reader.slice(reader.be16());
  while (list.ok() && !list.empty()) {
    const std::uint8_t type = list.u8();
    const std::string_view name = list.text(list.be16());
    if (type == 0 && out.server_name.empty()) out.server_name = name;
  }
  return list.ok();
}

/// RFC 7301, 3.1.
bool read_alpn(ByteReader reader, Bytes& out) {
  ByteReader list = reader.slice(reader.be16());
  out = list.rest();
  while (list.ok() && !list.empty()) list.skip(list.u8());
  return list.ok();
}

/// A list of 16-bit numbers after its length in octets.
bool read_numbers(ByteReader reader, Bytes& out) {
  out = reader.bytes(reader.be16());
  return reader.ok();
}

bool read_supported_versions(ByteReader reader, ClientHello& out) {
  const Bytes versions = reader.bytes(reader.u8());
  std::uint16_t highest = 0;
  for_each_number(versions, [&](std::uint16_t version) {
    if (!is_grease(version) && is_version(version)) highest = std::max(highest, settled(version));
  });
  if (highest != 0) out.highest_version = highest;
  return reader.ok();
}

bool read_extension(std::uint16_t number, Bytes content, ClientHello& out) {
  const ByteReader reader(content);
  switch (number) {
    case kServerName:
      return read_server_name(reader, out);
    case kAlpn:
      return read_alpn(reader, out.alpn);
    case kGroups:
      return read_numbers(reader, out.groups);
    case kSignatureAlgorithms:
      return read_numbers(reader, out.signatures);
    case kSupportedVersions:
      return read_supported_versions(reader, out);
    case kPointFormats: {
      ByteReader formats = reader;
      out.point_formats = formats.bytes(formats.u8());
      return formats.ok();
    }
    default:
      return true;
  }
}

}  // namespace

VersionName name_of_version(std::uint16_t version) {
  switch (settled(version)) {
    case kSsl2:
      return {"ssl", "2.0"};
    case kSsl3:
      return {"ssl", "3.0"};
    case kTls10:
      return {"tls", "1.0"};
    case kTls10 + 1:
      return {"tls", "1.1"};
    case kTls12:
      return {"tls", "1.2"};
    case kTls13:
      return {"tls", "1.3"};
    default:
      return {};
  }
}

bool read_client_hello(Bytes body, ClientHello& out) {
  ByteReader reader(body);
  out.legacy_version = reader.be16();
  reader.skip(32);
  reader.skip(reader.u8());
  out.ciphers = reader.bytes(reader.be16());
  const Bytes compressions = reader.bytes(reader.u8());
  out.highest_version = out.legacy_version;
  if (!reader.ok() || out.legacy_version >> 8 != 3 || out.ciphers.empty() || out.ciphers.size() % 2 != 0)
    return false;
  if (compressions.empty()) return false;
  if (reader.empty()) return true;  // before extensions were invented
  out.extensions = reader.bytes(reader.be16());
  if (!reader.ok() || !well_formed_extensions(out.extensions)) return false;
  bool whole = true;
  for_each_extension(out.extensions, [&](std::uint16_t number, Bytes content) {
    whole = whole && read_extension(number, content, out);
  });
  return whole;
}

bool read_server_hello(Bytes body, ServerHello& out) {
  ByteReader reader(body);
  out.legacy_version = reader.be16();
  out.retry = true;
  for (const std::uint64_t part : kRetryRandom) out.retry = reader.be64() == part && out.retry;
  // Drafts of TLS 1.3 before the 22nd had neither session nor compression here.
  if (out.legacy_version >> 8 != 0x7f) reader.skip(reader.u8());
  out.cipher = reader.be16();
  if (out.legacy_version >> 8 != 0x7f) reader.skip(1);
  out.version = out.legacy_version;
  if (!reader.ok() || !is_version(out.version)) return false;
  if (reader.empty()) return true;
  out.extensions = reader.bytes(reader.be16());
  if (!reader.ok() || !well_formed_extensions(out.extensions)) return false;
  for_each_extension(out.extensions, [&](std::uint16_t number, Bytes content) {
    ByteReader inner(content);
    if (number == kSupportedVersions) out.version = inner.be16();
    Bytes names;
    if (number == kAlpn && read_alpn(inner, names)) {
      ByteReader list(names);
      out.alpn = list.text(list.u8());
    }
  });
  return is_version(out.version);
}

bool read_ssl2_client_hello(Bytes record, Ssl2ClientHello& out) {
  ByteReader reader(record);
  const std::uint8_t type = reader.u8();
  out.version = reader.be16();
  const std::uint16_t ciphers = reader.be16(), session = reader.be16(), challenge = reader.be16();
  out.ciphers = reader.bytes(ciphers);
  reader.skip(std::size_t{session} + challenge);
  const bool version = out.version == kSsl2 || (out.version >> 8 == 3 && (out.version & 0xff) <= 4);
  return reader.ok() && reader.empty() && type == 1 && version && ciphers > 0 && ciphers % 3 == 0 &&
         (session == 0 || session == 16 || session == 32) && challenge >= 16 && challenge <= 32;
}

bool read_ssl2_server_hello(Bytes record, Ssl2ServerHello& out) {
  ByteReader reader(record);
  const std::uint8_t type = reader.u8();
  reader.skip(2);  // whether a session is resumed; the certificate's type (1: X.509)
  out.version = reader.be16();
  const std::uint16_t certificate = reader.be16(), ciphers = reader.be16(), connection = reader.be16();
  out.certificate = reader.bytes(certificate);
  reader.skip(std::size_t{ciphers} + connection);
  return reader.ok() && type == 4 && out.version == kSsl2 && ciphers % 3 == 0;
}

}  // namespace bedrail::tls
