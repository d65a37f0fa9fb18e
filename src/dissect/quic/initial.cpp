#include "dissect/quic/initial.h"

#include <algorithm>
#include <optional>

#include "base/hkdf.h"
#include "base/text.h"

namespace bedrail::quic {
namespace {

constexpr std::size_t kSample = 16, kTag = 16;
using Salt = std::array<std::uint8_t, 20>;

/// RFC 9001, 5.2; RFC 9369, 3.3.1; the same sections of the drafts.
constexpr Salt kSalt1 = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                         0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a};
constexpr Salt kSalt2 = {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
                         0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9};
constexpr Salt kSaltDraft29 = {0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
                               0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99};
constexpr Salt kSaltDraft23 = {0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
                               0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02};

/// The number of a draft; 0 where it is none.
unsigned draft_of(std::uint32_t version) { return (version & 0xffffff00) == kDrafts ? version & 0xff : 0; }

const Salt* salt_of(std::uint32_t version) {
  if (version == kVersion1) return &kSalt1;
  if (version == kVersion2) return &kSalt2;
  const unsigned draft = draft_of(version);
  if (draft >= 33 && draft <= 34) return &kSalt1;
  if (draft >= 29 && draft <= 32) return &kSaltDraft29;
  if (draft >= 23 && draft <= 28) return &kSaltDraft23;
  return nullptr;
}

struct Keys {
  AesKey key{}, header{};
  AesNonce nonce{};
};

bool derive(std::uint32_t version, const ConnectionId& first, Keys& out) {
  const Salt* salt = salt_of(version);
  if (salt == nullptr) return false;
  const std::string prefix = version == kVersion2 ? "quicv2 " : "quic ";
  const Sha256Digest initial = hkdf_extract(std::as_bytes(std::span(*salt)), first.bytes());
  Sha256Digest client{};
  return hkdf_expand_label(initial, "client in", client) &&
         hkdf_expand_label(client, prefix + "key", out.key) &&
         hkdf_expand_label(client, prefix + "iv", out.nonce) &&
         hkdf_expand_label(client, prefix + "hp", out.header);
}

LongHeader::Kind kind_of(std::uint32_t version, unsigned flags) {
  using Kind = LongHeader::Kind;
  constexpr Kind kOrder[] = {Kind::kInitial, Kind::kZeroRtt, Kind::kHandshake, Kind::kRetry};
  const unsigned type = flags >> 4 & 3;
  // Version 2 turned the order by one (RFC 9369, 3.2).
  return version == kVersion2 ? kOrder[(type + 3) & 3] : kOrder[type];
}

}  // namespace

std::string name_of(std::uint32_t version) {
  if (version == kVersion1) return "1";
  if (version == kVersion2) return "2";
  if (const unsigned draft = draft_of(version); draft != 0) return "draft-" + std::to_string(draft);
  // Google's own: "Q043", "T051".
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text.push_back(static_cast<char>(version >> shift & 0xff));
  const bool google = (text[0] == 'Q' || text[0] == 'T') &&
                      std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return google ? text : std::string();
}

bool can_open(std::uint32_t version) { return salt_of(version) != nullptr; }

std::uint64_t read_number(ByteReader& reader) {
  const unsigned octets = 1U << (reader.peek() >> 6);
  std::uint64_t out = reader.u8() & 0x3f;
  for (unsigned i = 1; i < octets; ++i) out = out << 8 | reader.u8();
  return reader.ok() ? out : 0;
}

ConnectionId ConnectionId::of(Bytes bytes) {
  ConnectionId out;
  out.size = static_cast<std::uint8_t>(std::min(bytes.size(), kMostId));
  std::copy_n(bytes.begin(), out.size, out.octets.begin());
  return out;
}

bool read_long_header(Bytes bytes, LongHeader& out) {
  ByteReader reader(bytes);
  const std::uint8_t flags = reader.u8();
  out.version = reader.be32();
  out.destination = reader.bytes(reader.u8());
  out.source = reader.bytes(reader.u8());
  if (!reader.ok() || (flags & 0x80) == 0) return false;
  if (out.destination.size() > kMostId || out.source.size() > kMostId) return false;
  if (out.version == 0) {
    out.kind = LongHeader::Kind::kNegotiation;
    return reader.remaining() > 0 && reader.remaining() % 4 == 0;
  }
  if ((flags & 0x40) == 0) return false;
  if (!can_open(out.version)) return !name_of(out.version).empty();
  out.kind = kind_of(out.version, flags);
  if (out.kind == LongHeader::Kind::kRetry) return true;
  if (out.kind == LongHeader::Kind::kInitial) {
    const std::uint64_t token = read_number(reader);
    if (token > reader.remaining()) return false;
    reader.skip(static_cast<std::size_t>(token));
  }
  const std::uint64_t length = read_number(reader);
  // A number, and enough behind it for the sample that hides it.
  if (!reader.ok() || length < 4 + kTag || length > reader.remaining()) return false;
  out.number_at = reader.position();
  out.size = reader.position() + static_cast<std::size_t>(length);
  return true;
}

bool open_initial(Bytes packet, const LongHeader& header, const ConnectionId& first,
                  std::vector<std::byte>& frames) {
  Keys keys;
  if (header.size == 0 || header.size > packet.size() || !derive(header.version, first, keys)) return false;
  packet = packet.first(header.size);
  AesBlock sample{};
  if (packet.size() < header.number_at + 4 + kSample) return false;
  std::copy_n(packet.begin() + static_cast<std::ptrdiff_t>(header.number_at) + 4, kSample, sample.begin());
  const AesBlock mask = aes128_block(keys.header, sample);
  std::vector<std::byte> open(packet.begin(),
                              packet.begin() + static_cast<std::ptrdiff_t>(header.number_at) + 4);
  open[0] ^= mask[0] & std::byte{0x0f};
  const std::size_t length = (std::to_integer<std::size_t>(open[0]) & 3) + 1;
  open.resize(header.number_at + length);
  for (std::size_t i = 0; i < length; ++i) {
    open[header.number_at + i] ^= mask[1 + i];
    // The number counts from the end of the nonce; the first packets' numbers are short.
    keys.nonce[keys.nonce.size() - length + i] ^= open[header.number_at + i];
  }
  const Bytes sealed = packet.subspan(header.number_at + length);
  if (sealed.size() < kTag) return false;
  frames.assign(sealed.size() - kTag, std::byte{0});
  return aes128_gcm_open(keys.key, keys.nonce, open, sealed, frames);
}

}  // namespace bedrail::quic
