#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "capture/raw_packet.h"

namespace bedrail {

/// What a capture file turned out to hold; complete once its reader has reached the end.
struct CaptureSummary {
  std::string name;        ///< as shown to people: the path as given, "-" for standard input
  std::string sha256;      ///< of the file's bytes as stored; empty where not asked for
  std::uint64_t size = 0;  ///< bytes of the file as stored
  std::uint64_t packets = 0;
  std::uint64_t bytes = 0;                ///< sum of the wire lengths
  std::vector<std::uint16_t> link_types;  ///< registry numbers met, ascending
  std::optional<Timestamp> first, last;   ///< smallest and largest packet time
  std::uint64_t truncated_packets = 0;    ///< cut by the snap length
  std::uint64_t capture_drops = 0;        ///< as the capture itself says (pcapng interface statistics)
  /// Why reading ended before the file's end ("cut in the middle of packet 12 at byte 4096: ..."); empty
  /// where whole.
  std::string fault;
};

struct ReadOptions {
  bool hash = true;  ///< compute `sha256` while reading
  /// Bytes the file is read through; more only where one packet needs it.
  std::size_t buffer = std::size_t{256} * 1024;
};

/// Reads one capture: pcap (both byte orders, micro- and nanoseconds) or pcapng, plain, gzip or zstd, told by
/// content. Read through a bounded buffer. A damaged file gives all packets before the damage and then a
/// `fault`.
class CaptureReader {
 public:
  virtual ~CaptureReader() = default;
  /// Fills `out` with the next packets, in file order; 0 at the end. Views die with the next call,
  /// unless they are held.
  virtual std::size_t read(std::span<RawPacket> out) = 0;
  /// The account so far; complete after `read` gave 0.
  [[nodiscard]] virtual const CaptureSummary& summary() const = 0;
  /// Bytes of the stored file consumed so far, for progress.
  [[nodiscard]] virtual std::uint64_t position() const = 0;
  /// Keeps the views that the last `read` gave alive as long as it is held.
  [[nodiscard]] virtual std::shared_ptr<const void> hold() const = 0;
};

/// Opens `path` ("-": standard input) as file number `file`. Errors: unreadable, empty, not a capture, each
/// naming the file and what to do.
Result<std::unique_ptr<CaptureReader>> open_capture(const std::string& path, std::uint32_t file,
                                                    const ReadOptions& options = {});

/// The same over bytes in memory, which must outlive the reader; `name` is shown to people.
Result<std::unique_ptr<CaptureReader>> open_capture(Bytes bytes, const std::string& name, std::uint32_t file,
                                                    const ReadOptions& options = {});

/// All captures under `paths`: files as given; folders searched at any depth, sorted by name. Of a folder,
/// files whose first bytes are those of a capture or a compressed one, and what is named like a capture
/// (x.pcap, x.pcapng.gz) or cannot be opened: `open_capture` says of those why they cannot be read. A folder
/// without captures is an error.
Result<std::vector<std::string>> find_captures(const std::vector<std::string>& paths);

}  // namespace bedrail
