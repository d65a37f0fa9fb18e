#pragma once

#include "dissect/heard.h"
#include "dissect/observer.h"
#include "format/dns_message.h"

namespace bedrail::netbios {

/// Says what names mean, each statement once for a flow.
class Teller {
 public:
  Teller(Heard& heard, const Party& sender, Observer& out) : heard_(heard), sender_(sender), out_(out) {}

  [[nodiscard]] const Party& sender() const { return sender_; }
  /// The sender where the address is its own, else whoever has that address.
  [[nodiscard]] Party party_at(const IpAddress& ip) const {
    return ip == sender_.ip ? sender_ : Party{ip, std::nullopt, sender_.vlan, false};
  }
  /// A name held by `who`, unique or of a group; its suffix tells its use (RFC 1001, 14; MS-NBTE, 2.2.2).
  void holds(const Party& who, const dns::NetbiosName& name, bool group);
  void name(const Party& who, std::string_view text);
  /// `key` is a literal of the dissector's list.
  void clue(const Party& who, std::string_view key, std::string_view value);
  void anomaly(std::string_view name) { out_.anomaly(name); }
  /// The name service at the sender.
  void serves(std::uint16_t port);

 private:
  bool first(const Party& who, std::string_view what, std::string_view value);

  Heard& heard_;
  Party sender_;
  Observer& out_;
};

/// The name service (RFC 1002, 4.2): registrations, answers, node status.
void read_name_service(Bytes message, std::uint16_t sender_port, Teller& teller);

/// The datagram service (RFC 1002, 4.4), and within it the announcements of the browser service (MS-BRWS).
void read_datagram(Bytes datagram, Teller& teller);

/// A datagram with names: of the three kinds that carry data, with a source name that decodes.
bool is_datagram(Bytes bytes);

}  // namespace bedrail::netbios
