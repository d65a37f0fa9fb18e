#include "dissect/smb/smb1.h"

#include <algorithm>
#include <string>

#include "base/text.h"
#include "dissect/smb/guid.h"

namespace bedrail::smb {
namespace {

constexpr std::uint8_t kTransaction = 0x25, kReadAndX = 0x2e, kWriteAndX = 0x2f, kNegotiate = 0x72,
                       kSessionSetup = 0x73, kTreeConnect = 0x75, kNoAndX = 0xff;
/// MS-CIFS 2.2.5.6: a request written to a pipe and its answer read from it in one.
constexpr std::uint16_t kTransact = 0x26;
constexpr std::uint32_t kExtendedSecurity = 0x80000000;
constexpr std::size_t kTextLimit = 256;

/// Every dialect that clients are known to offer (MS-CIFS 1.7, Samba's and Windows' lists).
constexpr std::string_view kDialects[] = {"PC NETWORK PROGRAM 1.0",
                                          "PCLAN1.0",
                                          "XENIX CORE",
                                          "MICROSOFT NETWORKS 1.03",
                                          "MICROSOFT NETWORKS 3.0",
                                          "LANMAN1.0",
                                          "LM1.2X002",
                                          "DOS LM1.2X002",
                                          "DOS LANMAN2.1",
                                          "LANMAN2.1",
                                          "Windows for Workgroups 3.1a",
                                          "Samba",
                                          "NT LANMAN 1.0",
                                          "NT LM 0.12",
                                          "CIFS",
                                          "POSIX 2",
                                          "SMB 2.002",
                                          "SMB 2.???"};

void wipe(std::string& text) {
  volatile char* at = text.data();
  for (std::size_t i = 0; i < text.size(); ++i) at[i] = 0;
}

/// The next text, up to its NUL or the end; Unicode text begins at an even offset from the header.
std::string next_text(ByteReader& reader, bool unicode) {
  if (unicode && reader.position() % 2 != 0) reader.skip(1);
  const Bytes rest = reader.rest();
  std::size_t size = 0;
  if (unicode) {
    while (size + 1 < rest.size() && (rest[size] != std::byte{0} || rest[size + 1] != std::byte{0}))
      size += 2;
    reader.skip(std::min(size + 2, rest.size()));
    return utf16le_to_utf8(rest.first(std::min(size, rest.size())), kTextLimit);
  }
  while (size < rest.size() && rest[size] != std::byte{0}) ++size;
  reader.skip(std::min(size + 1, rest.size()));
  return clean_text(as_text(rest.first(size)), kTextLimit);
}

}  // namespace

bool Smb1::Header::carries() const {
  return command == kTransaction || command == kReadAndX || command == kWriteAndX;
}

bool Smb1::wants(Bytes bytes, const Session& session) {
  ByteReader reader(bytes);
  const Header header = read_header(reader);
  return header.command == kNegotiate || header.command == kSessionSetup || header.command == kTreeConnect ||
         (header.carries() && session.is_pipe_tree(header.tree));
}

Smb1::Header Smb1::read_header(ByteReader& reader) {
  Header h;
  reader.skip(4);
  h.command = reader.u8();
  h.status = reader.le32();
  h.flags = reader.u8();
  h.flags2 = reader.le16();
  const std::uint64_t process_high = reader.le16();
  reader.skip(8 + 2);  // signature, reserved
  h.tree = reader.le16();
  const std::uint64_t process = reader.le16();
  h.user = reader.le16();
  h.id = process_high << 32 | process << 16 | reader.le16();
  return h;
}

bool Smb1::read_block(Bytes message, std::size_t offset, Block& block) {
  ByteReader reader(message);
  reader.seek(offset);
  block.word_count = reader.u8();
  block.words = reader.slice(std::size_t{block.word_count} * 2);
  const std::uint16_t count = reader.le16();
  if (!reader.ok()) return false;
  // A very long message is cut before its end; the texts of its first part are still good.
  const std::size_t end = std::min<std::size_t>(reader.position() + count, message.size());
  block.data = ByteReader(message.first(end));
  block.data.seek(reader.position());
  return true;
}

void Smb1::read(Direction from, Bytes message, Session& session, Observer& out) {
  ByteReader reader(message);
  const Header header = read_header(reader);
  if (!reader.ok()) return session.anomaly(Said::kTruncated, "truncated", out);
  if (header.response() != (from == Direction::kToClient)) {
    // The server may ask a client to give up a lock; anything else means that the ends are taken for each
    // other.
    if (header.response()) session.anomaly(Said::kReversed, "reversed-direction", out);
    return;
  }
  if (header.carries() && session.is_pipe_tree(header.tree)) {
    if (header.response()) session.agreed("1", "", out);
    Block block;
    if (read_block(message, kHeaderSize, block)) pipe(header, message, block, session, out);
    return;
  }
  if (!wants(message, session)) {
    if (header.response()) session.agreed("1", "", out);
    return;
  }
  std::uint8_t command = header.command;
  std::size_t offset = kHeaderSize;
  for (unsigned i = 0; i < 4 && command != kNoAndX; ++i) {
    Block block;
    if (!read_block(message, offset, block)) return session.anomaly(Said::kTruncated, "truncated", out);
    std::size_t next = 0;
    std::uint8_t next_command = kNoAndX;
    if (command != kNegotiate && block.word_count >= 2) {
      next_command = block.words.u8();
      block.words.skip(1);
      next = block.words.le16();
    }
    if (command == kNegotiate) {
      header.response() ? negotiate_response(header, block, session, out) : negotiate_request(block);
    } else if (command == kSessionSetup) {
      header.response() ? session_response(header, block, session, out)
                        : session_request(header, block, session, out);
    } else if (command == kTreeConnect) {
      tree(header, block, session, out);
    } else {
      return;
    }
    // Each block must lie behind the one before it: a chain cannot loop.
    if (next_command != kNoAndX && next <= offset)
      return session.anomaly(Said::kBadOffset, "bad-offset", out);
    command = next_command;
    offset = next;
  }
}

void Smb1::negotiate_request(const Block& block) {
  ByteReader reader = block.data;
  offered_count_ = 0;
  while (reader.u8() == 0x02 && reader.ok() && offered_count_ < offered_.size()) {
    const std::string name = next_text(reader, false);
    const auto* found = std::find(std::begin(kDialects), std::end(kDialects), name);
    offered_[offered_count_++] =
        found == std::end(kDialects) ? kNoDialect : static_cast<std::uint8_t>(found - std::begin(kDialects));
  }
}

void Smb1::negotiate_response(const Header& header, Block& block, Session& session, Observer& out) {
  if (block.word_count == 0) return;
  const std::uint16_t index = block.words.le16();
  if (header.status != kStatusSuccess) return;
  session.service(out);
  if (index == 0xffff) return;  // no dialect in common
  std::string_view dialect;
  if (index < offered_count_ && offered_[index] != kNoDialect) dialect = kDialects[offered_[index]];
  if (dialect.empty() && block.word_count == 17) dialect = "NT LM 0.12";  // the only one with this answer
  session.agreed("1", dialect, out);
  const std::uint8_t security = block.words.u8();
  if (block.word_count >= 13) cleartext_ = (security & 0x02) == 0;
  if (block.word_count != 17) return;
  session.signing((security & 0x04) != 0, (security & 0x08) != 0, out);
  block.words.skip(2 + 2 + 4 + 4 + 4);  // limits, session key
  const std::uint32_t capabilities = block.words.le32();
  block.words.skip(8 + 2);
  const std::uint8_t challenge = block.words.u8();
  if ((capabilities & kExtendedSecurity) != 0) {
    const std::string guid = guid_text(block.data.bytes(16));
    if (!guid.empty() && session.first(Said::kServerGuid))
      out.clue(out.server(), "smb.server-guid", guid, Role::kServer);
    return;
  }
  block.data.skip(challenge);
  // These two are not aligned (MS-CIFS 2.2.4.52.2), so the reader starts anew behind the challenge.
  ByteReader names(block.data.rest());
  const std::string domain = next_text(names, header.unicode());
  const std::string server = next_text(names, header.unicode());
  if (!block.data.ok() || !session.first(Said::kServerNtlm)) return;
  out.name(out.server(), "smb", server);
  if (!domain.empty() && !equals_ignoring_case(domain, server))
    out.clue(out.server(), "ntlm.domain", domain, Role::kServer);
}

void Smb1::session_request(const Header& header, Block& block, Session& session, Observer& out) {
  if (block.word_count != 12) return logon(header, block, session, out);
  block.words.skip(2 + 2 + 2 + 4);  // limits, circuit, session key
  const std::uint16_t length = block.words.le16();
  const Bytes blob = block.data.bytes(std::min<std::size_t>(length, block.data.remaining()));
  session.token(Direction::kToServer, header.id, blob, out);
  const std::string os = next_text(block.data, header.unicode());
  const std::string lan_manager = next_text(block.data, header.unicode());
  session.native(Direction::kToServer, os, lan_manager, out);
}

/// Session setup without a security token: the responses (or the passwords) stand in the message itself.
void Smb1::logon(const Header& header, Block& block, Session& session, Observer& out) {
  if (block.word_count != 10 && block.word_count != 13) return;
  block.words.skip(2 + 2 + 2 + 4);
  const std::uint16_t oem_length = block.words.le16();
  const std::uint16_t wide_length = block.word_count == 13 ? block.words.le16() : 0;
  const Bytes oem = block.data.bytes(oem_length);
  const Bytes wide = block.data.bytes(wide_length);
  std::string account = next_text(block.data, header.unicode());
  (void)next_text(block.data, header.unicode());  // the account's domain
  const std::string os = next_text(block.data, header.unicode());
  const std::string lan_manager = next_text(block.data, header.unicode());
  if (!block.data.ok()) {
    wipe(account);
    return session.anomaly(Said::kBadOffset, "bad-offset", out);
  }
  if (account.empty() && oem_length <= 1 && wide_length <= 1) {
    session.attempt(header.id, Mechanism::kAnonymous);
  } else if (cleartext_) {
    std::string password =
        wide_length > 0 ? utf16le_to_utf8(wide, kTextLimit) : clean_text(as_text(oem), kTextLimit);
    session.attempt_plain(header.id, account, password);
    wipe(password);
  } else if (wide_length > 24) {
    session.attempt(header.id, Mechanism::kNtlmV2);
  } else if (wide_length == 24) {
    session.attempt(header.id, Mechanism::kNtlmV1);
  } else if (oem_length == 24) {
    session.attempt(header.id, Mechanism::kLmV1);
  }
  wipe(account);
  session.native(Direction::kToServer, os, lan_manager, out);
}

void Smb1::session_response(const Header& header, Block& block, Session& session, Observer& out) {
  session.agreed("1", "", out);
  const bool guest = block.word_count >= 3 && (block.words.le16() & 1) != 0;
  if (block.word_count == 4) {
    const std::uint16_t length = block.words.le16();
    const Bytes blob = block.data.bytes(std::min<std::size_t>(length, block.data.remaining()));
    session.token(Direction::kToClient, header.id, blob, out);
  }
  if (block.word_count >= 3) {
    const std::string os = next_text(block.data, header.unicode());
    const std::string lan_manager = next_text(block.data, header.unicode());
    session.native(Direction::kToClient, os, lan_manager, out);
  }
  session.verdict(header.id, header.user, header.status, guest, out);
}

/// MS-CIFS 2.2.4.33, 2.2.4.42, 2.2.4.43: where in the message the pipe's bytes are.
void Smb1::pipe(const Header& header, Bytes message, Block& block, Session& session, Observer& out) {
  ByteReader& words = block.words;
  std::size_t offset = 0, length = 0;
  std::uint16_t file = 0;
  if (header.command == kTransaction) {
    words.skip(header.response() ? 12 : 22);
    length = words.le16();
    offset = words.le16();
    words.skip(2);
    if (!header.response() && words.le16() == kTransact) file = words.le16();
    if (!header.response() && file == 0) return;
  } else if (header.command == kReadAndX) {
    if (!header.response()) return;
    words.skip(10);
    length = words.le16();
    offset = words.le16();
  } else {
    if (header.response()) return;
    constexpr std::uint16_t kRawStart = 0x000c;
    words.skip(4);
    file = words.le16();
    words.skip(8);
    const std::uint16_t mode = words.le16();
    words.skip(4);
    length = words.le16();
    offset = words.le16();
    // The first of a raw message says its length in front.
    const std::size_t skip = (mode & kRawStart) == kRawStart ? std::min<std::size_t>(2, length) : 0;
    offset += skip;
    length -= skip;
  }
  ByteReader reader(message);
  reader.seek(offset);
  const Bytes found = reader.bytes(length);
  if (words.ok() && reader.ok()) session.pipe(header.response(), file, found, out);
}

void Smb1::tree(const Header& header, Block& block, Session& session, Observer& out) {
  if (header.response()) {
    // The service's name comes first, always in ASCII: "A:" is a disk.
    if (header.status != kStatusSuccess || block.word_count < 2) return;
    const std::string service = next_text(block.data, false);
    session.tree_opened(header.user, service == "A:", out);
    if (service == "IPC") session.pipe_tree(header.tree);
    return;
  }
  if (block.word_count != 4) return;
  block.words.skip(2);
  block.data.skip(block.words.le16());  // a share's password
  if (!block.data.ok()) return session.anomaly(Said::kBadOffset, "bad-offset", out);
  session.tree(next_text(block.data, header.unicode()), out);
}

}  // namespace bedrail::smb
