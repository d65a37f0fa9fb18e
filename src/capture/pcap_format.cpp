// The classic format: draft-ietf-opsawg-pcap, and the variant with longer record headers.
#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/byte_reader.h"
#include "capture/capture_format.h"

namespace bedrail {
namespace {

constexpr std::size_t kFileHeader = 24;
constexpr std::size_t kShortHeader = 16, kLongHeader = 24;  ///< of a record

/// Seconds between two neighbouring records of a file that makes sense: ten years, for clocks that were set
/// meanwhile.
constexpr std::int64_t kLargestStep = 10LL * 365 * 86400;

/// What the first four bytes say.
struct Magic {
  bool big = false;
  std::uint32_t unit = 1000;  ///< nanoseconds of one count of the fraction
  std::size_t record_header = kShortHeader;
};

std::optional<Magic> magic_of(Bytes head) {
  ByteReader reader(head);
  const FixedBytes<4> bytes = reader.fixed<4>();
  if (!reader.ok()) return {};
  const std::array<std::uint32_t, 2> values{bytes.le32<0>(), bytes.be32<0>()};
  for (const bool big : {false, true}) {
    switch (values[big ? 1 : 0]) {
      case 0xa1b2c3d4:
        return Magic{big, 1000, kShortHeader};
      case 0xa1b23c4d:
        return Magic{big, 1, kShortHeader};
      case 0xa1b2cd34:
        return Magic{big, 1000, kLongHeader};
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
    if (!settled_) {
      const Parsed ahead = magic_.big ? settle<true>(window) : settle<false>(window);
      if (!settled_) return ahead;
    }
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

  /// Some writers of 24-byte record headers kept the common magic, so the second record decides: where it
  /// makes no sense after the declared header and does after the other, the other it is.
  template <bool kBig>
  Parsed settle(Bytes window) {
    Parsed parsed;
    const std::uint32_t captured = window.size() < kShortHeader ? 0 : u32<kBig>(window.data() + 8);
    const std::size_t sight = 2 * kLongHeader + std::min(captured, kMaxCapturedLength);
    if (window.size() < sight && asked_ < sight) {
      parsed.wanted = asked_ = sight;
      parsed.optional = true;
      return parsed;
    }
    const std::size_t other = kShortHeader + kLongHeader - magic_.record_header;
    const auto declared_fit = fits<kBig>(window, magic_.record_header + captured);
    const auto other_fit = fits<kBig>(window, other + captured);
    if (!declared_fit.value_or(true) && other_fit.value_or(false)) magic_.record_header = other;
    settled_ = true;
    return parsed;
  }
  /// Whether a record, or the end of the file, may lie at `offset`; empty where the window does not reach it.
  template <bool kBig>
  std::optional<bool> fits(Bytes window, std::size_t offset) const {
    if (window.size() == offset) return true;
    if (window.size() < offset + kShortHeader) return {};
    const std::byte* at = window.data() + offset;
    const std::uint32_t captured = u32<kBig>(at + 8);
    const std::int64_t step = std::int64_t{u32<kBig>(at)} - u32<kBig>(window.data());
    return std::abs(step) < kLargestStep && u32<kBig>(at + 4) < kNanosecondsPerSecond / magic_.unit &&
           captured <= kMaxCapturedLength && captured <= u32<kBig>(at + 12);
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
      // The fraction is a signed number to some writers whose clock was set back: -1 us of the second that
      // began.
      packet.time.nanoseconds = std::int64_t{seconds} * kNanosecondsPerSecond +
                                std::int64_t{static_cast<std::int32_t>(fraction)} * magic_.unit;
      at += header + captured;
      left -= header + captured;
    }
    parsed.consumed = window.size() - left;
    return parsed;
  }

  bool begun_ = false;
  bool settled_ = false;
  std::size_t asked_ = 0;
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
