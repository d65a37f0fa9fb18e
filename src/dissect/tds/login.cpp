#include "dissect/tds/login.h"

#include <fmt/format.h>

#include "base/byte_reader.h"
#include "base/text.h"

namespace bedrail::tds {
namespace {

constexpr std::size_t kFixed = 36;
constexpr std::size_t kMostText = 128;  // characters; the documents' limit for these fields
/// Numbers of the errors by which a login fails: unknown account or password, and its kin.
constexpr std::uint32_t kLoginFailed = 18456, kNoTrust = 18452, kLocked = 18486, kExpired = 18487,
                        kMustChange = 18488;
/// Tokens.
constexpr std::uint8_t kError = 0xaa, kInfo = 0xab, kLoginAck = 0xad, kChange = 0xe3, kSspi = 0xed;
constexpr unsigned kMostTokens = 64;

/// A field that the record names by its place and its length in characters.
Bytes field(ByteReader& pairs, Bytes record, bool& fits) {
  const std::uint16_t place = pairs.le16(), length = pairs.le16();
  const std::size_t size = std::size_t{length} * 2;
  if (!pairs.ok() || place > record.size() || size > record.size() - place) {
    fits = false;
    return {};
  }
  return record.subspan(place, std::min(size, kMostText * 2));
}

/// MS-TDS 2.2.6.4: the halves of each octet exchanged, then XOR with 0xA5. Nobody is kept from reading it.
std::string clear_password(Bytes hidden) {
  std::string out;
  for (const std::byte byte : hidden) {
    const auto b = static_cast<std::uint8_t>(std::to_integer<unsigned>(byte) ^ 0xa5);
    out.push_back(static_cast<char>(static_cast<std::uint8_t>(b << 4 | b >> 4)));
  }
  std::string text = utf16le_to_utf8(as_bytes(out), kMostText * 3);
  out.assign(out.size(), '\0');
  return text;
}

void digest(Login& out, std::string_view account, std::string_view password) {
  out.has_password = !account.empty();
  out.digest = digest_secret(account, password);
  out.secret_empty = password.empty();
  out.secret_is_account = account == password;
}

/// Text of at most thirty octets with its length behind it.
std::string_view old_field(Bytes body, std::size_t at) {
  constexpr std::size_t kSize = 30;
  ByteReader reader(body);
  reader.seek(at);
  const std::string_view text = reader.text(kSize);
  return text.substr(0, std::min<std::size_t>(reader.u8(), text.size()));
}

}  // namespace

std::optional<Login> read_login7(Bytes body) {
  ByteReader reader(body);
  reader.skip(4);
  Login out;
  out.version = reader.le32();
  reader.seek(kFixed);
  bool fits = true;
  out.host = utf16le_to_utf8(field(reader, body, fits));
  std::string account = utf16le_to_utf8(field(reader, body, fits));
  std::string password = clear_password(field(reader, body, fits));
  out.application = utf16le_to_utf8(field(reader, body, fits));
  out.server = utf16le_to_utf8(field(reader, body, fits));
  (void)field(reader, body, fits);
  out.library = utf16le_to_utf8(field(reader, body, fits));
  (void)field(reader, body, fits);
  out.database = utf16le_to_utf8(field(reader, body, fits));
  reader.skip(6);  // the client's number: a MAC, or made up
  const std::uint16_t place = reader.le16(), length = reader.le16();
  digest(out, account, password);
  account.assign(account.size(), '\0');
  password.assign(password.size(), '\0');
  if (!reader.ok() || !fits) return std::nullopt;
  if (place <= body.size() && length <= body.size() - place) out.token = body.subspan(place, length);
  return out;
}

std::optional<Login> read_old_login(Bytes body) {
  constexpr std::size_t kAccount = 31, kPassword = 62, kApplication = 140, kServer = 171, kLeast = 202;
  if (body.size() < kLeast) return std::nullopt;
  Login out;
  out.host = old_field(body, 0);
  out.application = old_field(body, kApplication);
  out.server = old_field(body, kServer);
  digest(out, old_field(body, kAccount), old_field(body, kPassword));
  return out;
}

Answer read_answer(Bytes body) {
  ByteReader reader(body);
  Answer out;
  for (unsigned i = 0; i < kMostTokens && !reader.empty(); ++i) {
    const std::uint8_t token = reader.u8();
    if (token != kError && token != kInfo && token != kLoginAck && token != kChange && token != kSspi) break;
    ByteReader content = reader.slice(reader.le16());
    if (!reader.ok()) break;
    if (token == kLoginAck) {
      content.skip(5);
      const Bytes name = content.bytes(std::size_t{content.u8()} * 2);
      const std::uint8_t major = content.u8(), minor = content.u8();
      const std::uint16_t build = content.be16();
      if (!content.ok()) break;
      out.accepted = true;
      out.product = utf16le_to_utf8(name);
      out.version = fmt::format("{}.{}.{}", major, minor, build);
    } else if (token == kError || token == kInfo) {
      const std::uint32_t number = content.le32();
      content.skip(2);
      content.skip(std::size_t{content.le16()} * 2);
      const Bytes server = content.bytes(std::size_t{content.u8()} * 2);
      if (!content.ok()) break;
      if (!server.empty()) out.server = utf16le_to_utf8(server);
      if (token == kError)
        out.refused |= number == kLoginFailed || number == kNoTrust ||
                       (number >= kLocked && number <= kMustChange) || number == kExpired;
    } else if (token == kSspi) {
      out.token = content.rest();
    }
  }
  return out;
}

}  // namespace bedrail::tds
