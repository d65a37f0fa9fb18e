#include "dissect/amqp/values.h"

namespace bedrail::amqp {
namespace {

constexpr unsigned kMostFields = 64;

void keep(std::string_view name, std::string_view value, Properties& out) {
  if (name == "product") out.product = value;
  if (name == "version") out.version = value;
  if (name == "platform") out.platform = value;
}

/// Passes over a value of 0-9-1 by its type; text is given back.
std::string_view field_value(char type, ByteReader& reader) {
  switch (type) {
    case 't':
    case 'b':
    case 'B':
      reader.skip(1);
      break;
    case 's':
    case 'u':
      reader.skip(2);
      break;
    case 'I':
    case 'i':
    case 'f':
      reader.skip(4);
      break;
    case 'D':
      reader.skip(5);
      break;
    case 'L':
    case 'l':
    case 'd':
    case 'T':
      reader.skip(8);
      break;
    case 'S':
    case 'x':
      return reader.text(reader.be32());
    case 'A':
    case 'F':
      reader.skip(reader.be32());
      break;
    case 'V':
      break;
    default:
      reader.fail();
  }
  return {};
}

/// A value of AMQP 1.0 with its constructor octet; what is compound or fixed is passed over.
struct Value {
  std::uint8_t code = 0;
  Bytes content;  ///< of what has a length
};
Value next_value(ByteReader& reader) {
  Value out;
  out.code = reader.u8();
  switch (out.code >> 4) {
    case 0x4:
      break;
    case 0x5:
      out.content = reader.bytes(1);
      break;
    case 0x6:
      out.content = reader.bytes(2);
      break;
    case 0x7:
      out.content = reader.bytes(4);
      break;
    case 0x8:
      out.content = reader.bytes(8);
      break;
    case 0x9:
      out.content = reader.bytes(16);
      break;
    case 0xa:
    case 0xc:
    case 0xe:
      out.content = reader.bytes(reader.u8());
      break;
    case 0xb:
    case 0xd:
    case 0xf:
      out.content = reader.bytes(reader.be32());
      break;
    default:
      reader.fail();
  }
  return out;
}
bool is_text(const Value& value) {
  return value.code == 0xa1 || value.code == 0xb1 || value.code == 0xa3 || value.code == 0xb3;
}
std::string_view text_of(const Value& value) { return is_text(value) ? as_text(value.content) : ""; }

/// The items of a list or map, behind their count.
ByteReader items_of(const Value& value, std::uint32_t& count) {
  ByteReader reader(value.content);
  const bool wide = value.code == 0xd0 || value.code == 0xd1,
             narrow = value.code == 0xc0 || value.code == 0xc1;
  count = wide ? reader.be32() : narrow ? reader.u8() : 0;
  return reader;
}

void read_map(const Value& map, Properties& out) {
  std::uint32_t count = 0;
  ByteReader items = items_of(map, count);
  for (unsigned i = 0; i < kMostFields && i + 1 < count && items.ok(); i += 2) {
    const Value name = next_value(items), value = next_value(items);
    if (items.ok()) keep(text_of(name), text_of(value), out);
  }
}

void open_field(unsigned index, const Value& value, Performative& out) {
  constexpr unsigned kProperties = 9;
  if (index == 0) out.container = text_of(value);
  if (index == 1) out.host = text_of(value);
  if (index == kProperties) read_map(value, out.properties);
}
void init_field(unsigned index, const Value& value, Performative& out) {
  if (index == 0) out.mechanism = text_of(value);
  if (index == 1 && (value.code == 0xa0 || value.code == 0xb0)) out.response = value.content;
}
void outcome_field(unsigned index, const Value& value, Performative& out) {
  constexpr std::uint8_t kUbyte = 0x50;
  if (index != 0 || value.code != kUbyte || value.content.empty()) return;
  out.outcome = std::to_integer<std::uint8_t>(value.content.front());
  out.has_outcome = true;
}

}  // namespace

void read_table(ByteReader table, Properties& out) {
  for (unsigned i = 0; i < kMostFields && table.ok() && !table.empty(); ++i) {
    const std::string_view name = table.text(table.u8());
    const std::string_view value = field_value(static_cast<char>(table.u8()), table);
    if (table.ok()) keep(name, value, out);
  }
}

bool read_performative(Bytes body, Performative& out) {
  ByteReader reader(body);
  constexpr std::uint8_t kDescribed = 0, kSmallUlong = 0x53, kUlong = 0x80;
  if (reader.u8() != kDescribed) return false;
  const Value descriptor = next_value(reader);
  ByteReader number(descriptor.content);
  if (descriptor.code == kSmallUlong) out.descriptor = number.u8();
  if (descriptor.code == kUlong) out.descriptor = number.be64();
  const Value list = next_value(reader);
  if (!reader.ok() || out.descriptor == 0) return false;
  std::uint32_t count = 0;
  ByteReader fields = items_of(list, count);
  for (unsigned i = 0; i < kMostFields && i < count && fields.ok(); ++i) {
    const Value value = next_value(fields);
    if (!fields.ok()) return false;
    if (out.descriptor == kOpen) open_field(i, value, out);
    if (out.descriptor == kSaslInit) init_field(i, value, out);
    if (out.descriptor == kSaslOutcome) outcome_field(i, value, out);
  }
  return fields.ok();
}

}  // namespace bedrail::amqp
