#include "dissect/dissector.h"

#include <fmt/format.h>

#include "base/byte_reader.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kIp};
constexpr std::uint16_t kProtocols[] = {58};
constexpr std::string_view kClues[] = {"nd.router", "nd.prefix"};

/// ICMPv6 types of RFC 4861, section 4.
enum Type : std::uint8_t {
  kRouterSolicitation = 133,
  kRouterAdvertisement = 134,
  kNeighbourSolicitation = 135,
  kNeighbourAdvertisement = 136,
  kRedirect = 137,
};

/// Option types of RFC 4861, section 4.6.
enum Option : std::uint8_t { kSourceLinkAddress = 1, kTargetLinkAddress = 2, kPrefix = 3 };

/// The network a prefix option announces, without what stands behind its length.
struct Prefix {
  IpAddress network;
  std::uint8_t length = 0;
};

/// As many prefixes as a router's announcement is read for.
constexpr std::size_t kMaxPrefixes = 16;

/// The options of one message; nothing in it is kept beyond the call.
struct Options {
  std::optional<MacAddress> source, target;
  Prefix prefixes[kMaxPrefixes];
  std::size_t prefix_count = 0;
};

/// An Ethernet address: the option is one unit of eight bytes. Other links' (eight-byte) addresses are no
/// MAC.
std::optional<MacAddress> link_address(ByteReader body) {
  if (body.size() != 6) return std::nullopt;
  const MacAddress mac = MacAddress::from(body.rest());
  if (mac.is_zero() || mac.is_multicast()) return std::nullopt;
  return mac;
}

/// RFC 4861, section 4.6.2. False where it is malformed.
bool read_prefix(ByteReader body, Options& options) {
  const std::uint8_t length = body.u8();
  body.skip(13);
  IpAddress network = IpAddress::from(body.bytes(16));
  if (!body.ok() || length > 128) return false;
  for (unsigned i = 0; i < network.octets.size(); ++i) {
    const unsigned kept = length > 8 * i ? std::min(8U, length - 8 * i) : 0U;
    network.octets[i] &= static_cast<std::uint8_t>(0xff00U >> kept);
  }
  if (options.prefix_count < kMaxPrefixes) options.prefixes[options.prefix_count++] = {network, length};
  return true;
}

/// Reads all options; gives the anomaly's name, or "" where they are sound. A receiver has to drop the whole
/// message for one bad option (section 6.1 and 7.1), so nothing is said of it.
std::string_view read_options(ByteReader reader, Options& options) {
  while (!reader.empty()) {
    const std::uint8_t type = reader.u8();
    const std::size_t size = std::size_t{reader.u8()} * 8;
    if (!reader.ok()) return "truncated";
    if (size == 0) return "zero-option-length";
    const ByteReader body = reader.slice(size - 2);
    if (!reader.ok()) return "truncated";
    if (type == kSourceLinkAddress && !options.source) options.source = link_address(body);
    if (type == kTargetLinkAddress && !options.target) options.target = link_address(body);
    if (type == kPrefix && !read_prefix(body, options)) return "bad-prefix";
  }
  return {};
}

/// IPv6 neighbour discovery (RFC 4861): who claims which address, and who is a router.
class NdDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    const std::uint8_t type = reader.u8();
    if (!reader.ok() || type < kRouterSolicitation || type > kRedirect) return Progress::done();
    const std::string_view odd =
        read(type, reader, direction == Direction::kToServer ? out.client() : out.server(), out);
    if (!odd.empty()) out.anomaly(odd);
    return Progress::done();
  }

 private:
  /// The message behind its type; gives an anomaly's name or "".
  static std::string_view read(std::uint8_t type, ByteReader& reader, const Party& sender, Observer& out) {
    const std::uint8_t code = reader.u8();
    reader.skip(2);
    const std::uint32_t head = reader.be32();
    if (type == kRouterAdvertisement) reader.skip(8);
    IpAddress target;
    if (type >= kNeighbourSolicitation) target = IpAddress::from(reader.bytes(16));
    if (type == kRedirect) reader.skip(16);
    if (!reader.ok()) return "truncated";
    if (code != 0) return "bad-code";
    if (type >= kNeighbourSolicitation && !target.is_unicast()) return "bad-target";
    Options options;
    if (const std::string_view odd = read_options(reader, options); !odd.empty()) return odd;
    switch (type) {
      case kRouterAdvertisement:
        return router_advertisement(head & 0xffff, options, sender, out);
      case kNeighbourSolicitation:
        return neighbour_solicitation(target, options, sender, out);
      case kNeighbourAdvertisement:
        return neighbour_advertisement(head, target, options, sender, out);
      case kRedirect:
        return redirect(target, options, sender, out);
      default:
        return source_address(options, sender, out);
    }
  }

  static Party declared(const IpAddress& ip, const MacAddress& mac, const Observer& out) {
    return {ip, mac, out.flow().key.vlan, true};
  }
  static void bind(const IpAddress& ip, const MacAddress& mac, Observer& out) {
    out.address(declared(ip, mac, out), {ip, mac, "nd", 0});
  }

  /// The sender's own address and MAC, where it tells both.
  static std::string_view source_address(const Options& options, const Party& sender, Observer& out) {
    if (!sender.ip || !sender.ip->is_unicast() || !options.source) return {};
    bind(*sender.ip, *options.source, out);
    return sender.mac && *sender.mac != *options.source ? "sender-mismatch" : "";
  }

  static std::string_view router_advertisement(std::uint32_t lifetime, const Options& options,
                                               const Party& sender, Observer& out) {
    // Hosts must drop it (section 6.1.2): it was forged, or leaked from elsewhere.
    if (!sender.ip || !sender.ip->is_link_local()) return "not-link-local";
    const std::string_view odd = source_address(options, sender, out);
    const Party router = options.source ? declared(*sender.ip, *options.source, out) : sender;
    // Without a lifetime it offers no way out; who stops being a router says so, too.
    if (lifetime > 0) out.clue(router, "nd.router", "router");
    for (std::size_t i = 0; i < options.prefix_count; ++i) {
      const Prefix& prefix = options.prefixes[i];
      out.clue(router, "nd.prefix", fmt::format("{}/{}", to_string(prefix.network), prefix.length));
    }
    return odd;
  }

  static std::string_view neighbour_solicitation(const IpAddress& target, const Options& options,
                                                 const Party& sender, Observer& out) {
    if (sender.ip) return source_address(options, sender, out);
    // Duplicate address detection (RFC 4862, section 5.4): who sends it is about to take the target. No
    // router passes it on, so the frame's MAC is the claimant's own.
    if (options.source) return "source-in-dad";
    if (sender.mac && !sender.mac->is_multicast() && !sender.mac->is_zero()) bind(target, *sender.mac, out);
    return {};
  }

  static std::string_view neighbour_advertisement(std::uint32_t head, const IpAddress& target,
                                                  const Options& options, const Party& sender,
                                                  Observer& out) {
    constexpr std::uint32_t kRouter = 0x80000000, kOverride = 0x20000000;
    if (!options.target) return {};
    // Without the override flag and from another address it is a proxy's, or an anycast address
    // (section 7.2.4).
    const bool own = sender.ip && *sender.ip == target;
    if (!own && (head & kOverride) == 0) return {};
    bind(target, *options.target, out);
    if ((head & kRouter) != 0) out.clue(declared(target, *options.target, out), "nd.router", "router");
    return own && sender.mac && *sender.mac != *options.target ? "sender-mismatch" : "";
  }

  /// Only routers send it; the target is the better first hop, or the destination itself.
  static std::string_view redirect(const IpAddress& target, const Options& options, const Party& sender,
                                   Observer& out) {
    if (!sender.ip || !sender.ip->is_link_local()) return "not-link-local";
    out.clue(sender, "nd.router", "router");
    if (options.target) bind(target, *options.target, out);
    return {};
  }
};

}  // namespace

const DissectorInfo& nd_dissector() {
  static constexpr DissectorInfo kInfo = with_state<NdDissector>({.name = "nd",
                                                                  .title = "IPv6 Neighbor Discovery",
                                                                  .layers = kLayers,
                                                                  .ports = kProtocols,
                                                                  .clues = kClues});
  return kInfo;
}

}  // namespace bedrail
