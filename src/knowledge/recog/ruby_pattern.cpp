#include "knowledge/recog/ruby_pattern.h"

#include <fmt/format.h>

namespace bedrail {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class Translator {
 public:
  Translator(std::string_view pattern, RubyFlags flags) : in_(pattern) {
    out_ = fmt::format("(?m{}{}{})", flags.ignore_case ? "i" : "", flags.dot_newline ? "s" : "",
                       flags.ignore_case ? "" : "-i");
  }

  Result<std::string> run() {
    while (at_ < in_.size() && missing_.empty()) step();
    if (!missing_.empty()) return failure(missing_);
    return std::move(out_);
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < in_.size() ? in_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool next_is(std::string_view text) const { return in_.substr(at_).starts_with(text); }

  void step() {
    const char c = in_[at_];
    if (c == '\\') return escape(false);
    if (c == '[') return character_class();
    if (next_is("(?")) return group();
    if ((c == '*' || c == '+' || c == '?') && peek(1) == '+') return missing("possessive quantifier");
    if (next_is("{,") && is_digit(peek(2))) {
      out_ += "{0,";  // Ruby's "at most"
      at_ += 2;
      return;
    }
    out_.push_back(c);
    ++at_;
  }

  void missing(const char* what) { missing_ = what; }

  /// At "(?".
  void group() {
    for (const auto& [text, what] : {std::pair{"(?=", "lookahead"},
                                     {"(?!", "lookahead"},
                                     {"(?<=", "lookbehind"},
                                     {"(?<!", "lookbehind"},
                                     {"(?>", "atomic group"},
                                     {"(?~", "absence operator"},
                                     {"(?(", "conditional"}}) {
      if (next_is(text)) return missing(what);
    }
    if (next_is("(?#")) {
      const std::size_t end = in_.find(')', at_);
      at_ = end == std::string_view::npos ? in_.size() : end + 1;
      return;
    }
    out_ += "(?";
    at_ += 2;
    if (peek() == '<') {
      out_ += "P<";
      ++at_;
      return;
    }
    for (; peek() == 'i' || peek() == 'm' || peek() == 'x' || peek() == '-'; ++at_) {
      if (peek() == 'x') return missing("extended syntax");
      out_.push_back(peek() == 'm' ? 's' : peek());  // what RE2 calls s
    }
  }

  void escape(bool in_class) {
    const char c = peek(1);
    at_ += 2;
    if (c == '\0') return missing("backslash at the end");
    if (!in_class && ((c >= '1' && c <= '9') || c == 'k' || c == 'g')) return missing("backreference");
    if (c == 'G' || c == 'K' || c == 'X' || c == 'R') return missing("escape that RE2 has not");
    if (c == 'h') {
      out_ += in_class ? "0-9a-fA-F" : "[0-9a-fA-F]";
    } else if (c == 'Z') {
      out_ += "\\n?\\z";
    } else if (c == 'e') {
      out_ += "\\x1b";
    } else if (c == 's') {
      // Ruby counts the vertical tab.
      out_ += in_class ? "\\s\\v" : "[\\s\\v]";
    } else if (is_letter(c) || is_digit(c)) {
      out_.push_back('\\');
      out_.push_back(c);
    } else if (c == '_' || static_cast<unsigned char>(c) >= 0x80) {
      out_.push_back(c);  // nothing that needs escaping, and RE2 refuses it
    } else {
      out_.push_back('\\');
      out_.push_back(c);
    }
  }

  /// At "[".
  void character_class() {
    out_.push_back('[');
    ++at_;
    if (peek() == '^') {
      out_.push_back('^');
      ++at_;
    }
    while (at_ < in_.size() && peek() != ']') {
      if (peek() == '\\') {
        escape(true);
      } else if (next_is("[:")) {
        const std::size_t end = in_.find(":]", at_);
        if (end == std::string_view::npos) return missing("unfinished character class");
        out_.append(in_.substr(at_, end + 2 - at_));
        at_ = end + 2;
      } else if (peek() == '[' || next_is("&&")) {
        return missing("set within a character class");
      } else {
        out_.push_back(in_[at_++]);
      }
      if (!missing_.empty()) return;
    }
    if (at_ == in_.size()) return missing("unfinished character class");
    out_.push_back(']');
    ++at_;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_, missing_;
};

}  // namespace

Result<std::string> re2_of_ruby(std::string_view pattern, RubyFlags flags) {
  return Translator(pattern, flags).run();
}

}  // namespace bedrail
