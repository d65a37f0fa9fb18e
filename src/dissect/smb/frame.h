#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

namespace bedrail::smb {

/// Type and length before each message (RFC 1002, 4.3.1; MS-SMB2 2.1).
inline constexpr std::size_t kFrameHeader = 4;
inline constexpr std::uint8_t kSessionRequest = 0x81, kSessionAccepted = 0x82, kSessionRefused = 0x83,
                              kSessionKeepAlive = 0x85;
/// Two encoded names without a scope; with one they are longer, but not longer than this.
inline constexpr std::uint32_t kSessionRequestSize = 68, kMostSessionPacket = 576;

inline constexpr std::uint32_t kMagicSmb1 = 0xff534d42, kMagicSmb2 = 0xfe534d42, kMagicEncrypted = 0xfd534d42,
                               kMagicCompressed = 0xfc534d42;
/// The first four bytes of an SMB1, SMB2, encrypted or compressed message.
inline bool is_magic(std::uint32_t magic) {
  return magic == kMagicSmb1 || magic == kMagicSmb2 || magic == kMagicEncrypted || magic == kMagicCompressed;
}

/// Bytes that are enough to tell a frame's start: type, length, magic and an SMB2 header's own size.
inline constexpr std::size_t kFrameProbe = 10;
inline constexpr std::size_t kNoFrame = ~std::size_t{0};
/// Where, in the middle of a stream, the next frame seems to start; `kNoFrame` where nowhere.
std::size_t find_frame(Bytes bytes);

/// A NetBIOS name (RFC 1001, 14.1): 15 characters and a suffix that says whose name it is.
struct NetbiosName {
  std::array<char, 16> characters{};
  bool valid = false;

  /// Without the filling.
  [[nodiscard]] std::string_view text() const;
  /// A computer's own name (workstation 0x00 or server 0x20 service), not a placeholder.
  [[nodiscard]] bool is_computer() const;
};

/// The next first-level encoded name of a session request, with its scope skipped.
NetbiosName read_netbios_name(ByteReader& reader);

}  // namespace bedrail::smb
