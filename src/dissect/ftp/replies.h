#pragma once

#include <cstdint>
#include <string_view>

namespace bedrail::ftp {

/// One line of a reply (RFC 959, 4.2).
struct ReplyLine {
  std::uint16_t code = 0;  ///< 0: a line within a reply, without a number of its own
  bool last = false;       ///< the reply ends with it
  std::string_view text;
};

/// `open` is the number of the reply that is being continued; 0: none. Nothing of it fits: `code` is 0 and
/// `open` was 0.
inline ReplyLine read_reply(std::string_view line, std::uint16_t open) {
  const auto digit = [&](std::size_t i, char low, char high) {
    return i < line.size() && line[i] >= low && line[i] <= high;
  };
  const bool numbered = digit(0, '1', '6') && digit(1, '0', '9') && digit(2, '0', '9') &&
                        (line.size() == 3 || line[3] == ' ' || line[3] == '-');
  if (!numbered) return {0, false, line};
  const auto code =
      static_cast<std::uint16_t>((line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0'));
  if (open != 0 && code != open) return {0, false, line};
  return {code, line.size() == 3 || line[3] == ' ', line.size() > 4 ? line.substr(4) : std::string_view{}};
}

}  // namespace bedrail::ftp
