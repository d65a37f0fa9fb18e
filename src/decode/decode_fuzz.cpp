// Frames of any link type through the decoder and the defragmenter. Input: link type, then frames, each with
// a length of two bytes in front.
#include "base/byte_reader.h"
#include "decode/defragmenter.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bedrail;
  static constexpr LinkType kLinks[] = {LinkType::kEthernet,    LinkType::kNull,     LinkType::kRaw,
                                        LinkType::kIeee80211,   LinkType::kLoop,     LinkType::kIpv4,
                                        LinkType::kLinuxCooked, LinkType::kRadiotap, LinkType::kIpv6,
                                        LinkType::kLinuxCooked2};
  ByteReader reader(std::as_bytes(std::span(data, size)));
  const LinkType link = kLinks[reader.u8() % std::size(kLinks)];
  Defragmenter fragments(Defragmenter::Limits{.max_datagrams = 8, .max_bytes = 100000});
  std::uint64_t frame = 0;
  while (!reader.empty()) {
    const std::uint16_t length = reader.be16();
    RawPacket raw{
        reader.bytes(std::min<std::size_t>(length & 0x7fff, reader.remaining())), 0, link, {}, ++frame, 0};
    raw.wire_length = static_cast<std::uint32_t>(raw.data.size()) + ((length & 0x8000) != 0 ? 100U : 0U);
    raw.time.nanoseconds = static_cast<std::int64_t>(frame) * kNanosecondsPerSecond;
    Packet packet;
    decode(raw, packet);
    const auto inside = [&](Bytes part) {
      return part.empty() || (part.data() >= raw.data.data() &&
                              part.data() + part.size() <= raw.data.data() + raw.data.size());
    };
    if (!inside(packet.payload) || !inside(packet.tcp_options) ||
        packet.payload.size() > packet.payload_length)
      __builtin_trap();
    if (packet.content != Packet::Content::kFragment) continue;
    const RawPacket whole = fragments.add(raw, packet);
    if (whole.data.empty()) continue;
    decode(whole, packet);
    if (packet.content == Packet::Content::kFragment) __builtin_trap();
  }
  return 0;
}
