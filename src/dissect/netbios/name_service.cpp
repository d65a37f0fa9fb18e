#include "dissect/netbios/speaker.h"

namespace bedrail::netbios {
namespace {

constexpr std::uint16_t kGroupFlag = 0x8000;
/// A name given up, or fought over with another node (RFC 1002, 4.2.18).
constexpr std::uint16_t kNotHeld = 0x1000 | 0x0800;

/// Who has the name: a list of flags and addresses (RFC 1002, 4.2.13).
void holders(ByteReader data, const dns::NetbiosName& name, Teller& teller) {
  while (data.remaining() >= 6) {
    const std::uint16_t flags = data.be16();
    const IpAddress ip = IpAddress::from(data.bytes(4));
    if (ip.is_unicast() && !ip.is_loopback())
      teller.holds(teller.party_at(ip), name, (flags & kGroupFlag) != 0);
  }
}

/// The responder's whole name table and its MAC (RFC 1002, 4.2.18).
void node_status(ByteReader data, Teller& teller) {
  const std::uint8_t count = data.u8();
  ByteReader names = data.slice(count * 18U);
  if (!names.ok()) return teller.anomaly("malformed");
  Party self = teller.sender();
  const MacAddress mac = MacAddress::from(data.bytes(6));
  if (!mac.is_zero() && !mac.is_multicast()) {
    self.mac = mac;
    self.mac_declared = true;
  }
  while (names.remaining() >= 18) {
    const dns::NetbiosName name = dns::netbios_name(names.bytes(16));
    const std::uint16_t flags = names.be16();
    if ((flags & kNotHeld) == 0) teller.holds(self, name, (flags & kGroupFlag) != 0);
  }
}

bool is_registration(dns::Opcode opcode) {
  return opcode == dns::Opcode::kNetbiosRegistration || opcode == dns::Opcode::kNetbiosRefresh ||
         opcode == dns::Opcode::kNetbiosRefreshOther || opcode == dns::Opcode::kNetbiosMultihomed;
}

}  // namespace

void read_name_service(Bytes message, std::uint16_t sender_port, Teller& teller) {
  dns::MessageReader reader(message);
  const dns::Header& header = reader.header();
  if (!reader.ok()) return teller.anomaly("truncated");
  const bool answer = header.response() && header.rcode() == 0 && header.opcode() == dns::Opcode::kQuery;
  // Who asks for a name says nothing of itself; releases give names up. A server's consent repeats the
  // registration.
  const bool registration = is_registration(header.opcode()) && header.rcode() == 0;
  if (answer && sender_port == 137) teller.serves(sender_port);
  for (dns::Record record; (answer || registration) && reader.next(record);) {
    const ByteReader data(reader.data(record));
    if (record.type == dns::Type::kNetbiosName) {
      if (const auto name = dns::decode_netbios_label(record.name.label(0))) {
        holders(data, *name, teller);
      } else {
        teller.anomaly("bad-name");
      }
    } else if (answer && record.type == dns::Type::kSrv) {
      // The number that DNS gives to SRV is NBSTAT here.
      node_status(data, teller);
    }
  }
  for (dns::Question question; reader.next(question);) {
    if (!dns::decode_netbios_label(question.name.label(0))) teller.anomaly("bad-name");
  }
  if (!reader.ok() && !header.truncated()) teller.anomaly("malformed");
}

}  // namespace bedrail::netbios
