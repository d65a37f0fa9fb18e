#include "capture/stored_bytes.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace bedrail {
namespace {
constexpr std::size_t kPiece = 64 * 1024;
}  // namespace

std::size_t StoredBytes::read(std::span<std::byte> out) {
  const std::size_t count = pull(out);
  position_ += count;
  if (sha_) sha_->update(out.first(count));
  return count;
}

Bytes StoredBytes::next() {
  if (piece_ == nullptr) piece_ = std::make_unique_for_overwrite<std::byte[]>(kPiece);
  return {piece_.get(), read({piece_.get(), kPiece})};
}

std::size_t MemoryBytes::pull(std::span<std::byte> out) {
  const std::size_t count = std::min(rest_.size(), out.size());
  if (count != 0) std::memcpy(out.data(), rest_.data(), count);
  rest_ = rest_.subspan(count);
  return count;
}

DescriptorBytes::~DescriptorBytes() {
  if (descriptor_ != STDIN_FILENO) ::close(descriptor_);
}

std::size_t DescriptorBytes::receive(std::span<std::byte> out) {
  ssize_t count = 0;
  do {
    count = ::read(descriptor_, out.data(), out.size());
  } while (count < 0 && errno == EINTR);
  if (count >= 0) return static_cast<std::size_t>(count);
  fault_ = std::string("reading failed: ") + std::strerror(errno);
  return 0;
}

Bytes DescriptorBytes::head(std::size_t wanted) {
  while (head_size_ < std::min(wanted, kHead)) {
    const std::size_t count = receive({head_ + head_size_, kHead - head_size_});
    if (count == 0) break;
    head_size_ += count;
  }
  return {head_, head_size_};
}

std::size_t DescriptorBytes::pull(std::span<std::byte> out) {
  if (head_given_ < head_size_) {
    const std::size_t count = std::min(head_size_ - head_given_, out.size());
    std::memcpy(out.data(), head_ + head_given_, count);
    head_given_ += count;
    return count;
  }
  return fault_.empty() && !out.empty() ? receive(out) : 0;
}

}  // namespace bedrail
