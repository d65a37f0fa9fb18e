#include "dissect/dissector.h"

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/smb/frame.h"
#include "dissect/smb/smb1.h"
#include "dissect/smb/smb2.h"

namespace bedrail {
namespace {

using namespace smb;

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {445, 139};
constexpr std::string_view kClues[] = {
    "smb.native-os",        "smb.native-lm",    "smb.dialect",   "smb.server-guid", "smb.client-guid",
    "smb.signing",          "smb.tree",         "ntlm.version",  "ntlm.domain",     "ntlm.dns-domain",
    "ntlm.machine-account", "dcerpc.interface", "dcerpc.binding"};

/// As much of a message as is ever read; a longer one (a Kerberos ticket with many groups) has what we look
/// for in its first part.
constexpr std::size_t kMostRead = std::size_t{12} * 1024;

/// SMB 1 to 3 over TCP (MS-SMB2 2.1) or the NetBIOS session service (RFC 1002, 4.3). Reads the messages in
/// which the two sides introduce themselves; of all others only the header, the rest is skipped unbuffered.
class SmbDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    Lane& lane = lanes_[static_cast<std::size_t>(direction)];
    std::uint64_t at = 0;
    while (at < bytes.size()) {
      const Bytes rest = bytes.subspan(static_cast<std::size_t>(at));
      Step step;
      if (lane.lost) {
        step = seek(lane, rest);
      } else if (lane.left > 0) {
        step = element(direction, lane, rest, out);
      } else {
        step = frame(direction, lane, rest, out);
      }
      if (step.done) return Progress::done();
      at += step.consumed;
      if (step.needed > 0) return Progress::need(at, step.needed);
    }
    return {at, 0, Progress::Status::kContinue};
  }

  bool gap(Direction direction, std::uint64_t, Observer&) override {
    Lane& lane = lanes_[static_cast<std::size_t>(direction)];
    lane.lost = true;
    lane.left = 0;
    return true;
  }

 private:
  /// One direction of the stream.
  struct Lane {
    /// What is left of a frame whose compounded SMB2 messages are being read.
    std::uint32_t left = 0;
    bool lost = false;
    bool in_step = false;   ///< a frame was understood since the start or the last loss
    bool doubtful = false;  ///< the latest frame held no SMB header: raw data, or out of step
  };
  /// What one step made of the bytes: `needed` > 0 asks for so many from the place behind `consumed`.
  struct Step {
    std::uint64_t consumed = 0;
    std::uint32_t needed = 0;
    bool done = false;
  };
  static Step skip(std::uint64_t count) { return {count, 0, false}; }
  static Step more(std::size_t count) { return {0, static_cast<std::uint32_t>(count), false}; }

  static Step seek(Lane& lane, Bytes bytes) {
    const std::size_t found = find_frame(bytes);
    if (found == kNoFrame) {
      // What may be the start of a frame is kept.
      const std::size_t kept = std::min<std::size_t>(bytes.size(), kFrameProbe - 1);
      return {bytes.size() - kept, static_cast<std::uint32_t>(kFrameProbe), false};
    }
    lane = {};
    return skip(found);
  }

  Step frame(Direction direction, Lane& lane, Bytes bytes, Observer& out) {
    if (bytes.size() < kFrameHeader) return more(kFrameHeader);
    ByteReader reader(bytes);
    const std::uint8_t type = reader.u8();
    const std::uint32_t length = reader.be24();
    if (type != 0) return netbios(direction, lane, type, length, bytes, out);
    if (length < Smb1::kHeaderSize) return skip(kFrameHeader + length);
    if (bytes.size() < kFrameHeader + Smb1::kHeaderSize) return more(kFrameHeader + Smb1::kHeaderSize);
    const std::uint32_t magic = reader.be32();
    if (!is_magic(magic)) {
      // SMB1 can announce raw data that comes in a frame without a header.
      if (!lane.in_step || lane.doubtful) return lose(lane, out);
      lane.doubtful = true;
      return skip(kFrameHeader + length);
    }
    lane.in_step = true;
    lane.doubtful = false;
    switch (magic) {
      case kMagicSmb1:
        return smb1(direction, length, bytes, out);
      case kMagicSmb2:
        lane.left = length;
        return skip(kFrameHeader);
      case kMagicEncrypted:
        session_.encrypted(out);
        return {0, 0, true};
      default:
        return skip(kFrameHeader + length);
    }
  }

  Step smb1(Direction direction, std::uint32_t length, Bytes bytes, Observer& out) {
    const std::size_t read = Smb1::wants(bytes.subspan(kFrameHeader), session_)
                                 ? std::min<std::size_t>(length, kMostRead)
                                 : Smb1::kHeaderSize;
    if (bytes.size() < kFrameHeader + read) return more(kFrameHeader + read);
    smb1_.read(direction, bytes.subspan(kFrameHeader, read), session_, out);
    return skip(kFrameHeader + length);
  }

  /// One message of a frame of SMB2 messages.
  Step element(Direction direction, Lane& lane, Bytes bytes, Observer& out) {
    if (lane.left < Smb2Header::kSize) {
      session_.anomaly(Said::kTruncated, "truncated", out);
      return leave(lane);
    }
    if (bytes.size() < Smb2Header::kSize) return more(Smb2Header::kSize);
    const Smb2Header header = Smb2Header::from(bytes);
    if (header.structure_size != Smb2Header::kSize || ByteReader(bytes).be32() != kMagicSmb2) {
      session_.anomaly(Said::kBadCompound, "bad-compound", out);
      return leave(lane);
    }
    std::uint32_t size = lane.left;
    if (header.next != 0) {
      if (header.next < Smb2Header::kSize || header.next % 8 != 0 || header.next >= lane.left) {
        session_.anomaly(Said::kBadCompound, "bad-compound", out);
      } else {
        size = header.next;
      }
    }
    const bool whole = header.wants() || (header.carries() && session_.is_pipe_tree(header.tree));
    const std::size_t read = whole ? std::min<std::size_t>(size, kMostRead) : Smb2Header::kSize;
    if (bytes.size() < read) return more(read);
    Smb2::read(direction, header, bytes.first(read), session_, out);
    lane.left -= size;
    return skip(size);
  }

  static Step leave(Lane& lane) {
    const std::uint32_t left = lane.left;
    lane.left = 0;
    return skip(left);
  }

  Step lose(Lane& lane, Observer& out) {
    if (lane.in_step) session_.anomaly(Said::kBadFrame, "bad-frame", out);
    lane.lost = true;
    return {};
  }

  /// The NetBIOS session service's own packets: who calls whom, and the answer.
  Step netbios(Direction direction, Lane& lane, std::uint8_t type, std::uint32_t length, Bytes bytes,
               Observer& out) {
    if (type < kSessionRequest || type > kSessionKeepAlive || length > kMostSessionPacket)
      return lose(lane, out);
    if (bytes.size() < kFrameHeader + length) return more(kFrameHeader + length);
    lane.in_step = true;
    if (type == kSessionRequest && direction == Direction::kToServer) {
      ByteReader names(bytes.subspan(kFrameHeader, length));
      called_ = read_netbios_name(names);
      const NetbiosName calling = read_netbios_name(names);
      if (!names.ok()) session_.anomaly(Said::kBadFrame, "bad-frame", out);
      if (calling.is_computer()) out.name(out.client(), "netbios", calling.text());
    } else if (type == kSessionAccepted && direction == Direction::kToClient) {
      session_.service(out);
      if (called_.is_computer()) out.name(out.server(), "netbios", called_.text());
      called_ = {};
    }
    return skip(kFrameHeader + length);
  }

  Session session_;
  Smb1 smb1_;
  Lane lanes_[2];
  NetbiosName called_;
};

Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  const std::uint8_t type = reader.u8();
  const std::uint32_t length = reader.be24();
  if (type == kSessionKeepAlive && length == 0 && probe.on_port) {
    if (probe.bytes.size() <= kFrameHeader) return Recognition::kMore;
    ByteReader next(probe.bytes.subspan(kFrameHeader));
    return next.u8() == 0 && (next.be24(), is_magic(next.be32())) && next.ok() ? Recognition::kYes
                                                                               : Recognition::kNo;
  }
  if (type == 0) {
    if (probe.bytes.size() >= 8)
      return length >= Smb1::kHeaderSize && is_magic(reader.be32()) ? Recognition::kYes : Recognition::kNo;
    // Few protocols begin with a zero; "SMB" decides as soon as it is there.
    return probe.bytes.size() < 4 || length >= Smb1::kHeaderSize ? Recognition::kMore : Recognition::kNo;
  }
  if (type == kSessionRequest && probe.direction == Direction::kToServer) {
    if (probe.bytes.size() < kFrameHeader + kSessionRequestSize)
      return probe.bytes.size() < 4 || length >= 68 ? Recognition::kMore : Recognition::kNo;
    ByteReader names(probe.bytes.subspan(kFrameHeader));
    const bool both = read_netbios_name(names).valid && read_netbios_name(names).valid;
    return both && length >= kSessionRequestSize && length <= kMostSessionPacket ? Recognition::kYes
                                                                                 : Recognition::kNo;
  }
  if (type == kSessionAccepted && length == 0 && probe.direction == Direction::kToClient &&
      probe.bytes.size() == kFrameHeader)
    return Recognition::kMaybe;
  if (type == kSessionRefused && length == 1 && probe.direction == Direction::kToClient &&
      probe.bytes.size() == kFrameHeader + 1)
    return Recognition::kMaybe;
  return Recognition::kNo;
}

}  // namespace

const DissectorInfo& smb_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<SmbDissector>({.name = "smb",
                                .title = "Server Message Block",
                                .layers = kLayers,
                                .ports = kPorts,
                                .clues = kClues,
                                .recognise = recognise,
                                .first_bytes = FirstBytes::of(std::string_view("\x00\x81\x82\x83\x85", 5))});
  return kInfo;
}

}  // namespace bedrail
