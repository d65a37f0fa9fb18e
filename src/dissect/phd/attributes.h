#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

namespace bedrail::phd {

/// What kind of device a standard configuration belongs to (IEEE 11073-104xx): "pulse-oximeter"; empty for a
/// device's own configurations (0x4000 and more) and those not known.
std::string_view standard_configuration(std::uint16_t id);

/// What a device says of itself: a clue's key and its text, a view into the message.
struct Attribute {
  std::string_view key, text;
};
struct Attributes {
  std::array<Attribute, 16> list{};
  std::size_t count = 0;
  bool whole = true;  ///< false where the list is cut or malformed

  void add(std::string_view key, std::string_view text) {
    if (!key.empty() && !text.empty() && count < list.size()) list[count++] = {key, text};
  }
};

/// Reads an attribute list of the device itself (IEEE 11073-20601, 6.3.2): maker, model, production
/// specification and specialisations.
Attributes read_attributes(ByteReader reader);

}  // namespace bedrail::phd
