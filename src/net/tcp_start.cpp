#include "net/tcp_start.h"

#include <array>
#include <string_view>

#include "base/byte_reader.h"

namespace bedrail {
namespace {

/// TCP option kinds (IANA); the place in `kNames` is what is kept.
enum : std::uint8_t {
  kEnd = 0,
  kNop = 1,
  kSegmentSize = 2,
  kWindowScale = 3,
  kSackPermitted = 4,
  kTimestamps = 8
};
constexpr std::array<std::string_view, 8> kNames = {"", "nop", "mss", "ws", "sok", "ts", "eol", "other"};
constexpr unsigned kMost = 8;

std::uint32_t code_of(std::uint8_t kind) {
  switch (kind) {
    case kNop:
    case kSegmentSize:
    case kWindowScale:
    case kSackPermitted:
      return kind;
    case kTimestamps:
      return 5;
    case kEnd:
      return 6;
    default:
      return 7;
  }
}

}  // namespace

TcpStart tcp_start_of(std::uint16_t window, Bytes options, std::uint8_t ttl) {
  TcpStart out;
  out.present = true;
  out.window = window;
  out.ttl = ttl;
  ByteReader reader(options);
  for (unsigned place = 0; place < kMost && reader.remaining() > 0; ++place) {
    const std::uint8_t kind = reader.u8();
    out.options |= code_of(kind) << (4 * place);
    if (kind == kEnd) break;
    if (kind == kNop) continue;
    const std::uint8_t length = reader.u8();
    if (length < 2) break;
    ByteReader value(reader.bytes(length - std::size_t{2}));
    if (!reader.ok()) break;
    if (kind == kSegmentSize && length == 4) out.segment_size = value.be16();
    if (kind == kWindowScale && length == 3) out.window_scale = value.u8();
  }
  return out;
}

std::string to_string(const TcpStart& start) {
  const unsigned from = start.ttl <= 32 ? 32 : start.ttl <= 64 ? 64 : start.ttl <= 128 ? 128 : 255;
  std::string out = "ttl=" + std::to_string(from) + " win=" + std::to_string(start.window) +
                    " mss=" + std::to_string(start.segment_size) +
                    " ws=" + std::to_string(start.window_scale) + " opt=";
  for (unsigned place = 0; place < kMost; ++place) {
    const std::uint32_t code = start.options >> (4 * place) & 15;
    if (code == 0) break;
    if (place != 0) out += ',';
    out += kNames[code];
  }
  return out;
}

}  // namespace bedrail
