#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "capture/capture_reader.h"
#include "pipeline/pipeline.h"

namespace bedrail::bench {

/// A capture's packets in memory, to be read again and again without the cost of reading a file.
class Packets final : public PacketSource {
 public:
  explicit Packets(const std::vector<std::filesystem::path>& files) {
    for (const auto& file : files) {
      auto reader = open_capture(file.string(), static_cast<std::uint32_t>(readers_.size()), {.hash = false});
      if (!reader) continue;
      std::vector<RawPacket> batch(256);
      while (const std::size_t count = (*reader)->read(batch)) {
        held_.push_back((*reader)->hold());
        packets_.insert(packets_.end(), batch.begin(), batch.begin() + static_cast<std::ptrdiff_t>(count));
      }
      readers_.push_back(std::move(*reader));
    }
  }
  std::size_t read(std::span<RawPacket> out) override {
    if (at_ == packets_.size() && rounds_left_ > 0) {
      at_ = 0;
      --rounds_left_;
    }
    const std::size_t count = std::min(out.size(), packets_.size() - at_);
    std::copy_n(packets_.begin() + static_cast<std::ptrdiff_t>(at_), count, out.begin());
    at_ += count;
    return count;
  }
  [[nodiscard]] std::shared_ptr<const void> hold() const override {
    return held_.empty() ? nullptr : held_.front();
  }
  /// From the start, `rounds` times: a small capture then outweighs what a run costs to set up.
  void rewind(std::size_t rounds = 1) {
    at_ = 0;
    rounds_left_ = rounds - 1;
  }
  [[nodiscard]] const std::vector<RawPacket>& all() const { return packets_; }
  [[nodiscard]] std::int64_t bytes() const {
    std::int64_t sum = 0;
    for (const RawPacket& packet : packets_) sum += static_cast<std::int64_t>(packet.data.size());
    return sum;
  }

 private:
  std::vector<std::unique_ptr<CaptureReader>> readers_;
  std::vector<std::shared_ptr<const void>> held_;  ///< what the views are into
  std::vector<RawPacket> packets_;
  std::size_t at_ = 0, rounds_left_ = 0;
};

/// The capture that the project ships.
inline Packets ward() {
  return Packets({std::filesystem::path(BEDRAIL_SOURCE_DIR) / "captures/ward/ward.pcapng"});
}

}  // namespace bedrail::bench
