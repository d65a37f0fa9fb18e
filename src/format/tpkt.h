#pragma once

#include <cstdint>
#include <optional>

#include "base/byte_reader.h"

/// ISO transport over TCP: packets (TPKT, RFC 1006, 6) that each hold one transport unit (TPDU, ITU-T X.224,
/// 13).
namespace bedrail::tpkt {

inline constexpr std::uint32_t kHeader = 4;

/// A transport unit's kind: the high four bits of its code.
enum class Kind : std::uint8_t {
  kDisconnect = 0x80,
  kConnectConfirm = 0xd0,
  kConnectRequest = 0xe0,
  kError = 0x70,
  kData = 0xf0
};

/// The packet's whole size in bytes, header included; 0 where `bytes` are too few to tell; nothing where they
/// begin no packet.
inline std::optional<std::uint32_t> packet_size(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint8_t version = reader.peek(), reserved = reader.peek(1);
  if ((!bytes.empty() && version != 3) || reserved != 0) return std::nullopt;
  reader.skip(2);
  const std::uint16_t length = reader.be16();
  if (!reader.ok()) return 0;
  // The shortest unit is a data unit's header without data.
  if (length < kHeader + 3) return std::nullopt;
  return length;
}

/// One transport unit; views into the packet.
struct Unit {
  Kind kind = Kind::kData;
  std::uint16_t destination = 0, source = 0;  ///< references; zero for data
  std::uint8_t options = 0;                   ///< class and options of a connection
  Bytes variable;                             ///< the variable part of the header (its parameters)
  Bytes data;                                 ///< what follows the header
  bool last = true;                           ///< end of a transport service data unit (data only)
};

/// Reads the unit of a whole packet; nothing where its header does not fit.
inline std::optional<Unit> read_unit(Bytes packet) {
  ByteReader reader(packet);
  reader.skip(kHeader);
  ByteReader head = reader.slice(reader.u8());
  Unit unit;
  unit.kind = static_cast<Kind>(head.u8() & 0xf0);
  switch (unit.kind) {
    case Kind::kData:
      unit.last = (head.u8() & 0x80) != 0;
      break;
    case Kind::kConnectRequest:
    case Kind::kConnectConfirm:
    case Kind::kDisconnect:
      unit.destination = head.be16();
      unit.source = head.be16();
      unit.options = head.u8();
      break;
    case Kind::kError:
      unit.destination = head.be16();
      unit.options = head.u8();
      break;
    default:
      return std::nullopt;
  }
  if (!head.ok() || !reader.ok()) return std::nullopt;
  unit.variable = head.rest();
  unit.data = reader.rest();
  return unit;
}

}  // namespace bedrail::tpkt
