#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/time.h"

namespace bedrail {

/// How a captured frame begins: the numbers of the "LINKTYPE_" registry (tcpdump.org).
enum class LinkType : std::uint16_t {
  kNull = 0,
  kEthernet = 1,
  kRaw = 101,  ///< an IP packet, version by its first nibble (12 and 14 are read as this)
  kIeee80211 = 105,
  kLoop = 108,
  kLinuxCooked = 113,
  kRadiotap = 127,
  kIpv4 = 228,
  kIpv6 = 229,
  kLinuxCooked2 = 276,
  kOther = 0xffff,  ///< counted as undecoded
};

/// One captured packet as a view. `data` stays valid until the reader's next `read()` call, or as long as
/// the reader's `hold()` is held.
struct RawPacket {
  Bytes data;
  std::uint32_t wire_length = 0;  ///< as it was on the wire; `data` may be cut by the snap length
  LinkType link = LinkType::kOther;
  Timestamp time;
  std::uint64_t frame = 0;  ///< 1-based in its file
  std::uint32_t file = 0;   ///< index of the file
};

}  // namespace bedrail
