#include "dissect/dissector.h"

#include <fmt/format.h>

#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "net/address.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {1521, 1522, 1526, 2483};
constexpr std::string_view kClues[] = {"tns.client-version", "tns.error", "tns.program", "tns.server-version",
                                       "tns.service"};

/// Packets of Oracle's Transparent Network Substrate, as analysers and the thin drivers read them; the maker
/// has not published them.
constexpr std::uint8_t kConnect = 1, kAccept = 2, kRefuse = 4, kRedirect = 5, kData = 6, kResend = 11;
constexpr std::uint32_t kHeader = 8, kMostPacket = 16 * 1024;
constexpr std::uint32_t kNegotiation = 0xdeadbeef;

/// The value behind "NAME=" in "(A=(NAME=value)...)"; empty where there is none.
std::string_view value_of(std::string_view text, std::string_view name) {
  for (std::size_t at = 0; at + name.size() + 2 < text.size(); ++at) {
    if (text[at] != '(' || !starts_with_ignoring_case(text.substr(at + 1), name)) continue;
    const std::size_t start = at + 1 + name.size();
    if (text[start] != '=') continue;
    const std::size_t end = text.find_first_of("()", start + 1);
    return end == std::string_view::npos || text[end] == '(' ? std::string_view()
                                                             : trim(text.substr(start + 1, end - start - 1));
  }
  return {};
}

/// "11.2.0.4.0" of 0x0b200400.
std::string version_text(std::uint32_t v) {
  return fmt::format("{}.{}.{}.{}.{}", v >> 24, v >> 20 & 0xf, v >> 12 & 0xff, v >> 8 & 0xf, v & 0xff);
}

std::string_view file_name(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// Which program of which computer asks for which database, and the versions of both.
class TnsDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    std::uint32_t length = reader.be16();
    const std::uint16_t low = reader.be16();
    const std::uint8_t type = reader.u8();
    if (bytes.size() < kHeader) return Progress::need(0, kHeader);
    // From version 315 on data has a length of four octets where the check sum was.
    if (length == 0) length = low;
    if (length < kHeader || type == 0 || type > 20) {
      out.anomaly("bad-packet");
      return Progress::failed();
    }
    if (length > kMostPacket) return Progress::done();
    if (bytes.size() < length) return Progress::need(0, length);
    const Bytes packet = bytes.first(length);
    const bool more =
        direction == Direction::kToServer ? client(type, packet, out) : server(type, packet, out);
    return more ? Progress::need(length, 0) : Progress::done();
  }

 private:
  bool client(std::uint8_t type, Bytes packet, Observer& out) {
    if (type == kConnect) return connect(packet, out);
    if (type != kData) return true;
    if (awaiting_text_) {
      awaiting_text_ = false;
      describe(as_text(packet.subspan(kHeader)), out);
      return true;
    }
    return negotiation(packet, out.client(), "tns.client-version", Role::kClient, out);
  }

  bool connect(Bytes packet, Observer& out) {
    ByteReader reader(packet);
    reader.skip(24);
    const std::uint16_t length = reader.be16(), offset = reader.be16();
    if (!reader.ok()) {
      out.anomaly("bad-connect");
      return false;
    }
    // A long text comes in a packet of its own.
    awaiting_text_ = length > 0 && std::size_t{offset} + length > packet.size();
    if (awaiting_text_ || length == 0) return true;
    describe(as_text(packet.subspan(offset, length)), out);
    return true;
  }

  void describe(std::string_view text, Observer& out) {
    if (described_) return;  // it comes again after a resend
    described_ = true;
    // Before the client's own lines: it is asked for a host, and it says which one it is.
    const std::size_t own = text.find("(CID=");
    const std::string_view client = own == std::string_view::npos ? std::string_view() : text.substr(own);
    const std::string_view host = value_of(client, "HOST");
    if (!parse_ip(host) && !starts_with_ignoring_case(host, "__jdbc__")) out.name(out.client(), "tns", host);
    out.clue(out.client(), "tns.program", file_name(value_of(client, "PROGRAM")), Role::kClient);
    std::string_view service = value_of(text, "SERVICE_NAME");
    if (service.empty()) service = value_of(text, "SID");
    out.clue(out.server(), "tns.service", service, Role::kServer);
    const std::size_t address = text.find("(ADDRESS=");
    const std::string_view server =
        address == std::string_view::npos ? "" : value_of(text.substr(address), "HOST");
    if (!parse_ip(server) && !equals_ignoring_case(server, "localhost"))
      out.name(out.server(), "tns", server);
  }

  bool server(std::uint8_t type, Bytes packet, Observer& out) {
    switch (type) {
      case kAccept:
        served({}, out);
        return true;
      case kRefuse: {
        const std::string_view text = as_text(packet.subspan(kHeader));
        const std::string_view number = value_of(text, "VSNNUM");
        std::uint64_t version = 0;
        for (const char c : number.substr(0, 10))
          version = c >= '0' && c <= '9' ? version * 10 + static_cast<unsigned>(c - '0') : 0;
        served(version > 0 && version <= 0xffffffff ? version_text(static_cast<std::uint32_t>(version)) : "",
               out);
        const std::string_view error = value_of(text, "ERR");
        if (!error.empty() && error.size() <= 6)
          out.clue(out.server(), "tns.error", "TNS-" + std::string(error), Role::kServer);
        return false;
      }
      case kRedirect:
        served({}, out);
        return true;
      case kResend:
        return true;
      case kData:
        return negotiation(packet, out.server(), "tns.server-version", Role::kServer, out);
      default:
        return true;
    }
  }

  void served(std::string_view version, Observer& out) {
    if (served_ && version.empty()) return;
    served_ = true;
    out.service("tns", "Oracle Database", version);
    out.clue(out.server(), "tns.server-version", version, Role::kServer);
  }

  /// The first data of each side: which additional security both have, and their versions.
  bool negotiation(Bytes packet, const Party& who, std::string_view clue, Role role, Observer& out) {
    ByteReader reader(packet);
    reader.skip(kHeader + 2);
    const std::uint32_t magic = reader.be32();
    reader.skip(2);
    const std::uint32_t version = reader.be32();
    const bool server = role == Role::kServer;
    if (!reader.ok() || magic != kNegotiation) return false;
    if (version != 0) {
      out.clue(who, clue, version_text(version), role);
      if (server) out.service("tns", "Oracle Database", version_text(version));
    }
    return !server;
  }

  bool awaiting_text_ = false, described_ = false, served_ = false;
};

Recognition recognise(const Probe& probe) {
  if (probe.direction != Direction::kToServer) return Recognition::kNo;
  ByteReader reader(probe.bytes);
  const std::uint16_t length = reader.be16();
  const std::uint16_t sum = reader.be16();
  const std::uint8_t type = reader.u8(), flags = reader.u8();
  const std::uint16_t header_sum = reader.be16(), version = reader.be16(), compatible = reader.be16();
  if (!reader.ok()) {
    const bool fits = (probe.bytes.size() < 5 || type == kConnect) && (probe.bytes.size() < 4 || sum == 0);
    return fits ? Recognition::kMore : Recognition::kNo;
  }
  const bool fits =
      length >= 34 && length <= 4096 && sum == 0 && type == kConnect && flags <= 0x20 && header_sum == 0;
  return fits && version >= 300 && version < 400 && compatible >= 200 && compatible <= version
             ? Recognition::kYes
             : Recognition::kNo;
}

}  // namespace

const DissectorInfo& tns_dissector() {
  using namespace std::string_view_literals;
  static constexpr DissectorInfo kInfo =
      with_state<TnsDissector>({.name = "tns",
                                .title = "Oracle Transparent Network Substrate",
                                .layers = kLayers,
                                .ports = kPorts,
                                .clues = kClues,
                                .recognise = recognise,
                                .first_bytes = FirstBytes::of("\x00\x01\x02\x03\x04"sv),
                                .max_buffer = 20 * 1024});
  return kInfo;
}

}  // namespace bedrail
