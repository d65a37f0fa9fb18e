#pragma once

#include "capture/capture_reader.h"

namespace bedrail {

/// Reads several captures as one, by the packets' times (ties: by file). Each file keeps its own order, so a
/// single file comes as it is. A packet's `file` is the index of its summary.
class MergedReader {
 public:
  struct Options {
    std::optional<Timestamp> since;  ///< packets before are left out; frame numbers go on counting
    std::optional<Timestamp> until;  ///< packets at or after are left out
    bool hash = true;                ///< compute the files' SHA-256
  };
  /// A file that could not be opened.
  struct Skipped {
    std::string name;
    Error why;
  };

  /// Opens all files; those that fail are in `skipped`. Error where none opened (the first file's reason).
  static Result<std::unique_ptr<MergedReader>> open(const std::vector<std::string>& paths,
                                                    const Options& options);
  /// Over readers that are open already; reader number i must have been opened as file number i.
  MergedReader(std::vector<std::unique_ptr<CaptureReader>> readers, const Options& options);

  /// Fills `out` with the next packets; 0 at the end. Views die with the next call, unless they are held.
  std::size_t read(std::span<RawPacket> out);
  /// Keeps the views that the last `read` gave alive as long as it is held; null where several captures are
  /// merged: copy what has to live on.
  [[nodiscard]] std::shared_ptr<const void> hold() const {
    return inputs_.size() == 1 ? inputs_.front().reader->hold() : nullptr;
  }
  /// Of each opened file; complete after `read` gave 0.
  [[nodiscard]] std::vector<CaptureSummary> summaries() const;
  /// Stored bytes consumed, and in all (pipes count once they are read).
  [[nodiscard]] std::uint64_t position() const;
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] const std::vector<Skipped>& skipped() const { return skipped_; }
  /// Packets left out for their time.
  [[nodiscard]] std::uint64_t left_out() const { return left_out_; }

 private:
  struct Input {
    std::unique_ptr<CaptureReader> reader;
    std::vector<RawPacket> batch;
    std::size_t next = 0, count = 0;
    [[nodiscard]] const RawPacket& head() const { return batch[next]; }
  };
  std::size_t read_single(std::span<RawPacket> out);
  std::size_t read_merged(std::span<RawPacket> out);
  /// True where input `a`'s head comes after input `b`'s (the order of the heap).
  [[nodiscard]] bool later(std::uint32_t a, std::uint32_t b) const;
  /// Reads the input's next batch and puts it into the heap, unless it is at its end.
  void refill(std::uint32_t input);
  [[nodiscard]] bool wanted(Timestamp time) const {
    return (!options_.since || time >= *options_.since) && (!options_.until || time < *options_.until);
  }

  Options options_;
  std::vector<Input> inputs_;
  std::vector<std::uint32_t> heap_;   ///< inputs with packets, the earliest head on top
  std::vector<std::uint32_t> empty_;  ///< inputs to refill before the next packet is chosen
  std::vector<Skipped> skipped_;
  std::uint64_t left_out_ = 0;
};

}  // namespace bedrail
