#include "capture/byte_source.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace bedrail {
namespace {

constexpr std::size_t kBufferSize = 256 * 1024;
constexpr std::size_t kHashPiece = 256 * 1024;

/// All bytes in view from the start: a mapped file or a caller's memory.
class WholeSource final : public ByteSource {
 public:
  WholeSource(Bytes bytes, std::unique_ptr<Mapping> mapping, bool hash)
      : all_(bytes), mapping_(std::move(mapping)) {
    window_ = all_;
    stored_size = all_.size();
    if (hash) sha_.emplace();
    if (mapping_) mapping_->reached(0);
  }
  void consume(std::size_t count) override {
    ByteSource::consume(count);
    if (mapping_) mapping_->reached(offset_);
    if (sha_) hash_to(offset_);
  }
  bool refill(std::size_t wanted) override { return window_.size() >= wanted; }
  [[nodiscard]] std::uint64_t position() const override { return offset_; }
  [[nodiscard]] std::string fault() const override { return {}; }
  [[nodiscard]] bool stable() const override { return true; }
  [[nodiscard]] bool packed() const override { return false; }
  std::string finish() override {
    if (!sha_) return {};
    while (hashed_ < all_.size()) {
      if (mapping_) mapping_->reached(hashed_);
      hash_to(std::min(all_.size(), hashed_ + kHashPiece));
    }
    return sha_->finish();
  }

 private:
  void hash_to(std::size_t end) {
    sha_->update(all_.subspan(hashed_, end - hashed_));
    hashed_ = end;
  }
  Bytes all_;
  std::unique_ptr<Mapping> mapping_;
  std::optional<Sha256> sha_;
  std::size_t hashed_ = 0;
};

/// Bytes that pass through a buffer: packed files and pipes.
class BufferedSource final : public ByteSource {
 public:
  BufferedSource(std::unique_ptr<StoredBytes> stored, Packing packing)
      : stored_(std::move(stored)), decoder_(make_decoder(packing)), packed_(packing != Packing::kNone) {}

  bool refill(std::size_t wanted) override {
    if (window_.size() >= wanted) return true;
    std::size_t have = window_.size();
    if (wanted > capacity_) {
      const std::size_t larger = std::max(wanted, kBufferSize);
      auto buffer = std::make_unique_for_overwrite<std::byte[]>(larger);
      if (have != 0) std::memcpy(buffer.get(), window_.data(), have);
      buffer_ = std::move(buffer);
      capacity_ = larger;
    } else if (have != 0) {
      std::memmove(buffer_.get(), window_.data(), have);
    }
    while (have < wanted && !ended_) {
      const std::size_t count = decoder_->produce(*stored_, {buffer_.get() + have, capacity_ - have});
      ended_ = count == 0;
      have += count;
    }
    window_ = {buffer_.get(), have};
    return have >= wanted;
  }
  [[nodiscard]] std::uint64_t position() const override { return stored_->position(); }
  [[nodiscard]] std::string fault() const override {
    return decoder_->fault().empty() ? stored_->fault() : decoder_->fault();
  }
  [[nodiscard]] bool stable() const override { return false; }
  [[nodiscard]] bool packed() const override { return packed_; }
  std::string finish() override {
    stored_->drain();
    stored_size = stored_->position();
    return stored_->sha256();
  }

 private:
  std::unique_ptr<StoredBytes> stored_;
  std::unique_ptr<Decoder> decoder_;
  bool packed_;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t capacity_ = 0;
  bool ended_ = false;
};

std::unique_ptr<ByteSource> whole_or_packed(Bytes bytes, std::unique_ptr<Mapping> mapping, bool hash) {
  const Packing packing = packing_of(bytes);
  if (packing == Packing::kNone) return std::make_unique<WholeSource>(bytes, std::move(mapping), hash);
  auto source = std::make_unique<BufferedSource>(
      std::make_unique<MemoryBytes>(bytes, std::move(mapping), hash), packing);
  source->stored_size = bytes.size();
  return source;
}

std::string system_reason() { return std::strerror(errno); }

}  // namespace

bool ByteSource::skip(std::uint64_t count) {
  while (count > 0) {
    if (window_.empty() && !refill(1)) return false;
    const std::size_t step = static_cast<std::size_t>(std::min<std::uint64_t>(count, window_.size()));
    consume(step);
    count -= step;
  }
  return true;
}

std::unique_ptr<ByteSource> memory_source(Bytes bytes, bool hash) {
  return whole_or_packed(bytes, nullptr, hash);
}

std::unique_ptr<ByteSource> descriptor_source(int descriptor, bool hash) {
  auto stored = std::make_unique<DescriptorBytes>(descriptor, hash);
  const Packing packing = packing_of(stored->head(4));
  return std::make_unique<BufferedSource>(std::move(stored), packing);
}

Result<std::unique_ptr<ByteSource>> open_source(const std::string& path, bool hash) {
  if (path == "-") return descriptor_source(STDIN_FILENO, hash);
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    return failure("cannot open " + path + ": " + system_reason() +
                   "; check the path and the right to read it");
  }
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) {
    const std::string reason = system_reason();
    ::close(descriptor);
    return failure("cannot read " + path + ": " + reason);
  }
  if (S_ISDIR(status.st_mode)) {
    ::close(descriptor);
    return failure(path + " is a folder, not a capture; name the captures in it");
  }
  if (S_ISREG(status.st_mode) && status.st_size > 0) {
    const auto size = static_cast<std::size_t>(status.st_size);
    void* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (data != MAP_FAILED) {
      // The mapping outlives the descriptor, so any number of captures can be open at once.
      ::close(descriptor);
      ::madvise(data, size, MADV_SEQUENTIAL);
      auto mapping = std::make_unique<Mapping>(data, size);
      const Bytes bytes = mapping->bytes();
      return whole_or_packed(bytes, std::move(mapping), hash);
    }
  }
  return descriptor_source(descriptor, hash);
}

}  // namespace bedrail
