#include "net/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

namespace bedrail {
namespace {

bool v4_within(std::uint32_t address, std::uint32_t network, unsigned bits) {
  return (address ^ network) >> (32 - bits) == 0;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_string(const MacAddress& mac) {
  const auto& o = mac.octets;
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", o[0], o[1], o[2], o[3], o[4], o[5]);
}

std::optional<MacAddress> parse_mac(std::string_view text) {
  MacAddress mac;
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == ':' || c == '-' || c == '.') continue;
    const int digit = hex_digit(c);
    if (digit < 0 || digits == 12) return std::nullopt;
    mac.octets[digits / 2] = static_cast<std::uint8_t>(mac.octets[digits / 2] << 4 | digit);
    ++digits;
  }
  if (digits != 12) return std::nullopt;
  return mac;
}

bool IpAddress::is_link_local() const {
  if (is_v4()) return v4_within(v4_value(), 0xa9fe0000U, 16);
  return octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80;
}

bool IpAddress::is_private() const {
  if (is_loopback() || is_link_local()) return true;
  if (is_v4()) {
    const std::uint32_t a = v4_value();
    return v4_within(a, 0x0a000000U, 8) || v4_within(a, 0xac100000U, 12) || v4_within(a, 0xc0a80000U, 16) ||
           v4_within(a, 0x64400000U, 10);
  }
  return (octets[0] & 0xfe) == 0xfc || (octets[0] == 0xfe && (octets[1] & 0xc0) == 0xc0);
}

std::string to_string(const IpAddress& ip) {
  char text[INET6_ADDRSTRLEN] = {};
  if (ip.is_v4()) {
    inet_ntop(AF_INET, ip.octets.data() + 12, text, sizeof text);
  } else {
    inet_ntop(AF_INET6, ip.octets.data(), text, sizeof text);
  }
  return text;
}

std::optional<IpAddress> parse_ip(std::string_view text) {
  if (text.size() >= INET6_ADDRSTRLEN) return std::nullopt;
  const std::string zero_terminated(text);
  std::array<std::byte, 16> raw{};
  if (inet_pton(AF_INET, zero_terminated.c_str(), raw.data()) == 1)
    return IpAddress::from(Bytes(raw).first(4));
  if (inet_pton(AF_INET6, zero_terminated.c_str(), raw.data()) == 1) return IpAddress::from(raw);
  return std::nullopt;
}

}  // namespace bedrail
