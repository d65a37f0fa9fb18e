#pragma once

#include <algorithm>

#include "base/bytes.h"

namespace bedrail {

/// Reads numbers and slices from untrusted bytes, front to back. The first read past the end sets a sticky
/// failure flag, moves to the end, and every read from then on gives zero or an empty slice: read a whole
/// header straight down, then check `ok()` once. Never throws, never allocates.
class ByteReader {
 public:
  ByteReader() = default;
  explicit ByteReader(Bytes data) : data_(data) {}

  /// False once any read went past the end.
  [[nodiscard]] bool ok() const { return !failed_; }
  /// Bytes not yet read.
  [[nodiscard]] std::size_t remaining() const { return data_.size() - position_; }
  /// Offset of the next byte from the start of the data.
  [[nodiscard]] std::size_t position() const { return position_; }
  [[nodiscard]] std::size_t size() const { return data_.size(); }
  [[nodiscard]] bool empty() const { return remaining() == 0; }
  /// What has not been read yet, without moving.
  [[nodiscard]] Bytes rest() const { return data_.subspan(position_); }

  std::uint8_t u8() { return static_cast<std::uint8_t>(big<1>()); }
  std::uint16_t be16() { return static_cast<std::uint16_t>(big<2>()); }
  std::uint32_t be24() { return static_cast<std::uint32_t>(big<3>()); }
  std::uint32_t be32() { return static_cast<std::uint32_t>(big<4>()); }
  std::uint64_t be64() { return big<8>(); }
  std::uint16_t le16() { return static_cast<std::uint16_t>(little<2>()); }
  std::uint32_t le24() { return static_cast<std::uint32_t>(little<3>()); }
  std::uint32_t le32() { return static_cast<std::uint32_t>(little<4>()); }
  std::uint64_t le64() { return little<8>(); }

  /// The next `count` bytes, or an empty slice and failure where fewer are left.
  Bytes bytes(std::size_t count) {
    if (!take(count)) return {};
    return data_.subspan(position_ - count, count);
  }
  /// The next `count` bytes as text.
  std::string_view text(std::size_t count) { return as_text(bytes(count)); }
  void skip(std::size_t count) { (void)take(count); }
  /// Moves to an absolute offset, forwards or backwards (compressed names, offset tables).
  void seek(std::size_t offset) {
    if (offset > data_.size()) return fail();
    if (!failed_) position_ = offset;
  }
  /// A reader over the next `count` bytes, which this reader skips: nested lengths cannot escape their parent.
  ByteReader slice(std::size_t count) {
    ByteReader inner(bytes(count));
    inner.failed_ = failed_;
    return inner;
  }
  /// The byte `ahead` places from here without moving; 0 past the end, which does not count as failure.
  [[nodiscard]] std::uint8_t peek(std::size_t ahead = 0) const {
    return ahead < remaining() ? static_cast<std::uint8_t>(data_[position_ + ahead]) : std::uint8_t{0};
  }
  void fail() {
    failed_ = true;
    position_ = data_.size();
  }

 private:
  bool take(std::size_t count) {
    if (count > remaining()) {
      fail();
      return false;
    }
    position_ += count;
    return true;
  }
  template <std::size_t N>
  std::uint64_t big() {
    if (!take(N)) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < N; ++i) value = value << 8 | static_cast<std::uint8_t>(data_[position_ - N + i]);
    return value;
  }
  template <std::size_t N>
  std::uint64_t little() {
    if (!take(N)) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = N; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>(data_[position_ - N + i]);
    return value;
  }

  Bytes data_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

}  // namespace bedrail
