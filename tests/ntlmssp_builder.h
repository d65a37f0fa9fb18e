#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bedrail::test {

/// Little-endian bytes of a number.
inline std::string le(std::uint64_t value, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(static_cast<char>(i < 8 ? value >> (8 * i) : 0));
  return out;
}

/// ASCII text as UTF-16LE.
inline std::string wide(std::string_view text) {
  std::string out;
  for (const char c : text) out += {c, '\0'};
  return out;
}

/// Composes NTLMSSP messages (MS-NLMP 2.2.1) for tests: fixed part with the fields' places, then their
/// contents.
class NtlmsspBuilder {
 public:
  explicit NtlmsspBuilder(std::uint32_t type) : type_(type) {}

  NtlmsspBuilder& field(std::string content) { return parts_.push_back({true, std::move(content)}), *this; }
  NtlmsspBuilder& raw(std::string bytes) { return parts_.push_back({false, std::move(bytes)}), *this; }

  [[nodiscard]] std::string build() const {
    std::size_t offset = 12;
    for (const auto& [is_field, content] : parts_) offset += is_field ? 8 : content.size();
    std::string head = std::string("NTLMSSP\0", 8) + le(type_, 4), payload;
    for (const auto& [is_field, content] : parts_) {
      if (is_field) {
        head += le(content.size(), 2) + le(content.size(), 2) + le(offset + payload.size(), 4);
        payload += content;
      } else {
        head += content;
      }
    }
    return head + payload;
  }

  /// A pair of the target information.
  static std::string pair(std::uint16_t id, std::string_view value) {
    return le(id, 2) + le(value.size(), 2) + std::string(value);
  }
  static std::string version(int major, int minor, int build) {
    return le(major, 1) + le(minor, 1) + le(build, 2) + std::string("\0\0\0\x0f", 4);
  }

 private:
  std::uint32_t type_;
  std::vector<std::pair<bool, std::string>> parts_;
};

/// A server's challenge as Windows sends it.
inline std::string ntlm_challenge(std::string_view computer, std::string_view domain, int major, int minor,
                                  int build) {
  std::string dns = std::string(computer) + "." + std::string(domain) + ".example";
  const std::string info =
      NtlmsspBuilder::pair(2, wide(domain)) + NtlmsspBuilder::pair(1, wide(computer)) +
      NtlmsspBuilder::pair(4, wide(std::string(domain) + ".example")) + NtlmsspBuilder::pair(3, wide(dns)) +
      NtlmsspBuilder::pair(7, le(0x01dd000000000000ULL, 8)) + NtlmsspBuilder::pair(0, "");
  return NtlmsspBuilder(2)
      .field(wide(domain))
      .raw(le(0xe2898215, 4) + std::string("challeng") + std::string(8, '\0'))
      .field(info)
      .raw(NtlmsspBuilder::version(major, minor, build))
      .build();
}

/// A client's answer: `nt` and `lm` are the responses' bytes.
inline std::string ntlm_authenticate(std::string_view domain, std::string_view user,
                                     std::string_view workstation, const std::string& nt,
                                     const std::string& lm, std::uint32_t flags = 0xe2888215) {
  return NtlmsspBuilder(3)
      .field(lm)
      .field(nt)
      .field(wide(domain))
      .field(wide(user))
      .field(wide(workstation))
      .field("")
      .raw(le(flags, 4) + NtlmsspBuilder::version(6, 1, 7601))
      .build();
}

}  // namespace bedrail::test
