#include "format/bson.h"

namespace bedrail::bson {

std::int64_t Element::number() const {
  ByteReader reader(value);
  switch (type) {
    case Type::kBoolean:
      return reader.u8();
    case Type::kInt32:
      return static_cast<std::int32_t>(reader.le32());
    case Type::kInt64:
      return static_cast<std::int64_t>(reader.le64());
    case Type::kDouble:
      // The only one that is asked for: whether it is 1.0, which says "it worked".
      return reader.le64() == 0x3ff0000000000000ULL ? 1 : 0;
    default:
      return 0;
  }
}

Reader::Reader(Bytes document) {
  ByteReader head(document);
  const std::uint32_t length = head.le32();
  if (!head.ok() || length < 5 || length > document.size()) {
    failed_ = true;
    return;
  }
  size_ = length;
  // Without its length and the zero at its end.
  reader_ = ByteReader(document.subspan(4, length - 5));
}

std::optional<Element> Reader::next() {
  if (failed_ || reader_.empty()) return std::nullopt;
  Element out;
  const std::uint8_t type = reader_.u8();
  out.type = static_cast<Type>(type);
  const std::string_view rest = as_text(reader_.rest());
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) return fail();
  out.name = reader_.text(end);
  reader_.skip(1);
  ByteReader ahead = reader_;
  std::size_t size = 0;
  switch (type) {
    case 1:
    case 9:
    case 17:
    case 18:  // numbers and times of eight octets
      size = 8;
      break;
    case 2:
    case 13:
    case 14: {  // texts
      const std::uint32_t length = ahead.le32();
      if (!ahead.ok() || length == 0 || length > ahead.remaining()) return fail();
      out.value = ahead.bytes(length).first(length - 1);
      reader_ = ahead;
      return out;
    }
    case 3:
    case 4:
    case 15:  // documents, arrays
      size = ahead.le32();
      break;
    case 5:  // binary
      size = std::size_t{ahead.le32()} + 5;
      break;
    case 6:
    case 10:
    case 127:
    case 255:
      size = 0;
      break;
    case 7:
      size = 12;
      break;
    case 8:
      size = 1;
      break;
    case 16:
      size = 4;
      break;
    case 19:
      size = 16;
      break;
    case 11: {  // two texts, each to its end
      const std::string_view texts = as_text(ahead.rest());
      const std::size_t first = texts.find('\0');
      const std::size_t second = first == std::string_view::npos ? first : texts.find('\0', first + 1);
      if (second == std::string_view::npos) return fail();
      size = second + 1;
      break;
    }
    default:
      return fail();
  }
  out.value = reader_.bytes(size);
  if (!reader_.ok()) return fail();
  return out;
}

}  // namespace bedrail::bson
