#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

namespace bedrail::dicom {

/// How a data set is written (PS3.5 annex A). The first element decides against it where it clearly stands
/// otherwise; `kUnknown`: the negotiation was not captured, so it decides alone; `kUnreadable`: compressed as
/// a whole (deflated), nothing is read.
enum class Encoding : std::uint8_t { kUnknown, kImplicitLittle, kExplicitLittle, kExplicitBig, kUnreadable };

/// The encoding that a transfer syntax UID stands for.
Encoding encoding_of(std::string_view transfer_syntax);

/// A tag as one number, group in the upper half: 0x00080070.
using Tag = std::uint32_t;

/// Receives the elements that DataSetScanner was asked for.
class ElementSink {
 public:
  /// The value as it stands, padded, cut at DataSetScanner::kValueLimit.
  virtual void element(Tag tag, std::string_view value) = 0;
  /// True where the value of a top-level element is wanted.
  [[nodiscard]] virtual bool wants(Tag tag) const = 0;

 protected:
  ~ElementSink() = default;
};

/// Walks the top level of a data set that arrives in fragments, without ever holding it: a header of up to 12
/// bytes and one wanted value are all it keeps. Sequences of any depth and length are stepped over; of them
/// only the UDI sequence (0018,100A) is looked into, whose (0018,1009) it reports. Stops after `kLastTag`.
class DataSetScanner {
 public:
  static constexpr std::size_t kValueLimit = 256;
  static constexpr Tag kLastTag = 0x00181020, kUdiSequence = 0x0018100a, kUdi = 0x00181009;

  void begin(Encoding encoding);
  void feed(Bytes fragment, ElementSink& sink);
  /// No more will come (the data set's end, or as much as is read of it).
  void stop() { finish(malformed_); }
  /// Nothing more of this data set is of interest.
  [[nodiscard]] bool finished() const { return phase_ == Phase::kFinished; }
  /// It ended because the bytes are no data set in this encoding.
  [[nodiscard]] bool malformed() const { return malformed_; }

 private:
  enum class Phase : std::uint8_t { kHeader, kValue, kSkip, kFinished };

  void header(ElementSink& sink);
  /// By the first element, whose first 8 bytes are in `header_`.
  void check_encoding();
  void enter(Tag tag, std::uint16_t vr, std::uint32_t length, ElementSink& sink);
  void item(Tag tag, std::uint32_t length);
  void collect(Tag tag, std::uint32_t length);
  void skip(std::uint32_t length);
  void value_complete(ElementSink& sink);
  void finish(bool malformed);
  [[nodiscard]] bool explicit_now() const;

  Encoding encoding_ = Encoding::kUnknown;
  Phase phase_ = Phase::kFinished;
  bool malformed_ = false, in_udi_ = false;
  std::uint8_t have_ = 0, need_ = 8;
  std::uint8_t depth_ = 0;  ///< open sequences and items of undefined length
  std::uint8_t implicit_depth_ =
      0;  ///< from this depth on elements are implicit (inside UN, PS3.5 6.2.2); 0: none
  std::uint16_t value_have_ = 0, value_want_ = 0;
  Tag tag_ = 0, last_tag_ = 0;
  std::uint32_t left_ = 0;  ///< bytes of the current element not yet seen
  std::array<std::byte, 12> header_{};
  std::array<std::byte, kValueLimit> value_{};
};

}  // namespace bedrail::dicom
