#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

namespace bedrail::amqp {

/// What a peer says of itself when it greets; views into the frame.
struct Properties {
  std::string_view product, version, platform;
};
/// Reads a field table of AMQP 0-9-1 (4.2.5.5), as far as its types are known.
void read_table(ByteReader table, Properties& out);

/// What a connection's first frames hold in AMQP 1.0 (part 1, types; part 2, 2.7.1; part 5, 5.3.3).
struct Performative {
  std::uint64_t descriptor = 0;  ///< 0: none was read
  std::string_view container, host, mechanism;
  Bytes response;
  std::uint8_t outcome = 0;
  Properties properties;
  bool has_outcome = false;
};
inline constexpr std::uint64_t kOpen = 0x10, kSaslInit = 0x41, kSaslOutcome = 0x44;
bool read_performative(Bytes body, Performative& out);

}  // namespace bedrail::amqp
