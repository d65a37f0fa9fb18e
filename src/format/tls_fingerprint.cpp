#include "format/tls_fingerprint.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/hash.h"
#include "base/md5.h"
#include "base/sha256.h"

namespace bedrail::tls {
namespace {

void append_number(std::string& out, unsigned number) {
  if (!out.empty() && out.back() != ',') out.push_back('-');
  fmt::format_to(std::back_inserter(out), "{}", number);
}

void append_numbers(std::string& out, Bytes numbers) {
  out.push_back(',');
  for_each_number(numbers, [&](std::uint16_t number) {
    if (!is_grease(number)) append_number(out, number);
  });
}

void append_extensions(std::string& out, Bytes extensions) {
  out.push_back(',');
  for_each_extension(extensions, [&](std::uint16_t number, Bytes) {
    if (!is_grease(number)) append_number(out, number);
  });
}

std::string_view ja4_version(std::uint16_t version) {
  switch (version) {
    case kTls13:
      return "13";
    case kTls12:
      return "12";
    case 0x0302:
      return "11";
    case kTls10:
      return "10";
    case kSsl3:
      return "s3";
    case kSsl2:
      return "s2";
    default:
      return "00";
  }
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// First and last character of the first protocol; of its hexadecimal form where one of them is no letter or
/// digit.
std::string ja4_protocol(Bytes alpn) {
  ByteReader list(alpn);
  const std::string_view first = list.text(list.u8());
  if (first.empty()) return "00";
  if (is_alphanumeric(first.front()) && is_alphanumeric(first.back())) return {first.front(), first.back()};
  const std::string hex = to_hex(as_bytes(first));
  return {hex.front(), hex.back()};
}

/// "002f,0035"; sorted where `sort` says so.
std::string hex_list(std::vector<std::uint16_t> numbers, bool sort) {
  if (sort) std::sort(numbers.begin(), numbers.end());
  std::string out;
  for (const std::uint16_t number : numbers) {
    fmt::format_to(std::back_inserter(out), "{}{:04x}", out.empty() ? "" : ",", number);
  }
  return out;
}

/// The first 12 digits of the SHA-256; zeros for an empty list, as the definition has it.
std::string short_digest(const std::string& text) {
  return text.empty() ? std::string(12, '0') : sha256_hex(text).substr(0, 12);
}

std::vector<std::uint16_t> without_grease(Bytes numbers) {
  std::vector<std::uint16_t> out;
  for_each_number(numbers, [&](std::uint16_t number) {
    if (!is_grease(number)) out.push_back(number);
  });
  return out;
}

}  // namespace

std::string ja3_text(const ClientHello& hello) {
  std::string out = fmt::format("{}", hello.legacy_version);
  append_numbers(out, hello.ciphers);
  append_extensions(out, hello.extensions);
  append_numbers(out, hello.groups);
  out.push_back(',');
  for (const std::byte format : hello.point_formats) append_number(out, std::to_integer<unsigned>(format));
  return out;
}

std::string ja3(const ClientHello& hello) { return md5_hex(ja3_text(hello)); }

std::string ja3s_text(const ServerHello& hello) {
  std::string out = fmt::format("{},{}", hello.legacy_version, hello.cipher);
  append_extensions(out, hello.extensions);
  return out;
}

std::string ja3s(const ServerHello& hello) { return md5_hex(ja3s_text(hello)); }

std::string ja4(const ClientHello& hello, char transport) {
  const std::vector<std::uint16_t> ciphers = without_grease(hello.ciphers);
  std::vector<std::uint16_t> extensions;
  std::size_t count = 0;
  for_each_extension(hello.extensions, [&](std::uint16_t number, Bytes) {
    if (is_grease(number)) return;
    ++count;
    if (number != kServerName && number != kAlpn) extensions.push_back(number);
  });
  std::string rest = hex_list(extensions, true);
  const std::string signatures = hex_list(without_grease(hello.signatures), false);
  if (!rest.empty() && !signatures.empty()) rest.append(1, '_').append(signatures);
  return fmt::format("{}{}{}{:02}{:02}{}_{}_{}", transport, ja4_version(hello.highest_version),
                     hello.has_server_name ? 'd' : 'i', std::min<std::size_t>(ciphers.size(), 99),
                     std::min<std::size_t>(count, 99), ja4_protocol(hello.alpn),
                     short_digest(hex_list(ciphers, true)), short_digest(rest));
}

}  // namespace bedrail::tls
