#include "dissect/smb/frame.h"

#include "base/text.h"

namespace bedrail::smb {

std::size_t find_frame(Bytes bytes) {
  const std::string_view text = as_text(bytes);
  for (std::size_t at = text.find("SMB", 5); at != std::string_view::npos; at = text.find("SMB", at + 1)) {
    const std::size_t start = at - 5;
    ByteReader reader(bytes.subspan(start));
    const std::uint8_t type = reader.u8();
    const std::uint32_t length = reader.be24();
    const std::uint32_t magic = reader.be32();
    const std::uint16_t size = reader.le16();
    // A frame that begins in the last few bytes is judged when more has come.
    if (!reader.ok() || type != 0) continue;
    if (magic == kMagicSmb1 && length >= 35 && length < 0x20000) return start;
    if (magic == kMagicSmb2 && length >= 64 && size == 64) return start;
    if (magic == kMagicEncrypted && length >= 52) return start;
  }
  return kNoFrame;
}

std::string_view NetbiosName::text() const { return trim(std::string_view(characters.data(), 15)); }

bool NetbiosName::is_computer() const {
  const std::string_view name = text();
  const auto suffix = static_cast<unsigned char>(characters[15]);
  return valid && (suffix == 0x00 || suffix == 0x20) && is_printable_ascii(name) && name.front() != '*' &&
         !equals_ignoring_case(name, "localhost");
}

NetbiosName read_netbios_name(ByteReader& reader) {
  NetbiosName name;
  if (reader.u8() != 32) {
    reader.fail();
    return name;
  }
  name.valid = true;
  for (char& character : name.characters) {
    const int high = reader.u8() - 'A';
    const int low = reader.u8() - 'A';
    if (high < 0 || high > 15 || low < 0 || low > 15) name.valid = false;
    character = static_cast<char>((high & 15) << 4 | (low & 15));
  }
  // The scope: labels up to an empty one.
  for (unsigned labels = 0; labels < 16; ++labels) {
    const std::uint8_t length = reader.u8();
    if (length == 0) break;
    reader.skip(length);
  }
  if (!reader.ok()) name.valid = false;
  return name;
}

}  // namespace bedrail::smb
