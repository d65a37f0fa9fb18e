#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/text.h"
#include "dissect/heard.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp, Layer::kIp};
/// IKE, and IKE and ESP behind a translator of addresses; the number of ESP.
constexpr std::uint16_t kNumbers[] = {500, 4500, 50};
constexpr std::string_view kClues[] = {"ipsec.exchange", "ipsec.tunnel", "ipsec.vendor-id"};

constexpr std::size_t kHeader = 28;
constexpr unsigned kMostPayloads = 32;
constexpr std::size_t kMostVendorId = 64;
/// Exchanges (RFC 2408, 3.1; RFC 7296, 3.1) and payloads.
constexpr std::uint8_t kAggressive = 4, kSaInit = 34, kVendor1 = 13, kVendor2 = 43;

/// The header that both versions share (RFC 2408, 3.1; RFC 7296, 3.1).
struct IkeHeader {
  std::uint64_t initiator = 0, responder = 0;
  std::uint8_t next = 0, version = 0, exchange = 0, flags = 0;
  std::uint32_t length = 0;
};
bool read_header(ByteReader& reader, IkeHeader& out) {
  const std::size_t size = reader.remaining();
  out.initiator = reader.be64();
  out.responder = reader.be64();
  out.next = reader.u8();
  out.version = reader.u8();
  out.exchange = reader.u8();
  out.flags = reader.u8();
  reader.skip(4);
  out.length = reader.be32();
  const bool version = out.version == 0x10 || out.version == 0x20;
  return reader.ok() && version && out.initiator != 0 && out.length >= kHeader && out.length == size;
}

/// IKE versions 1 and 2, and ESP: tunnels, and whose software opens them.
class IpsecDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const bool client = direction == Direction::kToServer;
    if (out.flow().key.transport != Transport::kUdp) {
      packet(bytes, client ? out.client() : out.server(), out);
      return Progress::done();
    }
    ByteReader reader(bytes);
    const bool floated = out.flow().key.server.port == 4500 || out.flow().key.client.port == 4500;
    // Behind a translator four zeros tell IKE from ESP (RFC 3948, 2.2).
    if (floated && bytes.size() >= 4 && reader.be32() != 0) {
      if (heard_.first(hash64("esp") + static_cast<std::uint64_t>(direction)))
        out.clue(client ? out.client() : out.server(), "ipsec.tunnel", "esp-udp");
      return Progress::all(bytes);
    }
    // One octet keeps the translator's memory (RFC 3948, 2.3).
    if (bytes.size() < kHeader) return Progress::all(bytes);
    IkeHeader header;
    if (!read_header(reader, header)) {
      if (heard_.first(hash64("bad"))) out.anomaly("bad-header");
      return Progress::all(bytes);
    }
    exchange(header, reader, client, out);
    return Progress::all(bytes);
  }

 private:
  /// An association and a sequence (RFC 4303, 2); of thousands of packets a few are told.
  static void packet(Bytes bytes, const Party& sender, Observer& out) {
    ByteReader reader(bytes);
    reader.skip(4);
    const std::uint32_t sequence = reader.be32();
    constexpr std::uint32_t kSpoken = 64;
    if (!reader.ok()) return out.anomaly("truncated");
    if (sequence % kSpoken == 1) out.clue(sender, "ipsec.tunnel", "esp");
  }

  void exchange(const IkeHeader& header, ByteReader reader, bool client, Observer& out) {
    const bool first_version = header.version == 0x10;
    const Party sender = client ? out.client() : out.server();
    if (!client && header.responder != 0 && heard_.first(hash64("service"))) {
      out.service("ike", {}, {}, true);
      out.used(out.server(), "ike", first_version ? "1.0" : "2.0");
    }
    // Its first answer already holds a digest of the shared key, for anybody to guess at.
    if (!client && first_version && header.exchange == kAggressive && heard_.first(hash64("aggressive")))
      out.clue(out.server(), "ipsec.exchange", "aggressive", Role::kServer);
    constexpr std::uint8_t kEncrypted = 1;
    const bool open = first_version ? (header.flags & kEncrypted) == 0 : header.exchange == kSaInit;
    if (!open) return;
    std::uint8_t next = header.next;
    for (unsigned i = 0; i < kMostPayloads && next != 0; ++i) {
      const std::uint8_t type = next;
      next = reader.u8();
      reader.skip(1);
      const std::uint16_t length = reader.be16();
      const Bytes body = length < 4 ? Bytes{} : reader.bytes(length - 4U);
      if (!reader.ok() || length < 4) {
        if (heard_.first(hash64("payload"))) out.anomaly("bad-payload");
        return;
      }
      if (type == (first_version ? kVendor1 : kVendor2)) vendor(body, sender, client, out);
    }
  }

  void vendor(Bytes id, const Party& sender, bool client, Observer& out) {
    if (id.empty() || id.size() > kMostVendorId) return;
    const std::string_view text = as_text(id);
    const std::string value = is_printable_ascii(text) ? std::string(text) : to_hex(id);
    if (heard_.first(hash64(value, client ? 1 : 2)))
      out.clue(sender, "ipsec.vendor-id", value, client ? Role::kClient : Role::kServer);
  }

  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  if (!probe.on_port) return Recognition::kNo;
  ByteReader reader(probe.bytes);
  IkeHeader header;
  if (read_header(reader, header)) return Recognition::kYes;
  if (probe.client_port != 4500 && probe.server_port != 4500) return Recognition::kNo;
  ByteReader floated(probe.bytes);
  if (floated.be32() == 0) return read_header(floated, header) ? Recognition::kYes : Recognition::kNo;
  // ESP: an association's number that is not reserved, a sequence that is not zero.
  const std::uint32_t sequence = floated.be32();
  return floated.ok() && sequence != 0 && probe.bytes.size() >= 28 ? Recognition::kMaybe : Recognition::kNo;
}

}  // namespace

const DissectorInfo& ipsec_dissector() {
  static constexpr DissectorInfo kInfo = with_state<IpsecDissector>({.name = "ipsec",
                                                                     .title = "IPsec (IKE, ESP)",
                                                                     .layers = kLayers,
                                                                     .ports = kNumbers,
                                                                     .clues = kClues,
                                                                     .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
