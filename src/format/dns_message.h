#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_reader.h"

/// DNS messages (RFC 1035, 4), as DNS itself, mDNS (RFC 6762), LLMNR (RFC 4795) and the NetBIOS name service
/// (RFC 1002, 4.2) carry them.
namespace bedrail::dns {

/// A domain name with its labels apart: a label of DNS-SD may hold dots itself (RFC 6763, 4.1.1). Fixed size,
/// no heap.
class Name {
 public:
  static constexpr std::size_t kMaxText = 254;  ///< RFC 1035, 2.3.4: 255 bytes on the wire
  static constexpr std::size_t kMaxLabels = 127;

  /// The labels joined by dots without a last one, as they were sent; "" for the root.
  [[nodiscard]] std::string_view text() const { return {text_.data(), size_}; }
  [[nodiscard]] std::size_t labels() const { return count_; }
  /// One label, counted from the front; "" past the end.
  [[nodiscard]] std::string_view label(std::size_t index) const;
  /// The text from that label to the end: "_ipp._tcp.local".
  [[nodiscard]] std::string_view from(std::size_t index) const;
  /// Ends in these labels ("in-addr.arpa"), ASCII case aside.
  [[nodiscard]] bool is_under(std::string_view parent) const;
  friend bool operator==(const Name& a, const Name& b);

  /// Of the text, ASCII case aside: equal names have equal hashes.
  [[nodiscard]] std::uint64_t hash() const;

  void clear() { size_ = count_ = 0; }
  /// False where the name would exceed its limits.
  bool append(std::string_view label);

 private:
  std::array<char, kMaxText> text_;
  std::array<std::uint8_t, kMaxLabels> ends_;  ///< where each label ends in `text_`
  std::uint8_t size_ = 0, count_ = 0;
};

/// Reads a name at the reader's place and moves behind it. Pointers lead only backwards and at most 64 times
/// (RFC 1035, 4.1.4). On malformed names the reader has failed and false is returned.
bool read_name(ByteReader& reader, Name& out);

enum class Type : std::uint16_t {
  kA = 1,
  kNs = 2,
  kCname = 5,
  kSoa = 6,
  kPtr = 12,
  kTxt = 16,
  kAaaa = 28,
  kNetbiosName = 32,  ///< NB (RFC 1002, 4.2.1.3)
  kSrv = 33,          ///< and NBSTAT in the NetBIOS name service
  kOpt = 41,
  kAny = 255,
};
enum class Class : std::uint16_t { kInternet = 1, kChaos = 3, kNone = 254, kAny = 255 };

/// Operation codes (RFC 1035, 4.1.1; RFC 2136; RFC 1002, 4.2.1.1).
enum class Opcode : std::uint8_t {
  kQuery = 0,
  kStatus = 2,
  kNotify = 4,
  kUpdate = 5,
  kNetbiosRegistration = 5,
  kNetbiosRelease = 6,
  kNetbiosRefresh = 8,
  kNetbiosRefreshOther = 9,
  kNetbiosMultihomed = 15
};

struct Header {
  std::uint16_t id = 0, flags = 0;
  std::uint16_t questions = 0, answers = 0, authorities = 0, additionals = 0;

  [[nodiscard]] bool response() const { return (flags & 0x8000) != 0; }
  [[nodiscard]] Opcode opcode() const { return static_cast<Opcode>(flags >> 11 & 15); }
  [[nodiscard]] bool truncated() const { return (flags & 0x0200) != 0; }
  [[nodiscard]] std::uint8_t rcode() const { return flags & 15; }
};

struct Question {
  Name name;
  Type type = Type::kA;
  std::uint16_t class_bits = 0;  ///< as sent: mDNS sets the top bit where it wants a unicast answer
};

/// Where a record stands. Updates (RFC 2136, 2) call them zone, prerequisite, update and additional.
enum class Section : std::uint8_t { kAnswer, kAuthority, kAdditional };

struct Record {
  Section section = Section::kAnswer;
  Name name;
  Type type = Type::kA;
  std::uint16_t class_bits = 0;  ///< as sent: mDNS sets the top bit where the record replaces all others
  std::uint32_t ttl = 0;         ///< seconds
  std::size_t data_at = 0;       ///< offset of the data in the message
  std::size_t data_size = 0;

  /// mDNS keeps the top bit for itself (RFC 6762, 10.2).
  [[nodiscard]] Class record_class() const { return static_cast<Class>(class_bits & 0x7fff); }
};

struct ServiceLocation {
  std::uint16_t port = 0;
  Name target;
};

/// Walks one message front to back, without allocating. It keeps a view of the message.
class MessageReader {
 public:
  explicit MessageReader(Bytes message);

  [[nodiscard]] const Header& header() const { return header_; }
  /// False once anything could not be read; what was handed out before stays good.
  [[nodiscard]] bool ok() const { return reader_.ok(); }
  /// The next question; false after the last, or where it is malformed.
  bool next(Question& out);
  /// The next record of all sections (skips questions not yet read); false after the last, or where it is
  /// malformed.
  bool next(Record& out);
  /// Every question and record counted was read and nothing follows.
  [[nodiscard]] bool at_end() const {
    return reader_.ok() && reader_.empty() && question_ == header_.questions && record_ == records();
  }

  [[nodiscard]] Bytes data(const Record& record) const {
    return message_.subspan(record.data_at, record.data_size);
  }
  /// The 4 bytes of an A, the 16 of an AAAA record; empty for any other or where the size is wrong.
  [[nodiscard]] Bytes address(const Record& record) const;
  /// The name that is the data of a CNAME, NS or PTR record.
  bool target(const Record& record, Name& out) const;
  /// The data of an SRV record (RFC 2782).
  bool service(const Record& record, ServiceLocation& out) const;

 private:
  [[nodiscard]] std::uint32_t records() const {
    return std::uint32_t{header_.answers} + header_.authorities + header_.additionals;
  }
  /// A name inside a record's data, `skip` bytes into it; it may point before the data but must end with it.
  bool name_in(const Record& record, std::size_t skip, Name& out) const;

  Bytes message_;
  ByteReader reader_;
  Header header_;
  std::uint32_t question_ = 0, record_ = 0;
};

/// The strings of a TXT record's data (RFC 1035, 3.3.14), each at most 255 bytes.
class TextReader {
 public:
  explicit TextReader(Bytes data) : reader_(data) {}
  bool next(std::string_view& out);

 private:
  ByteReader reader_;
};

/// How far some bytes are a DNS message.
enum class Shape : std::uint8_t {
  kNone,   ///< they are not
  kFront,  ///< its header and first question or record are sound, but the rest is not, or bytes follow it
  kWhole,  ///< all of it is: every count holds, every name reads, nothing is left over
};
/// Which operation codes belong to the protocol: the NetBIOS name service has some of its own.
enum class Family : std::uint8_t { kDns, kNetbios };
/// Judges by content alone. Messages with neither question nor record are `kNone`: twelve bytes prove
/// nothing.
Shape shape_of(Bytes message, Family family = Family::kDns);

/// The address that a reverse name stands for ("5.0.0.10.in-addr.arpa", 32 nibbles under "ip6.arpa"): 4 or 16
/// bytes in `out`; the number of them, 0 where the name is no whole address.
std::size_t reverse_address(const Name& name, std::array<std::byte, 16>& out);

/// A NetBIOS name (RFC 1001, 14.1): 15 bytes padded by spaces, and a byte that tells its use.
struct NetbiosName {
  std::array<char, 15> bytes{};
  std::uint8_t size = 0;    ///< without the padding
  std::uint8_t suffix = 0;  ///< 00 workstation, 20 server, 1b domain master browser, ...
  [[nodiscard]] std::string_view text() const { return {bytes.data(), size}; }
};

/// From the 16 bytes themselves, as node status answers list them.
NetbiosName netbios_name(Bytes sixteen);
/// From a first-level encoded label of 32 letters 'A' to 'P' (RFC 1001, 14.1).
std::optional<NetbiosName> decode_netbios_label(std::string_view label);

}  // namespace bedrail::dns
