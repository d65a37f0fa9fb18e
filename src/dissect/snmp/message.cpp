#include "dissect/snmp/message.h"

namespace bedrail::snmp {
namespace {

constexpr std::uint8_t kIpAddressTag = 0x40;
constexpr std::int64_t kUserSecurityModel = 3;

bool is_pdu(std::uint8_t version, std::uint8_t tag) {
  if (version == 0) return tag >= 0xa0 && tag <= 0xa4;
  return tag >= 0xa0 && tag <= 0xa8 && tag != 0xa4;
}

/// RFC 1157, 4.1.6: enterprise, agent address, generic and specific trap, time stamp, variables.
bool read_trap(asn1::Reader reader, Message& out) {
  out.enterprise = reader.expect(asn1::kOid).content;
  const Bytes address = reader.expect(kIpAddressTag).content;
  (void)reader.integer();
  (void)reader.integer();
  (void)reader.next();
  out.variables = reader.expect(asn1::kSequence).content;
  if (address.size() == 4) out.trap_address = IpAddress::from(address);
  return reader.ok();
}

/// RFC 3416, 3: request id, two numbers (error or bulk limits), variables.
bool read_pdu(asn1::Reader reader, Message& out) {
  const std::int64_t request = reader.integer();
  (void)reader.integer();
  (void)reader.integer();
  out.variables = reader.expect(asn1::kSequence).content;
  if (out.version != 3) out.id = request;
  return reader.ok();
}

bool read_any_pdu(asn1::Reader& reader, Message& out) {
  const asn1::Element element = reader.next();
  if (!reader.ok() || !is_pdu(out.version, element.tag)) return false;
  out.pdu = static_cast<Pdu>(element.tag);
  const asn1::Reader inner = reader.enter(element);
  return out.pdu == Pdu::kTrapV1 ? read_trap(inner, out) : read_pdu(inner, out);
}

/// RFC 3414, 2.4.
bool read_user_security(Bytes parameters, Message& out) {
  asn1::Reader outer(parameters);
  asn1::Reader reader = outer.descend(asn1::kSequence);
  out.engine = reader.expect(asn1::kOctetString).content;
  (void)reader.integer();
  (void)reader.integer();
  out.user = as_text(reader.expect(asn1::kOctetString).content);
  (void)reader.expect(asn1::kOctetString);
  (void)reader.expect(asn1::kOctetString);
  out.usm = reader.ok();
  // RFC 3411, 5: SnmpEngineID is empty (discovery) or 5 to 32 octets long.
  return out.usm && out.engine.size() <= 32 && out.user.size() <= 32;
}

/// RFC 3412, 6, after the version.
Fault read_v3(asn1::Reader& reader, Message& out) {
  asn1::Reader header = reader.descend(asn1::kSequence);
  out.id = header.integer();
  const std::int64_t size = header.integer();
  const Bytes flags = header.expect(asn1::kOctetString).content;
  const std::int64_t model = header.integer();
  const asn1::Element security = reader.expect(asn1::kOctetString);
  if (!header.ok() || !reader.ok() || flags.size() != 1 || size < 484) return Fault::kForeign;
  out.flags = static_cast<std::uint8_t>(flags[0]);
  if (model == kUserSecurityModel && !read_user_security(security.content, out)) return Fault::kBroken;
  if (reader.peek() == asn1::kOctetString) {
    (void)reader.next();
    return reader.ok() ? Fault::kNone : Fault::kBroken;
  }
  asn1::Reader scoped = reader.descend(asn1::kSequence);
  (void)scoped.expect(asn1::kOctetString);
  (void)scoped.expect(asn1::kOctetString);
  return read_any_pdu(scoped, out) ? Fault::kNone : Fault::kBroken;
}

}  // namespace

Fault read_message(Bytes datagram, Message& out) {
  asn1::Reader outer(datagram);
  asn1::Reader reader = outer.descend(asn1::kSequence);
  const std::int64_t version = reader.integer();
  if (!reader.ok() || (version != 0 && version != 1 && version != 3)) return Fault::kForeign;
  out.version = static_cast<std::uint8_t>(version);
  if (version == 3) return read_v3(reader, out);
  out.community = as_text(reader.expect(asn1::kOctetString).content);
  if (!reader.ok() || !is_pdu(out.version, reader.peek())) return Fault::kForeign;
  return read_any_pdu(reader, out) ? Fault::kNone : Fault::kBroken;
}

std::optional<Variable> next_variable(asn1::Reader& reader) {
  if (!reader.ok() || reader.empty()) return std::nullopt;
  asn1::Reader binding = reader.descend(asn1::kSequence);
  const Variable variable{binding.expect(asn1::kOid).content, binding.next()};
  if (!reader.ok() || !binding.ok()) {
    reader.fail();
    return std::nullopt;
  }
  return variable;
}

}  // namespace bedrail::snmp
