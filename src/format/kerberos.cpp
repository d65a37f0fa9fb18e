#include "format/kerberos.h"

#include "base/text.h"
#include "format/asn1.h"

namespace bedrail::kerberos {
namespace {

using asn1::Element;
using asn1::Reader;

constexpr std::uint8_t application(Type type) {
  return static_cast<std::uint8_t>(0x60 | static_cast<std::uint8_t>(type));
}
constexpr std::uint8_t kTicket = 0x61;
constexpr std::uint8_t tag(std::uint8_t number) { return asn1::context(number, true); }
constexpr std::uint32_t kVersion = 5;
/// Pre-authentication data (RFC 4120, 7.5.2; RFC 4556; RFC 6113).
constexpr std::int64_t kEncryptedTimestamp = 2, kOldPublicKey = 15, kPublicKey = 16,
                       kEncryptedChallenge = 138;
constexpr std::int64_t kNetbiosAddress = 20;
constexpr unsigned kMostElements = 64;

std::int32_t small(std::int64_t value) {
  return value < INT32_MIN || value > INT32_MAX ? 0 : static_cast<std::int32_t>(value);
}

Principal read_principal(const Reader& outer, const Element& field) {
  Principal out;
  Reader name = outer.enter(field).descend(asn1::kSequence);
  (void)name.optional(tag(0));
  Reader parts = name.descend(tag(1)).descend(asn1::kSequence);
  while (parts.ok() && !parts.empty() && out.count < kMostElements) {
    const Element part = parts.next();
    if (!parts.ok()) break;
    if (out.count < Principal::kMostParts) out.parts[out.count] = as_text(part.content);
    ++out.count;
  }
  return out;
}

std::int32_t read_integer(const Reader& outer, const Element& field) {
  Reader inner = outer.enter(field);
  const std::int64_t value = inner.integer();
  return inner.ok() ? small(value) : 0;
}

std::string_view read_text(const Reader& outer, const Element& field) {
  return as_text(outer.enter(field).next().content);
}

/// EncryptedData: the type of encryption is all that is looked at.
std::int32_t read_encryption(const Reader& outer, const Element& field) {
  Reader data = outer.enter(field).descend(asn1::kSequence);
  const Element type = data.expect(tag(0));
  return data.ok() ? read_integer(data, type) : 0;
}

void read_ticket(Reader ticket, Principal& service, std::int32_t& encryption) {
  Reader body = ticket.descend(kTicket).descend(asn1::kSequence);
  for (unsigned i = 0; i < kMostElements && body.ok() && !body.empty(); ++i) {
    const Element field = body.next();
    if (field.is(tag(2))) service = read_principal(body, field);
    if (field.is(tag(3))) encryption = read_encryption(body, field);
  }
}

void read_addresses(Reader list, Message& out) {
  for (unsigned i = 0; i < kMostElements && list.ok() && !list.empty(); ++i) {
    Reader address = list.descend(asn1::kSequence);
    const Element type = address.expect(tag(0)), value = address.expect(tag(1));
    if (address.ok() && read_integer(address, type) == kNetbiosAddress)
      out.netbios = trim(read_text(address, value).substr(0, 15));
  }
}

void read_request_body(Reader body, Message& out) {
  for (unsigned i = 0; i < kMostElements && body.ok() && !body.empty(); ++i) {
    const Element field = body.next();
    if (field.is(tag(1))) out.client = read_principal(body, field);
    if (field.is(tag(2))) out.realm = read_text(body, field);
    if (field.is(tag(3))) out.service = read_principal(body, field);
    if (field.is(tag(8))) {
      Reader types = body.enter(field).descend(asn1::kSequence);
      while (types.ok() && !types.empty() && out.offered_count < kMostEncryptionTypes) {
        const std::int64_t type = types.integer();
        if (types.ok()) out.offered[out.offered_count++] = small(type);
      }
    }
    if (field.is(tag(9))) read_addresses(body.enter(field).descend(asn1::kSequence), out);
  }
}

void read_preauthentication(Reader list, Message& out) {
  for (unsigned i = 0; i < kMostElements && list.ok() && !list.empty(); ++i) {
    Reader data = list.descend(asn1::kSequence);
    const Element type = data.expect(tag(1));
    if (!data.ok()) continue;
    const std::int32_t number = read_integer(data, type);
    out.preauthenticated |= number == kEncryptedTimestamp || number == kOldPublicKey ||
                            number == kPublicKey || number == kEncryptedChallenge;
  }
}

void read_request(Reader& fields, Message& out) {
  while (fields.ok() && !fields.empty()) {
    const Element field = fields.next();
    if (field.is(tag(3))) read_preauthentication(fields.enter(field).descend(asn1::kSequence), out);
    if (field.is(tag(4))) read_request_body(fields.enter(field).descend(asn1::kSequence), out);
  }
}

void read_reply(Reader& fields, Message& out) {
  while (fields.ok() && !fields.empty()) {
    const Element field = fields.next();
    if (field.is(tag(3))) out.realm = read_text(fields, field);
    if (field.is(tag(4))) out.client = read_principal(fields, field);
    if (field.is(tag(5))) read_ticket(fields.enter(field), out.service, out.ticket_encryption);
    if (field.is(tag(6))) out.reply_encryption = read_encryption(fields, field);
  }
}

void read_error(Reader& fields, Message& out) {
  while (fields.ok() && !fields.empty()) {
    const Element field = fields.next();
    if (field.is(tag(6))) out.error = read_integer(fields, field);
    if (field.is(tag(8))) out.client = read_principal(fields, field);
    if (field.is(tag(9))) out.realm = read_text(fields, field);
    if (field.is(tag(10))) out.service = read_principal(fields, field);
  }
}

void read_ap_request(Reader& fields, Message& out) {
  while (fields.ok() && !fields.empty()) {
    const Element field = fields.next();
    if (field.is(tag(3))) read_ticket(fields.enter(field), out.service, out.ticket_encryption);
  }
}

/// The version and message type, which every message begins with (for a request they are numbered from 1).
bool has_version(Reader& fields, Type type) {
  const bool request = type == Type::kAsRequest || type == Type::kTgsRequest;
  const Element version = fields.expect(tag(request ? 1 : 0)), number = fields.expect(tag(request ? 2 : 1));
  return fields.ok() && read_integer(fields, version) == static_cast<std::int32_t>(kVersion) &&
         read_integer(fields, number) == static_cast<std::int32_t>(type);
}

bool is_type(std::uint8_t identifier) {
  return (identifier >= application(Type::kAsRequest) && identifier <= application(Type::kApRequest)) ||
         identifier == application(Type::kError);
}

}  // namespace

std::string_view Principal::machine() const {
  if (count == 1 && parts[0].size() > 1 && parts[0].ends_with('$'))
    return parts[0].substr(0, parts[0].size() - 1);
  if (count == 2 && equals_ignoring_case(parts[0], "host")) return parts[1];
  return {};
}

std::string Principal::service() const {
  if (count < 2 || parts[0].empty() || parts[1].empty()) return {};
  return std::string(parts[0]).append(1, '/').append(parts[1]);
}

std::optional<Message> parse(Bytes bytes) {
  Reader reader(bytes);
  if (!is_type(reader.peek())) return std::nullopt;
  Message out;
  out.type = static_cast<Type>(reader.peek() & 0x1f);
  Reader fields = reader.enter(reader.next()).descend(asn1::kSequence);
  if (!reader.ok() || !has_version(fields, out.type)) return std::nullopt;
  switch (out.type) {
    case Type::kAsRequest:
    case Type::kTgsRequest:
      read_request(fields, out);
      break;
    case Type::kAsReply:
    case Type::kTgsReply:
      read_reply(fields, out);
      break;
    case Type::kApRequest:
      read_ap_request(fields, out);
      break;
    case Type::kError:
      read_error(fields, out);
      break;
  }
  if (!fields.ok()) return std::nullopt;
  return out;
}

bool begins_message(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint8_t identifier = reader.u8();
  if (!is_type(identifier)) return false;
  const auto skip_length = [&reader] {
    const std::uint8_t first = reader.u8();
    if (first >= 0x80) reader.skip(first & 0x7f);
  };
  skip_length();
  if (reader.u8() != asn1::kSequence) return false;
  skip_length();
  const auto type = static_cast<Type>(identifier & 0x1f);
  const std::uint8_t start = type == Type::kAsRequest || type == Type::kTgsRequest ? 1 : 0;
  const std::uint8_t wanted[] = {tag(start),
                                 3,
                                 asn1::kInteger,
                                 1,
                                 kVersion,
                                 tag(static_cast<std::uint8_t>(start + 1)),
                                 3,
                                 asn1::kInteger,
                                 1,
                                 static_cast<std::uint8_t>(type)};
  for (const std::uint8_t byte : wanted) {
    if (reader.u8() != byte) return false;
  }
  return reader.ok();
}

Principal service_of_token(Bytes token) {
  for (std::size_t at = 0; at + 16 < token.size() && at < 512; ++at) {
    if (token[at] != std::byte{application(Type::kApRequest)} || !begins_message(token.subspan(at))) continue;
    const auto message = parse(token.subspan(at));
    return message ? message->service : Principal{};
  }
  return {};
}

std::string_view encryption_name(std::int32_t type) {
  switch (type) {
    case 1:
    case 2:
    case 3:
      return "des";
    case 5:
    case 7:
    case 16:
      return "des3";
    case 17:
    case 19:
      return "aes128";
    case 18:
    case 20:
      return "aes256";
    case 23:
      return "rc4";
    case 24:
      return "rc4-export";
    default:
      // Microsoft's own, older numbers for RC4 (MS-KILE 3.1.5.2).
      return type >= -141 && type <= -128 ? "rc4" : "";
  }
}

}  // namespace bedrail::kerberos
