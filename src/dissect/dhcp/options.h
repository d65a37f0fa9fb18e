#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "base/bytes.h"

namespace bedrail::dhcp {

/// Option codes that are read (RFC 2132 where nothing else is named).
namespace option {
inline constexpr std::uint8_t kPad = 0, kRouter = 3, kHostName = 12, kDomain = 15, kLeaseTime = 51,
                              kOverload = 52, kMessageType = 53, kServerIdentifier = 54, kParameters = 55,
                              kVendorClass = 60, kClientIdentifier = 61,
                              kUserClass = 77,   // RFC 3004
    kClientName = 81,                            // RFC 4702
    kAgent = 82,                                 // RFC 3046
    kVendorClasses = 124, kVendorOptions = 125,  // RFC 3925
    kEnd = 255;
}  // namespace option

/// Where the parts of a split option are put together; longer values are cut.
using Scratch = std::array<std::byte, 1024>;

/// The options of one message, in the order of the wire: views into the datagram, no heap.
class Options {
 public:
  /// Reads the options field and, where option 52 says so, the file and server name fields as well. False
  /// where one of them reaches past its field; what stands before it is kept.
  bool read(Bytes options, Bytes file, Bytes server_name);

  [[nodiscard]] bool has(std::uint8_t code) const;
  /// The whole value; parts of a split one are joined (RFC 3396) in `scratch`. Empty where there is none.
  [[nodiscard]] Bytes value(std::uint8_t code, Scratch& scratch) const;
  /// The codes as a client chose to order them, each once: "53,61,12". The relay's own option is not among
  /// them.
  [[nodiscard]] std::string order() const;
  [[nodiscard]] bool overload_is_odd() const { return odd_overload_; }

 private:
  struct Part {
    std::uint8_t code = 0;
    Bytes value;
  };
  /// More options than any real message has; what comes behind is not read.
  static constexpr std::size_t kMaxParts = 128;

  bool read_field(Bytes field);
  [[nodiscard]] std::span<const Part> parts() const { return {parts_.data(), count_}; }

  std::array<Part, kMaxParts> parts_;
  std::size_t count_ = 0;
  bool odd_overload_ = false;
};

}  // namespace bedrail::dhcp
