#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/rdp/conference.h"
#include "format/tpkt.h"

namespace bedrail {
namespace {

using namespace rdp;

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {3389};
constexpr std::string_view kClues[] = {"rdp.client-build",      "rdp.client-version", "rdp.encryption",
                                       "rdp.negotiation-flags", "rdp.refused",        "rdp.requested",
                                       "rdp.routed-to",         "rdp.server-version"};

/// Negotiation structures (MS-RDPBCGR 2.2.1.1.1, 2.2.1.2.1, 2.2.1.2.2).
constexpr std::uint8_t kRequest = 1, kFailure = 3;  // a response is 2
constexpr std::size_t kNegotiationSize = 8;
constexpr std::uint32_t kTls = 1, kHybrid = 2, kRdsTls = 4, kHybridExtended = 8, kAad = 16;
constexpr std::string_view kCookie = "Cookie: ";
constexpr std::size_t kMostHead = 1024;

struct Negotiation {
  std::uint8_t type = 0, flags = 0;
  std::uint32_t value = 0;  ///< protocols, or why not
};

/// A negotiation structure at the front of `bytes`.
std::optional<Negotiation> read_negotiation(Bytes bytes) {
  ByteReader reader(bytes);
  Negotiation out;
  out.type = reader.u8();
  out.flags = reader.u8();
  const std::uint16_t length = reader.le16();
  out.value = reader.le32();
  if (!reader.ok() || length != kNegotiationSize || out.type < kRequest || out.type > kFailure)
    return std::nullopt;
  return out;
}

std::string names_of(std::uint32_t protocols) {
  std::string out = "standard";
  if ((protocols & kTls) != 0) out += ",tls";
  if ((protocols & (kHybrid | kHybridExtended)) != 0) out += ",credssp";
  if ((protocols & kRdsTls) != 0) out += ",rdstls";
  if ((protocols & kAad) != 0) out += ",aad";
  return out;
}

std::string_view refusal(std::uint32_t code) {
  constexpr std::string_view kNames[] = {"",
                                         "tls-required",
                                         "tls-not-allowed",
                                         "no-certificate",
                                         "inconsistent-flags",
                                         "credssp-required",
                                         "tls-with-user-authentication-required"};
  return code < std::size(kNames) ? kNames[code] : "other";
}

/// "msts=3640205228.15629.0000": the address of the server behind a balancer, its octets in the order of a
/// little-endian number (MS-RDPBCGR 3.2.5.3.1, "Load-Balanced Configurations").
std::optional<IpAddress> routed_to(std::string_view cookie) {
  if (!cookie.starts_with("msts=")) return std::nullopt;
  cookie.remove_prefix(5);
  std::uint64_t number = 0;
  std::size_t digits = 0;
  while (digits < cookie.size() && digits < 10 && cookie[digits] >= '0' && cookie[digits] <= '9')
    number = number * 10 + static_cast<std::uint64_t>(cookie[digits++] - '0');
  if (digits == 0 || digits == cookie.size() || cookie[digits] != '.' || number > 0xffffffff)
    return std::nullopt;
  const auto n = static_cast<std::uint32_t>(number);
  return IpAddress::v4(n << 24 | (n & 0xff00) << 8 | (n >> 8 & 0xff00) | n >> 24);
}

/// The connection's beginning: what security is asked for and chosen, and, where it is RDP's own, what the
/// two say of themselves before it encrypts. Everything after is TLS or encrypted.
class RdpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const bool client = direction == Direction::kToServer;
    // TLS without having seen the server choose it: its side was not captured.
    constexpr auto kTlsRecord = std::byte{0x16};
    if (client && requested_seen_ && bytes[0] == kTlsRecord) return Progress::done();
    const auto size = tpkt::packet_size(bytes);
    if (!size) {
      if (started_) out.anomaly("bad-packet");
      return Progress::failed();
    }
    if (*size == 0) return Progress::need(0, tpkt::kHeader);
    if (bytes.size() < *size) return Progress::need(0, *size);
    const auto unit = tpkt::read_unit(bytes.first(*size));
    if (!unit) {
      out.anomaly("bad-packet");
      return Progress::failed();
    }
    started_ = true;
    const bool more = client ? from_client(*unit, out) : from_server(*unit, out);
    return more ? Progress::need(*size, 0) : Progress::done();
  }

 private:
  /// False once the rest says nothing more.
  bool from_client(const tpkt::Unit& unit, Observer& out) {
    if (unit.kind == tpkt::Kind::kConnectRequest) {
      if (!requested_seen_) request(unit.variable, out);
      requested_seen_ = true;
      return true;
    }
    if (unit.kind != tpkt::Kind::kData || client_done_) return !(client_done_ && server_done_);
    client_done_ = true;
    const auto core = read_client_core(unit.data);
    if (!core) {
      out.anomaly("bad-connect");
      return false;
    }
    out.name(out.client(), "rdp", core->name);
    out.clue(out.client(), "rdp.client-build", std::to_string(core->build), Role::kClient);
    out.clue(out.client(), "rdp.client-version", version_text(core->version), Role::kClient);
    return !server_done_;
  }

  bool from_server(const tpkt::Unit& unit, Observer& out) {
    if (unit.kind == tpkt::Kind::kConnectConfirm) return confirm(unit.variable, out);
    if (unit.kind != tpkt::Kind::kData || server_done_) return !(client_done_ && server_done_);
    server_done_ = true;
    const auto server = read_server_data(unit.data);
    if (!server) {
      out.anomaly("bad-connect");
      return false;
    }
    out.clue(out.server(), "rdp.server-version", version_text(server->version), Role::kServer);
    if (server->has_security) {
      out.clue(out.server(), "rdp.encryption", encryption_text(server->method), Role::kServer);
      out.session({"rdp", SessionSeen::Authentication::kUnknown, server->method != 0});
    }
    return !client_done_;
  }

  static void request(Bytes variable, Observer& out) {
    // A token or cookie, either of any form, ends with its line (MS-RDPBCGR 2.2.1.1).
    const std::string_view text = as_text(variable);
    if (!text.empty() && text.front() != kRequest) {
      const std::size_t end = text.find("\r\n");
      if (end == std::string_view::npos) {
        out.anomaly("bad-negotiation");
        return;
      }
      // "mstshash=" holds a person's account: it is passed over.
      if (text.starts_with(kCookie)) {
        if (const auto ip = routed_to(text.substr(kCookie.size(), end - kCookie.size())))
          out.clue(out.server(), "rdp.routed-to", to_string(*ip), Role::kServer);
      }
      variable = variable.subspan(end + 2);
    }
    if (variable.empty()) {
      out.clue(out.client(), "rdp.requested", "standard", Role::kClient);
      return;
    }
    const auto negotiation = read_negotiation(variable);
    if (!negotiation || negotiation->type != kRequest) {
      out.anomaly("bad-negotiation");
      return;
    }
    out.clue(out.client(), "rdp.requested", names_of(negotiation->value), Role::kClient);
  }

  bool confirm(Bytes variable, Observer& out) {
    if (confirmed_) return false;
    confirmed_ = true;
    std::uint32_t chosen = 0;
    if (!variable.empty()) {
      const auto negotiation = read_negotiation(variable);
      if (!negotiation || negotiation->type == kRequest) {
        out.anomaly("bad-negotiation");
        return false;
      }
      if (negotiation->type == kFailure) {
        out.service("rdp", {}, {}, negotiation->value != 2 && negotiation->value != 3);
        out.clue(out.server(), "rdp.refused", refusal(negotiation->value), Role::kServer);
        return false;
      }
      chosen = negotiation->value;
      constexpr std::string_view kDigits = "0123456789abcdef";
      const char flags[] = {'0', 'x', kDigits[negotiation->flags >> 4], kDigits[negotiation->flags & 15]};
      out.clue(out.server(), "rdp.negotiation-flags", {flags, sizeof flags}, Role::kServer);
    }
    out.service("rdp", {}, {}, chosen != 0);
    if (chosen == 0) {
      out.used(out.server(), "rdp", "standard");
      return true;
    }
    const bool identified = chosen != kTls;
    out.used(out.server(), "rdp",
             !identified                                   ? "tls"
             : (chosen & (kHybrid | kHybridExtended)) != 0 ? "credssp"
             : chosen == kRdsTls                           ? "rdstls"
                                                           : "aad");
    out.session({"rdp",
                 identified ? SessionSeen::Authentication::kPresent : SessionSeen::Authentication::kUnknown,
                 true});
    return false;
  }

  bool started_ = false, requested_seen_ = false, confirmed_ = false;
  bool client_done_ = false, server_done_ = false;
};

/// A connection request: with RDP's cookie or negotiation it is RDP's alone; without both it is any ISO
/// transport's.
Recognition recognise(const Probe& probe) {
  const auto size = tpkt::packet_size(probe.bytes);
  if (!size) return Recognition::kNo;
  if (*size == 0) return Recognition::kMore;
  if (*size > kMostHead) return Recognition::kNo;
  if (probe.bytes.size() > tpkt::kHeader + 1) {
    const std::uint8_t code = ByteReader(probe.bytes).peek(tpkt::kHeader + 1);
    if (code != 0xe0 && code != 0xd0) return Recognition::kNo;
  }
  if (probe.bytes.size() < *size) return Recognition::kMore;
  const auto unit = tpkt::read_unit(probe.bytes.first(*size));
  if (!unit) return Recognition::kNo;
  const bool request = unit->kind == tpkt::Kind::kConnectRequest;
  if (request != (probe.direction == Direction::kToServer)) return Recognition::kNo;
  if (unit->variable.empty() && unit->data.empty())
    return probe.on_port && unit->options == 0 ? Recognition::kYes : Recognition::kNo;
  const std::string_view text = as_text(unit->variable);
  if (request && text == "\r\n") return probe.on_port ? Recognition::kYes : Recognition::kNo;
  if (request && (text.starts_with("Cookie: mstshash=") || text.starts_with("Cookie: msts=")))
    return Recognition::kYes;
  const auto negotiation = read_negotiation(unit->variable);
  return negotiation && (negotiation->type == kRequest) == request ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& rdp_dissector() {
  static constexpr DissectorInfo kInfo = with_state<RdpDissector>({.name = "rdp",
                                                                   .title = "Remote Desktop Protocol",
                                                                   .layers = kLayers,
                                                                   .ports = kPorts,
                                                                   .clues = kClues,
                                                                   .recognise = recognise,
                                                                   .first_bytes = FirstBytes::of("\x03"),
                                                                   .max_buffer = 64 * 1024});
  return kInfo;
}

}  // namespace bedrail
