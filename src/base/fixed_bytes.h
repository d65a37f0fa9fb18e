#pragma once

#include <bit>
#include <cstring>

#include "base/bytes.h"

namespace bedrail {

static_assert(std::endian::native == std::endian::little, "the loads below swap for a little-endian machine");

/// The first `sizeof(T)` bytes at `data` as a number in network order; the caller has checked that they are
/// there.
template <typename T>
T load_big(const std::byte* data) {
  T value;
  std::memcpy(&value, data, sizeof(T));
  if constexpr (sizeof(T) == 2) value = __builtin_bswap16(value);
  if constexpr (sizeof(T) == 4) value = __builtin_bswap32(value);
  if constexpr (sizeof(T) == 8) value = __builtin_bswap64(value);
  return value;
}

/// The same in little-endian order.
template <typename T>
T load_little(const std::byte* data) {
  T value;
  std::memcpy(&value, data, sizeof(T));
  return value;
}

/// A header of exactly `N` bytes whose length was checked once, when it was taken (`ByteReader::fixed`, or
/// from a span at least as long); every field's place is checked by the compiler. A view: it dies with the
/// bytes it was taken from.
template <std::size_t N>
class FixedBytes {
 public:
  /// `data` must hold at least `N` bytes: use `ByteReader::fixed` where that is not already known.
  explicit FixedBytes(Bytes data) : data_(data.data()) {}

  template <std::size_t At>
  [[nodiscard]] std::uint8_t u8() const {
    static_assert(At + 1 <= N);
    return static_cast<std::uint8_t>(data_[At]);
  }
  template <std::size_t At>
  [[nodiscard]] std::uint16_t be16() const {
    static_assert(At + 2 <= N);
    return load_big<std::uint16_t>(data_ + At);
  }
  template <std::size_t At>
  [[nodiscard]] std::uint32_t be32() const {
    static_assert(At + 4 <= N);
    return load_big<std::uint32_t>(data_ + At);
  }
  template <std::size_t At>
  [[nodiscard]] std::uint16_t le16() const {
    static_assert(At + 2 <= N);
    return load_little<std::uint16_t>(data_ + At);
  }
  template <std::size_t At>
  [[nodiscard]] std::uint32_t le32() const {
    static_assert(At + 4 <= N);
    return load_little<std::uint32_t>(data_ + At);
  }
  /// `Count` bytes from `At` on.
  template <std::size_t At, std::size_t Count>
  [[nodiscard]] Bytes bytes() const {
    static_assert(At + Count <= N);
    return {data_ + At, Count};
  }

 private:
  const std::byte* data_;
};

}  // namespace bedrail
