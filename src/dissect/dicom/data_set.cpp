#include "dissect/dicom/data_set.h"

#include <algorithm>

#include "dissect/dicom/uid_pool.h"

namespace bedrail::dicom {
namespace {

constexpr std::uint32_t kUndefined = 0xffffffff;
constexpr Tag kItem = 0xfffee000, kItemEnd = 0xfffee00d, kSequenceEnd = 0xfffee0dd;
constexpr std::uint8_t kMaxDepth = 32;
/// A first element's value is a character set, a group's length or a short text.
constexpr std::uint32_t kSaneLength = 1024;

constexpr std::uint16_t vr_of(char a, char b) { return static_cast<std::uint16_t>(a << 8 | b); }

bool is_vr(std::uint16_t vr) {
  const auto capital = [](int c) { return c >= 'A' && c <= 'Z'; };
  return capital(vr >> 8) && capital(vr & 0xff);
}

/// A value representation of PS3.5 6.2; `is_vr` lets through what may be added to them.
bool is_known_vr(std::uint16_t vr) {
  static constexpr std::string_view kKnown =
      "AEASATCSDADSDTFDFLISLOLTOBODOFOLOVOWPNSHSLSQSSSTSVTMUCUIULUNURUSUTUV";
  for (std::size_t i = 0; i < kKnown.size(); i += 2) {
    if (vr == vr_of(kKnown[i], kKnown[i + 1])) return true;
  }
  return false;
}

/// Value representations with two reserved bytes and a 32-bit length (PS3.5 table 7.1-1).
bool has_long_length(std::uint16_t vr) {
  static constexpr std::uint16_t kLong[] = {
      vr_of('O', 'B'), vr_of('O', 'D'), vr_of('O', 'F'), vr_of('O', 'L'), vr_of('O', 'V'),
      vr_of('O', 'W'), vr_of('S', 'Q'), vr_of('S', 'V'), vr_of('U', 'C'), vr_of('U', 'N'),
      vr_of('U', 'R'), vr_of('U', 'T'), vr_of('U', 'V')};
  return std::find(std::begin(kLong), std::end(kLong), vr) != std::end(kLong);
}

Tag read_tag(ByteReader& reader, bool big) {
  const std::uint32_t group = big ? reader.be16() : reader.le16();
  return group << 16 | (big ? reader.be16() : reader.le16());
}

/// The UDI text in the items of a UDI sequence that is wholly in `bytes` (or cut).
std::string_view find_udi(Bytes bytes, Encoding encoding) {
  const bool big = encoding == Encoding::kExplicitBig;
  ByteReader reader(bytes);
  while (reader.remaining() >= 8) {
    const Tag tag = read_tag(reader, big);
    std::uint32_t length = 0;
    if (encoding == Encoding::kImplicitLittle || tag >> 16 == 0xfffe) {
      length = big ? reader.be32() : reader.le32();
    } else if (has_long_length(reader.be16())) {
      reader.skip(2);
      length = big ? reader.be32() : reader.le32();
    } else {
      length = big ? reader.be16() : reader.le16();
    }
    if (tag >> 16 == 0xfffe) continue;
    if (tag == DataSetScanner::kUdi) return reader.text(std::min<std::size_t>(length, reader.remaining()));
    reader.skip(length);
  }
  return {};
}

}  // namespace

Encoding encoding_of(std::string_view transfer_syntax) {
  if (transfer_syntax.empty()) return Encoding::kUnknown;
  if (transfer_syntax == "1.2.840.10008.1.2") return Encoding::kImplicitLittle;
  if (transfer_syntax == "1.2.840.10008.1.2.2") return Encoding::kExplicitBig;
  // Deflated explicit little endian and JPIP referenced deflate.
  if (transfer_syntax == "1.2.840.10008.1.2.1.99" || transfer_syntax == "1.2.840.10008.1.2.4.95")
    return Encoding::kUnreadable;
  if (transfer_syntax.starts_with("1.2.840.10008.1.2.")) return Encoding::kExplicitLittle;
  // A private syntax may be anything: look at the first element.
  return Encoding::kUnknown;
}

void DataSetScanner::begin(Encoding encoding) {
  encoding_ = encoding;
  phase_ = encoding == Encoding::kUnreadable ? Phase::kFinished : Phase::kHeader;
  malformed_ = in_udi_ = false;
  have_ = depth_ = implicit_depth_ = 0;
  need_ = 8;
  tag_ = last_tag_ = 0;
}

bool DataSetScanner::explicit_now() const {
  return encoding_ != Encoding::kImplicitLittle && (implicit_depth_ == 0 || depth_ < implicit_depth_);
}

void DataSetScanner::feed(Bytes fragment, ElementSink& sink) {
  while (!fragment.empty() && phase_ != Phase::kFinished) {
    std::size_t taken = 0;
    if (phase_ == Phase::kHeader) {
      taken = std::min<std::size_t>(need_ - have_, fragment.size());
      std::copy_n(fragment.begin(), taken, header_.begin() + have_);
      have_ = static_cast<std::uint8_t>(have_ + taken);
      if (have_ == need_) header(sink);
    } else if (phase_ == Phase::kValue) {
      taken = std::min<std::size_t>(value_want_ - value_have_, fragment.size());
      std::copy_n(fragment.begin(), taken, value_.begin() + value_have_);
      value_have_ = static_cast<std::uint16_t>(value_have_ + taken);
      left_ -= static_cast<std::uint32_t>(taken);
      if (value_have_ == value_want_) value_complete(sink);
    } else {
      taken = std::min<std::size_t>(left_, fragment.size());
      skip(left_ - static_cast<std::uint32_t>(taken));
    }
    fragment = fragment.subspan(taken);
  }
}

void DataSetScanner::check_encoding() {
  ByteReader reader{Bytes(header_)};
  const std::uint16_t group = reader.le16();
  reader.skip(2);
  const std::uint32_t implicit_length = reader.le32();
  reader.seek(4);
  const std::uint16_t vr = reader.be16();
  if (!is_vr(vr)) {
    const bool sane = implicit_length == kUndefined || implicit_length <= kSaneLength;
    // Big endian stays: its group would be 0x0800 here.
    const bool little = group <= kLastTag >> 16;
    if (encoding_ == Encoding::kUnknown || (sane && little)) encoding_ = Encoding::kImplicitLittle;
    return;
  }
  const bool big = group != 0 && (group & 0xff) == 0;
  const Encoding guess = big ? Encoding::kExplicitBig : Encoding::kExplicitLittle;
  // Two letters are a length too, in an implicit set: what stands behind them tells.
  const std::uint16_t length = big ? reader.be16() : reader.le16();
  const bool sane = is_known_vr(vr) && (has_long_length(vr) ? length == 0 : length <= kSaneLength);
  if (encoding_ == Encoding::kUnknown || sane) encoding_ = guess;
}

void DataSetScanner::header(ElementSink& sink) {
  if (last_tag_ == 0 && depth_ == 0 && have_ == 8) check_encoding();
  const bool big = encoding_ == Encoding::kExplicitBig;
  ByteReader reader{Bytes(header_).first(have_)};
  const Tag tag = read_tag(reader, big);
  std::uint16_t vr = 0;
  std::uint32_t length = 0;
  if (explicit_now() && tag >> 16 != 0xfffe) {
    vr = reader.be16();
    if (!is_vr(vr)) return finish(true);
    if (has_long_length(vr)) {
      if (need_ == 8) {
        need_ = 12;
        return;
      }
      reader.skip(2);
      length = big ? reader.be32() : reader.le32();
    } else {
      length = big ? reader.be16() : reader.le16();
    }
  } else {
    length = big ? reader.be32() : reader.le32();
  }
  have_ = 0;
  need_ = 8;
  enter(tag, vr, length, sink);
}

void DataSetScanner::enter(Tag tag, std::uint16_t vr, std::uint32_t length, ElementSink& sink) {
  if (tag >> 16 == 0xfffe) return item(tag, length);
  if (depth_ == 0) {
    if (tag <= last_tag_ && last_tag_ != 0) return finish(true);
    last_tag_ = tag;
    if (tag > kLastTag) return finish(false);
  }
  if (length == kUndefined) {
    if (depth_ >= kMaxDepth) return finish(false);
    in_udi_ = in_udi_ || (depth_ == 0 && tag == kUdiSequence);
    ++depth_;
    if (vr == vr_of('U', 'N') && implicit_depth_ == 0) implicit_depth_ = depth_;
    return;
  }
  const bool wanted = depth_ == 0 ? (tag == kUdiSequence || sink.wants(tag)) : (in_udi_ && tag == kUdi);
  if (wanted && length > 0) return collect(tag, length);
  skip(length);
}

void DataSetScanner::item(Tag tag, std::uint32_t length) {
  if (tag == kItem) {
    if (depth_ == 0) return finish(true);
    if (length != kUndefined) return in_udi_ && length > 0 ? collect(kUdiSequence, length) : skip(length);
    if (depth_ >= kMaxDepth) return finish(false);
    ++depth_;
    return;
  }
  if ((tag != kItemEnd && tag != kSequenceEnd) || depth_ == 0 || length != 0) return finish(true);
  --depth_;
  if (depth_ < implicit_depth_) implicit_depth_ = 0;
  if (depth_ == 0) in_udi_ = false;
}

void DataSetScanner::collect(Tag tag, std::uint32_t length) {
  tag_ = tag;
  left_ = length;
  value_have_ = 0;
  value_want_ = static_cast<std::uint16_t>(std::min<std::uint32_t>(length, kValueLimit));
  phase_ = Phase::kValue;
}

void DataSetScanner::skip(std::uint32_t length) {
  left_ = length;
  phase_ = length == 0 ? Phase::kHeader : Phase::kSkip;
}

void DataSetScanner::value_complete(ElementSink& sink) {
  const Bytes value = Bytes(value_).first(value_have_);
  if (tag_ == kUdiSequence) {
    const std::string_view udi = find_udi(value, explicit_now() ? encoding_ : Encoding::kImplicitLittle);
    if (!udi.empty()) sink.element(kUdi, udi);
  } else {
    sink.element(tag_, as_text(value));
  }
  // A patient's value may have stood here.
  value_.fill(std::byte{0});
  skip(left_);
}

void DataSetScanner::finish(bool malformed) {
  malformed_ = malformed;
  phase_ = Phase::kFinished;
  header_.fill(std::byte{0});
  value_.fill(std::byte{0});
}

}  // namespace bedrail::dicom
