#pragma once

#include <string>

#include "base/byte_reader.h"

namespace bedrail {

/// A civic address (RFC 4776, 3.1, as LLDP-MED carries it: length, what, country, then elements) as one text
/// in the order in which it was sent: "DE, Building B, floor 3, room 12". Fails the reader where an element
/// is cut.
std::string civic_text(ByteReader& reader);

}  // namespace bedrail
