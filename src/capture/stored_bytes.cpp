#include "capture/stored_bytes.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace bedrail {
namespace {
constexpr std::size_t kMemoryPiece = 256 * 1024;
constexpr std::size_t kReadSize = 64 * 1024;
}  // namespace

Mapping::~Mapping() { ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size()); }

Bytes StoredBytes::next() {
  const Bytes piece = pull();
  position_ += piece.size();
  if (sha_) sha_->update(piece);
  return piece;
}

Bytes MemoryBytes::pull() {
  const Bytes piece = rest_.first(std::min(rest_.size(), kMemoryPiece));
  rest_ = rest_.subspan(piece.size());
  return piece;
}

DescriptorBytes::DescriptorBytes(int descriptor, bool hash)
    : StoredBytes(hash),
      descriptor_(descriptor),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(kReadSize)) {}

DescriptorBytes::~DescriptorBytes() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

std::size_t DescriptorBytes::fill(std::size_t have) {
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, buffer_.get() + have, kReadSize - have);
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    fault_ = std::string("reading failed: ") + std::strerror(errno);
    return have;
  }
  return have + static_cast<std::size_t>(count);
}

Bytes DescriptorBytes::head(std::size_t wanted) {
  while (pending_ < std::min<std::size_t>(wanted, 4096)) {
    const std::size_t before = pending_;
    pending_ = fill(pending_);
    if (pending_ == before) break;
  }
  return {buffer_.get(), pending_};
}

Bytes DescriptorBytes::pull() {
  if (!fault_.empty()) return {};
  const std::size_t count = pending_ != 0 ? std::exchange(pending_, 0) : fill(0);
  return {buffer_.get(), count};
}

}  // namespace bedrail
