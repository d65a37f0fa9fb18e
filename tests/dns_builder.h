#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bedrail::test {

/// Builds DNS messages for tests: names uncompressed, labels as given.
class DnsBuilder {
 public:
  enum Section : std::size_t { kQuestion = 0, kAnswer = 1, kAuthority = 2, kAdditional = 3 };

  explicit DnsBuilder(std::uint16_t flags, std::uint16_t id = 0x1234) : id_(id), flags_(flags) {}

  static std::string be16(unsigned value) {
    return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
  }
  static std::string be32(std::uint32_t value) { return be16(value >> 16) + be16(value & 0xffff); }
  /// A name from its labels; dots stay in them.
  static std::string name(const std::vector<std::string>& labels) {
    std::string out;
    for (const std::string& label : labels) out += static_cast<char>(label.size()) + label;
    return out + '\0';
  }
  /// A name from dotted text.
  static std::string name(std::string_view dotted) {
    std::vector<std::string> labels;
    while (!dotted.empty()) {
      const std::size_t dot = dotted.find('.');
      labels.emplace_back(dotted.substr(0, dot));
      dotted.remove_prefix(dot == std::string_view::npos ? dotted.size() : dot + 1);
    }
    return name(labels);
  }
  static std::string name(const char* dotted) { return name(std::string_view(dotted)); }
  /// A first-level encoded NetBIOS name with its length byte and end.
  static std::string netbios(std::string_view text, unsigned suffix) {
    std::string raw(text);
    raw.resize(15, ' ');
    raw.push_back(static_cast<char>(suffix));
    std::string label;
    for (const char c : raw) {
      label.push_back(static_cast<char>('A' + (static_cast<unsigned char>(c) >> 4)));
      label.push_back(static_cast<char>('A' + (c & 15)));
    }
    return name(std::vector<std::string>{label});
  }
  static std::string texts(const std::vector<std::string>& strings) {
    std::string out;
    for (const std::string& text : strings) out += static_cast<char>(text.size()) + text;
    return out;
  }
  static std::string service(unsigned port, std::string_view target) {
    return be32(0) + be16(port) + name(target);
  }

  /// `wire_name` as `name` makes it.
  DnsBuilder& ask(const std::string& wire_name, unsigned type, unsigned klass = 1) {
    return add(kQuestion, wire_name + be16(type) + be16(klass));
  }
  DnsBuilder& record(Section section, const std::string& wire_name, unsigned type, const std::string& data,
                     unsigned klass = 1, std::uint32_t ttl = 120) {
    return add(section, wire_name + be16(type) + be16(klass) + be32(ttl) +
                            be16(static_cast<unsigned>(data.size())) + data);
  }
  [[nodiscard]] std::string text() const {
    std::string out = be16(id_) + be16(flags_);
    for (const unsigned count : counts_) out += be16(count);
    for (const std::string& section : sections_) out += section;
    return out;
  }
  /// With the length before it, as over TCP (RFC 1035, 4.2.2).
  [[nodiscard]] std::string framed() const { return be16(static_cast<unsigned>(text().size())) + text(); }

 private:
  DnsBuilder& add(Section section, const std::string& bytes) {
    ++counts_[section];
    sections_[section] += bytes;
    return *this;
  }

  unsigned id_, flags_;
  unsigned counts_[4] = {0, 0, 0, 0};
  std::string sections_[4];
};

}  // namespace bedrail::test
