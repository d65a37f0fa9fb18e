#pragma once

#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

namespace bedrail::sunrpc {

/// Programs (IANA, Remote Procedure Call program numbers).
inline constexpr std::uint32_t kPortmap = 100000, kNfs = 100003, kMount = 100005;
/// Flavours of proof (RFC 5531, 8.1; RFC 2203).
inline constexpr std::uint32_t kAuthNone = 0, kAuthSys = 1, kAuthGss = 6;

/// "nfs", "mount", ...; empty for a program that is not in the table.
std::string_view program_name(std::uint32_t program);

/// A call (RFC 5531, 9); views into the message.
struct Call {
  std::uint32_t id = 0, program = 0, version = 0, procedure = 0, flavour = 0;
  std::string_view machine;  ///< of AUTH_SYS: the caller's own name
  bool privacy = false;      ///< of RPCSEC_GSS: what follows is encrypted
  ByteReader arguments;
};
/// True only where the bytes can be nothing else; `front` may end behind the head.
bool read_call(Bytes bytes, Call& out);

/// A reply's head: whether it was carried out, and its results.
struct Reply {
  std::uint32_t id = 0;
  bool accepted = false;
  ByteReader results;
};
bool read_reply(Bytes bytes, Reply& out);

/// Text after its length, with what fills it up to four octets (RFC 4506, 4.11).
std::string_view read_text(ByteReader& reader, std::uint32_t most);

}  // namespace bedrail::sunrpc
