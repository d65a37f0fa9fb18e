#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/hash.h"

namespace bedrail {

/// Between eight octets as they lie in memory and the number they are in network order (its own inverse).
constexpr std::uint64_t in_order(std::uint64_t word) {
  return std::endian::native == std::endian::big ? word : __builtin_bswap64(word);
}

/// An IEEE 802 48-bit address.
struct MacAddress {
  std::array<std::uint8_t, 6> octets{};

  /// From the first six bytes; all zero where there are fewer.
  static MacAddress from(Bytes bytes) {
    MacAddress mac;
    if (bytes.size() >= 6) std::memcpy(mac.octets.data(), bytes.data(), 6);
    return mac;
  }
  [[nodiscard]] bool is_zero() const { return *this == MacAddress{}; }
  /// Group bit of the first octet: multicast and broadcast, never a device's own.
  [[nodiscard]] bool is_multicast() const { return (octets[0] & 1) != 0; }
  /// Set by software (IEEE 802c): random, virtual or derived; its prefix names no maker.
  [[nodiscard]] bool is_local() const { return (octets[0] & 2) != 0; }
  /// The 48 bits as a number, first octet highest.
  [[nodiscard]] std::uint64_t value() const {
    return std::uint64_t{octets[0]} << 40 | std::uint64_t{octets[1]} << 32 | std::uint64_t{octets[2]} << 24 |
           std::uint64_t{octets[3]} << 16 | std::uint64_t{octets[4]} << 8 | octets[5];
  }
  friend bool operator==(const MacAddress& a, const MacAddress& b) { return a.value() == b.value(); }
  friend auto operator<=>(const MacAddress& a, const MacAddress& b) { return a.value() <=> b.value(); }
};

/// "00:1b:63:98:bf:36".
std::string to_string(const MacAddress& mac);
/// Reads "00:1b:63:98:bf:36", "00-1B-…", "001b.6398.bf36" and "001b6398bf36".
std::optional<MacAddress> parse_mac(std::string_view text);

/// An IPv4 or IPv6 address in 16 network-order bytes; IPv4 stands as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2).
struct IpAddress {
  std::array<std::uint8_t, 16> octets{};

  static IpAddress v4(std::uint32_t host_order) {
    IpAddress ip;
    ip.octets[10] = ip.octets[11] = 0xff;
    for (unsigned i = 0; i < 4; ++i)
      ip.octets[12 + i] = static_cast<std::uint8_t>(host_order >> (24 - 8 * i));
    return ip;
  }
  /// From 4 or 16 bytes; all zero for any other length.
  static IpAddress from(Bytes bytes) {
    IpAddress ip;
    if (bytes.size() == 16) std::memcpy(ip.octets.data(), bytes.data(), 16);
    if (bytes.size() == 4) {
      ip.octets[10] = ip.octets[11] = 0xff;
      std::memcpy(ip.octets.data() + 12, bytes.data(), 4);
    }
    return ip;
  }
  [[nodiscard]] std::uint64_t high() const {
    std::uint64_t v;
    std::memcpy(&v, octets.data(), 8);
    return v;
  }
  [[nodiscard]] std::uint64_t low() const {
    std::uint64_t v;
    std::memcpy(&v, octets.data() + 8, 8);
    return v;
  }
  [[nodiscard]] bool is_v4() const {
    constexpr std::uint64_t kMask = in_order(0xffff'ffff'0000'0000),
                            kMapped = in_order(0x0000'ffff'0000'0000);
    return high() == 0 && (low() & kMask) == kMapped;
  }
  /// The IPv4 address as a host-order number; only where `is_v4()`.
  [[nodiscard]] std::uint32_t v4_value() const {
    return std::uint32_t{octets[12]} << 24 | std::uint32_t{octets[13]} << 16 |
           std::uint32_t{octets[14]} << 8 | octets[15];
  }
  /// 0.0.0.0 or ::
  [[nodiscard]] bool is_unspecified() const {
    return high() == 0 && (low() == 0 || low() == in_order(0x0000'ffff'0000'0000));
  }
  [[nodiscard]] bool is_multicast() const { return is_v4() ? octets[12] >> 4 == 0x0e : octets[0] == 0xff; }
  /// 255.255.255.255 (a subnet's own broadcast address cannot be told without its mask).
  [[nodiscard]] bool is_broadcast() const { return is_v4() && v4_value() == 0xffffffffU; }
  [[nodiscard]] bool is_loopback() const {
    return is_v4() ? octets[12] == 127 : high() == 0 && low() == in_order(1);
  }
  /// 169.254/16, fe80::/10
  [[nodiscard]] bool is_link_local() const;
  /// Not routed on the Internet: RFC 1918, RFC 6598, loopback, link-local, ULA (fc00::/7), fec0::/10.
  [[nodiscard]] bool is_private() const;
  /// One device may own it: neither unspecified, multicast nor broadcast.
  [[nodiscard]] bool is_unicast() const { return !is_unspecified() && !is_multicast() && !is_broadcast(); }
  friend bool operator==(const IpAddress& a, const IpAddress& b) {
    return a.high() == b.high() && a.low() == b.low();
  }
  friend std::strong_ordering operator<=>(const IpAddress& a, const IpAddress& b) {
    const std::uint64_t ah = in_order(a.high()), bh = in_order(b.high());
    return ah != bh ? ah <=> bh : in_order(a.low()) <=> in_order(b.low());
  }
};

/// "10.0.0.5" or RFC 5952 text.
std::string to_string(const IpAddress& ip);
std::optional<IpAddress> parse_ip(std::string_view text);

inline std::uint64_t hash_of(const IpAddress& ip) { return mix(ip.high(), ip.low()); }
inline std::uint64_t hash_of(const MacAddress& mac) { return mix(mac.value(), 0x6d6163); }

template <typename H>
H AbslHashValue(H h, const IpAddress& ip) {
  return H::combine(std::move(h), ip.high(), ip.low());
}
template <typename H>
H AbslHashValue(H h, const MacAddress& mac) {
  return H::combine(std::move(h), mac.value());
}

}  // namespace bedrail
