#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/quic/hello_buffer.h"
#include "dissect/quic/initial.h"
#include "format/tls_fingerprint.h"
#include "format/tls_hello.h"

namespace bedrail {
namespace {

using namespace quic;

constexpr Layer kLayers[] = {Layer::kUdp};
/// HTTP/3 and its alternative, DNS, SMB.
constexpr std::uint16_t kPorts[] = {443, 8443, 853, 80};
constexpr std::string_view kClues[] = {"quic.alpn", "quic.ja4", "quic.sni", "quic.user-agent"};

/// A client's datagram with a first packet is at least as long (RFC 9000, 14.1).
constexpr std::size_t kLeastInitial = 1200;
constexpr std::uint8_t kClientHello = 1;
constexpr std::uint32_t kHandshakeHeader = 4;
constexpr std::uint16_t kTransportParameters = 57, kDraftParameters = 0xffa5;
constexpr std::size_t kMostNameLength = 253;
constexpr unsigned kMostPackets = 8, kMostClientDatagrams = 16;

/// Frames of first packets (RFC 9000, 12.4).
constexpr std::uint64_t kPadding = 0, kPing = 1, kAck = 2, kAckEcn = 3, kCrypto = 6, kClose = 0x1c;

/// The first packets of QUIC, whose keys follow from their own header (RFC 9001, 5.2): the client's hello.
class QuicDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    return direction == Direction::kToServer ? from_client(bytes, out) : from_server(bytes, out);
  }

 private:
  Progress from_client(Bytes datagram, Observer& out) {
    Bytes rest = datagram;
    for (unsigned i = 0; i < kMostPackets && !rest.empty() && !greeted_; ++i) {
      LongHeader header;
      if (!read_long_header(rest, header)) break;
      version_ = header.version;
      if (header.kind == LongHeader::Kind::kInitial) initial(rest, header, out);
      if (header.size == 0) break;
      rest = rest.subspan(header.size);
    }
    // Everything else is encrypted with keys that nobody else has.
    const bool over = (greeted_ && answered_) || ++datagrams_ > kMostClientDatagrams;
    return over ? Progress::done() : Progress::all(datagram);
  }

  void initial(Bytes packet, const LongHeader& header, Observer& out) {
    if (!has_first_ || retried_) {
      first_ = ConnectionId::of(header.destination);
      has_first_ = true;
      retried_ = false;
    }
    std::vector<std::byte> frames;
    if (!open_initial(packet, header, first_, frames)) return anomaly("not-opened", out);
    if (!read_frames(frames)) return anomaly("bad-frame", out);
    if (overflowed_) {
      greeted_ = true;
      return anomaly("hello-too-long", out);
    }
    ByteReader reader(hello_.front());
    const std::uint8_t type = reader.u8();
    const std::uint32_t length = reader.be24();
    if (!reader.ok()) return;
    if (type != kClientHello || length > HelloBuffer::kSize - kHandshakeHeader) {
      greeted_ = true;
      return anomaly(type == kClientHello ? "hello-too-long" : "bad-hello", out);
    }
    if (reader.remaining() < length) return;
    greeted_ = true;
    tls::ClientHello hello;
    if (!tls::read_client_hello(reader.bytes(length), hello)) return anomaly("bad-hello", out);
    say(hello, out);
  }

  /// Collects what the packet holds of the handshake; false where a frame cannot be read.
  bool read_frames(Bytes frames) {
    ByteReader reader(frames);
    while (reader.ok() && !reader.empty()) {
      const std::uint64_t type = read_number(reader);
      if (type == kPadding || type == kPing) continue;
      if (type == kAck || type == kAckEcn) {
        acknowledgement(reader, type == kAckEcn);
      } else if (type == kCrypto) {
        const std::uint64_t offset = read_number(reader), length = read_number(reader);
        if (!reader.ok() || length > reader.remaining()) return false;
        const Bytes piece = reader.bytes(static_cast<std::size_t>(length));
        if (!hello_.add(offset, piece)) overflowed_ = true;
      } else {
        // The connection ends; nothing else may stand here (RFC 9000, 17.2.2).
        return type == kClose;
      }
    }
    return reader.ok();
  }

  static void acknowledgement(ByteReader& reader, bool ecn) {
    read_number(reader);
    read_number(reader);
    const std::uint64_t ranges = read_number(reader);
    read_number(reader);
    for (std::uint64_t i = 0; i < ranges && reader.ok(); ++i) {
      read_number(reader);
      read_number(reader);
    }
    for (int i = 0; ecn && i < 3; ++i) read_number(reader);
  }

  void say(const tls::ClientHello& hello, Observer& out) {
    const Party client = out.client();
    out.clue(client, "quic.sni", hello.server_name, Role::kClient);
    std::string protocols;
    for (ByteReader list(hello.alpn); list.ok() && !list.empty();) {
      const std::string_view protocol = list.text(list.u8());
      if (!is_printable_ascii(protocol)) continue;
      protocols.append(protocols.empty() ? "" : ",").append(protocol);
    }
    out.clue(client, "quic.alpn", protocols, Role::kClient);
    out.clue(client, "quic.ja4", tls::ja4(hello, 'q'), Role::kClient);
    tls::for_each_extension(hello.extensions, [&](std::uint16_t number, Bytes content) {
      if (number == kTransportParameters || number == kDraftParameters) parameters(content, out);
    });
    const std::string_view host = hello.server_name;
    const bool named = is_printable_ascii(host) && host.size() <= kMostNameLength && !parse_ip(host);
    if (!named) return;
    asked_length_ = static_cast<std::uint8_t>(host.size());
    std::copy_n(host.begin(), asked_length_, asked_.begin());
    if (answered_) say_name(out);
  }

  /// What the client says of itself beside its limits: Google's programs name themselves.
  static void parameters(Bytes content, Observer& out) {
    constexpr std::uint64_t kUserAgent = 0x3129;
    for (ByteReader reader(content); reader.ok() && !reader.empty();) {
      const std::uint64_t number = read_number(reader), length = read_number(reader);
      if (!reader.ok() || length > reader.remaining()) return;
      const std::string_view value = reader.text(static_cast<std::size_t>(length));
      if (number == kUserAgent && is_printable_ascii(value))
        out.clue(out.client(), "quic.user-agent", value, Role::kClient);
    }
  }

  Progress from_server(Bytes datagram, Observer& out) {
    LongHeader header;
    if (!read_long_header(datagram, header)) return Progress::all(datagram);
    if (header.kind == LongHeader::Kind::kNegotiation) {
      negotiated(datagram, header, out);
    } else if (header.kind == LongHeader::Kind::kRetry) {
      // The client begins again, with an identifier that the server chose.
      retried_ = true;
      hello_.clear();
    } else if (!answered_) {
      answered_ = true;
      out.service("quic", {}, {}, true);
      out.used(out.server(), "quic", name_of(header.version));
      say_name(out);
    }
    return greeted_ && answered_ ? Progress::done() : Progress::all(datagram);
  }

  /// RFC 9000, 17.2.1: which versions the server would speak instead.
  static void negotiated(Bytes datagram, const LongHeader& header, Observer& out) {
    constexpr unsigned kMostVersions = 16;
    ByteReader reader(datagram);
    reader.skip(7 + header.destination.size() + header.source.size());
    for (unsigned i = 0; i < kMostVersions && reader.remaining() >= 4; ++i) {
      const std::string name = name_of(reader.be32());
      if (!name.empty()) out.used(out.server(), "quic", name, false);
    }
  }

  void say_name(Observer& out) const {
    if (asked_length_ > 0) out.name(out.server(), "tls", std::string_view(asked_.data(), asked_length_));
  }

  void anomaly(std::string_view name, Observer& out) {
    if (!odd_) out.anomaly(name);
    odd_ = true;
  }

  ConnectionId first_;
  bool has_first_ = false, retried_ = false, greeted_ = false, answered_ = false, overflowed_ = false,
       odd_ = false;
  std::uint32_t version_ = 0;
  unsigned datagrams_ = 0;
  std::uint8_t asked_length_ = 0;
  std::array<char, kMostNameLength> asked_{};
  HelloBuffer hello_;
};

Recognition recognise(const Probe& probe) {
  LongHeader header;
  if (!read_long_header(probe.bytes, header)) return Recognition::kNo;
  using Kind = LongHeader::Kind;
  if (header.kind == Kind::kNegotiation)
    return probe.on_port && probe.direction == Direction::kToClient ? Recognition::kMaybe : Recognition::kNo;
  // Google's first versions have a long header, too, with another inside.
  if (header.kind == Kind::kOther) return probe.on_port ? Recognition::kMaybe : Recognition::kNo;
  if (header.kind != Kind::kInitial || probe.direction == Direction::kToClient) return Recognition::kYes;
  // Eight octets at least, that only the client chose (RFC 9000, 7.2).
  const bool whole = probe.bytes.size() >= kLeastInitial && header.destination.size() >= 8;
  return whole ? Recognition::kYes : probe.on_port ? Recognition::kMaybe : Recognition::kNo;
}

/// Every octet with the form bit; a short header cannot be told from other bytes.
constexpr FirstBytes kLongForm{{0, 0, ~0ULL, ~0ULL}};

}  // namespace

const DissectorInfo& quic_dissector() {
  static constexpr DissectorInfo kInfo = with_state<QuicDissector>({.name = "quic",
                                                                    .title = "QUIC",
                                                                    .layers = kLayers,
                                                                    .ports = kPorts,
                                                                    .clues = kClues,
                                                                    .recognise = recognise,
                                                                    .first_bytes = kLongForm});
  return kInfo;
}

}  // namespace bedrail
