#include "dissect/ldap/netlogon.h"

#include "base/byte_reader.h"

namespace bedrail::ldap {
namespace {

constexpr std::uint16_t kResponse = 23, kUserUnknown = 25;
constexpr unsigned kMostLabels = 64;

/// A name in DNS's form, with pointers from the value's start (RFC 1035, 4.1.4), into text with dots.
template <std::size_t N>
bool read_name(ByteReader& reader, Bytes value, ShortText<N>& out) {
  ByteReader at = reader;
  bool jumped = false;
  for (unsigned labels = 0; labels < kMostLabels; ++labels) {
    const std::uint8_t length = at.u8();
    if (!at.ok()) return false;
    if (length == 0) {
      if (!jumped) reader = at;
      return true;
    }
    if (length >= 0xc0) {
      const std::size_t target = static_cast<std::size_t>(length & 0x3f) << 8 | at.u8();
      if (!at.ok()) return false;
      if (!jumped) reader = at;
      jumped = true;
      at = ByteReader(value);
      at.seek(target);
      continue;
    }
    if (length > 63) return false;
    const std::string_view label = at.text(length);
    if (!at.ok()) return false;
    out.join(".", label);
  }
  return false;
}

}  // namespace

std::optional<Netlogon> read_netlogon(Bytes value) {
  ByteReader reader(value);
  const std::uint16_t kind = reader.le16();
  reader.skip(2);
  Netlogon out;
  out.flags = reader.le32();
  reader.skip(16);  // the domain's GUID
  if (!reader.ok() || (kind != kResponse && kind != kUserUnknown)) return std::nullopt;
  ShortText<255> user;
  const bool whole = read_name(reader, value, out.forest) && read_name(reader, value, out.domain) &&
                     read_name(reader, value, out.host) && read_name(reader, value, out.netbios_domain) &&
                     read_name(reader, value, out.netbios_host) && read_name(reader, value, user) &&
                     read_name(reader, value, out.server_site) && read_name(reader, value, out.client_site);
  user.clear();
  if (!whole) return std::nullopt;
  return out;
}

std::string_view generation(std::uint32_t flags) {
  if ((flags & 0x10000) != 0) return "2016";
  if ((flags & 0x8000) != 0) return "2012 R2";
  if ((flags & 0x4000) != 0) return "2012";
  if ((flags & 0x2000) != 0) return "2008 R2";
  if ((flags & 0x1000) != 0) return "2008";
  return "2003";
}

}  // namespace bedrail::ldap
