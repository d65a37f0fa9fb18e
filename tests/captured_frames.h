#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "capture/capture_reader.h"
#include "decode/packet.h"
#include "flow/conversation_key.h"
#include "pipeline/pipeline.h"

/// Captures in memory: read, sent through the pipeline, and transformed as a network or a mirror might.
namespace bedrail::test {

struct Frame {
  std::string data;
  std::uint32_t wire = 0;
  LinkType link = LinkType::kEthernet;
  Timestamp time;
};
using Frames = std::vector<Frame>;

/// All packets of a capture file; empty where it cannot be read.
inline Frames read_frames(const std::string& path) {
  Frames frames;
  auto reader = open_capture(path, 0, {.hash = false});
  if (!reader) return frames;
  std::vector<RawPacket> batch(64);
  while (const std::size_t count = (*reader)->read(batch)) {
    for (std::size_t i = 0; i < count; ++i) {
      const RawPacket& raw = batch[i];
      frames.push_back({std::string(as_text(raw.data)), raw.wire_length, raw.link, raw.time});
    }
  }
  return frames;
}

/// Hands out frames, numbered from 1. Its views die as early as the interface allows: the memory behind them
/// is overwritten by the next read, unless it `lasts`.
class FrameSource : public PacketSource {
 public:
  FrameSource(const Frames& frames, bool lasts) : frames_(frames), lasts_(lasts) {}
  std::size_t read(std::span<RawPacket> out) override {
    std::size_t count = 0;
    if (!lasts_) {
      for (std::string& kept : lent_) std::fill(kept.begin(), kept.end(), '\xa5');
      lent_.resize(std::max(lent_.size(), out.size()));
    }
    for (; count < out.size() && at_ < frames_.size(); ++count, ++at_) {
      const Frame& frame = frames_[at_];
      if (!lasts_) lent_[count] = frame.data;
      out[count] = {
          as_bytes(lasts_ ? frame.data : lent_[count]), frame.wire, frame.link, frame.time, at_ + 1, 0};
    }
    return count;
  }
  [[nodiscard]] std::shared_ptr<const void> hold() const override {
    return lasts_ ? std::make_shared<char>() : nullptr;
  }

 private:
  const Frames& frames_;
  bool lasts_;
  std::size_t at_ = 0;
  std::vector<std::string> lent_;
};

struct Ran {
  PipelineResult result;
  std::vector<Observation> observations;
  /// One line an observation, as `to_line` gives it.
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> out;
    for (const Observation& o : observations) out.push_back(to_line(o));
    return out;
  }
  [[nodiscard]] std::string text() const {
    std::string out;
    for (const Observation& o : observations) out.append(to_line(o)).push_back('\n');
    return out;
  }
};

inline Ran run(const Frames& frames, const PipelineOptions& options = {}) {
  FrameSource source(frames, options.threads % 2 != 0);
  Ran ran;
  ran.result = run_pipeline(source, options, [&](std::span<const Observation* const> more) {
    for (const Observation* one : more) ran.observations.push_back(*one);
  });
  return ran;
}

/// A TCP segment with payload, as it lies in its frame.
struct Segment {
  bool tcp = false;
  std::size_t ip = 0, transport = 0, payload = 0, length = 0;  ///< offsets in the frame; the payload's length
  ConversationKey key;
  bool source_is_high = false;

  explicit Segment(const Frame& frame) {
    Packet packet;
    const Bytes bytes = as_bytes(frame.data);
    decode({bytes, frame.wire, frame.link, {}, 1, 0}, packet);
    if (packet.content != Packet::Content::kTcp || packet.tunnelled || frame.link != LinkType::kEthernet)
      return;
    tcp = true;
    const KeyedPacket keyed = key_of(packet);
    key = keyed.key;
    source_is_high = keyed.source_is_high;
    ip = packet.vlan != 0 ? 18 : 14;
    const bool four = (static_cast<unsigned char>(frame.data[ip]) >> 4) == 4;
    transport = ip + (four ? (static_cast<std::size_t>(frame.data[ip]) & 15) * 4 : 40);
    length = packet.payload.size();
    payload = length > 0 ? static_cast<std::size_t>(packet.payload.data() - bytes.data()) : frame.data.size();
  }
  [[nodiscard]] bool same_stream(const Segment& other) const {
    return tcp && other.tcp && key == other.key && source_is_high == other.source_is_high;
  }
};

inline void put_number(std::string& data, std::size_t at, std::size_t width, std::uint64_t value) {
  for (std::size_t i = 0; i < width; ++i) data[at + i] = static_cast<char>(value >> (8 * (width - 1 - i)));
}
inline std::uint32_t number_at(const std::string& data, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(data[at + i]);
  return value;
}

/// The part of a segment that begins at `from`, as a segment of its own.
inline Frame part_of(const Frame& frame, const Segment& segment, std::size_t from, std::size_t length) {
  Frame part = frame;
  part.data = frame.data.substr(0, segment.payload) + frame.data.substr(segment.payload + from, length);
  part.wire = static_cast<std::uint32_t>(part.data.size());
  const bool four = (static_cast<unsigned char>(frame.data[segment.ip]) >> 4) == 4;
  put_number(part.data, segment.ip + (four ? 2 : 4), 2, part.data.size() - segment.ip - (four ? 0 : 40));
  put_number(part.data, segment.transport + 4, 4, number_at(frame.data, segment.transport + 4) + from);
  constexpr char kFinPush = 0x09;
  if (from + length < segment.length) part.data[segment.transport + 13] &= static_cast<char>(~kFinPush);
  return part;
}

/// Each segment cut into pieces of as many bytes as `next` says, at least one.
inline Frames split(const Frames& frames, const std::function<std::size_t()>& next) {
  Frames out;
  for (const Frame& frame : frames) {
    const Segment segment(frame);
    if (segment.length == 0) {
      out.push_back(frame);
      continue;
    }
    for (std::size_t at = 0; at < segment.length;) {
      const std::size_t length = std::min(next(), segment.length - at);
      out.push_back(part_of(frame, segment, at, length));
      at += length;
    }
  }
  return out;
}

/// Every packet twice, segments again later (a retransmission behind what followed).
inline Frames duplicated(const Frames& frames, bool late) {
  Frames out;
  std::vector<std::pair<Segment, Frame>> waiting;
  const auto release = [&](const Segment& by, bool all) {
    std::erase_if(waiting, [&](auto& entry) {
      if (!all && !entry.first.same_stream(by)) return false;
      out.push_back(entry.second);
      return true;
    });
  };
  for (const Frame& frame : frames) {
    const Segment segment(frame);
    out.push_back(frame);
    if (late && segment.length > 0) {
      release(segment, false);
      waiting.emplace_back(segment, frame);
      continue;
    }
    if (late && segment.tcp) release(segment, true);
    if (!late) out.push_back(frame);
  }
  return out;
}

/// Neighbouring data segments of one stream change places, half of them.
inline Frames swapped(const Frames& frames, std::uint32_t seed) {
  Frames out = frames;
  std::mt19937 random(seed);
  for (std::size_t i = 0; i + 1 < out.size(); ++i) {
    const Segment one(out[i]), two(out[i + 1]);
    if (one.length == 0 || two.length == 0 || !one.same_stream(two) || random() % 2 == 0) continue;
    std::swap(out[i], out[i + 1]);
    std::swap(out[i].time, out[i + 1].time);
    ++i;
  }
  return out;
}

/// As if the capture had begun after the handshakes.
inline Frames without_handshake(const Frames& frames) {
  Frames out;
  for (const Frame& frame : frames) {
    const Segment segment(frame);
    if (!segment.tcp ||
        (static_cast<unsigned char>(frame.data[segment.transport + 13]) & tcp_flag::kSyn) == 0)
      out.push_back(frame);
  }
  return out;
}

/// One data segment lost that has data before and behind it in its stream; the same frames where there is
/// none.
inline Frames with_loss(const Frames& frames, std::uint32_t seed) {
  std::vector<Segment> segments;
  for (const Frame& frame : frames) segments.emplace_back(frame);
  std::vector<std::size_t> middle;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (segments[i].length == 0) continue;
    const auto other = [&](const Segment& s) { return s.length > 0 && s.same_stream(segments[i]); };
    const auto place = segments.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::any_of(segments.begin(), place, other) && std::any_of(place + 1, segments.end(), other))
      middle.push_back(i);
  }
  Frames out = frames;
  if (!middle.empty()) {
    std::mt19937 random(seed);
    out.erase(out.begin() + static_cast<std::ptrdiff_t>(middle[random() % middle.size()]));
  }
  return out;
}

}  // namespace bedrail::test
