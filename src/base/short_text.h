#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bedrail {

/// A text of at most `N` bytes in place, for what must own no heap memory; what does not fit is left out.
template <std::size_t N>
class ShortText {
 public:
  void assign(std::string_view text) {
    clear();
    append(text);
  }
  void append(std::string_view text) {
    for (const char c : text) push_back(c);
  }
  void push_back(char c) {
    if (size_ < N) text_[size_++] = c;
  }
  void pop_back() {
    if (size_ > 0) text_[--size_] = 0;
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
  [[nodiscard]] bool full() const { return size_ == N; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::string_view view() const { return {text_.data(), size_}; }

 private:
  static_assert(N <= UINT16_MAX);
  std::array<char, N> text_{};
  std::uint16_t size_ = 0;
};

}  // namespace bedrail
