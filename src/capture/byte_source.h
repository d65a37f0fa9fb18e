#pragma once

#include <memory>
#include <string>
#include <vector>

#include "capture/decoder.h"

namespace bedrail {

/// Bytes that a capture is read through where nothing asks for less.
inline constexpr std::size_t kBufferSize = 256 * 1024;

/// A capture's bytes, unpacked, front to back through a window. `consume` keeps views alive, `refill` ends
/// them unless they are held.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// The unread bytes in view.
  [[nodiscard]] Bytes window() const { return window_; }
  /// Moves past the first `count` bytes of the window.
  virtual void consume(std::size_t count) {
    window_ = window_.subspan(count);
    offset_ += count;
  }
  /// Brings at least `wanted` bytes into view; false where the capture has no more that many.
  virtual bool refill(std::size_t wanted) = 0;
  /// Passes over `count` bytes, in view or not; false where the capture ends before.
  bool skip(std::uint64_t count);
  /// Bytes consumed, counted in the unpacked capture.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  /// Bytes of the stored file taken so far.
  [[nodiscard]] virtual std::uint64_t position() const = 0;
  /// Why there are no more bytes although the file has some; empty where all is well.
  [[nodiscard]] virtual std::string fault() const = 0;
  /// Keeps the window's bytes where they are as long as it is held, also past `refill`.
  [[nodiscard]] virtual std::shared_ptr<const void> hold() const = 0;
  /// True where offsets are those of the stored file.
  [[nodiscard]] virtual bool packed() const = 0;
  /// Reads the rest of the stored file and gives its digest (empty where not asked for). Call once, at the
  /// end.
  virtual std::string finish() = 0;

  /// Bytes of the stored file; 0 while unknown (a pipe).
  std::uint64_t stored_size = 0;

 protected:
  Bytes window_;
  std::uint64_t offset_ = 0;
};

/// Opens a file for reading front to back ("-": standard input), with `hash` over its stored bytes, through a
/// buffer of `buffer` bytes (more only where one packet needs it).
Result<std::unique_ptr<ByteSource>> open_source(const std::string& path, bool hash, std::size_t buffer);
/// The same over bytes in memory, which must outlive the source and whatever it gave to hold.
std::unique_ptr<ByteSource> memory_source(Bytes bytes, bool hash);
/// The same over an open descriptor, which is taken over.
std::unique_ptr<ByteSource> descriptor_source(int descriptor, bool hash, std::size_t buffer);

}  // namespace bedrail
