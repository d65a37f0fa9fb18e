#include "format/dcerpc.h"

#include <fmt/format.h>

#include "base/text.h"

namespace bedrail::dcerpc {
namespace {

/// Numbers in the order that the header names.
struct Numbers {
  ByteReader reader;
  bool little;
  std::uint16_t u16() { return little ? reader.le16() : reader.be16(); }
  std::uint32_t u32() { return little ? reader.le32() : reader.be32(); }
  Uuid uuid() {
    const std::uint32_t a = u32();
    const std::uint16_t b = u16(), c = u16();
    Uuid out{};
    for (std::size_t i = 0; i < 4; ++i) out[i] = static_cast<std::uint8_t>(a >> (24 - 8 * i));
    out[4] = static_cast<std::uint8_t>(b >> 8);
    out[5] = static_cast<std::uint8_t>(b);
    out[6] = static_cast<std::uint8_t>(c >> 8);
    out[7] = static_cast<std::uint8_t>(c);
    for (std::size_t i = 8; i < out.size(); ++i) out[i] = reader.u8();
    return out;
  }
};

Numbers numbers(const Header& header, Bytes unit, std::size_t skipped) {
  Numbers out{ByteReader(unit), header.little};
  out.reader.skip(skipped);
  return out;
}

/// Protocol identifiers of a tower's floors (C706, appendix I).
constexpr std::uint8_t kFloorTcp = 0x07, kFloorUuid = 0x0d, kFloorPipe = 0x0f, kFloorPipeToo = 0x10,
                       kFloorNetbios = 0x11;
constexpr std::uint32_t kMostTower = 1024;
constexpr unsigned kMostFloors = 8;

std::string_view without_nul(std::string_view text) { return text.substr(0, text.find('\0')); }

std::optional<Tower> read_tower(Bytes octets) {
  ByteReader reader(octets);
  Tower out;
  const std::uint16_t floors = reader.le16();
  if (floors < 3 || floors > kMostFloors) return std::nullopt;
  for (unsigned i = 0; i < floors; ++i) {
    const Bytes left = reader.bytes(reader.le16());
    const Bytes right = reader.bytes(reader.le16());
    if (!reader.ok() || left.empty()) return std::nullopt;
    const auto protocol = std::to_integer<std::uint8_t>(left[0]);
    if (i == 0) {
      if (protocol != kFloorUuid || left.size() != 19) return std::nullopt;
      out.interface = Numbers{ByteReader(left.subspan(1)), true}.uuid();
    }
    if (protocol == kFloorTcp && right.size() == 2) out.tcp_port = ByteReader(right).be16();
    if (protocol == kFloorPipe || protocol == kFloorPipeToo) out.pipe = without_nul(as_text(right));
    if (protocol == kFloorNetbios) {
      out.netbios = without_nul(as_text(right));
      while (out.netbios.starts_with('\\')) out.netbios.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace

std::optional<Header> read_header(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint8_t major = reader.u8(), minor = reader.u8();
  Header out;
  const std::uint8_t type = reader.u8();
  out.flags = reader.u8();
  const std::uint8_t order = reader.u8(), floats = reader.u8();
  const std::uint16_t zero = reader.be16();
  Numbers rest{reader, (order & 0xf0) == 0x10};
  out.little = rest.little;
  out.length = rest.u16();
  out.auth_length = rest.u16();
  out.call = rest.u32();
  const bool order_known = order == 0x10 || order == 0x00;
  const bool type_known = type <= 3 ? type != 1 : type >= 11 && type <= 19;
  if (!rest.reader.ok() || major != 5 || minor > 1 || !order_known || floats > 3 || zero != 0 || !type_known)
    return std::nullopt;
  const std::uint32_t trailer = out.auth_length == 0 ? 0 : out.auth_length + 8U;
  if (out.length < kHeader + trailer) return std::nullopt;
  out.type = static_cast<Type>(type);
  return out;
}

std::string to_text(const Uuid& u) {
  return fmt::format(
      "{:02x}{:02x}{:02x}{:02x}-{:02x}{:02x}-{:02x}{:02x}-{:02x}{:02x}-{:02x}{:02x}{:02x}{:02x}{:02x}{:02x}",
      u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7], u[8], u[9], u[10], u[11], u[12], u[13], u[14], u[15]);
}

std::optional<Offers> read_bind(const Header& header, Bytes unit) {
  Numbers in = numbers(header, unit, kHeader + 8);
  const std::uint8_t count = in.reader.u8();
  in.reader.skip(3);
  Offers out;
  for (unsigned i = 0; i < count; ++i) {
    Offers::Offer offer;
    offer.context = in.u16();
    const std::uint8_t syntaxes = in.reader.u8();
    in.reader.skip(1);
    offer.interface = in.uuid();
    in.reader.skip(4 + std::size_t{20} * syntaxes);
    if (!in.reader.ok()) return std::nullopt;
    if (out.count < kMostContexts) out.offers[out.count++] = offer;
  }
  if (!in.reader.ok() || count == 0) return std::nullopt;
  return out;
}

std::optional<Results> read_bind_ack(const Header& header, Bytes unit) {
  Numbers in = numbers(header, unit, kHeader + 8);
  in.reader.skip(in.u16());
  in.reader.skip((4 - in.reader.position() % 4) % 4);
  const std::uint8_t count = in.reader.u8();
  in.reader.skip(3);
  Results out;
  for (unsigned i = 0; i < count; ++i) {
    const std::uint16_t result = in.u16();
    in.reader.skip(22);
    if (!in.reader.ok()) return std::nullopt;
    if (out.count < kMostContexts) out.accepted[out.count++] = result == 0;
  }
  if (!in.reader.ok()) return std::nullopt;
  return out;
}

std::optional<Call> read_request(const Header& header, Bytes front) {
  Numbers in = numbers(header, front, kHeader + 4);
  Call out;
  out.context = in.u16();
  out.operation = in.u16();
  out.stub = kHeader + 8 + (header.has_object() ? 16 : 0);
  if (!in.reader.ok()) return std::nullopt;
  return out;
}

std::optional<Call> read_response(const Header& header, Bytes front) {
  Numbers in = numbers(header, front, kHeader + 4);
  Call out;
  out.context = in.u16();
  out.stub = kHeader + 8;
  if (!in.reader.ok()) return std::nullopt;
  return out;
}

std::optional<Security> read_security(const Header& header, Bytes unit) {
  if (header.auth_length == 0 || unit.size() < header.length) return std::nullopt;
  ByteReader reader(unit.first(header.length));
  reader.skip(std::size_t{header.length} - header.auth_length - 8);
  Security out;
  out.type = reader.u8();
  out.level = reader.u8();
  reader.skip(6);
  out.token = reader.bytes(header.auth_length);
  if (!reader.ok()) return std::nullopt;
  return out;
}

std::optional<Tower> next_tower(const Header& header, Bytes stub, std::size_t& at) {
  // Each is an array of octets with its size before it, once as the most and once as the actual number; what
  // stands between them (handles, pointers, annotations) has no form that could be taken for one.
  for (; at + 8 < stub.size(); at += 4) {
    Numbers in{ByteReader(stub.subspan(at)), header.little};
    const std::uint32_t most = in.u32(), length = in.u32();
    if (most != length || length < 24 || length > kMostTower) continue;
    const Bytes octets = in.reader.bytes(length);
    if (!in.reader.ok()) continue;
    const auto tower = read_tower(octets);
    if (!tower) continue;
    at += 8 + (length + 3) / 4 * 4;
    return tower;
  }
  return std::nullopt;
}

std::optional<std::string> next_binding(Bytes stub, std::size_t& at) {
  // COMVERSION, a pointer, the array's size; then its numbers of entries before and of security bindings.
  constexpr std::size_t kArray = 16;
  constexpr std::uint16_t kTcp = 7, kNetbios = 8;
  if (at == 0) at = kArray;
  ByteReader reader(stub);
  reader.seek(at);
  const std::uint16_t tower = reader.le16();
  if (!reader.ok() || (tower != kTcp && tower != kNetbios)) return std::nullopt;
  const std::size_t start = reader.position();
  std::size_t units = 0;
  while (reader.ok() && reader.le16() != 0) ++units;
  if (!reader.ok() || units > 300) return std::nullopt;
  at = reader.position();
  return utf16le_to_utf8(stub.subspan(start, units * 2));
}

}  // namespace bedrail::dcerpc
