#include "dissect/dissector.h"

#include <fmt/format.h>

#include <iterator>

#include "base/text.h"
#include "dissect/dhcpv6/duid.h"
#include "dissect/dhcpv6/message.h"
#include "format/dhcp_value.h"

namespace bedrail {
namespace {

using namespace dhcpv6;

constexpr Layer kLayers[] = {Layer::kUdp};
/// The server's only: a client's 546 among them would make the engine take it for a server.
constexpr std::uint16_t kServerPort = 547;
constexpr std::uint16_t kPorts[] = {kServerPort};
constexpr std::string_view kClues[] = {"dhcpv6.duid",           "dhcpv6.enterprise",   "dhcpv6.vendor-class",
                                       "dhcpv6.vendor-options", "dhcpv6.user-class",   "dhcpv6.parameters",
                                       "dhcpv6.options",        "dhcpv6.interface-id", "dhcpv6.remote-id",
                                       "dhcpv6.link-address",   "dhcpv6.relay"};

/// As many addresses of one reply are bound, and as many vendors' options of one message are read.
constexpr unsigned kMaxAddresses = 16, kMaxEnterprises = 8;
/// Codes that are listed: as many as a clue's text holds whole.
constexpr unsigned kMaxCodes = 85;

void append(std::string& list, std::uint16_t code) {
  fmt::format_to(std::back_inserter(list), "{}{}", list.empty() ? "" : ",", code);
}

/// Both ends of a datagram, in the direction it went.
struct Ends {
  Party sender, receiver;
};

/// DHCP for IPv6 (RFC 8415). Each datagram stands alone: there is no state, and one bad message does not end
/// the flow.
class Dhcpv6Dissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const Ends ends = direction == Direction::kToServer ? Ends{out.client(), out.server()}
                                                        : Ends{out.server(), out.client()};
    Message message;
    const std::string_view odd = read_message(bytes, message);
    if (!odd.empty()) out.anomaly(odd);
    if (message.envelope.relayed && message.envelope.forward) out.clue(ends.sender, "dhcpv6.relay", "relay");
    if (odd.empty()) read(message, ends, out);
    return Progress::all(bytes);
  }

 private:
  static void read(const Message& message, const Ends& ends, Observer& out) {
    if (is_from_server(message.type)) {
      reply(message, ends, out);
    } else if (message.type >= kSolicit && message.type <= kInformationRequest) {
      request(message, ends.sender, out);
    }
  }

  /// The identifier in an option of that code, if any.
  static std::optional<Duid> find_duid(Bytes options, std::uint16_t code, Observer& out) {
    ByteReader reader(options);
    while (const auto found = next_option(reader)) {
      if (found->code != code) continue;
      std::optional<Duid> duid = read_duid(found->value);
      if (!duid) out.anomaly("bad-duid");
      return duid;
    }
    return std::nullopt;
  }

  /// The client: where relayed, at the address the relay names and with the MAC it or the client tells; else
  /// the end of the frame. A link-local frame's MAC is its own beyond doubt, and an identifier's may be
  /// another interface's (or cloned with a disk): it counts there only where it is the same.
  static Party client(const Envelope& envelope, const Party& end, const std::optional<Duid>& duid) {
    Party who = end;
    std::optional<MacAddress> told = duid ? duid->mac : std::nullopt;
    if (envelope.relayed) {
      who.ip = envelope.peer.is_unicast() ? std::optional(envelope.peer) : std::nullopt;
      who.mac.reset();
      if (envelope.client_mac) told = envelope.client_mac;
    }
    const bool own_frame = who.mac && who.ip && who.ip->is_link_local();
    if (told && (!own_frame || *told == *who.mac)) {
      who.mac = told;
      who.mac_declared = true;
    }
    return who;
  }

  static void request(const Message& message, const Party& sender, Observer& out) {
    const std::optional<Duid> duid = find_duid(message.options, option::kClient, out);
    const Party who = client(message.envelope, sender, duid);
    if (!who.ip && !who.mac) return;
    if (duid) {
      out.clue(who, "dhcpv6.duid", duid->text);
      if (duid->enterprise) out.clue(who, "dhcpv6.enterprise", fmt::format("{}", *duid->enterprise));
    }
    std::string order;
    unsigned codes = 0, enterprises = 0;
    ByteReader reader(message.options);
    while (const auto found = next_option(reader)) {
      if (codes++ < kMaxCodes) append(order, found->code);
      if (found->code == option::kVendorClass || found->code == option::kVendorOptions) {
        if (enterprises++ < kMaxEnterprises) vendor(*found, who, out);
      } else {
        client_option(*found, who, out);
      }
    }
    if (!reader.ok()) out.anomaly("truncated-options");
    if (message.type != kRelease && message.type != kDecline) out.clue(who, "dhcpv6.options", order);
    place(message.envelope, who, out);
  }

  static void client_option(const Option& found, const Party& who, Observer& out) {
    switch (found.code) {
      case option::kRequest: {
        std::string list;
        ByteReader reader(found.value);
        for (unsigned count = 0; count < kMaxCodes && reader.remaining() >= 2; ++count)
          append(list, reader.be16());
        out.clue(who, "dhcpv6.parameters", list);
        break;
      }
      case option::kUserClass: {
        const std::optional<std::string> classes = counted_texts(found.value, OptionWidth::kTwo);
        out.clue(who, "dhcpv6.user-class", classes ? *classes : text_or_hex(found.value));
        break;
      }
      case option::kClientName:
        name(found.value, who, out);
        break;
      default:
        break;
    }
  }

  /// RFC 4704: flags, then a name in wire form. An old client's plain text is taken, too.
  static void name(Bytes value, const Party& who, Observer& out) {
    if (value.empty()) return;
    const std::string_view plain = as_text(value.subspan(1));
    if (const auto text = wire_name(value.subspan(1))) {
      out.name(who, "dhcp", *text);
    } else if (is_printable_ascii(plain)) {
      out.name(who, "dhcp", plain);
    } else {
      out.anomaly("bad-name");
    }
  }

  static void vendor(const Option& found, const Party& who, Observer& out) {
    ByteReader reader(found.value);
    const std::uint32_t enterprise = reader.be32();
    if (!reader.ok()) return out.anomaly("bad-option-length");
    out.clue(who, "dhcpv6.enterprise", fmt::format("{}", enterprise));
    if (found.code == option::kVendorOptions) {
      return out.clue(who, "dhcpv6.vendor-options", printable_options(reader.rest(), OptionWidth::kTwo));
    }
    const std::optional<std::string> classes = counted_texts(reader.rest(), OptionWidth::kTwo);
    out.clue(who, "dhcpv6.vendor-class", classes ? *classes : text_or_hex(reader.rest()));
  }

  /// Where the relay heard the client.
  static void place(const Envelope& envelope, const Party& who, Observer& out) {
    if (!envelope.relayed) return;
    out.clue(who, "dhcpv6.interface-id", text_or_hex(envelope.interface_id));
    out.clue(who, "dhcpv6.remote-id", remote_id(envelope.remote_id));
    if (envelope.link.is_unicast()) out.clue(who, "dhcpv6.link-address", to_string(envelope.link));
  }

  /// RFC 4649: an enterprise's number, then what that maker likes.
  static std::string remote_id(Bytes value) {
    ByteReader reader(value);
    const std::uint32_t enterprise = reader.be32();
    return reader.ok() ? fmt::format("{} {}", enterprise, text_or_hex(reader.rest())) : std::string();
  }

  static void reply(const Message& message, const Ends& ends, Observer& out) {
    // A server's message that goes towards a server is none's.
    if (message.envelope.relayed && message.envelope.forward) return out.anomaly("relayed-backwards");
    server(message, ends.sender, out);
    if (message.type != kReply) return;
    const Party who =
        client(message.envelope, ends.receiver, find_duid(message.options, option::kClient, out));
    unsigned bound = 0;
    ByteReader reader(message.options);
    while (const auto found = next_option(reader)) {
      if (found->code == option::kAddresses) addresses(found->value, 12, who, bound, out);
      if (found->code == option::kTemporaryAddresses) addresses(found->value, 4, who, bound, out);
      if (found->code == option::kClientName && (who.ip || who.mac)) name(found->value, who, out);
    }
    if (!reader.ok()) out.anomaly("truncated-options");
  }

  static void server(const Message& message, const Party& sender, Observer& out) {
    Party who = sender;
    const std::optional<Duid> duid = find_duid(message.options, option::kServer, out);
    // A relay hands a server's message on under its own address; the identifier's MAC shows that it is not
    // one.
    const bool itself = duid && duid->mac && sender.mac && *duid->mac == *sender.mac;
    who.mac_declared = itself;
    if (itself) out.clue(who, "dhcpv6.duid", duid->text, Role::kServer);
    out.service_at(who, {Transport::kUdp, kServerPort, "dhcpv6", {}, {}, false});
  }

  /// The addresses of an identity association; `head` bytes stand before its options.
  static void addresses(Bytes association, std::size_t head, const Party& who, unsigned& bound,
                        Observer& out) {
    // Without a MAC of the client's own there is nothing to bind to. A frame's that is no link-local one may
    // be a router's.
    const bool own = who.mac_declared || (who.ip && who.ip->is_link_local());
    ByteReader reader(association);
    reader.skip(head);
    while (const auto found = next_option(reader)) {
      if (found->code != option::kAddress) continue;
      ByteReader address(found->value);
      const IpAddress ip = IpAddress::from(address.bytes(16));
      address.skip(4);
      const std::uint32_t valid = address.be32();
      if (!address.ok()) return out.anomaly("bad-option-length");
      // No lifetime: the server takes it back.
      if (!who.mac || !own || valid == 0 || !ip.is_unicast() || bound++ >= kMaxAddresses) continue;
      out.address({ip, who.mac, who.vlan, true}, {ip, *who.mac, "dhcpv6", valid});
    }
    if (!reader.ok()) out.anomaly("truncated-options");
  }
};

/// Sound options to the end with an identifier among them are proof; else it is plausible on its port only.
Recognition recognise(const Probe& probe) {
  if (is_surely_dhcpv6(probe.bytes)) return Recognition::kYes;
  return probe.on_port && probe.bytes.size() >= 4 ? Recognition::kMaybe : Recognition::kNo;
}

}  // namespace

const DissectorInfo& dhcpv6_dissector() {
  static constexpr DissectorInfo kInfo = with_state<Dhcpv6Dissector>(
      {.name = "dhcpv6",
       .title = "DHCP for IPv6",
       .layers = kLayers,
       .ports = kPorts,
       .clues = kClues,
       .recognise = recognise,
       .first_bytes = FirstBytes::of("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d")});
  return kInfo;
}

}  // namespace bedrail
