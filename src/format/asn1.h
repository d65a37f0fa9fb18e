#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/byte_reader.h"
#include "base/time.h"

namespace bedrail::asn1 {

/// Identifier octets (X.690, 8.1.2) of the universal types in use here.
inline constexpr std::uint8_t kBoolean = 0x01, kInteger = 0x02, kBitString = 0x03, kOctetString = 0x04,
                              kNull = 0x05, kOid = 0x06, kEnumerated = 0x0a, kUtf8String = 0x0c,
                              kSequence = 0x30, kSet = 0x31, kNumericString = 0x12, kPrintableString = 0x13,
                              kT61String = 0x14, kIa5String = 0x16, kUtcTime = 0x17, kGeneralizedTime = 0x18,
                              kVisibleString = 0x1a, kUniversalString = 0x1c, kBmpString = 0x1e;

/// The identifier of a context-specific type: `[n]`, primitive or constructed.
constexpr std::uint8_t context(std::uint8_t number, bool constructed) {
  return static_cast<std::uint8_t>(0x80 | (constructed ? 0x20 : 0) | number);
}

/// One tag-length-value; views into the bytes read.
struct Element {
  /// The first identifier octet; its low five bits are all set where the number needs more octets (see
  /// `number`).
  std::uint8_t tag = 0;
  std::uint32_t number = 0;
  Bytes content;
  /// Identifier, length and content: what a certificate's signature and digest are made over.
  Bytes whole;

  [[nodiscard]] bool is(std::uint8_t identifier) const { return tag == identifier && !whole.empty(); }
  [[nodiscard]] bool constructed() const { return (tag & 0x20) != 0; }
};

/// Reads the elements of one level of BER or DER (X.690) front to back. The first malformed element (cut,
/// longer than its parent, of indefinite length, with a length of more than four octets) sets a sticky
/// failure and every read from then on gives an empty element, as ByteReader does. Depth is bounded: entering
/// below `kMostDepth` gives a reader that has failed.
class Reader {
 public:
  static constexpr unsigned kMostDepth = 24;

  Reader() = default;
  explicit Reader(Bytes bytes, unsigned depth = 0) : reader_(bytes), depth_(depth) {}

  [[nodiscard]] bool ok() const { return reader_.ok(); }
  [[nodiscard]] bool empty() const { return reader_.empty(); }
  [[nodiscard]] Bytes rest() const { return reader_.rest(); }
  /// The next element's first identifier octet; 0 at the end.
  [[nodiscard]] std::uint8_t peek() const { return reader_.peek(); }

  Element next();
  /// The next element, which must have this identifier; failure where it has another.
  Element expect(std::uint8_t tag);
  /// The next element where it has this identifier; else nothing is read.
  std::optional<Element> optional(std::uint8_t tag);
  /// A reader of what an element holds.
  [[nodiscard]] Reader enter(const Element& element) const;
  /// `enter(expect(tag))`.
  Reader descend(std::uint8_t tag);
  /// The next element as a number; 0 and failure where it is no INTEGER or has more than 64 bits.
  std::int64_t integer();
  void fail() { reader_.fail(); }

 private:
  ByteReader reader_;
  unsigned depth_ = 0;
};

/// A stream's first element as far as it can be told from `bytes`: its whole size in octets. 0 where more
/// octets are needed to tell; nothing where it is malformed for `Reader`.
std::optional<std::uint64_t> element_size(Bytes bytes);

/// INTEGER content (two's complement, big endian) of at most 64 bits.
std::optional<std::int64_t> to_integer(Bytes content);
/// The same without a sign (SNMP's counters and gauges; one leading zero octet is allowed).
std::optional<std::uint64_t> to_unsigned(Bytes content);
/// Bits of an INTEGER's magnitude (a modulus), leading zeros not counted.
std::uint32_t integer_bits(Bytes content);
/// OBJECT IDENTIFIER content as "1.3.6.1.2.1"; empty where malformed, longer than 128 arcs, or an arc exceeds
/// 64 bits.
std::string oid_text(Bytes content);
/// True where the content is this dotted identifier; allocates nothing.
bool oid_is(Bytes content, std::string_view dotted);
/// UTCTime and GeneralizedTime (with 'Z', as DER and RFC 5280 want; seconds and fractions optional).
std::optional<Timestamp> to_time(const Element& element);
/// A string type's content as clean UTF-8, at most `limit` bytes; empty where the type is none of the string
/// types.
std::string to_text(const Element& element, std::size_t limit = 256);

}  // namespace bedrail::asn1
