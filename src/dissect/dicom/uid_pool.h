#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bedrail::dicom {

/// Text form of a unique identifier (PS3.5 section 9): digits and dots, at most 64, without its padding.
/// Empty where `raw` is no such thing.
std::string_view clean_uid(std::string_view raw);

/// The distinct UIDs of one association, packed at two characters a byte and with the standard's own root
/// ("1.2.840.10008.") as one mark, so that 128 presentation contexts fit into fixed flow state. What no
/// longer fits is not kept.
class UidPool {
 public:
  static constexpr std::uint8_t kNone = 0xff;

  /// The UID's number, the old one where it is known already; kNone where it is invalid or the pool is full.
  std::uint8_t intern(std::string_view uid);
  /// The UID of a number that intern() gave, in the caller's buffer.
  std::string_view text(std::uint8_t number, std::array<char, 80>& buffer) const;

 private:
  static constexpr std::size_t kEntries = 128, kBytes = 1536;

  std::uint8_t count_ = 0;
  std::uint16_t used_ = 0;
  std::array<std::uint16_t, kEntries> start_{};
  std::array<std::uint8_t, kBytes> nibbles_{};
};

}  // namespace bedrail::dicom
