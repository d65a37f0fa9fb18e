#include "format/dhcp_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/text.h"

namespace bedrail {
namespace {

constexpr std::size_t kHexBytes = 128;
constexpr std::size_t kTextBytes = 512;
constexpr unsigned kMaxOptions = 16;

std::uint16_t number(ByteReader& reader, OptionWidth width) {
  return width == OptionWidth::kOne ? reader.u8() : reader.be16();
}

}  // namespace

std::string text_or_hex(Bytes value) {
  const std::string_view text = trim(as_text(value));
  if (is_printable_ascii(text)) return std::string(text.substr(0, kTextBytes));
  return to_hex(value.first(std::min(value.size(), kHexBytes)));
}

std::optional<std::string> wire_name(Bytes value) {
  ByteReader reader(value);
  std::string name;
  while (!reader.empty()) {
    const std::uint8_t length = reader.u8();
    if (length == 0) break;
    const std::string_view label = reader.text(length);
    // A name is at most 255 bytes (RFC 1035, section 2.3.4).
    if (length > 63 || !is_printable_ascii(label) || name.size() + length > 254) return std::nullopt;
    if (!name.empty()) name.push_back('.');
    name.append(label);
  }
  return name;
}

std::optional<std::string> counted_texts(Bytes value, OptionWidth width) {
  ByteReader reader(value);
  std::string texts;
  while (!reader.empty()) {
    const std::uint16_t length = number(reader, width);
    const Bytes text = reader.bytes(length);
    if (!reader.ok() || length == 0) return std::nullopt;
    if (texts.size() >= kTextBytes) continue;
    if (!texts.empty()) texts.push_back(',');
    texts.append(text_or_hex(text));
  }
  return texts;
}

std::string printable_options(Bytes value, OptionWidth width) {
  ByteReader reader(value);
  std::string out;
  for (unsigned count = 0; count < kMaxOptions && !reader.empty(); ++count) {
    const std::uint16_t code = number(reader, width);
    const std::uint16_t length = number(reader, width);
    const std::string_view text = trim(reader.text(length));
    if (!reader.ok()) break;
    if (!is_printable_ascii(text)) continue;
    fmt::format_to(std::back_inserter(out), "{}{}={}", out.empty() ? "" : ",", code, text);
  }
  return out;
}

}  // namespace bedrail
