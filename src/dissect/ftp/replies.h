#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace bedrail::ftp {

/// A text of bounded length in place: what does not fit is left out.
template <std::size_t N>
class ShortText {
 public:
  void assign(std::string_view text) {
    clear();
    append(text);
  }
  void append(std::string_view text) {
    for (const char c : text) {
      if (size_ < N) text_[size_++] = c;
    }
  }
  /// One more part, after `separator` where it is not the first.
  void join(std::string_view separator, std::string_view part) {
    if (size_ > 0) append(separator);
    append(part);
  }
  /// Nothing stays behind in memory.
  void clear() {
    text_.fill(0);
    size_ = 0;
  }
  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

 private:
  std::array<char, N> text_{};
  std::uint16_t size_ = 0;
};

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
