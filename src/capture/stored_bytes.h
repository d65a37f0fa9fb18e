#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "capture/sha256.h"

namespace bedrail {

/// A file mapped into memory; unmapped with the object. An empty file cannot be mapped.
class Mapping {
 public:
  Mapping(const void* data, std::size_t size) : bytes_(static_cast<const std::byte*>(data), size) {}
  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  [[nodiscard]] Bytes bytes() const { return bytes_; }
  /// Tells that reading reached `offset`: pages ahead are brought in, those far behind given back (a view of
  /// them stays good and brings them in again), so that a large file does not fill the process.
  void reached(std::size_t offset);

 private:
  Bytes bytes_;
  std::size_t brought_ = 0, given_back_ = 0;
};

/// The bytes of a file as stored, piece by piece, counted and hashed on the way.
class StoredBytes {
 public:
  explicit StoredBytes(bool hash) {
    if (hash) sha_.emplace();
  }
  virtual ~StoredBytes() = default;
  /// The next piece; empty at the end or after a failure (`fault`). It dies with the next call.
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
  virtual Bytes pull() = 0;
  std::string fault_;

 private:
  std::uint64_t position_ = 0;
  std::optional<Sha256> sha_;
};

/// Stored bytes that are in memory already: a mapped file (then `mapping` is kept) or a caller's.
class MemoryBytes final : public StoredBytes {
 public:
  MemoryBytes(Bytes bytes, std::unique_ptr<Mapping> mapping, bool hash)
      : StoredBytes(hash), rest_(bytes), mapping_(std::move(mapping)) {}

 private:
  Bytes pull() override;
  Bytes rest_;
  std::unique_ptr<Mapping> mapping_;
};

/// Stored bytes of a pipe, a terminal, or a file that cannot be mapped.
class DescriptorBytes final : public StoredBytes {
 public:
  /// Takes over `descriptor`; it is closed with the object unless it is standard input.
  DescriptorBytes(int descriptor, bool hash);
  ~DescriptorBytes() override;
  /// The first bytes, at least `wanted` (up to a page) where there are as many; `next` gives them again.
  Bytes head(std::size_t wanted);

 private:
  Bytes pull() override;
  /// Appends one read to the buffer's first `have` bytes; the new count.
  std::size_t fill(std::size_t have);
  int descriptor_;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t pending_ = 0;
};

}  // namespace bedrail
