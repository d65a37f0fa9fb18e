#pragma once

#include <vector>

#include "base/byte_reader.h"

namespace bedrail::tls {

/// Content types of records (RFC 8446, 5.1; RFC 6520).
inline constexpr std::uint8_t kChangeCipherSpec = 20, kAlert = 21, kHandshake = 22, kApplicationData = 23,
                              kHeartbeat = 24;
inline constexpr std::uint32_t kRecordHeader = 5;
/// RFC 5246, 6.2.3: 2^14 octets of content and 2048 that a cipher may add.
inline constexpr std::uint32_t kMostInRecord = 16384 + 2048;

struct RecordHeader {
  std::uint8_t type = 0;
  std::uint16_t version = 0, length = 0;

  /// A known type, a version of the family 3 and a length that may be.
  [[nodiscard]] bool plausible() const {
    return type >= kChangeCipherSpec && type <= kHeartbeat && version >> 8 == 3 && (version & 0xff) <= 4 &&
           length > 0 && length <= kMostInRecord;
  }
};
/// Zeros where `reader` holds less than a header.
RecordHeader read_record_header(ByteReader& reader);

/// Handshake octets, taken out of as many records as they are spread over.
struct Gathered {
  enum class Status : std::uint8_t {
    kWhole,
    kShort,   ///< `needed` octets of the stream make it worth another try
    kBroken,  ///< a record of another kind, or none, stands where the message should go on
  } status = Status::kShort;
  Bytes bytes;
  std::uint32_t needed = 0;
  std::uint32_t consumed = 0;     ///< octets of the stream up to the end of `bytes`
  std::uint16_t record_left = 0;  ///< what the last record still holds behind `bytes`
};
/// The next `count` octets of a handshake stream that starts with the last `record_left` octets of a record.
/// `bytes` of the result is a view into `stream`, or into `scratch` where more than one record holds them.
Gathered gather(Bytes stream, std::uint16_t record_left, std::uint32_t count,
                std::vector<std::byte>& scratch);

}  // namespace bedrail::tls
