#include "capture/decoder.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>

#include "base/byte_reader.h"

namespace bedrail {
namespace {

/// 128 MiB: what zstd itself accepts by default, so that a hostile file cannot ask for more memory.
constexpr int kZstdWindowLog = 27;

/// gzip of any number of members (RFC 1952 2.2); zeros after the last are padding.
class GzipDecoder final : public Decoder {
 public:
  GzipDecoder() {
    if (inflateInit2(&stream_, 15 + 16) != Z_OK) fault_ = "not enough memory to decompress";
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }
  GzipDecoder(const GzipDecoder&) = delete;
  GzipDecoder& operator=(const GzipDecoder&) = delete;

  std::size_t produce(StoredBytes& stored, std::span<std::byte> out) override {
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(out.size(), 1u << 30));
    const uInt wanted = stream_.avail_out;
    while (fault_.empty() && stream_.avail_out != 0) {
      if (stream_.avail_in == 0 && !flushing_) {
        // What there is goes out before the next read, which may block on a pipe.
        if (stream_.avail_out != wanted) break;
        if (!fetch(stored)) break;
      }
      if (between_ && !next_member(stored)) continue;
      step(stored);
    }
    return wanted - stream_.avail_out;
  }

 private:
  bool fetch(StoredBytes& stored) {
    const Bytes piece = stored.next();
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(piece.data()));
    stream_.avail_in = static_cast<uInt>(piece.size());
    if (piece.empty() && !between_ && stored.fault().empty()) {
      fault_ = "the gzip data are cut at stored byte " + std::to_string(stored.position());
    }
    return !piece.empty();
  }
  /// Passes the padding between members; true at the first byte of the next one.
  bool next_member(StoredBytes& stored) {
    while (stream_.avail_in != 0 && *stream_.next_in == 0) {
      ++stream_.next_in;
      --stream_.avail_in;
    }
    if (stream_.avail_in == 0) return false;
    if (*stream_.next_in != 0x1f) {
      fault_ = "what follows the gzip data at stored byte " +
               std::to_string(stored.position() - stream_.avail_in) + " is not gzip";
      return false;
    }
    between_ = false;
    inflateReset(&stream_);
    return true;
  }
  void step(StoredBytes& stored) {
    const int code = inflate(&stream_, Z_NO_FLUSH);
    if (code == Z_STREAM_END) {
      between_ = true;
    } else if (code == Z_MEM_ERROR) {
      fault_ = "not enough memory to decompress";
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
      fault_ = "the gzip data are damaged before stored byte " +
               std::to_string(stored.position() - stream_.avail_in);
    }
    // The decoder may hold decoded bytes for which `out` had no room.
    flushing_ = !between_ && stream_.avail_out == 0;
  }

  z_stream stream_{};
  bool between_ = false;
  bool flushing_ = false;
};

/// zstd of any number of frames, skippable ones passed over (RFC 8878 3.1).
class ZstdDecoder final : public Decoder {
 public:
  ZstdDecoder() : context_(ZSTD_createDCtx()) {
    if (context_ == nullptr) fault_ = "not enough memory to decompress";
    if (context_ != nullptr) ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, kZstdWindowLog);
  }
  ~ZstdDecoder() override { ZSTD_freeDCtx(context_); }
  ZstdDecoder(const ZstdDecoder&) = delete;
  ZstdDecoder& operator=(const ZstdDecoder&) = delete;

  std::size_t produce(StoredBytes& stored, std::span<std::byte> out) override {
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    while (fault_.empty() && output.pos < output.size) {
      if (input_.pos == input_.size && !flushing_) {
        if (output.pos != 0) break;
        const Bytes piece = stored.next();
        input_ = {piece.data(), piece.size(), 0};
        if (piece.empty()) {
          if (!between_ && stored.fault().empty()) {
            fault_ = "the zstd data are cut at stored byte " + std::to_string(stored.position());
          }
          break;
        }
      }
      const std::size_t before = output.pos;
      const std::size_t left = ZSTD_decompressStream(context_, &output, &input_);
      if (ZSTD_isError(left) != 0) {
        fault_ = "the zstd data are damaged before stored byte " +
                 std::to_string(stored.position() - (input_.size - input_.pos)) + " (" +
                 ZSTD_getErrorName(left) + ")";
        break;
      }
      between_ = left == 0;
      // The decoder may hold decoded bytes for which `out` had no room.
      flushing_ = !between_ && (output.pos == output.size || output.pos != before);
    }
    return output.pos;
  }

 private:
  ZSTD_DCtx* context_;
  ZSTD_inBuffer input_{nullptr, 0, 0};
  bool between_ = true;
  bool flushing_ = false;
};

}  // namespace

Packing packing_of(Bytes head) {
  ByteReader reader(head);
  const std::uint32_t magic = reader.le32();
  if (!reader.ok()) return Packing::kNone;
  if ((magic & 0xffffff) == 0x088b1f) return Packing::kGzip;
  if (magic == 0xfd2fb528 || (magic & 0xfffffff0) == 0x184d2a50) return Packing::kZstd;
  return Packing::kNone;
}

std::unique_ptr<Decoder> make_decoder(Packing packing) {
  switch (packing) {
    case Packing::kGzip:
      return std::make_unique<GzipDecoder>();
    case Packing::kZstd:
      return std::make_unique<ZstdDecoder>();
    case Packing::kNone:
      break;
  }
  return nullptr;
}

}  // namespace bedrail
