#include "format/asn1.h"

#include <fmt/format.h>

#include <charconv>

#include "base/text.h"

namespace bedrail::asn1 {
namespace {

/// An element's identifier and length; `length` counts the content.
struct Header {
  std::uint8_t tag = 0;
  std::uint32_t number = 0;
  std::uint32_t length = 0;
};

enum class Read { kOk, kShort, kBad };

Read read_header(ByteReader& reader, Header& header) {
  header.tag = reader.u8();
  header.number = header.tag & 0x1f;
  if (!reader.ok()) return Read::kShort;
  if (header.number == 0x1f) {
    header.number = 0;
    for (unsigned i = 0;; ++i) {
      const std::uint8_t octet = reader.u8();
      if (!reader.ok()) return Read::kShort;
      if (i == 4) return Read::kBad;
      header.number = header.number << 7 | (octet & 0x7f);
      if ((octet & 0x80) == 0) break;
    }
  }
  const std::uint8_t first = reader.u8();
  if (!reader.ok()) return Read::kShort;
  header.length = first;
  if (first < 0x80) return Read::kOk;
  // 0x80 is the indefinite form, which DER and SNMP forbid; 0xff is reserved.
  const unsigned octets = first & 0x7f;
  if (octets == 0 || octets > 4) return Read::kBad;
  header.length = 0;
  for (unsigned i = 0; i < octets; ++i) header.length = header.length << 8 | reader.u8();
  return reader.ok() ? Read::kOk : Read::kShort;
}

/// The next arc of an OBJECT IDENTIFIER (base 128); false at the end and where it is malformed.
bool next_arc(ByteReader& reader, std::uint64_t& arc) {
  arc = 0;
  for (unsigned i = 0; i < 9; ++i) {
    const std::uint8_t octet = reader.u8();
    if (!reader.ok()) return false;
    arc = arc << 7 | (octet & 0x7f);
    if ((octet & 0x80) == 0) return true;
  }
  return false;
}

/// Calls `each(arc)` for every arc in order; false where the content is malformed or `each` says stop.
template <typename Each>
bool for_each_arc(Bytes content, Each each) {
  if (content.empty()) return false;
  ByteReader reader(content);
  bool first = true;
  for (unsigned count = 0; !reader.empty(); ++count) {
    std::uint64_t arc = 0;
    if (count == 128 || !next_arc(reader, arc)) return false;
    if (first) {
      const std::uint64_t root = arc < 40 ? 0 : arc < 80 ? 1 : 2;
      if (!each(root)) return false;
      arc -= root * 40;
      first = false;
    }
    if (!each(arc)) return false;
  }
  return true;
}

/// `count` decimal digits at the front of `text`, removed from it; -1 where they are none.
int digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return -1;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

}  // namespace

Element Reader::next() {
  const Bytes start = reader_.rest();
  Header header;
  if (read_header(reader_, header) != Read::kOk) {
    reader_.fail();
    return {};
  }
  Element element;
  element.tag = header.tag;
  element.number = header.number;
  element.content = reader_.bytes(header.length);
  if (!reader_.ok()) return {};
  element.whole = start.first(start.size() - reader_.remaining());
  return element;
}

Element Reader::expect(std::uint8_t tag) {
  const Element element = next();
  if (element.is(tag)) return element;
  reader_.fail();
  return {};
}

std::optional<Element> Reader::optional(std::uint8_t tag) {
  if (reader_.empty() || reader_.peek() != tag) return std::nullopt;
  const Element element = next();
  if (!ok()) return std::nullopt;
  return element;
}

Reader Reader::enter(const Element& element) const {
  Reader inner(element.content, depth_ + 1);
  if (!ok() || depth_ + 1 > kMostDepth) inner.fail();
  return inner;
}

Reader Reader::descend(std::uint8_t tag) {
  const Element element = expect(tag);
  return enter(element);
}

std::int64_t Reader::integer() {
  const Element element = next();
  const auto value =
      element.is(kInteger) || element.is(kEnumerated) ? to_integer(element.content) : std::nullopt;
  if (!value) reader_.fail();
  return value.value_or(0);
}

std::optional<std::uint64_t> element_size(Bytes bytes) {
  ByteReader reader(bytes);
  Header header;
  switch (read_header(reader, header)) {
    case Read::kShort:
      return 0;
    case Read::kBad:
      return std::nullopt;
    case Read::kOk:
      break;
  }
  return std::uint64_t{reader.position()} + header.length;
}

std::optional<std::int64_t> to_integer(Bytes content) {
  if (content.empty() || content.size() > 8) return std::nullopt;
  std::uint64_t value = (static_cast<std::uint8_t>(content[0]) & 0x80) != 0 ? ~0ULL : 0;
  for (const std::byte octet : content) value = value << 8 | static_cast<std::uint8_t>(octet);
  return static_cast<std::int64_t>(value);
}

std::optional<std::uint64_t> to_unsigned(Bytes content) {
  if (content.size() == 9 && content[0] == std::byte{0}) content = content.subspan(1);
  if (content.empty() || content.size() > 8) return std::nullopt;
  std::uint64_t value = 0;
  for (const std::byte octet : content) value = value << 8 | static_cast<std::uint8_t>(octet);
  return value;
}

std::uint32_t integer_bits(Bytes content) {
  while (!content.empty() && content[0] == std::byte{0}) content = content.subspan(1);
  if (content.empty()) return 0;
  std::uint32_t bits = static_cast<std::uint32_t>(content.size()) * 8;
  for (std::uint8_t top = static_cast<std::uint8_t>(content[0]); (top & 0x80) == 0;
       top = static_cast<std::uint8_t>(top << 1))
    --bits;
  return bits;
}

std::string oid_text(Bytes content) {
  std::string out;
  const bool whole = for_each_arc(content, [&](std::uint64_t arc) {
    if (!out.empty()) out.push_back('.');
    fmt::format_to(std::back_inserter(out), "{}", arc);
    return true;
  });
  return whole ? out : std::string();
}

bool oid_is(Bytes content, std::string_view dotted) {
  bool first = true;
  const bool same = for_each_arc(content, [&](std::uint64_t arc) {
    char text[24];
    char* end = std::to_chars(text, text + sizeof text, arc).ptr;
    const std::string_view piece(text, static_cast<std::size_t>(end - text));
    if (!first && !dotted.starts_with('.')) return false;
    if (!first) dotted.remove_prefix(1);
    first = false;
    if (!dotted.starts_with(piece)) return false;
    dotted.remove_prefix(piece.size());
    return true;
  });
  return same && dotted.empty();
}

std::optional<Timestamp> to_time(const Element& element) {
  std::string_view text = as_text(element.content);
  int year = 0;
  if (element.is(kUtcTime)) {
    year = digits(text, 2);
    if (year < 0) return std::nullopt;
    year += year < 50 ? 2000 : 1900;  // RFC 5280, 4.1.2.5.1
  } else if (element.is(kGeneralizedTime)) {
    year = digits(text, 4);
  } else {
    return std::nullopt;
  }
  const int month = digits(text, 2), day = digits(text, 2), hour = digits(text, 2), minute = digits(text, 2);
  const int second = !text.empty() && text[0] >= '0' && text[0] <= '9' ? digits(text, 2) : 0;
  if (text.starts_with('.')) {
    const std::size_t end = text.find_first_not_of("0123456789", 1);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
  }
  if (text != "Z" || month < 1 || month > 12 || day < 1 || day > 31 || hour < 0 || hour > 23 || minute < 0 ||
      minute > 59 || second < 0 || second > 60 || year < 0) {
    return std::nullopt;
  }
  // What 64 bits of nanoseconds hold: "no well-defined end" (9999) becomes the last moment.
  if (year > 2261) return Timestamp{INT64_MAX};
  if (year < 1678) return Timestamp{INT64_MIN};
  Timestamp time = from_civil(year, static_cast<unsigned>(month), static_cast<unsigned>(day));
  time.nanoseconds += (std::int64_t{hour} * 3600 + minute * 60 + second) * kNanosecondsPerSecond;
  return time;
}

std::string to_text(const Element& element, std::size_t limit) {
  switch (element.tag) {
    case kUtf8String:
    case kNumericString:
    case kPrintableString:
    case kT61String:
    case kIa5String:
    case kVisibleString:
    case kOctetString:
      return clean_text(as_text(element.content), limit);
    case kBmpString:
      return utf16be_to_utf8(element.content, limit);
    default:
      return {};
  }
}

}  // namespace bedrail::asn1
