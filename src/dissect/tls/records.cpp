#include "dissect/tls/records.h"

#include <algorithm>

namespace bedrail::tls {

RecordHeader read_record_header(ByteReader& reader) {
  const auto fixed = reader.fixed<kRecordHeader>();
  return {fixed.u8<0>(), fixed.be16<1>(), fixed.be16<3>()};
}

Gathered gather(Bytes stream, std::uint16_t record_left, std::uint32_t count,
                std::vector<std::byte>& scratch) {
  Gathered out;
  if (count <= record_left) {
    out.needed = count;
    if (stream.size() < count) return out;
    return {Gathered::Status::kWhole, stream.first(count), 0, count,
            static_cast<std::uint16_t>(record_left - count)};
  }
  // Messages that span records are rare and this runs once enough has come: a copy costs little.
  scratch.clear();
  ByteReader reader(stream);
  for (;;) {
    const std::uint32_t missing = count - static_cast<std::uint32_t>(scratch.size());
    const std::uint32_t part = std::min<std::uint32_t>(missing, record_left);
    const bool last = part == missing;
    if (reader.remaining() < part + (last ? 0 : kRecordHeader)) {
      // At least one more header and what is missing have to come; more where further records are involved.
      out.needed = static_cast<std::uint32_t>(reader.position()) + missing + (last ? 0 : kRecordHeader);
      return out;
    }
    const Bytes piece = reader.bytes(part);
    scratch.insert(scratch.end(), piece.begin(), piece.end());
    if (last) {
      return {Gathered::Status::kWhole, scratch, 0, static_cast<std::uint32_t>(reader.position()),
              static_cast<std::uint16_t>(record_left - part)};
    }
    const RecordHeader header = read_record_header(reader);
    if (!header.plausible() || header.type != kHandshake) {
      out.status = Gathered::Status::kBroken;
      return out;
    }
    record_left = header.length;
  }
}

}  // namespace bedrail::tls
