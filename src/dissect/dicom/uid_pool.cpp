#include "dissect/dicom/uid_pool.h"

#include <algorithm>

#include "base/text.h"

namespace bedrail::dicom {
namespace {

constexpr std::string_view kStandardRoot = "1.2.840.10008.";
constexpr std::uint8_t kDot = 10, kRoot = 11, kEnd = 15;

using Packed = std::array<std::uint8_t, 40>;

/// The packed form and its length in bytes; the end mark fills the last byte.
std::size_t pack(std::string_view uid, Packed& out) {
  std::size_t nibbles = 0;
  out.fill(kEnd << 4 | kEnd);
  const auto put = [&](std::uint8_t nibble) {
    std::uint8_t& byte = out[nibbles / 2];
    byte = static_cast<std::uint8_t>(nibbles % 2 == 0 ? (nibble << 4 | kEnd) : ((byte & 0xf0) | nibble));
    ++nibbles;
  };
  if (uid.starts_with(kStandardRoot)) {
    put(kRoot);
    uid.remove_prefix(kStandardRoot.size());
  }
  for (const char c : uid) put(c == '.' ? kDot : static_cast<std::uint8_t>(c - '0'));
  put(kEnd);
  return (nibbles + 1) / 2;
}

}  // namespace

std::string_view clean_uid(std::string_view raw) {
  raw = trim(raw);
  const auto allowed = [](char c) { return c == '.' || (c >= '0' && c <= '9'); };
  if (raw.empty() || raw.size() > 64 || !std::all_of(raw.begin(), raw.end(), allowed)) return {};
  return raw;
}

std::uint8_t UidPool::intern(std::string_view uid) {
  if (uid.empty() || uid.size() > 64) return kNone;
  Packed packed;
  const std::size_t size = pack(uid, packed);
  for (std::uint8_t i = 0; i < count_; ++i) {
    const std::size_t end = i + 1 < count_ ? start_[i + 1u] : used_;
    if (end - start_[i] == size &&
        std::equal(packed.begin(), packed.begin() + size, nibbles_.begin() + start_[i]))
      return i;
  }
  if (count_ == kEntries || used_ + size > kBytes) return kNone;
  start_[count_] = used_;
  std::copy_n(packed.begin(), size, nibbles_.begin() + used_);
  used_ = static_cast<std::uint16_t>(used_ + size);
  return count_++;
}

std::string_view UidPool::text(std::uint8_t number, std::array<char, 80>& buffer) const {
  if (number >= count_) return {};
  std::size_t length = 0;
  for (std::size_t i = std::size_t{start_[number]} * 2;
       i / 2 < used_ && length < buffer.size() - kStandardRoot.size(); ++i) {
    const std::uint8_t nibble = i % 2 == 0 ? nibbles_[i / 2] >> 4 : nibbles_[i / 2] & 15;
    if (nibble == kEnd) break;
    if (nibble == kRoot) {
      length = static_cast<std::size_t>(
          std::copy(kStandardRoot.begin(), kStandardRoot.end(), buffer.begin()) - buffer.begin());
    } else {
      buffer[length++] = nibble == kDot ? '.' : static_cast<char>('0' + nibble);
    }
  }
  return {buffer.data(), length};
}

}  // namespace bedrail::dicom
