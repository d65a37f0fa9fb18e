#pragma once

#include <cstdint>

#include "dissect/smb/session.h"

namespace bedrail::smb {

/// What the header of an SMB2 or SMB3 message says (MS-SMB2 2.2.1).
struct Smb2Header {
  static constexpr std::size_t kSize = 64;

  std::uint16_t structure_size = 0, command = 0;
  std::uint32_t status = 0, flags = 0, next = 0;
  std::uint32_t tree = 0;
  std::uint64_t message = 0, session = 0;

  [[nodiscard]] bool response() const { return (flags & 1) != 0; }
  /// True where the whole message is worth reading.
  [[nodiscard]] bool wants() const;
  /// True where the message can carry what is written to or read from a pipe.
  [[nodiscard]] bool carries() const;

  /// From at least `kSize` bytes, "\xfeSMB" first.
  static Smb2Header from(Bytes bytes);
};

/// SMB2 and SMB3: negotiation, session setup and tree connection. Keeps nothing.
class Smb2 {
 public:
  /// One message of a (possibly compound) frame from "\xfeSMB" on: whole where `header.wants()`, else the
  /// header.
  static void read(Direction from, const Smb2Header& header, Bytes message, Session& session, Observer& out);

 private:
  static void negotiate_request(Bytes message, Session& session, Observer& out);
  static void negotiate_contexts(Bytes message, std::uint32_t offset, unsigned count, Session& session,
                                 Observer& out);
  static void negotiate_response(Bytes message, Session& session, Observer& out);
  static void session_setup(const Smb2Header& header, Bytes message, Session& session, Observer& out);
  static void pipe(const Smb2Header& header, Bytes message, Session& session, Observer& out);
  static void tree_connect(const Smb2Header& header, Bytes message, Session& session, Observer& out);
};

}  // namespace bedrail::smb
