#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "capture/sha256.h"

namespace bedrail {

/// The bytes of a file as stored, front to back, counted and hashed on the way.
class StoredBytes {
 public:
  explicit StoredBytes(bool hash) {
    if (hash) sha_.emplace();
  }
  virtual ~StoredBytes() = default;
  /// Fills the front of `out`; the count. 0 at the end or after a failure (`fault`).
  std::size_t read(std::span<std::byte> out);
  /// The next piece; empty at the end or after a failure. It dies with the next call.
  Bytes next();
  /// Reads what is left, so that the count and the hash are of the whole.
  void drain() {
    while (!next().empty()) {
    }
  }
  /// Bytes given so far.
  [[nodiscard]] std::uint64_t position() const { return position_; }
  /// Why reading failed; empty where it did not.
  [[nodiscard]] const std::string& fault() const { return fault_; }
  /// The digest of everything given; call once, after the end. Empty where not asked for.
  std::string sha256() { return sha_ ? sha_->finish() : std::string(); }

 protected:
  virtual std::size_t pull(std::span<std::byte> out) = 0;
  std::string fault_;

 private:
  std::uint64_t position_ = 0;
  std::optional<Sha256> sha_;
  std::unique_ptr<std::byte[]> piece_;  ///< what `next` gives
};

/// Stored bytes that are in memory already.
class MemoryBytes final : public StoredBytes {
 public:
  MemoryBytes(Bytes bytes, bool hash) : StoredBytes(hash), rest_(bytes) {}

 private:
  std::size_t pull(std::span<std::byte> out) override;
  Bytes rest_;
};

/// Stored bytes of an open file, a pipe or a terminal.
class DescriptorBytes final : public StoredBytes {
 public:
  /// Takes over `descriptor`; it is closed with the object unless it is standard input.
  DescriptorBytes(int descriptor, bool hash) : StoredBytes(hash), descriptor_(descriptor) {}
  ~DescriptorBytes() override;
  DescriptorBytes(const DescriptorBytes&) = delete;
  DescriptorBytes& operator=(const DescriptorBytes&) = delete;
  /// The first bytes, at least `wanted` where there are as many; `read` gives them again.
  Bytes head(std::size_t wanted);

 private:
  static constexpr std::size_t kHead = 16;
  std::size_t pull(std::span<std::byte> out) override;
  std::size_t receive(std::span<std::byte> out);
  int descriptor_;
  std::byte head_[kHead] = {};
  std::size_t head_size_ = 0, head_given_ = 0;
};

}  // namespace bedrail
