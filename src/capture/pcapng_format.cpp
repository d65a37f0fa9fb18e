// The block format: draft-ietf-opsawg-pcapng.
#include <algorithm>

#include "base/byte_reader.h"
#include "capture/capture_format.h"
#include "capture/pcapng_clock.h"

namespace bedrail {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a, kByteOrderMagic = 0x1a2b3c4d;
constexpr std::uint32_t kInterface = 1, kObsoletePacket = 2, kSimplePacket = 3, kStatistics = 5, kPacket = 6;
/// The largest block that is looked into; others are passed over whatever their length.
constexpr std::uint32_t kMaxBlock = 4 * 1024 * 1024;
constexpr std::size_t kMaxInterfaces = 65536;
constexpr std::size_t kBlockFrame = 12;  ///< type and the length, before and after

constexpr std::uint16_t kOptionEnd = 0, kOptionResolution = 9, kOptionOffset = 14;
constexpr std::uint16_t kOptionInterfaceDrops = 5, kOptionSystemDrops = 7;

struct Interface {
  std::uint16_t link_number = 0;
  LinkType link = LinkType::kOther;
  bool noted = false;
  std::uint32_t snap_length = 0;  ///< 0: none
  PcapngClock clock;
  std::uint64_t drops = 0;
};

/// Numbers in the section's byte order.
class OrderedReader {
 public:
  OrderedReader(Bytes bytes, bool big) : reader_(bytes), big_(big) {}
  std::uint16_t u16() { return big_ ? reader_.be16() : reader_.le16(); }
  std::uint32_t u32() { return big_ ? reader_.be32() : reader_.le32(); }
  std::uint64_t u64() { return big_ ? reader_.be64() : reader_.le64(); }
  /// Clocks and counters are two words, the upper one first in both orders.
  std::uint64_t high_low() {
    const std::uint64_t high = u32();
    return high << 32 | u32();
  }
  ByteReader& bytes() { return reader_; }

 private:
  ByteReader reader_;
  bool big_;
};

/// Calls `see(code, value)` for every whole option.
template <typename See>
void for_each_option(ByteReader& reader, bool big, const See& see) {
  while (reader.remaining() >= 4) {
    const std::uint16_t code = big ? reader.be16() : reader.le16();
    const std::uint16_t length = big ? reader.be16() : reader.le16();
    const Bytes value = reader.bytes(length);
    reader.skip(-length & 3);
    if (code == kOptionEnd || value.size() != length) return;
    see(code, value);
  }
}

class PcapngFormat final : public CaptureFormat {
 public:
  Parsed parse(Bytes window, std::span<RawPacket> out) override {
    Parsed parsed;
    out_ = out;
    while (parsed.packets < out.size() && parsed.damage.empty()) {
      if (!block(window.subspan(parsed.consumed), parsed)) break;
    }
    return parsed;
  }
  [[nodiscard]] std::uint64_t drops() const override {
    std::uint64_t sum = earlier_drops_;
    for (const Interface& interface : interfaces_) sum += interface.drops;
    return sum;
  }

 private:
  std::uint32_t u32(const std::byte* at) const {
    return big_ ? load_big<std::uint32_t>(at) : load_little<std::uint32_t>(at);
  }
  static bool want(Parsed& parsed, std::size_t bytes, const char* unit) {
    parsed.wanted = bytes;
    parsed.unit = unit;
    return false;
  }
  static bool damage(Parsed& parsed, std::string why) {
    parsed.damage = std::move(why);
    return false;
  }

  /// Deals with the block at the front of `window`; false where parsing pauses or ends.
  bool block(Bytes window, Parsed& parsed) {
    if (open_length_ != 0) return close_passed(window, parsed);
    if (window.size() < kBlockFrame) return want(parsed, kBlockFrame, "block");
    const std::byte* at = window.data();
    const std::uint32_t type = u32(at);
    if (type == kSectionHeader) {
      if (!section(window, parsed)) return false;
    } else if (!in_section_) {
      return damage(parsed, "no section header comes first");
    }
    const std::uint32_t length = u32(at + 4);
    if (length < kBlockFrame || length % 4 != 0) {
      return damage(parsed, "a block's length of " + std::to_string(length) + " bytes cannot be");
    }
    const bool packet = type == kPacket || type == kSimplePacket || type == kObsoletePacket;
    if (!packet && type != kInterface && type != kStatistics) return pass_over(window, length, parsed);
    if (length > kMaxBlock) {
      return damage(parsed, "a block's length of " + std::to_string(length) + " bytes cannot be");
    }
    if (window.size() < length) return want(parsed, length, packet ? "packet" : "block");
    if (!same_length(at + length - 4, length, parsed)) return false;
    const Bytes body = window.subspan(8, length - kBlockFrame);
    if (!(packet ? read_packet(type, body, parsed) : describe(type, body, parsed))) return false;
    parsed.consumed += length;
    return true;
  }

  bool same_length(const std::byte* trailer, std::uint32_t length, Parsed& parsed) const {
    if (u32(trailer) == length) return true;
    return damage(parsed, "a block's two lengths differ (" + std::to_string(length) + " and " +
                              std::to_string(u32(trailer)) + ")");
  }

  /// A block nothing is taken from: its bytes need not come into view.
  bool pass_over(Bytes window, std::uint32_t length, Parsed& parsed) {
    if (window.size() >= length) {
      if (!same_length(window.data() + length - 4, length, parsed)) return false;
      parsed.consumed += length;
      return true;
    }
    // Packets found before it go out first: passing over ends their views.
    if (parsed.packets != 0) return want(parsed, length, "block");
    parsed.skip = length - 4;
    parsed.unit = "block";
    open_length_ = length;
    return false;
  }
  bool close_passed(Bytes window, Parsed& parsed) {
    parsed.inside = true;
    if (window.size() < 4) return want(parsed, 4, "block");
    if (!same_length(window.data(), open_length_, parsed)) return false;
    open_length_ = 0;
    parsed.consumed += 4;
    return true;
  }

  /// A section's byte order; it ends the interfaces of the one before.
  bool section(Bytes window, Parsed& parsed) {
    if (window.size() < 16) return want(parsed, 16, "section header");
    const std::byte* at = window.data();
    if (load_little<std::uint32_t>(at + 8) == kByteOrderMagic) {
      big_ = false;
    } else if (load_big<std::uint32_t>(at + 8) == kByteOrderMagic) {
      big_ = true;
    } else {
      return damage(parsed, "a section header has no byte order");
    }
    const std::uint16_t major = big_ ? load_big<std::uint16_t>(at + 12) : load_little<std::uint16_t>(at + 12);
    if (major != 1) {
      return damage(parsed, "a section of pcapng version " + std::to_string(major) + ", which is unknown");
    }
    earlier_drops_ = drops();
    interfaces_.clear();
    in_section_ = true;
    return true;
  }

  bool describe(std::uint32_t type, Bytes body, Parsed& parsed) {
    return type == kInterface ? add_interface(body, parsed) : statistics(body);
  }

  bool add_interface(Bytes body, Parsed& parsed) {
    if (interfaces_.size() == kMaxInterfaces) return damage(parsed, "more than 65536 interfaces");
    OrderedReader reader(body, big_);
    Interface interface;
    interface.link_number = reader.u16();
    interface.link = link_type(interface.link_number);
    reader.bytes().skip(2);
    interface.snap_length = reader.u32();
    if (!reader.bytes().ok()) return damage(parsed, "an interface description is too short");
    std::uint8_t resolution = 6;
    std::int64_t offset = 0;
    for_each_option(reader.bytes(), big_, [&](std::uint16_t code, Bytes value) {
      if (code == kOptionResolution && value.size() == 1) resolution = static_cast<std::uint8_t>(value[0]);
      if (code == kOptionOffset && value.size() == 8) {
        offset = static_cast<std::int64_t>(OrderedReader(value, big_).u64());
      }
    });
    interface.clock = PcapngClock(resolution, offset);
    interfaces_.push_back(interface);
    return true;
  }

  /// The counters are totals since the start, so an interface's last block stands.
  bool statistics(Bytes body) {
    OrderedReader reader(body, big_);
    const std::uint32_t id = reader.u32();
    reader.bytes().skip(8);
    if (!reader.bytes().ok() || id >= interfaces_.size()) return true;
    std::uint64_t drops = 0;
    bool told = false;
    for_each_option(reader.bytes(), big_, [&](std::uint16_t code, Bytes value) {
      if ((code != kOptionInterfaceDrops && code != kOptionSystemDrops) || value.size() != 8) return;
      drops += OrderedReader(value, big_).u64();
      told = true;
    });
    if (told) interfaces_[id].drops = drops;
    return true;
  }

  bool read_packet(std::uint32_t type, Bytes body, Parsed& parsed) {
    OrderedReader reader(body, big_);
    std::uint32_t id = 0, captured = 0;
    std::uint64_t ticks = 0;
    RawPacket& packet = out_[parsed.packets];
    if (type == kSimplePacket) {
      packet.wire_length = reader.u32();
    } else {
      id = type == kPacket ? reader.u32() : reader.u16();
      if (type == kObsoletePacket) reader.bytes().skip(2);
      ticks = reader.high_low();
      captured = reader.u32();
      packet.wire_length = reader.u32();
    }
    if (!reader.bytes().ok()) return damage(parsed, "its block is too short");
    if (id >= interfaces_.size()) {
      return damage(parsed, "it names interface " + std::to_string(id) + ", which was not described");
    }
    Interface& interface = interfaces_[id];
    if (type == kSimplePacket) {
      captured = packet.wire_length;
      if (interface.snap_length != 0) captured = std::min(captured, interface.snap_length);
    } else {
      last_time_ = interface.clock.time(ticks);
    }
    if (captured > kMaxCapturedLength || captured > reader.bytes().remaining()) {
      return damage(parsed, "its captured length of " + std::to_string(captured) + " bytes cannot be");
    }
    packet.data = reader.bytes().bytes(captured);
    packet.wire_length = std::max(packet.wire_length, captured);
    packet.link = interface.link;
    packet.time = last_time_;
    if (!interface.noted) note_link(interface.link_number);
    interface.noted = true;
    ++parsed.packets;
    return true;
  }

  std::span<RawPacket> out_;
  bool big_ = false;
  bool in_section_ = false;
  std::uint32_t open_length_ = 0;  ///< of the block being passed over, whose second length is still to come
  std::vector<Interface> interfaces_;
  std::uint64_t earlier_drops_ = 0;
  Timestamp last_time_;
};

}  // namespace

bool is_pcapng(Bytes head) {
  ByteReader reader(head);
  if (reader.le32() != kSectionHeader || !reader.ok()) return false;
  reader.skip(4);
  const FixedBytes<4> magic = reader.fixed<4>();
  // A file that ends within its first twelve bytes is taken for a cut one.
  return !reader.ok() || magic.le32<0>() == kByteOrderMagic || magic.be32<0>() == kByteOrderMagic;
}

std::unique_ptr<CaptureFormat> pcapng_format() { return std::make_unique<PcapngFormat>(); }

}  // namespace bedrail
