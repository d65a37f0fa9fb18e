#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/observation.h"

namespace bedrail {

/// The packet and field behind a statement, as the assessment shows it. A secret or patient's value is never
/// in here: `redacted` is set and `value` says "<redacted>".
struct Evidence {
  std::uint32_t file = 0;
  std::uint64_t frame = 0;
  Timestamp time;
  std::string protocol, field, value;
  bool redacted = false;
  friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// Evidence of an observation's packet.
inline Evidence evidence_of(const PacketRef& where, std::string_view protocol, std::string_view field,
                            std::string_view value) {
  return {where.file,         where.frame,        where.time, std::string(protocol),
          std::string(field), std::string(value), false};
}
/// The same for a value that must not be kept.
inline Evidence redacted_evidence(const PacketRef& where, std::string_view protocol, std::string_view field) {
  return {where.file, where.frame, where.time, std::string(protocol), std::string(field), "<redacted>", true};
}

}  // namespace bedrail
