#include "dissect/tls/recognise.h"

#include "dissect/tls/records.h"
#include "format/tls_hello.h"

namespace bedrail::tls {
namespace {

/// Record header, handshake header and version of a hello.
constexpr std::size_t kHelloStart = 11;
constexpr std::uint32_t kMostHello = 1 << 16;

/// A hello of the side that sends it: type 1 of clients, 2 of servers.
Recognition hello(const Probe& probe, ByteReader reader) {
  if (reader.remaining() < kHelloStart - kRecordHeader) return Recognition::kMore;
  const std::uint8_t type = reader.u8();
  const std::uint32_t length = reader.be24();
  const std::uint16_t version = reader.be16();
  const std::uint8_t expected = probe.direction == Direction::kToServer ? 1 : 2;
  const bool fits = version >> 8 == 3 || version >> 8 == 0x7f;
  if (type == expected && fits && length >= 38 && length < kMostHello) return Recognition::kYes;
  // The middle of a handshake: certificates and what surrounds them.
  return probe.midstream && type >= 11 && type <= 22 && length < kMostHello ? Recognition::kMaybe
                                                                            : Recognition::kNo;
}

Recognition ssl2(const Probe& probe) {
  if (probe.direction != Direction::kToServer) return Recognition::kNo;
  ByteReader reader(probe.bytes);
  const std::uint16_t length = reader.be16() & 0x7fff;
  if (length < 9 + 3 + 16 || length > 0x3ff)
    return probe.bytes.size() < 2 ? Recognition::kMore : Recognition::kNo;
  if (probe.bytes.size() > 2 && std::to_integer<int>(probe.bytes[2]) != 1) return Recognition::kNo;
  if (reader.remaining() < length) return Recognition::kMore;
  Ssl2ClientHello hello;
  // Five lengths and a version that have to agree: no other protocol begins so by chance.
  return read_ssl2_client_hello(reader.bytes(length), hello) ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

Recognition recognise(const Probe& probe) {
  if (probe.bytes.empty()) return Recognition::kMore;
  if ((std::to_integer<unsigned>(probe.bytes[0]) & 0x80) != 0) return ssl2(probe);
  const std::string_view text = as_text(probe.bytes);
  if (text[0] < 0x14 || text[0] > 0x17 || (text.size() > 1 && text[1] != 3)) return Recognition::kNo;
  ByteReader reader(probe.bytes);
  if (reader.remaining() < kRecordHeader) return Recognition::kMore;
  const RecordHeader header = read_record_header(reader);
  if (!header.plausible()) return Recognition::kNo;
  switch (header.type) {
    case kHandshake:
      return hello(probe, reader);
    case kAlert:
      if (header.length == 2) {
        if (reader.remaining() < 2) return Recognition::kMore;
        const std::uint8_t level = reader.u8();
        return level == 1 || level == 2 ? Recognition::kMaybe : Recognition::kNo;
      }
      return probe.midstream && header.length <= 256 ? Recognition::kMaybe : Recognition::kNo;
    case kChangeCipherSpec:
      return probe.midstream && header.length == 1 ? Recognition::kMaybe : Recognition::kNo;
    default:
      return probe.midstream ? Recognition::kMaybe : Recognition::kNo;
  }
}

}  // namespace bedrail::tls
