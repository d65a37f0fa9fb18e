#include "format/dns_message.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"

namespace bedrail::dns {
namespace {

constexpr unsigned kMaxPointers = 64;

constexpr std::size_t kHeaderSize = 12;

/// Flags that no DNS message has: the reserved bit between the others (RFC 6895, 2).
constexpr std::uint16_t kReservedFlag = 0x0040;

bool known_opcode(Opcode opcode, Family family) {
  const auto value = static_cast<unsigned>(opcode);
  // RFC 6895, 2.2 (query, status, notify, update, stateful operations); RFC 1002, 4.2.1.1.
  if (family == Family::kNetbios) return value == 0 || (value >= 5 && value <= 9) || value == 15;
  return value <= 6 && value != 3;
}

bool known_class(std::uint16_t bits) {
  const std::uint16_t value = bits & 0x7fff;
  return (value >= 1 && value <= 4) || value == 254 || value == 255;
}

int nibble_of(std::string_view label) {
  if (label.size() != 1) return -1;
  const char c = label.front();
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int octet_of(std::string_view label) {
  if (label.empty() || label.size() > 3) return -1;
  int value = 0;
  for (const char c : label) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value <= 255 ? value : -1;
}

}  // namespace

std::string_view Name::label(std::size_t index) const {
  if (index >= count_) return {};
  const std::size_t start = index == 0 ? 0 : ends_[index - 1] + 1U;
  return text().substr(start, ends_[index] - start);
}

std::string_view Name::from(std::size_t index) const {
  if (index >= count_) return {};
  return text().substr(index == 0 ? 0 : ends_[index - 1] + 1U);
}

bool Name::is_under(std::string_view parent) const {
  const std::string_view whole = text();
  if (whole.size() < parent.size() ||
      !equals_ignoring_case(whole.substr(whole.size() - parent.size()), parent))
    return false;
  return whole.size() == parent.size() || whole[whole.size() - parent.size() - 1] == '.';
}

bool operator==(const Name& a, const Name& b) {
  return a.count_ == b.count_ && equals_ignoring_case(a.text(), b.text());
}

std::uint64_t Name::hash() const {
  std::array<char, kMaxText> folded;
  std::transform(text_.begin(), text_.begin() + size_, folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return hash64(std::string_view(folded.data(), size_));
}

bool Name::append(std::string_view label) {
  const std::size_t dot = count_ == 0 ? 0 : 1;
  if (count_ == kMaxLabels || size_ + dot + label.size() > kMaxText) return false;
  if (dot != 0) text_[size_] = '.';
  std::copy(label.begin(), label.end(), text_.begin() + size_ + dot);
  size_ = static_cast<std::uint8_t>(size_ + dot + label.size());
  ends_[count_++] = size_;
  return true;
}

bool read_name(ByteReader& reader, Name& out) {
  out.clear();
  std::size_t lowest = reader.position();  // a pointer leads before all that was read of this name
  std::size_t after = 0;                   // where the name ends in place: behind the first pointer
  unsigned pointers = 0;
  while (reader.ok()) {
    const std::uint8_t length = reader.u8();
    if (length == 0) break;
    if (length < 0x40) {
      if (!out.append(reader.text(length))) reader.fail();
      continue;
    }
    const std::size_t to = std::size_t{length & 0x3fU} << 8 | reader.u8();
    if (length < 0xc0 || to >= lowest || ++pointers > kMaxPointers) {
      reader.fail();
      break;
    }
    if (after == 0) after = reader.position();
    lowest = to;
    reader.seek(to);
  }
  if (reader.ok() && after != 0) reader.seek(after);
  if (!reader.ok()) out.clear();
  return reader.ok();
}

MessageReader::MessageReader(Bytes message) : message_(message), reader_(message) {
  header_ = {reader_.be16(), reader_.be16(), reader_.be16(), reader_.be16(), reader_.be16(), reader_.be16()};
  if (!reader_.ok()) header_ = {};
}

bool MessageReader::next(Question& out) {
  if (!reader_.ok() || question_ == header_.questions) return false;
  ++question_;
  if (!read_name(reader_, out.name)) return false;
  out.type = static_cast<Type>(reader_.be16());
  out.class_bits = reader_.be16();
  return reader_.ok();
}

bool MessageReader::next(Record& out) {
  for (Question skipped; question_ < header_.questions;) {
    if (!next(skipped)) return false;
  }
  if (!reader_.ok() || record_ == records()) return false;
  const std::uint32_t index = record_++;
  out.section = index < header_.answers                                        ? Section::kAnswer
                : index < std::uint32_t{header_.answers} + header_.authorities ? Section::kAuthority
                                                                               : Section::kAdditional;
  if (!read_name(reader_, out.name)) return false;
  out.type = static_cast<Type>(reader_.be16());
  out.class_bits = reader_.be16();
  out.ttl = reader_.be32();
  out.data_size = reader_.be16();
  out.data_at = reader_.position();
  reader_.skip(out.data_size);
  return reader_.ok();
}

Bytes MessageReader::address(const Record& record) const {
  const std::size_t size = record.type == Type::kA ? 4 : record.type == Type::kAaaa ? 16 : 0;
  return size != 0 && record.data_size == size ? data(record) : Bytes();
}

bool MessageReader::name_in(const Record& record, std::size_t skip, Name& out) const {
  const std::size_t end = record.data_at + record.data_size;
  ByteReader reader(message_.first(end));
  reader.seek(record.data_at + skip);
  return read_name(reader, out) && reader.position() == end;
}

bool MessageReader::target(const Record& record, Name& out) const {
  return (record.type == Type::kPtr || record.type == Type::kCname || record.type == Type::kNs) &&
         name_in(record, 0, out);
}

bool MessageReader::service(const Record& record, ServiceLocation& out) const {
  if (record.type != Type::kSrv || record.data_size < 7) return false;
  ByteReader reader(data(record));
  reader.skip(4);
  out.port = reader.be16();
  return name_in(record, 6, out.target);
}

bool TextReader::next(std::string_view& out) {
  if (reader_.empty()) return false;
  out = reader_.text(reader_.u8());
  return reader_.ok();
}

Shape shape_of(Bytes message, Family family) {
  MessageReader reader(message);
  const Header& header = reader.header();
  const std::uint32_t count =
      std::uint32_t{header.questions} + header.answers + header.authorities + header.additionals;
  // The shortest question has five bytes, the shortest record eleven.
  if (!reader.ok() || count == 0 ||
      header.questions * 5U + (count - header.questions) * 11U > 0xffff - kHeaderSize)
    return Shape::kNone;
  if ((header.flags & kReservedFlag) != 0 || !known_opcode(header.opcode(), family) || header.rcode() > 10)
    return Shape::kNone;
  bool front = false;
  for (Question question; reader.next(question); front = true) {
    if (!known_class(question.class_bits) || question.type == Type{0}) return Shape::kNone;
  }
  for (Record record; reader.next(record); front = true) {
    if (record.type == Type{0} || (record.type != Type::kOpt && !known_class(record.class_bits)))
      return Shape::kNone;
  }
  if (reader.at_end()) return Shape::kWhole;
  return front ? Shape::kFront : Shape::kNone;
}

std::size_t reverse_address(const Name& name, std::array<std::byte, 16>& out) {
  if (name.labels() == 6 && name.is_under("in-addr.arpa")) {
    for (std::size_t i = 0; i < 4; ++i) {
      const int octet = octet_of(name.label(3 - i));
      if (octet < 0) return 0;
      out[i] = static_cast<std::byte>(octet);
    }
    return 4;
  }
  if (name.labels() != 34 || !name.is_under("ip6.arpa")) return 0;
  for (std::size_t i = 0; i < 16; ++i) {
    const int high = nibble_of(name.label(31 - 2 * i));
    const int low = nibble_of(name.label(30 - 2 * i));
    if (high < 0 || low < 0) return 0;
    out[i] = static_cast<std::byte>(high << 4 | low);
  }
  return 16;
}

NetbiosName netbios_name(Bytes sixteen) {
  NetbiosName out;
  if (sixteen.size() != 16) return out;
  const std::string_view raw = as_text(sixteen.first(15));
  std::copy(raw.begin(), raw.end(), out.bytes.begin());
  // Padded by spaces; some pad by zeros, or end the name by one and leave rubbish behind it.
  std::size_t size = std::min(raw.find('\0'), raw.size());
  while (size > 0 && raw[size - 1] == ' ') --size;
  out.size = static_cast<std::uint8_t>(size);
  out.suffix = static_cast<std::uint8_t>(sixteen[15]);
  return out;
}

std::optional<NetbiosName> decode_netbios_label(std::string_view label) {
  if (label.size() != 32) return std::nullopt;
  std::array<std::byte, 16> raw{};
  for (std::size_t i = 0; i < 32; ++i) {
    if (label[i] < 'A' || label[i] > 'P') return std::nullopt;
    const unsigned half = static_cast<unsigned>(label[i] - 'A');
    raw[i / 2] = static_cast<std::byte>(static_cast<unsigned>(raw[i / 2]) << 4 | half);
  }
  return netbios_name(raw);
}

}  // namespace bedrail::dns
