#include <fmt/format.h>

#include <bitset>

#include "format/json_reader.h"

namespace bedrail {
namespace {

/// Walks a text as RFC 8259 has it, up to what does not fit.
class Walk {
 public:
  explicit Walk(std::string_view text) : text_(text) {}

  JsonFault run() {
    while (fault_.empty() && !done_) {
      skip_space();
      if (at_ == text_.size()) {
        fail("ends in the middle");
        break;
      }
      take();
    }
    skip_space();
    if (fault_.empty() && at_ < text_.size()) fail("has something behind its end");
    return {at_, fault_};
  }

 private:
  enum class Next { kValue, kValueOrEnd, kName, kNameOrEnd, kColon, kCommaOrEnd };

  void fail(std::string what) { fault_ = std::move(what); }
  [[nodiscard]] char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos)
      ++at_;
  }

  void take() {
    const char c = here();
    switch (next_) {
      case Next::kColon:
        if (c != ':') return fail("lacks a colon");
        ++at_;
        next_ = Next::kValue;
        return;
      case Next::kCommaOrEnd:
        if (c == ',') {
          ++at_;
          next_ = object() ? Next::kName : Next::kValue;
          return;
        }
        return c == (object() ? '}' : ']') ? close() : fail("lacks a comma");
      case Next::kNameOrEnd:
        if (c == '}') return close();
        [[fallthrough]];
      case Next::kName:
        if (c != '"') return fail("lacks a name in quotation marks");
        next_ = Next::kColon;
        return string();
      case Next::kValueOrEnd:
        if (c == ']') return close();
        [[fallthrough]];
      case Next::kValue:
        return value(c);
    }
  }

  void value(char c) {
    if (c == '{' || c == '[') {
      if (depth_ + 1 >= kJsonDepth) return fail(fmt::format("is nested more than {} deep", kJsonDepth - 1));
      objects_[++depth_] = c == '{';
      ++at_;
      next_ = c == '{' ? Next::kNameOrEnd : Next::kValueOrEnd;
      return;
    }
    if (c == '"')
      string();
    else if (c == '-' || (c >= '0' && c <= '9'))
      number();
    else
      word();
    after_value();
  }
  void close() {
    --depth_;
    ++at_;
    after_value();
  }
  void after_value() {
    done_ = depth_ == 0;
    next_ = Next::kCommaOrEnd;
  }
  [[nodiscard]] bool object() const { return objects_[depth_]; }

  void string() {
    const std::size_t start = at_++;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) return fail("has a control character in a text");
      if (text_[at_] == '\\' && !escape()) return;
      ++at_;
    }
    if (at_ == text_.size()) {
      at_ = start;
      return fail("has a text that does not end");
    }
    ++at_;
  }
  bool escape() {
    ++at_;
    const bool known =
        std::string_view("\"\\/bfnrtu").find(here()) != std::string_view::npos && here() != '\0';
    if (!known) fail("has an escape that there is not");
    return known;
  }
  void number() {
    const std::size_t start = at_;
    while (std::string_view("+-.eE0123456789").find(here()) != std::string_view::npos && here() != '\0')
      ++at_;
    if (text_[start] == '0' && at_ > start + 1 && text_[start + 1] >= '0' && text_[start + 1] <= '9') {
      at_ = start;
      fail("has a number that begins with 0");
    }
  }
  void word() {
    for (const std::string_view known : {"true", "false", "null"}) {
      if (text_.substr(at_, known.size()) != known) continue;
      at_ += known.size();
      return;
    }
    fail("has no value here");
  }

  std::string_view text_;
  std::size_t at_ = 0, depth_ = 0;
  Next next_ = Next::kValue;
  bool done_ = false;
  std::bitset<kJsonDepth + 1> objects_;
  std::string fault_;
};

}  // namespace

JsonFault find_json_fault(std::string_view text) { return Walk(text).run(); }

}  // namespace bedrail
