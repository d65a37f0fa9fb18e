#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/byte_reader.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::string_view kClues[] = {"rtp.payload"};

/// RFC 3550, 5.1: version 2, no padding, no extension, no sources beside the first.
constexpr std::uint8_t kPlain = 0x80;
constexpr std::size_t kHeader = 12;
/// So many datagrams of one source with numbers that follow each other are no chance.
constexpr std::uint8_t kEnough = 4;
/// So many that do not follow are.
constexpr std::uint8_t kTooMany = 12;

/// A payload type of fixed meaning (RFC 3551, 6) and the size that its content is a multiple of.
struct Payload {
  std::uint8_t type;
  std::string_view name;
  std::size_t unit;
};
constexpr Payload kPayloads[] = {{0, "PCMU", 80}, {3, "GSM", 33},   {4, "G723", 4},   {8, "PCMA", 80},
                                 {9, "G722", 80}, {18, "G729", 10}, {33, "MP2T", 188}};

struct Header {
  const Payload* payload = nullptr;
  std::uint16_t sequence = 0;
  std::uint32_t source = 0;
};

/// Nothing where the datagram is no RTP of these payloads.
std::optional<Header> read_header(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint8_t flags = reader.u8(), type = reader.u8();
  Header out;
  out.sequence = reader.be16();
  reader.skip(4);  // time
  out.source = reader.be32();
  if (!reader.ok() || flags != kPlain || out.source == 0 || reader.empty()) return std::nullopt;
  const auto* found = std::find_if(std::begin(kPayloads), std::end(kPayloads),
                                   [&](const Payload& p) { return p.type == (type & 0x7f); });
  if (found == std::end(kPayloads) || reader.remaining() % found->unit != 0) return std::nullopt;
  // A transport stream's packets begin with their mark.
  if (found->type == 33 && reader.peek() != 0x47) return std::nullopt;
  out.payload = found;
  return out;
}

/// Sound and pictures in the Real-time Transport Protocol, seen as such.
class RtpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    Side& side = sides_[static_cast<std::size_t>(direction)];
    const auto header = read_header(bytes);
    if (!header) {
      // Comfort noise and tones in between are other payloads of the same source.
      if (++odd_ > kTooMany) return Progress::failed();
      return Progress::all(bytes);
    }
    // A mirror may give it twice.
    if (side.count > 0 && header->source == side.source && header->sequence == side.sequence)
      return Progress::all(bytes);
    const bool follows = side.count > 0 && header->source == side.source &&
                         static_cast<std::uint16_t>(header->sequence - side.sequence) == 1;
    side.count = follows ? static_cast<std::uint8_t>(std::min(side.count + 1, 255)) : 1;
    side.source = header->source;
    side.sequence = header->sequence;
    if (!follows && !side.told && ++odd_ > kTooMany) return Progress::failed();
    if (side.count >= kEnough && !side.told) {
      side.told = true;
      const Party who = direction == Direction::kToServer ? out.client() : out.server();
      out.used(who, "rtp", "2");
      out.clue(who, "rtp.payload", header->payload->name);
    }
    return sides_[0].told && sides_[1].told ? Progress::done() : Progress::all(bytes);
  }

 private:
  struct Side {
    std::uint32_t source = 0;
    std::uint16_t sequence = 0;
    std::uint8_t count = 0;
    bool told = false;
  };
  std::array<Side, 2> sides_;
  std::uint8_t odd_ = 0;
};

/// Both ends speak from ports that are even and not of the system (RFC 3550, 11).
bool ports_fit(const Probe& probe) {
  constexpr std::uint16_t kFirstFree = 1024;
  return probe.client_port >= kFirstFree && probe.server_port >= kFirstFree && probe.client_port % 2 == 0 &&
         probe.server_port % 2 == 0;
}

Recognition recognise(const Probe& probe) {
  return ports_fit(probe) && read_header(probe.bytes) ? Recognition::kMaybe : Recognition::kNo;
}

}  // namespace

const DissectorInfo& rtp_dissector() {
  static constexpr DissectorInfo kInfo = with_state<RtpDissector>({.name = "rtp",
                                                                   .title = "Real-time Transport Protocol",
                                                                   .layers = kLayers,
                                                                   .clues = kClues,
                                                                   .recognise = recognise,
                                                                   .first_bytes = FirstBytes::of("\x80")});
  return kInfo;
}

}  // namespace bedrail
