#pragma once

#include <array>
#include <cstdint>

#include "base/byte_reader.h"
#include "dissect/smb/session.h"

namespace bedrail::smb {

/// SMB1 (MS-CIFS, MS-SMB): the few messages in which the two sides introduce themselves, and what is written
/// to and read from pipes. Stateless but for
/// the dialects that the client offered and whether the server asks for passwords in clear.
class Smb1 {
 public:
  static constexpr std::size_t kHeaderSize = 32;

  /// True where the whole message is worth reading; `header` holds at least `kHeaderSize` bytes from
  /// "\xffSMB" on.
  static bool wants(Bytes header, const Session& session);
  /// One message from "\xffSMB" on: whole where `wants` says so (or its first part, where it is very long),
  /// else its header at least.
  void read(Direction from, Bytes message, Session& session, Observer& out);

 private:
  struct Header {
    std::uint8_t command = 0, flags = 0;
    std::uint16_t flags2 = 0, user = 0, tree = 0;
    std::uint32_t status = 0;
    std::uint64_t id = 0;
    /// True where the message can carry what is written to or read from a pipe.
    [[nodiscard]] bool carries() const;
    [[nodiscard]] bool response() const { return (flags & 0x80) != 0; }
    [[nodiscard]] bool unicode() const { return (flags2 & 0x8000) != 0; }
  };
  /// One block of parameters and data; a message may chain several ("AndX"). `data` stands at the data's
  /// start and knows the offset from the header (text is aligned by it).
  struct Block {
    std::uint8_t word_count = 0;
    ByteReader words, data;
  };

  static Header read_header(ByteReader& reader);
  static bool read_block(Bytes message, std::size_t offset, Block& block);
  void negotiate_request(const Block& block);
  void negotiate_response(const Header& header, Block& block, Session& session, Observer& out);
  void session_request(const Header& header, Block& block, Session& session, Observer& out);
  void logon(const Header& header, Block& block, Session& session, Observer& out);
  static void session_response(const Header& header, Block& block, Session& session, Observer& out);
  static void pipe(const Header& header, Bytes message, Block& block, Session& session, Observer& out);
  static void tree(const Header& header, Block& block, Session& session, Observer& out);

  static constexpr std::uint8_t kNoDialect = 0xff;
  /// Places in the table of known dialects, in the order offered.
  std::array<std::uint8_t, 16> offered_{};
  std::uint8_t offered_count_ = 0;
  bool cleartext_ = false;
};

}  // namespace bedrail::smb
