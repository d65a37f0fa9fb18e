#include "encoding.h"

#include <algorithm>

namespace bedrail::opcua {
namespace {

constexpr std::uint32_t kNull = 0xffffffff;
constexpr std::uint32_t kCountLimit = 65536;

}  // namespace

Bytes read_byte_string(ByteReader& reader) {
  const std::uint32_t size = reader.le32();
  return size == kNull ? Bytes{} : reader.bytes(size);
}

std::string_view read_string(ByteReader& reader) { return as_text(read_byte_string(reader)); }

std::uint32_t read_count(ByteReader& reader) {
  const std::uint32_t count = reader.le32();
  if (count == kNull) return 0;
  if (count > kCountLimit) reader.fail();
  return reader.ok() ? count : 0;
}

std::string_view read_localized_text(ByteReader& reader) {
  const std::uint8_t mask = reader.u8();
  if ((mask & 1) != 0) read_string(reader);
  return (mask & 2) != 0 ? read_string(reader) : std::string_view{};
}

std::uint32_t read_node(ByteReader& reader) {
  const std::uint8_t form = reader.u8();
  std::uint32_t number = 0;
  switch (form & 0x3f) {
    case 0:
      return reader.u8();
    case 1: {
      const std::uint8_t space = reader.u8();
      number = reader.le16();
      return space == 0 ? number : 0;
    }
    case 2: {
      const std::uint16_t space = reader.le16();
      number = reader.le32();
      return space == 0 ? number : 0;
    }
    case 3:
    case 5:
      reader.skip(2);
      read_byte_string(reader);
      return 0;
    case 4:
      reader.skip(2 + 16);
      return 0;
    default:
      reader.fail();
      return 0;
  }
}

Extension read_extension(ByteReader& reader) {
  Extension out;
  out.type = read_node(reader);
  const std::uint8_t form = reader.u8();
  if (form == 0) return {};
  out.body = read_byte_string(reader);
  if (form != 1) return {};
  return out;
}

void skip_request_header(ByteReader& reader) {
  read_node(reader);       // the session's token
  reader.skip(8 + 4 + 4);  // time, handle, diagnostics
  read_string(reader);     // audit entry
  reader.skip(4);          // timeout
  read_extension(reader);
}

std::uint32_t read_response_status(ByteReader& reader) {
  reader.skip(8 + 4);  // time, handle
  const std::uint32_t status = reader.le32();
  // Diagnostics come only where they were asked for.
  if (reader.u8() != 0) reader.fail();
  for (std::uint32_t count = read_count(reader); count > 0 && reader.ok(); --count) read_string(reader);
  read_extension(reader);
  return status;
}

Application read_application(ByteReader& reader) {
  Application out;
  out.uri = read_string(reader);
  out.product_uri = read_string(reader);
  out.name = read_localized_text(reader);
  out.type = reader.le32();
  read_string(reader);  // gateway
  read_string(reader);  // discovery profile
  for (std::uint32_t count = read_count(reader); count > 0 && reader.ok(); --count) read_string(reader);
  return out;
}

Endpoint read_endpoint(ByteReader& reader) {
  Endpoint out;
  out.url = read_string(reader);
  out.server = read_application(reader);
  out.certificate = read_byte_string(reader);
  out.mode = reader.le32();
  out.policy = read_string(reader);
  for (std::uint32_t count = read_count(reader); count > 0 && reader.ok(); --count) {
    read_string(reader);  // policy's id
    const std::uint32_t type = reader.le32();
    read_string(reader);  // issued token's type
    read_string(reader);  // issuer
    read_string(reader);  // its own security policy
    out.anonymous |= type == 0;
    out.user_name |= type == 1;
  }
  read_string(reader);  // transport profile
  reader.skip(1);       // level
  return out;
}

std::string_view policy_name(std::string_view uri) {
  const std::size_t mark = uri.rfind('#');
  return mark == std::string_view::npos ? std::string_view{} : uri.substr(mark + 1);
}

std::optional<BuildInfo> read_build(Bytes body) {
  ByteReader reader(body);
  BuildInfo out;
  out.product_uri = read_string(reader);
  out.manufacturer = read_string(reader);
  out.product = read_string(reader);
  out.version = read_string(reader);
  out.build = read_string(reader);
  reader.skip(8);  // date
  return reader.ok() ? std::optional(out) : std::nullopt;
}

bool read_value(ByteReader& reader, Extension& out) {
  const std::uint8_t marks = reader.u8();
  if ((marks & 1) != 0) {
    constexpr std::uint8_t kSizes[] = {0, 1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 0, 8, 16};
    const std::uint8_t type = reader.u8();
    // Arrays are not of interest, and end what is read.
    if ((type & 0xc0) != 0) return false;
    if (type < std::size(kSizes) && type != 12) {
      reader.skip(kSizes[type]);
    } else if (type == 12 || type == 15 || type == 16) {
      read_byte_string(reader);
    } else if (type == 21) {
      read_localized_text(reader);
    } else if (type == 22) {
      out = read_extension(reader);
    } else {
      return false;
    }
  }
  if ((marks & 2) != 0) reader.skip(4);
  for (const unsigned time : {4U, 8U})
    if ((marks & time) != 0) reader.skip(8);
  for (const unsigned part : {16U, 32U})
    if ((marks & part) != 0) reader.skip(2);
  return reader.ok();
}

}  // namespace bedrail::opcua
