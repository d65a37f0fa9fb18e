#include "dissect/rdp/conference.h"

#include <fmt/format.h>

#include "base/byte_reader.h"
#include "base/text.h"

namespace bedrail::rdp {
namespace {

constexpr std::uint16_t kClientCore = 0xc001, kServerCore = 0x0c01, kServerSecurity = 0x0c02;
constexpr std::size_t kNameSize = 32;
constexpr unsigned kMostBlocks = 32;

/// The user data blocks behind `key`: T.124 wraps them in packed encoding, where only the key and the length
/// (one octet, or two whose first bit is set) are of interest (MS-RDPBCGR 4.1.3).
std::optional<ByteReader> blocks(Bytes data, std::uint8_t application, std::string_view key) {
  // T.125: [APPLICATION 101] and 102 need two identifier octets.
  if (data.size() < 2 || data[0] != std::byte{0x7f} || data[1] != std::byte{application}) return std::nullopt;
  const std::size_t at = as_text(data).find(key);
  if (at == std::string_view::npos) return std::nullopt;
  ByteReader reader(data.subspan(at + key.size()));
  const std::uint16_t length =
      (reader.peek() & 0x80) != 0 ? static_cast<std::uint16_t>(reader.be16() & 0x7fff) : reader.u8();
  ByteReader inner = reader.slice(length);
  if (!reader.ok()) return std::nullopt;
  return inner;
}

/// The next block's type and content; false at the end or where a block reaches past it.
bool next_block(ByteReader& reader, std::uint16_t& type, ByteReader& content) {
  if (reader.empty()) return false;
  type = reader.le16();
  const std::uint16_t length = reader.le16();
  if (!reader.ok() || length < 4) return false;
  content = reader.slice(length - 4U);
  return reader.ok();
}

}  // namespace

std::optional<ClientCore> read_client_core(Bytes data) {
  auto reader = blocks(data, 0x65, "Duca");
  if (!reader) return std::nullopt;
  std::uint16_t type = 0;
  ByteReader content;
  for (unsigned i = 0; i < kMostBlocks && next_block(*reader, type, content); ++i) {
    if (type != kClientCore) continue;
    ClientCore core;
    core.version = content.le32();
    content.skip(12);  // the desktop's size, colours, the keyboard's layout
    core.build = content.le32();
    core.name = utf16le_to_utf8(content.bytes(kNameSize));
    if (!content.ok()) return std::nullopt;
    return core;
  }
  return std::nullopt;
}

std::optional<ServerData> read_server_data(Bytes data) {
  auto reader = blocks(data, 0x66, "McDn");
  if (!reader) return std::nullopt;
  ServerData out;
  bool core = false;
  std::uint16_t type = 0;
  ByteReader content;
  for (unsigned i = 0; i < kMostBlocks && next_block(*reader, type, content); ++i) {
    if (type == kServerCore) {
      out.version = content.le32();
      core = content.ok();
    } else if (type == kServerSecurity) {
      out.method = content.le32();
      out.has_security = content.ok();
    }
  }
  if (!core) return std::nullopt;
  return out;
}

std::string version_text(std::uint32_t version) {
  constexpr std::uint32_t kFour = 0x00080001, kFive = 0x00080004, kTen = 0x00080005, kLast = 0x00080013;
  if (version == kFour) return "4";
  if (version == kFive) return "5";
  if (version >= kTen && version <= kLast) return fmt::format("10.{}", version - kTen);
  return fmt::format("0x{:08x}", version);
}

std::string_view encryption_text(std::uint32_t method) {
  switch (method) {
    case 0:
      return "none";
    case 1:
      return "rc4-40";
    case 2:
      return "rc4-128";
    case 8:
      return "rc4-56";
    case 16:
      return "fips";
    default:
      return "other";
  }
}

}  // namespace bedrail::rdp
