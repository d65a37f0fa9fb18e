#include "dissect/smb/smb2.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/smb/guid.h"

namespace bedrail::smb {
namespace {

constexpr std::uint16_t kNegotiate = 0, kSessionSetup = 1, kTreeConnect = 3;
constexpr std::uint16_t kRead = 8, kWrite = 9, kControl = 11;
/// MS-FSCC 2.3: a request written to a pipe and its answer read from it in one.
constexpr std::uint32_t kTransceive = 0x0011c017;
constexpr std::uint32_t kStatusMoreData = 0x80000005;
constexpr std::uint16_t kWildcard = 0x02ff;
constexpr std::uint16_t kNetNameContext = 5;
constexpr std::uint16_t kGuestSession = 1, kNullSession = 2;
constexpr std::size_t kTextLimit = 256;

/// "3.1.1" for 0x0311; empty for no dialect known.
std::string_view dialect_text(std::uint16_t dialect) {
  switch (dialect) {
    case 0x0202:
      return "2.0.2";
    case 0x0210:
      return "2.1";
    case 0x0300:
      return "3.0";
    case 0x0302:
      return "3.0.2";
    case 0x0311:
      return "3.1.1";
    default:
      return "";
  }
}

/// `length` bytes at `offset` from the header, or what is there of them; false where the offset lies outside.
bool slice(Bytes message, std::size_t offset, std::size_t length, Bytes& found) {
  if (offset > message.size()) return false;
  found = message.subspan(offset, std::min(length, message.size() - offset));
  return true;
}

}  // namespace

std::string guid_text(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint32_t a = reader.le32();
  const std::uint16_t b = reader.le16(), c = reader.le16(), d = reader.be16();
  const std::uint64_t e = std::uint64_t{reader.be16()} << 32 | reader.be32();
  if (!reader.ok() || (a == 0 && b == 0 && c == 0 && d == 0 && e == 0)) return {};
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", a, b, c, d, e);
}

bool Smb2Header::wants() const {
  return command == kNegotiate || command == kSessionSetup || command == kTreeConnect;
}

bool Smb2Header::carries() const { return command == kControl || command == (response() ? kRead : kWrite); }

Smb2Header Smb2Header::from(Bytes bytes) {
  ByteReader reader(bytes);
  Smb2Header h;
  reader.skip(4);
  h.structure_size = reader.le16();
  reader.skip(2);  // credit charge
  h.status = reader.le32();
  h.command = reader.le16();
  reader.skip(2);  // credits
  h.flags = reader.le32();
  h.next = reader.le32();
  h.message = reader.le64();
  reader.skip(4);  // the process, or half of an asynchronous number
  h.tree = reader.le32();
  h.session = reader.le64();
  return h;
}

void Smb2::read(Direction from, const Smb2Header& header, Bytes message, Session& session, Observer& out) {
  if (header.response() != (from == Direction::kToClient))
    return session.anomaly(Said::kReversed, "reversed-direction", out);
  if (header.response()) session.service(out);
  if (header.carries() && session.is_pipe_tree(header.tree)) return pipe(header, message, session, out);
  if (!header.wants()) return;
  switch (header.command) {
    case kNegotiate:
      if (!header.response()) return negotiate_request(message, session, out);
      if (header.status == kStatusSuccess) negotiate_response(message, session, out);
      return;
    case kSessionSetup:
      return session_setup(header, message, session, out);
    default:
      return tree_connect(header, message, session, out);
  }
}

/// MS-SMB2 2.2.20, 2.2.21, 2.2.31, 2.2.32: where in the message the pipe's bytes are.
void Smb2::pipe(const Smb2Header& header, Bytes message, Session& session, Observer& out) {
  if (header.response() && header.status != kStatusSuccess && header.status != kStatusMoreData) return;
  ByteReader reader(message);
  reader.skip(Smb2Header::kSize + 2);
  std::uint32_t offset = 0, length = 0;
  std::uint64_t file = 0;
  if (header.command == kRead) {
    offset = reader.u8();
    reader.skip(1);
    length = reader.le32();
  } else if (header.command == kWrite) {
    offset = reader.le16();
    length = reader.le32();
    reader.skip(8);
    file = reader.le64();
  } else {
    reader.skip(2);
    if (reader.le32() != kTransceive) return;
    file = reader.le64();
    reader.skip(8);
    if (header.response()) reader.skip(8);
    offset = reader.le32();
    length = reader.le32();
  }
  Bytes found;
  if (reader.ok() && slice(message, offset, length, found)) session.pipe(header.response(), file, found, out);
}

void Smb2::negotiate_request(Bytes message, Session& session, Observer& out) {
  ByteReader reader(message);
  reader.skip(Smb2Header::kSize + 2);
  const std::uint16_t dialects = reader.le16();
  reader.skip(2 + 2 + 4);  // security mode, reserved, capabilities
  const std::string guid = guid_text(reader.bytes(16));
  const std::uint32_t contexts_offset = reader.le32();
  const std::uint16_t contexts = reader.le16();
  reader.skip(2);
  if (!reader.ok()) return session.anomaly(Said::kTruncated, "truncated", out);
  if (!guid.empty() && session.first(Said::kClientGuid))
    out.clue(out.client(), "smb.client-guid", guid, Role::kClient);
  for (unsigned i = 0; i < dialects && i < 64 && reader.ok(); ++i) {
    // Only with this dialect are the bytes before the list a place and a count, not a time.
    if (reader.le16() == 0x0311) return negotiate_contexts(message, contexts_offset, contexts, session, out);
  }
}

void Smb2::negotiate_contexts(Bytes message, std::uint32_t offset, unsigned count, Session& session,
                              Observer& out) {
  ByteReader reader(message);
  reader.seek(offset);
  for (unsigned i = 0; i < count && i < 16 && reader.ok(); ++i) {
    const std::uint16_t type = reader.le16();
    const std::uint16_t length = reader.le16();
    reader.skip(4);
    const Bytes content = reader.bytes(length);
    if (!reader.ok()) break;
    if (type == kNetNameContext) session.called(utf16le_to_utf8(content, kTextLimit), out);
    // Each starts at a multiple of eight; the last has no filling behind it.
    if (i + 1 < count) reader.skip((8 - reader.position() % 8) % 8);
  }
  if (!reader.ok()) session.anomaly(Said::kBadOffset, "bad-offset", out);
}

void Smb2::negotiate_response(Bytes message, Session& session, Observer& out) {
  ByteReader reader(message);
  reader.skip(Smb2Header::kSize + 2);
  const std::uint16_t security = reader.le16();
  const std::uint16_t dialect = reader.le16();
  reader.skip(2);
  const std::string guid = guid_text(reader.bytes(16));
  if (!reader.ok()) return session.anomaly(Said::kTruncated, "truncated", out);
  if (!guid.empty() && session.first(Said::kServerGuid))
    out.clue(out.server(), "smb.server-guid", guid, Role::kServer);
  session.signing((security & 1) != 0, (security & 2) != 0, out);
  // The wildcard answers an SMB1 negotiation: "SMB2, ask again".
  if (dialect == kWildcard) return;
  const std::string_view text = dialect_text(dialect);
  if (!text.empty()) session.agreed(text, text, out);
}

void Smb2::session_setup(const Smb2Header& header, Bytes message, Session& session, Observer& out) {
  ByteReader reader(message);
  reader.skip(Smb2Header::kSize + 2);
  std::uint16_t session_flags = 0;
  if (header.response()) {
    session_flags = reader.le16();
  } else {
    reader.skip(1 + 1 + 4 + 4);  // flags, security mode, capabilities, channel
  }
  const std::uint16_t offset = reader.le16();
  const std::uint16_t length = reader.le16();
  // An error's body has another shape; only the status counts then.
  const bool plain =
      !header.response() || header.status == kStatusSuccess || header.status == kStatusMoreProcessing;
  if (plain) {
    Bytes blob;
    if (!reader.ok()) return session.anomaly(Said::kTruncated, "truncated", out);
    if (length > 0 && !slice(message, offset, length, blob))
      session.anomaly(Said::kBadOffset, "bad-offset", out);
    session.token(header.response() ? Direction::kToClient : Direction::kToServer, header.message, blob, out);
  }
  if (header.response()) {
    const bool guest = plain && (session_flags & (kGuestSession | kNullSession)) != 0;
    session.verdict(header.message, header.session, header.status, guest, out);
  }
}

void Smb2::tree_connect(const Smb2Header& header, Bytes message, Session& session, Observer& out) {
  ByteReader reader(message);
  reader.skip(Smb2Header::kSize + 2);
  if (header.response()) {
    const std::uint8_t type = reader.u8();
    constexpr std::uint8_t kDisk = 1, kPipe = 2;
    if (header.status != kStatusSuccess || !reader.ok()) return;
    session.tree_opened(header.session, type == kDisk, out);
    if (type == kPipe) session.pipe_tree(header.tree);
    return;
  }
  reader.skip(2);
  const std::uint16_t offset = reader.le16();
  const std::uint16_t length = reader.le16();
  Bytes path;
  if (!reader.ok()) return session.anomaly(Said::kTruncated, "truncated", out);
  if (!slice(message, offset, length, path)) return session.anomaly(Said::kBadOffset, "bad-offset", out);
  session.tree(utf16le_to_utf8(path, kTextLimit), out);
}

}  // namespace bedrail::smb
