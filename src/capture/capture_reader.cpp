#include "capture/capture_reader.h"

#include <algorithm>

#include "base/hash.h"
#include "capture/capture_format.h"

namespace bedrail {
namespace {

constexpr std::size_t kHeadSize = 12;

/// Drives a format over a source and keeps the account.
class SourceReader final : public CaptureReader {
 public:
  SourceReader(std::unique_ptr<ByteSource> source, std::unique_ptr<CaptureFormat> format, std::string name,
               std::uint32_t file)
      : source_(std::move(source)), format_(std::move(format)), file_(file) {
    summary_.name = std::move(name);
    summary_.size = source_->stored_size;
  }

  std::size_t read(std::span<RawPacket> out) override {
    while (!done_ && !out.empty()) {
      if (!summary_.fault.empty()) {
        finish();
        break;
      }
      const Parsed parsed = format_->parse(source_->window(), out);
      source_->consume(parsed.consumed);
      if (!parsed.damage.empty()) {
        summary_.fault = "damaged at " + place("packet", parsed.packets) + ": " + parsed.damage;
      }
      if (parsed.packets != 0) {
        account(out.first(parsed.packets));
        return parsed.packets;
      }
      if (parsed.damage.empty()) go_on(parsed);
    }
    return 0;
  }
  [[nodiscard]] const CaptureSummary& summary() const override { return summary_; }
  [[nodiscard]] std::uint64_t position() const override {
    return done_ ? summary_.size : source_->position();
  }
  [[nodiscard]] std::shared_ptr<const void> hold() const override { return source_->hold(); }

 private:
  /// Brings on what the format is short of; at the end of the data, ends.
  void go_on(const Parsed& parsed) {
    if (parsed.skip != 0 && !source_->skip(parsed.skip))
      return end(parsed, "fewer bytes follow than it announces");
    if (parsed.wanted == 0 || source_->refill(parsed.wanted) || parsed.optional) return;
    const std::size_t left = source_->window().size();
    if (left == 0 && !parsed.inside) return end_clean();
    end(parsed, std::to_string(left) + " of " + std::to_string(parsed.wanted) + " bytes are there");
  }
  void end_clean() {
    summary_.fault = source_->fault();
    if (!summary_.fault.empty()) summary_.fault += ", after " + std::to_string(summary_.packets) + " packets";
    if (summary_.fault.empty()) finish();
  }
  void end(const Parsed& parsed, const std::string& detail) {
    const std::string cause = source_->fault();
    summary_.fault = "cut in the middle of " + place(parsed.unit) + ": " + (cause.empty() ? detail : cause);
  }
  /// "packet 12 at byte 4096" or "the block after packet 11 at byte 4096"; `more` packets are not yet in the
  /// account.
  [[nodiscard]] std::string place(const std::string& unit, std::uint64_t more = 0) const {
    const std::uint64_t packets = summary_.packets + more;
    const std::string what = unit == "packet" ? "packet " + std::to_string(packets + 1)
                                              : "the " + unit + " after packet " + std::to_string(packets);
    return what + " at byte " + std::to_string(source_->offset()) +
           (source_->packed() ? " of the unpacked data" : "");
  }

  void account(std::span<RawPacket> packets) {
    std::uint64_t frame = summary_.packets, bytes = 0, cut = 0;
    for (RawPacket& packet : packets) {
      packet.frame = ++frame;
      packet.file = file_;
      bytes += packet.wire_length;
      cut += packet.data.size() < packet.wire_length ? 1 : 0;
      // Zero is how files write that a packet has no time.
      if (packet.time.nanoseconds == 0) continue;
      if (!summary_.first || packet.time < *summary_.first) summary_.first = packet.time;
      if (!summary_.last || packet.time > *summary_.last) summary_.last = packet.time;
    }
    summary_.packets = frame;
    summary_.bytes += bytes;
    summary_.truncated_packets += cut;
  }
  void finish() {
    done_ = true;
    summary_.sha256 = source_->finish();
    summary_.size = source_->stored_size;
    summary_.link_types = format_->link_types();
    summary_.capture_drops = format_->drops();
  }

  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<CaptureFormat> format_;
  std::uint32_t file_;
  CaptureSummary summary_;
  bool done_ = false;
};

struct Foreign {
  std::string_view magic;
  const char* what;
};

/// What people hand over by mistake, and what to do with it.
constexpr Foreign kForeign[] = {
    {"PK\x03\x04", "it is a ZIP archive: unpack it first"},
    {"\xfd"
     "7zXZ",
     "it is packed with xz: unpack it first (xz -d)"},
    {"BZh", "it is packed with bzip2: unpack it first (bzip2 -d)"},
    {"\x04\x22\x4d\x18", "it is packed with lz4: unpack it first (lz4 -d)"},
    {"7z\xbc\xaf", "it is a 7-Zip archive: unpack it first"},
    {"snoop", "it is a snoop file: convert it (editcap -F pcapng IN OUT)"},
    {"\x1f\x8b", "it is packed twice: unpack it first (gzip -d)"},
    {"\x28\xb5\x2f\xfd", "it is packed twice: unpack it first (zstd -d)"},
};

Error not_a_capture(const std::string& name, Bytes head, bool unpacked) {
  if (!unpacked && as_text(head).starts_with("\x1f\x8b") && head.size() < 4)
    return {name + " is cut: only the first " + std::to_string(head.size()) +
            " bytes of its gzip data are there; copy it again"};
  const std::string prefix = name + " is not a capture";
  for (const Foreign& foreign : kForeign) {
    if (as_text(head).starts_with(foreign.magic)) return {prefix + "; " + foreign.what};
  }
  return {prefix + " (it begins with the bytes " + to_hex(head.first(std::min<std::size_t>(head.size(), 4))) +
          "); give a pcap or pcapng file, plain or packed with gzip or zstd, or convert it (editcap -F "
          "pcapng IN OUT)"};
}

Result<std::unique_ptr<CaptureReader>> make_reader(std::unique_ptr<ByteSource> source,
                                                   const std::string& name, std::uint32_t file) {
  source->refill(kHeadSize);
  const Bytes head = source->window();
  std::unique_ptr<CaptureFormat> format = format_of(head);
  if (!format) {
    if (!source->fault().empty())
      return failure(name + " cannot be read: " + source->fault() + "; copy it again");
    if (head.empty()) {
      return failure(name + " is empty: no byte was captured, or the copy failed; capture or copy it again");
    }
    return tl::unexpected(not_a_capture(name, head, source->packed()));
  }
  return std::make_unique<SourceReader>(std::move(source), std::move(format), name, file);
}

}  // namespace

Result<std::unique_ptr<CaptureReader>> open_capture(const std::string& path, std::uint32_t file,
                                                    const ReadOptions& options) {
  auto source = open_source(path, options.hash, options.buffer);
  if (!source) return tl::unexpected(source.error());
  return make_reader(std::move(*source), path, file);
}

Result<std::unique_ptr<CaptureReader>> open_capture(Bytes bytes, const std::string& name, std::uint32_t file,
                                                    const ReadOptions& options) {
  return make_reader(memory_source(bytes, options.hash), name, file);
}

}  // namespace bedrail
