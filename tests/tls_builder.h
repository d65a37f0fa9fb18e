#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bedrail::test {

/// Messages of TLS as the tests need them.
inline std::string number(std::size_t value, int octets) {
  std::string out;
  for (int shift = 8 * (octets - 1); shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift & 0xff));
  return out;
}
/// A vector after its length in so many octets.
inline std::string counted(const std::string& content, int octets) {
  return number(content.size(), octets) + content;
}

inline std::string record(int type, const std::string& content, int version = 0x0301) {
  return number(static_cast<std::size_t>(type), 1) + number(static_cast<std::size_t>(version), 2) +
         counted(content, 2);
}
inline std::string handshake(int type, const std::string& body) {
  return number(static_cast<std::size_t>(type), 1) + counted(body, 3);
}

inline std::string numbers(const std::vector<int>& values) {
  std::string out;
  for (const int value : values) out += number(static_cast<std::size_t>(value), 2);
  return out;
}
inline std::string extension(int type, const std::string& content) {
  return number(static_cast<std::size_t>(type), 2) + counted(content, 2);
}
inline std::string server_name(const std::string& host) {
  return extension(0, counted(std::string(1, '\0') + counted(host, 2), 2));
}
inline std::string protocols(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += counted(name, 1);
  return extension(16, counted(list, 2));
}
/// A ClientHello's body; without an extension block where `extensions` is empty.
inline std::string client_hello_body(int version, const std::vector<int>& ciphers,
                                     const std::string& extensions) {
  std::string out = number(static_cast<std::size_t>(version), 2) + std::string(32, 'r') + '\0' +
                    counted(numbers(ciphers), 2);
  out += std::string("\x01\0", 2);
  return extensions.empty() ? out : out + counted(extensions, 2);
}
inline std::string server_hello_body(int version, int cipher, const std::string& extensions,
                                     const std::string& random = std::string(32, 's')) {
  std::string out = number(static_cast<std::size_t>(version), 2) + random + '\0' +
                    number(static_cast<std::size_t>(cipher), 2) + '\0';
  return extensions.empty() ? out : out + counted(extensions, 2);
}
inline std::string client_hello(int version, const std::vector<int>& ciphers,
                                const std::string& extensions = {}) {
  return handshake(1, client_hello_body(version, ciphers, extensions));
}
inline std::string server_hello(int version, int cipher, const std::string& extensions = {}) {
  return handshake(2, server_hello_body(version, cipher, extensions));
}
/// A Certificate message of TLS 1.2 and earlier.
inline std::string certificates(const std::vector<std::string>& chain) {
  std::string list;
  for (const std::string& one : chain) list += counted(one, 3);
  return handshake(11, counted(list, 3));
}

}  // namespace bedrail::test
