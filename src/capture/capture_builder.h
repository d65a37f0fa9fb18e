#pragma once

#include <zlib.h>
#include <zstd.h>

#include <array>
#include <string>
#include <vector>

#include "capture/capture_reader.h"

/// Captures built byte by byte, for the tests.
namespace bedrail::test {

/// Numbers appended in one byte order.
struct Writer {
  bool big = false;
  std::string bytes;

  Writer& number(std::uint64_t value, unsigned width) {
    for (unsigned i = 0; i < width; ++i) {
      bytes.push_back(static_cast<char>(value >> (8 * (big ? width - 1 - i : i))));
    }
    return *this;
  }
  Writer& u16(std::uint64_t value) { return number(value, 2); }
  Writer& u32(std::uint64_t value) { return number(value, 4); }
  Writer& text(const std::string& value) {
    bytes += value;
    return *this;
  }
  Writer& pad() {
    while (bytes.size() % 4 != 0) bytes.push_back('\0');
    return *this;
  }
};

/// A classic pcap; `packet` appends records.
struct Pcap : Writer {
  bool long_records = false;
  explicit Pcap(std::uint32_t magic = 0xa1b2c3d4, bool big_endian = false, std::uint32_t link = 1) {
    big = big_endian;
    long_records = magic == 0xa1b2cd34;
    u32(magic).u16(2).u16(4).u32(0).u32(0).u32(65535).u32(link);
  }
  Pcap& packet(std::uint32_t seconds, std::uint32_t fraction, const std::string& data, std::size_t wire = 0) {
    u32(seconds).u32(fraction).u32(data.size()).u32(wire == 0 ? data.size() : wire);
    if (long_records) u32(3).u16(0).u16(0);
    text(data);
    return *this;
  }
};

/// A pcapng file; `section` must come first.
struct Pcapng : Writer {
  explicit Pcapng(bool big_endian = false) { section(big_endian); }
  Pcapng& block(std::uint32_t type, std::string body) {
    while (body.size() % 4 != 0) body.push_back('\0');
    u32(type).u32(body.size() + 12).text(body).u32(body.size() + 12);
    return *this;
  }
  [[nodiscard]] Writer writer() const { return Writer{big, {}}; }
  Pcapng& section(bool big_endian) {
    big = big_endian;
    return block(0x0a0d0d0a, writer().u32(0x1a2b3c4d).u16(1).u16(0).number(~0ull, 8).bytes);
  }
  [[nodiscard]] std::string option(std::uint16_t code, const std::string& value) const {
    return writer().u16(code).u16(value.size()).text(value).pad().bytes;
  }
  Pcapng& interface(std::uint16_t link, std::uint32_t snap = 0, const std::string& options = {}) {
    return block(1, writer().u16(link).u16(0).u32(snap).text(options).bytes);
  }
  Pcapng& packet(std::uint32_t id, std::uint64_t ticks, const std::string& data, std::size_t wire = 0) {
    return block(6, writer()
                        .u32(id)
                        .u32(ticks >> 32)
                        .u32(ticks & 0xffffffff)
                        .u32(data.size())
                        .u32(wire == 0 ? data.size() : wire)
                        .text(data)
                        .bytes);
  }
};

inline std::string gzip(const std::string& data) {
  z_stream stream{};
  deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, data.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::string zstd(const std::string& data) {
  std::string out(ZSTD_compressBound(data.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), data.data(), data.size(), 3));
  return out;
}

/// A packet that outlives its reader.
struct Kept {
  std::string data;
  std::uint32_t wire = 0;
  LinkType link = LinkType::kOther;
  std::int64_t time = 0;
  std::uint64_t frame = 0;
  std::uint32_t file = 0;
  friend bool operator==(const Kept&, const Kept&) = default;
};

template <typename Reader>
std::vector<Kept> all_packets(Reader& reader, std::size_t batch = 3) {
  std::vector<RawPacket> buffer(batch);
  std::vector<Kept> kept;
  while (const std::size_t count = reader.read(buffer)) {
    for (std::size_t i = 0; i < count; ++i) {
      const RawPacket& p = buffer[i];
      kept.push_back(
          {std::string(as_text(p.data)), p.wire_length, p.link, p.time.nanoseconds, p.frame, p.file});
    }
  }
  return kept;
}

/// The packets and the account of a capture in memory.
struct Whole {
  std::string error;
  std::vector<Kept> packets;
  CaptureSummary summary;
};

inline Whole read_whole(const std::string& file, std::size_t batch = 3) {
  Whole whole;
  auto reader = open_capture(as_bytes(file), "test.cap", 0);
  if (!reader) {
    whole.error = reader.error().message;
    return whole;
  }
  whole.packets = all_packets(**reader, batch);
  whole.summary = (*reader)->summary();
  return whole;
}

}  // namespace bedrail::test
