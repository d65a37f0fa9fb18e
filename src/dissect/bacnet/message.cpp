#include "message.h"

namespace bedrail::bacnet {
namespace {

constexpr std::uint8_t kNpduVersion = 1;
/// Control octet (6.2.2): a router's message; a destination or source of another network is given.
constexpr std::uint8_t kNetworkMessage = 0x80, kDestination = 0x20, kSource = 0x08, kReserved = 0x50;

bool read_npdu(ByteReader& reader, Message& out) {
  const std::uint8_t version = reader.u8(), control = reader.u8();
  if (version != kNpduVersion || (control & kReserved) != 0) return false;
  if ((control & kDestination) != 0) {
    reader.skip(2);
    reader.skip(reader.u8());
  }
  if ((control & kSource) != 0) {
    out.from_behind = true;
    out.source_network = reader.be16();
    out.source_address = reader.bytes(reader.u8());
    // A source is one device: neither all networks nor a broadcast (6.2.2).
    if (out.source_network == 0 || out.source_network == 0xffff || out.source_address.empty()) return false;
  }
  if ((control & kDestination) != 0) reader.skip(1);  // hop count
  out.network_message = (control & kNetworkMessage) != 0;
  out.body = reader.rest();
  return reader.ok() && !out.body.empty();
}

}  // namespace

bool carries_network_message(Bvlc function) {
  return function == Bvlc::kForwarded || function == Bvlc::kBroadcastToNetwork ||
         function == Bvlc::kUnicast || function == Bvlc::kBroadcast;
}

std::optional<Message> read_message(Bytes datagram) {
  ByteReader reader(datagram);
  const std::uint8_t type = reader.u8(), function = reader.u8();
  const std::uint16_t length = reader.be16();
  if (!reader.ok() || type != kBvlcType || function > static_cast<std::uint8_t>(Bvlc::kSecure) ||
      length < reader.position())
    return std::nullopt;
  Message out;
  out.exact = length == datagram.size();
  out.function = static_cast<Bvlc>(function);
  if (!carries_network_message(out.function)) return out;
  if (out.function == Bvlc::kForwarded) {
    out.original = IpAddress::from(reader.bytes(4));
    out.original_port = reader.be16();
  }
  if (!read_npdu(reader, out)) return std::nullopt;
  return out;
}

std::optional<Apdu> read_apdu(Bytes body) {
  ByteReader reader(body);
  const std::uint8_t first = reader.u8();
  Apdu out;
  if (first >> 4 > static_cast<std::uint8_t>(Pdu::kAbort)) return std::nullopt;
  out.pdu = static_cast<Pdu>(first >> 4);
  out.segmented = (first & 8) != 0;
  switch (out.pdu) {
    case Pdu::kConfirmedRequest:
      reader.skip(1);  // what the sender can take
      out.invoke = reader.u8();
      break;
    case Pdu::kUnconfirmedRequest:
      out.segmented = false;
      break;
    case Pdu::kComplexAck:
      out.invoke = reader.u8();
      break;
    case Pdu::kSimpleAck:
    case Pdu::kError:
      out.segmented = false;
      out.invoke = reader.u8();
      break;
    case Pdu::kSegmentAck:
    case Pdu::kReject:
    case Pdu::kAbort:
      out.segmented = false;
      out.invoke = reader.u8();
      out.data = reader.rest();
      return reader.ok() ? std::optional(out) : std::nullopt;
  }
  if (out.segmented) {
    out.sequence = reader.u8();
    reader.skip(1);  // window
  }
  out.service = reader.u8();
  out.data = reader.rest();
  return reader.ok() ? std::optional(out) : std::nullopt;
}

}  // namespace bedrail::bacnet
