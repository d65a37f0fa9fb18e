#include "dissect/telnet/options.h"

namespace bedrail::telnet {
namespace {

constexpr std::uint32_t kSuboptionLimit = 4096;
/// The highest number that IANA has given, but for the extended list (255).
constexpr std::uint8_t kLastOption = 140;

bool is_option(std::uint8_t byte) { return byte <= kLastOption || byte == 0xff; }

}  // namespace

Splitter::Kind Splitter::next(std::uint8_t byte) {
  switch (state_) {
    case State::kText:
      if (byte != kIac) return Kind::kText;
      state_ = State::kCommand;
      return Kind::kNothing;
    case State::kCommand:
      state_ = State::kText;
      // A doubled IAC is one byte of text.
      if (byte == kIac) return Kind::kText;
      if (byte < kLastPlain) return Kind::kBad;
      if (byte == kSub) {
        state_ = State::kSuboption;
        suboption_.clear();
        suboption_size_ = 0;
      } else if (byte >= kWill) {
        state_ = State::kOption;
      } else {
        return Kind::kCommand;
      }
      return Kind::kNothing;
    case State::kOption:
      state_ = State::kText;
      return Kind::kCommand;
    case State::kSuboption:
      if (byte != kIac) return keep(byte);
      state_ = State::kSuboptionCommand;
      return Kind::kNothing;
    case State::kSuboptionCommand:
      state_ = State::kSuboption;
      if (byte == kIac) return keep(byte);
      state_ = State::kText;
      return byte == kSubEnd ? Kind::kSuboption : Kind::kBad;
  }
  return Kind::kBad;
}

Splitter::Kind Splitter::keep(std::uint8_t byte) {
  suboption_.push_back(static_cast<char>(byte));
  return ++suboption_size_ > kSuboptionLimit ? Kind::kTooLong : Kind::kNothing;
}

Negotiations leading_negotiations(Bytes bytes) {
  Negotiations found;
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  for (std::size_t i = 0; i < bytes.size() && found.count < 4;) {
    if (at(i) != kIac) {
      found.foreign = found.count == 0;
      return found;
    }
    if (bytes.size() - i < 3) {
      found.cut = true;
      found.foreign = bytes.size() - i == 2 && (at(i + 1) < kSub || at(i + 1) > kDont);
      return found;
    }
    const std::uint8_t verb = at(i + 1);
    if (verb < kSub || verb > kDont || !is_option(at(i + 2))) {
      found.foreign = found.count == 0;
      return found;
    }
    i += 3;
    if (verb == kSub) {
      while (i + 1 < bytes.size() && !(at(i) == kIac && at(i + 1) == kSubEnd)) ++i;
      found.cut = i + 1 >= bytes.size();
      if (found.cut) return found;
      i += 2;
    }
    ++found.count;
  }
  return found;
}

}  // namespace bedrail::telnet
