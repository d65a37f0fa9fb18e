#pragma once

#include <algorithm>

#include "base/bytes.h"
#include "base/fixed_bytes.h"

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

  std::uint8_t u8() { return big<std::uint8_t>(); }
  std::uint16_t be16() { return big<std::uint16_t>(); }
  std::uint32_t be24() {
    const auto bytes = fixed<3>();
    return std::uint32_t{bytes.u8<0>()} << 16 | bytes.be16<1>();
  }
  std::uint32_t be32() { return big<std::uint32_t>(); }
  std::uint64_t be64() { return big<std::uint64_t>(); }
  std::uint16_t le16() { return little<std::uint16_t>(); }
  std::uint32_t le24() {
    const auto bytes = fixed<3>();
    return std::uint32_t{bytes.u8<2>()} << 16 | bytes.le16<0>();
  }
  std::uint32_t le32() { return little<std::uint32_t>(); }
  std::uint64_t le64() { return little<std::uint64_t>(); }

  /// The next `count` bytes, or an empty slice and failure where fewer are left.
  Bytes bytes(std::size_t count) {
    if (!take(count)) return {};
    return data_.subspan(position_ - count, count);
  }
  /// The next `N` bytes as a header whose fields are then read without further checks; zeros where fewer are
  /// left.
  template <std::size_t N>
  FixedBytes<N> fixed() {
    static constexpr std::byte kZeros[N] = {};
    return FixedBytes<N>(take(N) ? data_.subspan(position_ - N, N) : Bytes(kZeros));
  }
  /// The next `count` bytes as text.
  std::string_view text(std::size_t count) { return as_text(bytes(count)); }
  void skip(std::size_t count) { (void)take(count); }
  /// Moves to an absolute offset, forwards or backwards (compressed names, offset tables).
  void seek(std::size_t offset) {
    if (offset > data_.size()) return fail();
    if (!failed_) position_ = offset;
  }
  /// A reader over the next `count` bytes, which this reader skips: nested lengths cannot escape their
  /// parent.
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
  template <typename T>
  T big() {
    return take(sizeof(T)) ? load_big<T>(data_.data() + position_ - sizeof(T)) : T{0};
  }
  template <typename T>
  T little() {
    return take(sizeof(T)) ? load_little<T>(data_.data() + position_ - sizeof(T)) : T{0};
  }

  Bytes data_;
  std::size_t position_ = 0;
  bool failed_ = false;
};

}  // namespace bedrail
