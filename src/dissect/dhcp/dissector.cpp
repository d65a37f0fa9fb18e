#include "dissect/dissector.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/dhcp/message.h"
#include "format/dhcp_value.h"

namespace bedrail {
namespace {

using namespace dhcp;

constexpr Layer kLayers[] = {Layer::kUdp};
/// The server's only: a client's 68 among them would make the engine take it for a server. 4011: boot servers
/// (PXE).
constexpr std::uint16_t kServerPort = 67, kBootPort = 4011;
constexpr std::uint16_t kPorts[] = {kServerPort, kBootPort};
constexpr std::string_view kClues[] = {
    "dhcp.vendor-class", "dhcp.parameters",    "dhcp.options",      "dhcp.user-class", "dhcp.client-id",
    "dhcp.domain",       "dhcp.agent-circuit", "dhcp.agent-remote", "dhcp.enterprise", "dhcp.enterprise-text",
    "dhcp.router",       "dhcp.relay",         "dhcp.bootp"};

/// Vendors that are read from one option.
constexpr unsigned kMaxEnterprises = 8;
/// Addresses that are read from the router option.
constexpr unsigned kMaxRouters = 8;

/// Codes that are listed: as many as a clue's text holds whole.
constexpr std::size_t kMaxCodes = 128;

/// An address a host can have: not of "this network" either (RFC 1122, section 3.2.1.3), as garbage often is.
bool is_host(const IpAddress& ip) { return ip.is_unicast() && !ip.is_loopback() && ip.octets[12] != 0; }

/// A list of codes: "1,3,6,15".
std::string numbers(Bytes codes) {
  std::string out;
  for (const std::byte code : codes.first(std::min(codes.size(), kMaxCodes))) {
    fmt::format_to(std::back_inserter(out), "{}{}", out.empty() ? "" : ",", static_cast<unsigned>(code));
  }
  return out;
}

/// The hardware type and what follows: "1 00:1b:63:98:bf:36", "255 0a1b...", "0 cisco-...". Some clients put
/// plain text where the type should be.
std::string client_identifier(Bytes value) {
  if (is_printable_ascii(as_text(value))) return std::string(as_text(value));
  const auto type = static_cast<std::uint8_t>(value.front());
  const Bytes rest = value.subspan(1);
  if (type == 1 && rest.size() == 6) return fmt::format("1 {}", to_string(MacAddress::from(rest)));
  return fmt::format("{} {}", type, text_or_hex(rest));
}

/// A client's full name (RFC 4702): flags and two bytes of no more use, then ASCII or, with the E flag, wire
/// form.
std::string full_name(Bytes value) {
  constexpr std::uint8_t kWireForm = 0x04;
  if (value.size() < 3) return {};
  const Bytes name = value.subspan(3);
  if ((static_cast<std::uint8_t>(value.front()) & kWireForm) != 0)
    return wire_name(name).value_or(std::string());
  return std::string(as_text(name));
}

/// What one vendor's part of option 124 says in text.
std::string vendor_class(Bytes data) {
  const std::string_view text = trim(as_text(data));
  if (is_printable_ascii(text)) return std::string(text);
  return counted_texts(data, OptionWidth::kOne).value_or(std::string());
}

/// DHCP for IPv4 and BOOTP before it (RFC 2131, 2132, 951). One flow carries the broadcasts of many clients,
/// so each datagram stands alone: there is no state, and one bad message does not end the flow.
class DhcpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    Message message;
    const std::string_view odd = read_message(bytes, message);
    if (!odd.empty()) out.anomaly(odd);
    if (!is_useless(odd)) {
      relay(message, out);
      if (message.request) {
        request(message, out);
      } else {
        reply(message, direction == Direction::kToServer ? out.client() : out.server(),
              direction == Direction::kToServer ? out.flow().key.client.port : out.flow().key.server.port,
              out);
      }
    }
    return Progress::all(bytes);
  }

 private:
  static void relay(const Message& message, Observer& out) {
    if (is_host(message.relay))
      out.clue({message.relay, std::nullopt, out.flow().key.vlan, false}, "dhcp.relay", "relay");
  }

  /// The client at `ip`, named by the hardware address it declared; nobody where it has neither.
  static std::optional<Party> client(const Message& message, const IpAddress& ip, const Observer& out) {
    Party party{std::nullopt, message.mac, out.flow().key.vlan, message.mac.has_value()};
    if (is_host(ip)) party.ip = ip;
    if (!party.ip && !party.mac) return std::nullopt;
    return party;
  }
  static void bind(const Party& client, std::uint32_t lease, Observer& out) {
    if (client.ip && client.mac) out.address(client, {*client.ip, *client.mac, "dhcp", lease});
  }

  static void request(const Message& message, Observer& out) {
    // A lease query asks about somebody else.
    if (message.type > Type::kInform) return;
    const std::optional<Party> who = client(message, message.client, out);
    if (!who) return;
    // Who discovers has no address yet, who declines or releases one has it no more.
    const bool leaving = message.type == Type::kDecline || message.type == Type::kRelease;
    if (!leaving && message.type != Type::kDiscover) bind(*who, 0, out);
    if (!leaving) out.clue(*who, "dhcp.options", message.options.order());
    // Without DHCP's own options it still says that this device asks for its address as devices of old do.
    if (message.type == Type::kBootp) out.clue(*who, "dhcp.bootp", "client");
    names(message, *who, out);
    Scratch scratch;
    out.clue(*who, "dhcp.vendor-class", text_or_hex(message.options.value(option::kVendorClass, scratch)));
    out.clue(*who, "dhcp.parameters", numbers(message.options.value(option::kParameters, scratch)));
    if (const Bytes value = message.options.value(option::kUserClass, scratch); !value.empty()) {
      const std::optional<std::string> classes = counted_texts(value, OptionWidth::kOne);
      out.clue(*who, "dhcp.user-class", classes ? *classes : text_or_hex(value));
    }
    if (const Bytes value = message.options.value(option::kClientIdentifier, scratch); !value.empty()) {
      out.clue(*who, "dhcp.client-id", client_identifier(value));
    }
    agent(message, *who, out);
    enterprises(message, *who, out);
  }

  static void names(const Message& message, const Party& who, Observer& out) {
    Scratch scratch;
    out.name(who, "dhcp", as_text(message.options.value(option::kHostName, scratch)));
    out.name(who, "dhcp", full_name(message.options.value(option::kClientName, scratch)));
    out.clue(who, "dhcp.domain", as_text(message.options.value(option::kDomain, scratch)));
  }

  /// Where the relay heard the client (RFC 3046): a switch's port, mostly.
  static void agent(const Message& message, const Party& who, Observer& out) {
    Scratch scratch;
    ByteReader reader(message.options.value(option::kAgent, scratch));
    while (!reader.empty()) {
      const std::uint8_t code = reader.u8();
      const std::uint8_t length = reader.u8();
      const Bytes value = reader.bytes(length);
      if (!reader.ok()) return out.anomaly("truncated-options");
      if (code == 1) out.clue(who, "dhcp.agent-circuit", text_or_hex(value));
      if (code == 2) out.clue(who, "dhcp.agent-remote", text_or_hex(value));
    }
  }

  /// Vendors' own classes and options, by the number of the enterprise (RFC 3925).
  static void enterprises(const Message& message, const Party& who, Observer& out) {
    for (const std::uint8_t code : {option::kVendorClasses, option::kVendorOptions}) {
      Scratch scratch;
      ByteReader reader(message.options.value(code, scratch));
      for (unsigned count = 0; count < kMaxEnterprises && !reader.empty(); ++count) {
        const std::uint32_t enterprise = reader.be32();
        const std::uint8_t length = reader.u8();
        const Bytes data = reader.bytes(length);
        if (!reader.ok()) return out.anomaly("truncated-options");
        out.clue(who, "dhcp.enterprise", fmt::format("{}", enterprise));
        out.clue(
            who, "dhcp.enterprise-text",
            code == option::kVendorClasses ? vendor_class(data) : printable_options(data, OptionWidth::kOne));
      }
    }
  }

  static void reply(const Message& message, const Party& sender, std::uint16_t port, Observer& out) {
    const std::optional<Party> from = server(message, sender, out);
    if (from) {
      out.service_at(*from,
                     {Transport::kUdp, port == kBootPort ? kBootPort : kServerPort, "dhcp", {}, {}, false});
      routers(message, *from, out);
    }
    if (message.type != Type::kAck && message.type != Type::kBootp) return;
    // An answer to an INFORM assigns nothing; it goes to the address the client has.
    const std::optional<Party> who =
        client(message, is_host(message.yours) ? message.yours : message.client, out);
    if (!who) return;
    Scratch scratch;
    const Bytes lease = message.options.value(option::kLeaseTime, scratch);
    if (!lease.empty() && lease.size() != 4) out.anomaly("bad-option-length");
    bind(*who, lease.size() == 4 ? ByteReader(lease).be32() : 0, out);
    names(message, *who, out);
    agent(message, *who, out);
  }

  /// Who answers: by its identifier, for a relay may have passed the answer on; else who sent it, where no
  /// relay did.
  static std::optional<Party> server(const Message& message, const Party& sender, Observer& out) {
    Scratch scratch;
    const Bytes identifier = message.options.value(option::kServerIdentifier, scratch);
    if (!identifier.empty() && identifier.size() != 4) out.anomaly("bad-option-length");
    const IpAddress ip = identifier.size() == 4 ? IpAddress::from(identifier) : IpAddress{};
    const bool named = is_host(ip);
    if (sender.ip && is_host(*sender.ip) && (named ? *sender.ip == ip : message.relay != *sender.ip))
      return sender;
    if (!named) return std::nullopt;
    return Party{ip, std::nullopt, out.flow().key.vlan, false};
  }

  static void routers(const Message& message, const Party& server, Observer& out) {
    Scratch scratch;
    ByteReader reader(message.options.value(option::kRouter, scratch));
    std::string list;
    for (unsigned count = 0; count < kMaxRouters && reader.remaining() >= 4; ++count) {
      if (count > 0) list.push_back(',');
      list += to_string(IpAddress::from(reader.bytes(4)));
    }
    out.clue(server, "dhcp.router", list);
  }
};

/// The cookie behind a sound header is proof; BOOTP without it is plausible on its ports only.
Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  const std::uint8_t op = reader.u8();
  const std::uint8_t hardware = reader.u8();
  const std::uint8_t hardware_length = reader.u8();
  const std::uint8_t hops = reader.u8();
  reader.skip(kHeaderSize - 4);
  if (!reader.ok() || (op != 1 && op != 2) || hardware_length > 16) return Recognition::kNo;
  if (reader.be32() == kCookie) return Recognition::kYes;
  return probe.on_port && hardware == 1 && hardware_length == 6 && hops <= 16 ? Recognition::kMaybe
                                                                              : Recognition::kNo;
}

}  // namespace

const DissectorInfo& dhcp_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<DhcpDissector>({.name = "dhcp",
                                 .title = "DHCP for IPv4",
                                 .layers = kLayers,
                                 .ports = kPorts,
                                 .clues = kClues,
                                 .recognise = recognise,
                                 .first_bytes = FirstBytes::of("\x01\x02")});
  return kInfo;
}

}  // namespace bedrail
