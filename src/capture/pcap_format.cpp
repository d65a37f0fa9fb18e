// The classic format: draft-ietf-opsawg-pcap, and the variant with 24-byte record headers.
#include <algorithm>
#include <array>

#include "base/byte_reader.h"
#include "capture/capture_format.h"

namespace bedrail {
namespace {

constexpr std::size_t kFileHeader = 24;

/// What the first four bytes say.
struct Magic {
  bool big = false;
  std::uint32_t unit = 1000;  ///< nanoseconds of one count of the fraction
  std::size_t record_header = 16;
};

std::optional<Magic> magic_of(Bytes head) {
  ByteReader reader(head);
  const FixedBytes<4> bytes = reader.fixed<4>();
  if (!reader.ok()) return {};
  const std::array<std::uint32_t, 2> values{bytes.le32<0>(), bytes.be32<0>()};
  for (const bool big : {false, true}) {
    switch (values[big ? 1 : 0]) {
      case 0xa1b2c3d4:
        return Magic{big, 1000, 16};
      case 0xa1b23c4d:
        return Magic{big, 1, 16};
      case 0xa1b2cd34:
        return Magic{big, 1000, 24};
      default:
        break;
    }
  }
  return {};
}

class PcapFormat final : public CaptureFormat {
 public:
  Parsed parse(Bytes window, std::span<RawPacket> out) override {
    if (!begun_) return header(window);
    const Parsed parsed = magic_.big ? records<true>(window, out) : records<false>(window, out);
    if (parsed.packets != 0 && link_types().empty()) note_link(link_number_);
    return parsed;
  }

 private:
  template <bool kBig>
  static std::uint32_t u32(const std::byte* at) {
    return kBig ? load_big<std::uint32_t>(at) : load_little<std::uint32_t>(at);
  }

  Parsed header(Bytes window) {
    Parsed parsed;
    parsed.unit = "file header";
    if (window.size() < kFileHeader) {
      parsed.wanted = kFileHeader;
      return parsed;
    }
    magic_ = magic_of(window).value_or(Magic{});
    const std::byte* at = window.data();
    const std::uint16_t major =
        magic_.big ? load_big<std::uint16_t>(at + 4) : load_little<std::uint16_t>(at + 4);
    const std::uint16_t minor =
        magic_.big ? load_big<std::uint16_t>(at + 6) : load_little<std::uint16_t>(at + 6);
    const std::uint32_t link = magic_.big ? u32<true>(at + 20) : u32<false>(at + 20);
    // The upper half tells the length of a frame check sequence, which the decoder finds by itself.
    link_number_ = static_cast<std::uint16_t>(link & 0xffff);
    link_ = link_type(link_number_);
    lengths_swapped_ = major == 2 && minor < 3;
    begun_ = true;
    parsed.consumed = kFileHeader;
    return parsed;
  }

  template <bool kBig>
  Parsed records(Bytes window, std::span<RawPacket> out) {
    Parsed parsed;
    const std::size_t header = magic_.record_header;
    const std::byte* at = window.data();
    std::size_t left = window.size();
    while (parsed.packets < out.size()) {
      if (left < header) {
        parsed.wanted = header;
        break;
      }
      const std::uint32_t seconds = u32<kBig>(at), fraction = u32<kBig>(at + 4);
      std::uint32_t captured = u32<kBig>(at + 8), wire = u32<kBig>(at + 12);
      if (lengths_swapped_) std::swap(captured, wire);
      if (captured > kMaxCapturedLength) {
        parsed.damage = "its captured length of " + std::to_string(captured) + " bytes cannot be";
        break;
      }
      if ((seconds | fraction | captured | wire) == 0) {
        parsed.damage = "only zeros follow, as in a file that was reserved and never filled";
        break;
      }
      if (left - header < captured) {
        parsed.wanted = header + captured;
        break;
      }
      RawPacket& packet = out[parsed.packets++];
      packet.data = {at + header, captured};
      packet.wire_length = std::max(captured, wire);
      packet.link = link_;
      packet.time.nanoseconds =
          std::int64_t{seconds} * kNanosecondsPerSecond + std::int64_t{fraction} * magic_.unit;
      at += header + captured;
      left -= header + captured;
    }
    parsed.consumed = window.size() - left;
    return parsed;
  }

  bool begun_ = false;
  Magic magic_;
  std::uint16_t link_number_ = 0;
  LinkType link_ = LinkType::kOther;
  /// Versions before 2.3 wrote the two lengths in the other order.
  bool lengths_swapped_ = false;
};

}  // namespace

bool is_pcap(Bytes head) { return magic_of(head).has_value(); }

std::unique_ptr<CaptureFormat> pcap_format() { return std::make_unique<PcapFormat>(); }

}  // namespace bedrail
