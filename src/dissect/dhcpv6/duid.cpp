#include "dissect/dhcpv6/duid.h"

#include <fmt/format.h>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "format/dhcp_value.h"

namespace bedrail::dhcpv6 {
namespace {

constexpr std::size_t kMinSize = 3, kMaxSize = 130;
enum Type : std::uint16_t { kLinkTime = 1, kEnterprise = 2, kLink = 3, kUuid = 4 };

/// A link-layer address behind its hardware type (and, in one form, a time).
std::optional<Duid> link(ByteReader& reader, bool with_time) {
  Duid duid;
  const std::uint16_t hardware = reader.be16();
  if (with_time) reader.skip(4);
  const Bytes address = reader.rest();
  if (!reader.ok() || address.empty()) return std::nullopt;
  const std::string_view kind = with_time ? "llt" : "ll";
  const MacAddress mac = MacAddress::from(address);
  // 1: Ethernet, 6: IEEE 802.
  if ((hardware == 1 || hardware == 6) && address.size() == 6) {
    if (!mac.is_zero() && !mac.is_multicast()) duid.mac = mac;
    duid.text = fmt::format("{} {}", kind, to_string(mac));
  } else {
    duid.text = fmt::format("{} {} {}", kind, hardware, to_hex(address));
  }
  return duid;
}

std::optional<Duid> uuid(ByteReader& reader) {
  if (reader.remaining() != 16) return std::nullopt;
  const std::string hex = to_hex(reader.rest());
  const std::string_view all = hex;
  Duid duid;
  duid.text = fmt::format("uuid {}-{}-{}-{}-{}", all.substr(0, 8), all.substr(8, 4), all.substr(12, 4),
                          all.substr(16, 4), all.substr(20));
  return duid;
}

}  // namespace

std::optional<Duid> read_duid(Bytes value) {
  if (value.size() < kMinSize || value.size() > kMaxSize) return std::nullopt;
  ByteReader reader(value);
  switch (reader.be16()) {
    case kLinkTime:
      return link(reader, true);
    case kLink:
      return link(reader, false);
    case kUuid:
      return uuid(reader);
    case kEnterprise: {
      Duid duid;
      duid.enterprise = reader.be32();
      if (!reader.ok() || reader.empty()) return std::nullopt;
      duid.text = fmt::format("en {} {}", *duid.enterprise, text_or_hex(reader.rest()));
      return duid;
    }
    default:
      return std::nullopt;
  }
}

}  // namespace bedrail::dhcpv6
