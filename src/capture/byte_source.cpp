#include "capture/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

namespace bedrail {
namespace {

/// All bytes in view from the start: a caller's memory.
class WholeSource final : public ByteSource {
 public:
  WholeSource(Bytes bytes, bool hash) : all_(bytes), hash_(hash) {
    window_ = all_;
    stored_size = all_.size();
  }
  bool refill(std::size_t wanted) override { return window_.size() >= wanted; }
  [[nodiscard]] std::uint64_t position() const override { return offset_; }
  [[nodiscard]] std::string fault() const override { return {}; }
  /// The memory is the caller's; something to hold nevertheless.
  [[nodiscard]] std::shared_ptr<const void> hold() const override { return std::make_shared<char>(); }
  [[nodiscard]] bool packed() const override { return false; }
  std::string finish() override {
    if (!hash_) return {};
    Sha256 sha;
    sha.update(all_);
    return sha.finish();
  }

 private:
  Bytes all_;
  bool hash_;
};

/// Bytes that pass through a buffer. Where somebody holds the buffer, its unread end moves on into another.
class BufferedSource final : public ByteSource {
 public:
  BufferedSource(std::unique_ptr<StoredBytes> stored, Packing packing, std::size_t size)
      : stored_(std::move(stored)), decoder_(make_decoder(packing)), size_(size) {}

  bool refill(std::size_t wanted) override {
    if (window_.size() >= wanted) return true;
    std::size_t have = window_.size();
    std::shared_ptr<Buffer> target = buffer_for(wanted);
    if (have != 0) std::memmove(target->bytes.get(), window_.data(), have);
    buffer_ = std::move(target);
    while (have < wanted && !ended_) {
      const std::span<std::byte> room{buffer_->bytes.get() + have, buffer_->size - have};
      const std::size_t count = decoder_ ? decoder_->produce(*stored_, room) : stored_->read(room);
      ended_ = count == 0;
      have += count;
    }
    window_ = {buffer_->bytes.get(), have};
    return have >= wanted;
  }
  [[nodiscard]] std::uint64_t position() const override { return stored_->position(); }
  [[nodiscard]] std::string fault() const override {
    return !decoder_ || decoder_->fault().empty() ? stored_->fault() : decoder_->fault();
  }
  [[nodiscard]] std::shared_ptr<const void> hold() const override { return buffer_; }
  [[nodiscard]] bool packed() const override { return decoder_ != nullptr; }
  std::string finish() override {
    stored_->drain();
    stored_size = stored_->position();
    return stored_->sha256();
  }

 private:
  struct Buffer {
    explicit Buffer(std::size_t count)
        : bytes(std::make_unique_for_overwrite<std::byte[]>(count)), size(count) {}
    std::unique_ptr<std::byte[]> bytes;
    std::size_t size;
  };

  /// One that nobody else holds and that is large enough: this one, a former one, or a new one.
  std::shared_ptr<Buffer> buffer_for(std::size_t wanted) {
    const std::size_t size = std::max(wanted, size_);
    if (buffer_ && buffer_.use_count() == 1 && buffer_->size >= size) return buffer_;
    if (buffer_) former_.push_back(std::move(buffer_));
    for (std::shared_ptr<Buffer>& buffer : former_) {
      // The unread end may lie in one that nobody holds; it is read before that is written to.
      if (buffer.use_count() != 1 || buffer->size < size || holds_window(*buffer)) continue;
      // What the last holder did happened before.
      std::atomic_thread_fence(std::memory_order_acquire);
      std::shared_ptr<Buffer> found = std::move(buffer);
      forget_small(size);
      return found;
    }
    return std::make_shared<Buffer>(size);
  }
  [[nodiscard]] bool holds_window(const Buffer& buffer) const {
    return !window_.empty() && window_.data() >= buffer.bytes.get() &&
           window_.data() < buffer.bytes.get() + buffer.size;
  }
  void forget_small(std::size_t size) {
    std::erase_if(former_, [&](const auto& b) { return !b || (b->size < size && !holds_window(*b)); });
  }

  std::unique_ptr<StoredBytes> stored_;
  std::unique_ptr<Decoder> decoder_;  ///< null where the bytes are not packed
  std::size_t size_;
  std::shared_ptr<Buffer> buffer_;
  std::vector<std::shared_ptr<Buffer>> former_;
  bool ended_ = false;
};

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
  const Packing packing = packing_of(bytes);
  if (packing == Packing::kNone) return std::make_unique<WholeSource>(bytes, hash);
  auto source =
      std::make_unique<BufferedSource>(std::make_unique<MemoryBytes>(bytes, hash), packing, kBufferSize);
  source->stored_size = bytes.size();
  return source;
}

std::unique_ptr<ByteSource> descriptor_source(int descriptor, bool hash, std::size_t buffer) {
  auto stored = std::make_unique<DescriptorBytes>(descriptor, hash);
  const Packing packing = packing_of(stored->head(4));
  return std::make_unique<BufferedSource>(std::move(stored), packing, buffer);
}

Result<std::unique_ptr<ByteSource>> open_source(const std::string& path, bool hash, std::size_t buffer) {
  if (path == "-") return descriptor_source(STDIN_FILENO, hash, buffer);
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
  auto source = descriptor_source(descriptor, hash, buffer);
  if (S_ISREG(status.st_mode)) {
    source->stored_size = static_cast<std::uint64_t>(status.st_size);
    ::posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL);
  }
  return source;
}

}  // namespace bedrail
