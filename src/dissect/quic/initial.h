#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/aes.h"
#include "base/byte_reader.h"

namespace bedrail::quic {

/// Versions on the wire (RFC 9000, 15; RFC 9369, 3.1; drafts: 0xff0000xx).
inline constexpr std::uint32_t kVersion1 = 1, kVersion2 = 0x6b3343cf, kDrafts = 0xff000000;
inline constexpr std::size_t kMostId = 20;

/// "1", "2", "draft-29", "Q050"; empty for one that is not known.
std::string name_of(std::uint32_t version);
/// True where the first packets of the version can be opened.
bool can_open(std::uint32_t version);
/// True for a number that only keeps servers tolerant (RFC 9000, 15).
constexpr bool is_grease(std::uint32_t version) { return (version & 0x0f0f0f0f) == 0x0a0a0a0a; }

/// A 62-bit number of 1 to 8 octets (RFC 9000, 16).
std::uint64_t read_number(ByteReader& reader);

/// A connection's identifier; fixed size, so that it can be kept.
struct ConnectionId {
  std::array<std::byte, kMostId> octets{};
  std::uint8_t size = 0;

  static ConnectionId of(Bytes bytes);
  [[nodiscard]] Bytes bytes() const { return Bytes(octets).first(size); }
};

/// What stands open in a packet with a long header (RFC 8999, 5.1; RFC 9000, 17.2).
struct LongHeader {
  enum class Kind : std::uint8_t {
    kNegotiation,
    kInitial,
    kZeroRtt,
    kHandshake,
    kRetry,
    kOther
  } kind = Kind::kOther;
  std::uint32_t version = 0;
  Bytes destination, source;
  std::size_t number_at = 0;  ///< where an initial packet's hidden number starts
  std::size_t size = 0;       ///< of the packet in the datagram; 0: all that is left
};
/// Reads the header of the packet at the front; false where it has another form, or is cut.
bool read_long_header(Bytes bytes, LongHeader& out);

/// Opens a client's initial packet with the keys that follow from the identifier of its first one (RFC 9001,
/// 5.2 to 5.4). False where it does not authenticate.
bool open_initial(Bytes packet, const LongHeader& header, const ConnectionId& first,
                  std::vector<std::byte>& frames);

}  // namespace bedrail::quic
