#pragma once

#include <cstdint>
#include <string>

#include "base/byte_reader.h"

/// Tagged values of BACnet application data (ANSI/ASHRAE 135, clause 20.2).
namespace bedrail::bacnet {

/// Application tag numbers (20.2.1.4) that are read here.
enum class Type : std::uint8_t {
  kUnsigned = 2,
  kCharacterString = 7,
  kEnumerated = 9,
  kObjectIdentifier = 12,
};

/// One tag with its content.
struct Tag {
  std::uint8_t number = 0;
  bool context = false;                   ///< its number's meaning is the place's, not a type's
  bool opening = false, closing = false;  ///< brackets around further tags
  Bytes content;

  [[nodiscard]] bool is(Type type) const { return !context && number == static_cast<std::uint8_t>(type); }
  [[nodiscard]] bool is_context(std::uint8_t wanted) const {
    return context && !opening && !closing && number == wanted;
  }
  [[nodiscard]] bool opens(std::uint8_t wanted) const { return opening && number == wanted; }
  [[nodiscard]] bool closes(std::uint8_t wanted) const { return closing && number == wanted; }
  /// An unsigned number of up to four octets; 0 where it is none.
  [[nodiscard]] std::uint32_t number_value() const;
  /// A character string as UTF-8 (20.2.9); empty where it is none or in a character set that is not read.
  [[nodiscard]] std::string text_value() const;
};

/// The next tag; the reader fails where it does not fit.
Tag read_tag(ByteReader& reader);
/// Skips what stands between an opening tag that was just read and its closing tag.
void skip_to_closing(ByteReader& reader);

/// An object's type and instance (20.2.14).
struct ObjectId {
  std::uint16_t type = 0;
  std::uint32_t instance = 0;
};
inline constexpr std::uint16_t kDeviceObject = 8;
inline ObjectId object_id(std::uint32_t value) {
  return {static_cast<std::uint16_t>(value >> 22), value & 0x3fffff};
}

}  // namespace bedrail::bacnet
