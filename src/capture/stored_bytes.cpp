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
/// In these steps a mapping's pages come and go; multiples of any page size.
constexpr std::size_t kMapStep = 4 * 1024 * 1024;
/// Kept behind the place of reading, for the threads that still look at packets read before.
constexpr std::size_t kMapKept = 64 * 1024 * 1024;
#ifdef MADV_POPULATE_READ
constexpr int kPopulate = MADV_POPULATE_READ;
#else
constexpr int kPopulate = MADV_WILLNEED;
#endif
}  // namespace

Mapping::~Mapping() { ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size()); }

void Mapping::reached(std::size_t offset) {
  std::byte* const start = const_cast<std::byte*>(bytes_.data());
  // Both are advice: where the kernel refuses, pages come one by one and stay.
  if (offset >= brought_ && offset < bytes_.size()) {
    const std::size_t from = offset / kMapStep * kMapStep;
    const std::size_t to = std::min(bytes_.size(), from + 2 * kMapStep);
    ::madvise(start + std::max(from, brought_), to - std::max(from, brought_), kPopulate);
    brought_ = from + kMapStep;
  }
  if (offset >= given_back_ + kMapKept + kMapStep) {
    const std::size_t to = (offset - kMapKept) / kMapStep * kMapStep;
    ::madvise(start + given_back_, to - given_back_, MADV_DONTNEED);
    given_back_ = to;
  }
}

Bytes StoredBytes::next() {
  const Bytes piece = pull();
  position_ += piece.size();
  if (sha_) sha_->update(piece);
  return piece;
}

Bytes MemoryBytes::pull() {
  if (mapping_) mapping_->reached(mapping_->bytes().size() - rest_.size());
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
