#include "dissect/dissector.h"

#include <array>
#include <string>

#include "base/byte_reader.h"
#include "base/md5.h"
#include "base/text.h"
#include "format/product.h"
#include "format/text_line.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {22, 2222};
constexpr std::string_view kClues[] = {"ssh.banner", "ssh.hassh", "ssh.hassh-server"};

/// RFC 4253, 4.2: an identification line has at most 255 bytes; what a server says before it is held as
/// short.
constexpr std::size_t kLineLimit = 1024;
constexpr unsigned kLinesBeforeBanner = 64;
/// RFC 4253, 6.1: every implementation takes packets of 35,000 bytes.
constexpr std::uint32_t kPacketLimit = 35000;
constexpr std::uint8_t kKexInit = 20;
/// Encrypted from here on: nothing more to read in this direction.
constexpr std::uint64_t kSkipAll = std::uint64_t{1} << 48;

/// The lists of a KEXINIT that hassh is made of (RFC 4253, 7.1).
struct KeyExchange {
  std::string_view kex, cipher, mac, compression;
};

/// Reads a KEXINIT's payload after its message number; `client` says whose half of the paired lists counts.
bool read_key_exchange(ByteReader reader, bool client, KeyExchange& out) {
  reader.skip(16);
  std::array<std::string_view, 8> lists;
  for (std::string_view& list : lists) list = reader.text(reader.be32());
  if (!reader.ok()) return false;
  const std::size_t side = client ? 0 : 1;
  out = {lists[0], lists[2 + side], lists[4 + side], lists[6 + side]};
  return is_printable_ascii(out.kex);
}

/// Banners and the first key exchange of both sides (RFC 4253); everything after is encrypted.
class SshDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    Side& side = side_of(direction);
    std::uint64_t consumed = 0;
    while (consumed < bytes.size()) {
      const Bytes rest = bytes.subspan(static_cast<std::size_t>(consumed));
      Progress step;
      switch (side.phase) {
        case Phase::kBanner:
          step = banner(direction, rest, out);
          break;
        case Phase::kPackets:
          step = packet(direction, rest, out);
          break;
        case Phase::kFinished:
          step = Progress::need(kSkipAll, 0);
          break;
      }
      if (step.status == Progress::Status::kFailed) return step;
      if (sides_[0].phase == Phase::kFinished && sides_[1].phase == Phase::kFinished) return Progress::done();
      consumed += step.consumed;
      if (step.consumed == 0) return Progress::need(consumed, step.needed);
    }
    return Progress::need(consumed, 0);
  }

  bool gap(Direction direction, std::uint64_t, Observer&) override {
    side_of(direction).phase = Phase::kFinished;
    return side_of(opposite(direction)).phase != Phase::kFinished;
  }

 private:
  enum class Phase : std::uint8_t { kBanner, kPackets, kFinished };
  struct Side {
    Phase phase = Phase::kBanner;
    std::uint8_t lines = 0;
    char major = 0;  ///< '1' or '2': the protocol generation that its banner allows
  };

  Side& side_of(Direction direction) { return sides_[static_cast<std::size_t>(direction)]; }

  Progress banner(Direction direction, Bytes bytes, Observer& out) {
    Side& side = side_of(direction);
    const auto line = first_line(as_text(bytes.first(std::min(bytes.size(), kLineLimit))));
    if (!line) {
      if (bytes.size() < kLineLimit) return Progress::need(0, static_cast<std::uint32_t>(bytes.size() + 1));
      out.anomaly("banner-too-long");
      return Progress::failed();
    }
    if (!line->text.starts_with("SSH-")) {
      // Only a server may greet before it identifies itself (RFC 4253, 4.2).
      if (direction == Direction::kToServer || ++side.lines > kLinesBeforeBanner) return Progress::failed();
      return Progress::need(line->size, 0);
    }
    if (line->text.size() > 253) out.anomaly("banner-too-long");
    if (!identify(direction, line->text, out)) return Progress::failed();
    // Generation 1 has another packet form, without a key exchange to fingerprint.
    const char other = side_of(opposite(direction)).major;
    side.phase = side.major == '1' || other == '1' ? Phase::kFinished : Phase::kPackets;
    if (side.phase == Phase::kFinished && other != 0) side_of(opposite(direction)).phase = Phase::kFinished;
    return Progress::need(line->size, 0);
  }

  /// "SSH-protoversion-softwareversion SP comments".
  bool identify(Direction direction, std::string_view line, Observer& out) {
    const std::string_view rest = line.substr(4);
    const std::size_t dash = rest.find('-');
    if (dash == std::string_view::npos || dash < 3) return false;
    const std::string_view version = rest.substr(0, dash);
    side_of(direction).major = version == "1.99" ? '2' : version.front();
    const bool server = direction == Direction::kToClient;
    if (server) {
      const std::string_view software = rest.substr(dash + 1);
      const std::size_t blank = software.find(' ');
      const Product product = product_of_word(software.substr(0, blank));
      out.service("ssh", product.name, product.version, true);
      // 1.99 is no version: the server would also speak generation 1 (RFC 4253, 5.1).
      if (version == "1.99") out.used(out.server(), "ssh", "1.99", false);
    }
    out.clue(server ? out.server() : out.client(), "ssh.banner", line,
             server ? Role::kServer : Role::kClient);
    agree(version, direction, out);
    return true;
  }

  /// Once both sides have spoken: the version that the session runs with.
  void agree(std::string_view version, Direction direction, Observer& out) {
    const char other = side_of(opposite(direction)).major;
    if (other == 0) return;
    if (other == '1' || side_of(direction).major == '1') {
      out.used(out.server(), "ssh", version.starts_with("1.") && version != "1.99" ? version : "1.5");
    } else {
      out.used(out.server(), "ssh", "2.0");
    }
  }

  Progress packet(Direction direction, Bytes bytes, Observer& out) {
    ByteReader reader(bytes);
    const std::uint32_t length = reader.be32();
    if (!reader.ok()) return Progress::need(0, 4);
    if (length < 6 || length > kPacketLimit) {
      out.anomaly("bad-packet-length");
      side_of(direction).phase = Phase::kFinished;
      return Progress::need(kSkipAll, 0);
    }
    if (bytes.size() < std::size_t{length} + 4) return Progress::need(0, length + 4);
    ByteReader body = reader.slice(length);
    const std::uint8_t padding = body.u8();
    const std::uint8_t message = body.u8();
    if (message != kKexInit) return Progress::need(std::uint64_t{length} + 4, 0);
    const bool client = direction == Direction::kToServer;
    KeyExchange lists;
    if (padding + 2U > length || !read_key_exchange(body, client, lists)) {
      out.anomaly("bad-key-exchange");
    } else {
      fingerprint(lists, client, out);
    }
    side_of(direction).phase = Phase::kFinished;
    return Progress::need(kSkipAll, 0);
  }

  static void fingerprint(const KeyExchange& lists, bool client, Observer& out) {
    std::string text(lists.kex);
    for (const std::string_view list : {lists.cipher, lists.mac, lists.compression})
      text.append(1, ';').append(list);
    if (client) {
      out.clue(out.client(), "ssh.hassh", md5_hex(text), Role::kClient);
    } else {
      out.clue(out.server(), "ssh.hassh-server", md5_hex(text), Role::kServer);
    }
  }

  std::array<Side, 2> sides_;
};

Recognition recognise(const Probe& probe) {
  const std::string_view text = as_text(probe.bytes);
  constexpr std::string_view kStart = "SSH-";
  if (text.size() < kStart.size() + 2) {
    return text.substr(0, 4) == kStart.substr(0, text.size()) ? Recognition::kMore : Recognition::kNo;
  }
  const bool version = text[4] >= '1' && text[4] <= '9' && text[5] == '.';
  return text.starts_with(kStart) && version ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& ssh_dissector() {
  static constexpr DissectorInfo kInfo = with_state<SshDissector>({.name = "ssh",
                                                                   .title = "Secure Shell",
                                                                   .layers = kLayers,
                                                                   .ports = kPorts,
                                                                   .clues = kClues,
                                                                   .recognise = recognise,
                                                                   .first_bytes = FirstBytes::of("S"),
                                                                   .max_buffer = 40 * 1024});
  return kInfo;
}

}  // namespace bedrail
