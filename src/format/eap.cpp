#include "format/eap.h"

#include <algorithm>

#include "base/byte_reader.h"
#include "base/text.h"

namespace bedrail::eap {
namespace {

constexpr std::size_t kMostName = 253;

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMostName && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
  });
}

}  // namespace

bool read_packet(Bytes bytes, Packet& out) {
  ByteReader reader(bytes);
  out.code = reader.u8();
  out.identifier = reader.u8();
  const std::uint16_t length = reader.be16();
  if (!reader.ok() || out.code < kRequest || out.code > kFailure || length < 4) return false;
  if (out.code == kSuccess || out.code == kFailure) return length == 4;
  if (length < 5) return false;
  out.type = reader.u8();
  if (!reader.ok()) return false;
  // Ethernet pads what is short.
  out.data = reader.rest().first(std::min<std::size_t>(reader.remaining(), length - 5U));
  return out.type != 0;
}

std::string_view method_name(std::uint8_t type) {
  switch (type) {
    case 0:
    case kIdentity:
    case kNotification:
    case kNak:
      return {};
    case 4:
      return "md5";
    case 5:
      return "otp";
    case 6:
      return "gtc";
    case 13:
      return "tls";
    case 17:
      return "leap";
    case 18:
      return "sim";
    case 21:
      return "ttls";
    case 23:
      return "aka";
    case 25:
      return "peap";
    case 26:
      return "mschapv2";
    case 43:
      return "fast";
    case 47:
      return "psk";
    case 50:
      return "aka-prime";
    case 52:
      return "pwd";
    case 55:
      return "teap";
    case 254:
      return "expanded";
    default:
      return "other";
  }
}

std::string_view machine_of(std::string_view identity) {
  constexpr std::string_view kHost = "host/";
  if (starts_with_ignoring_case(identity, kHost)) {
    identity.remove_prefix(kHost.size());
    // "host/NAME@REALM" of some supplicants.
    identity = identity.substr(0, identity.find('@'));
    return is_name(identity) ? identity : std::string_view{};
  }
  if (!identity.ends_with('$')) return {};
  identity.remove_suffix(1);
  const std::size_t domain = identity.find('\\');
  if (domain != std::string_view::npos) identity.remove_prefix(domain + 1);
  return is_name(identity) ? identity : std::string_view{};
}

}  // namespace bedrail::eap
