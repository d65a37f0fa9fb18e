#pragma once

#include <memory>
#include <string>

#include "capture/stored_bytes.h"

namespace bedrail {

/// How a file's bytes are stored.
enum class Packing { kNone, kGzip, kZstd };

/// Told by the first four bytes (RFC 1952 2.3.1; RFC 8878 3.1.1 and 3.1.2, since some writers put a skippable
/// frame first).
Packing packing_of(Bytes head);

/// Turns stored bytes into the capture's bytes.
class Decoder {
 public:
  virtual ~Decoder() = default;
  /// Fills the front of `out`; the count. 0 at the end or on damage (`fault`).
  virtual std::size_t produce(StoredBytes& stored, std::span<std::byte> out) = 0;
  /// Why decoding ended before the end of the stored bytes; empty where it did not.
  [[nodiscard]] const std::string& fault() const { return fault_; }

 protected:
  std::string fault_;
};

/// Null for what is not packed.
std::unique_ptr<Decoder> make_decoder(Packing packing);

}  // namespace bedrail
