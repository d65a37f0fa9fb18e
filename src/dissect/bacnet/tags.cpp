#include "tags.h"

#include "base/text.h"

namespace bedrail::bacnet {
namespace {

constexpr unsigned kNestingLimit = 16;
/// Longest text that is kept; the observer cuts further.
constexpr std::size_t kTextLimit = 512;

std::string latin1_to_utf8(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kTextLimit)) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80) {
      out.push_back(c);
    } else {
      out.push_back(static_cast<char>(0xc0 | octet >> 6));
      out.push_back(static_cast<char>(0x80 | (octet & 0x3f)));
    }
  }
  return out;
}

}  // namespace

std::uint32_t Tag::number_value() const {
  if (content.size() > 4) return 0;
  std::uint32_t value = 0;
  for (const std::byte b : content) value = value << 8 | static_cast<std::uint8_t>(b);
  return value;
}

std::string Tag::text_value() const {
  ByteReader reader(content);
  switch (reader.u8()) {
    case 0:  // UTF-8; before 2008: ASCII
      return std::string(as_text(reader.rest()).substr(0, kTextLimit));
    case 1:  // a code page: its ASCII half is common to all
      reader.skip(2);
      return is_printable_ascii(as_text(reader.rest())) ? std::string(as_text(reader.rest())) : std::string();
    case 4:  // UCS-2
      return utf16be_to_utf8(reader.rest(), kTextLimit);
    case 5:  // ISO 8859-1
      return latin1_to_utf8(as_text(reader.rest()));
    default:
      return {};
  }
}

Tag read_tag(ByteReader& reader) {
  Tag tag;
  const std::uint8_t first = reader.u8();
  tag.number = first >> 4;
  tag.context = (first & 8) != 0;
  if (tag.number == 15) tag.number = reader.u8();
  std::uint32_t length = first & 7;
  if (tag.context && length >= 6) {
    tag.opening = length == 6;
    tag.closing = length == 7;
    return tag;
  }
  // A boolean's value stands in its length (20.2.3).
  if (!tag.context && tag.number == 1) return tag;
  if (length == 5) {
    length = reader.u8();
    if (length == 254)
      length = reader.be16();
    else if (length == 255)
      length = reader.be32();
  } else if (length > 5) {
    reader.fail();
  }
  tag.content = reader.bytes(length);
  return tag;
}

void skip_to_closing(ByteReader& reader) {
  unsigned depth = 1;
  while (depth > 0 && reader.ok()) {
    const Tag tag = read_tag(reader);
    if (tag.opening && ++depth > kNestingLimit) reader.fail();
    if (tag.closing) --depth;
  }
}

}  // namespace bedrail::bacnet
