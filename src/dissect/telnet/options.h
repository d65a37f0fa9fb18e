#pragma once

#include <cstdint>

#include "base/bytes.h"
#include "base/short_text.h"

namespace bedrail::telnet {

/// Commands after IAC (RFC 854).
inline constexpr std::uint8_t kIac = 0xff, kLastPlain = 0xec, kSubEnd = 0xf0, kSub = 0xfa, kWill = 0xfb,
                              kDont = 0xfe;
/// Options (IANA, "Telnet Options") whose negotiation is read.
inline constexpr std::uint8_t kTerminalType = 24, kEncrypt = 38, kStartTls = 46;

/// Separates one direction's text from its commands, byte by byte.
class Splitter {
 public:
  enum class Kind : std::uint8_t {
    kNothing,    ///< part of a command
    kText,       ///< a byte of text
    kCommand,    ///< a command or an option's negotiation is complete
    kSuboption,  ///< a suboption is complete: see `suboption()`
    kBad,        ///< no command
    kTooLong,    ///< a suboption without end
  };
  Kind next(std::uint8_t byte);

  /// The suboption's first bytes (its option first) and its whole length.
  [[nodiscard]] std::string_view suboption() const { return suboption_.view(); }
  [[nodiscard]] std::uint32_t suboption_size() const { return suboption_size_; }
  /// After a gap.
  void reset() { state_ = State::kText; }

 private:
  enum class State : std::uint8_t { kText, kCommand, kOption, kSuboption, kSuboptionCommand };
  Kind keep(std::uint8_t byte);

  State state_ = State::kText;
  std::uint32_t suboption_size_ = 0;
  ShortText<64> suboption_;
};

/// Whole negotiations (three bytes, or a suboption with its end) at the front of `bytes`, up to four.
struct Negotiations {
  unsigned count = 0;
  bool cut = false;      ///< the last one is not whole yet
  bool foreign = false;  ///< the bytes at the front are none
};
Negotiations leading_negotiations(Bytes bytes);

}  // namespace bedrail::telnet
