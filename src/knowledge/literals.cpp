// Reads the syntax of RE2 just far enough to find the words that a match must hold. What it does not
// understand requires nothing: that costs time and never a match.
#include "knowledge/literals.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace bedrail {
namespace {

constexpr std::size_t kMostChoices = 24;
constexpr int kDeepest = 60;

/// One of these must stand in the text; nullopt where nothing must.
using Choices = std::optional<std::vector<std::string>>;

std::size_t shortest_of(const std::vector<std::string>& choices) {
  std::size_t out = SIZE_MAX;
  for (const std::string& choice : choices) out = std::min(out, choice.size());
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
int hex(char c) {
  if (is_digit(c)) return c - '0';
  const char low = static_cast<char>(c | 0x20);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class Parser {
 public:
  explicit Parser(std::string_view pattern) : in_(pattern) {}

  Choices parse() {
    Choices out = alternatives(0);
    // What is left is a parenthesis too many.
    if (!understood_ || at_ != in_.size()) return std::nullopt;
    return out;
  }

 private:
  /// The longest of the parts that a sequence requires one after the other.
  struct Sequence {
    std::string run;  ///< literals that follow one another without a gap
    Choices best;

    void consider(Choices other) {
      if (other && (!best || shortest_of(*other) > shortest_of(*best))) best = std::move(other);
    }
    void end_run() {
      if (!run.empty()) consider(Choices({std::move(run)}));
      run.clear();
    }
  };

  struct Repeat {
    bool any = false;       ///< there is one
    bool optional = false;  ///< none at all will do
  };

  [[nodiscard]] bool more() const { return understood_ && at_ < in_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < in_.size() ? in_[at_ + ahead] : '\0';
  }
  void give_up() { understood_ = false; }

  // NOLINTNEXTLINE(misc-no-recursion): kDeepest bounds it
  Choices alternatives(int depth) {
    if (depth > kDeepest) give_up();
    Choices out = std::vector<std::string>();
    while (understood_) {
      Choices branch = sequence(depth);
      if (!branch || !out || out->size() + branch->size() > kMostChoices)
        out = std::nullopt;
      else
        out->insert(out->end(), branch->begin(), branch->end());
      if (peek() != '|') break;
      ++at_;
    }
    return out;
  }

  // NOLINTNEXTLINE(misc-no-recursion): kDeepest bounds it
  Choices sequence(int depth) {
    Sequence out;
    while (more() && peek() != '|' && peek() != ')') {
      const char c = in_[at_++];
      if (c == '(') {
        out.end_run();
        Choices inner = group(depth);
        if (!repeat().optional) out.consider(std::move(inner));
      } else if (c == '[') {
        out.end_run();
        skip_class();
        repeat();
      } else if (c == '.') {
        out.end_run();
        repeat();
      } else if (c == '^' || c == '$') {
        out.end_run();
        if (repeat().any) give_up();
      } else if (c == '*' || c == '+' || c == '?') {
        give_up();  // nothing to repeat
      } else if (c == '\\') {
        escape(out);
      } else {
        literal(c, out);
      }
    }
    out.end_run();
    return out.best;
  }

  void literal(char c, Sequence& out) {
    // Beyond ASCII a fault or another case may be in the way.
    if (static_cast<unsigned char>(c) >= 0x80) {
      out.end_run();
      while (static_cast<unsigned char>(peek()) >= 0x80) ++at_;
      repeat();  // of the last of them
      return;
    }
    const Repeat times = repeat();
    if (!times.optional) out.run.push_back(c);
    if (times.any) out.end_run();
  }

  void escape(Sequence& out) {
    const char c = peek();
    if (c == '\0') return give_up();
    ++at_;
    constexpr std::string_view kClasses = "dDwWsS", kPlaces = "bBAz", kNamed = "nrtfva",
                               kMeant = "\n\r\t\f\v\a";
    if (kClasses.find(c) != std::string_view::npos) {
      out.end_run();
      repeat();
    } else if (kPlaces.find(c) != std::string_view::npos) {
      out.end_run();
      if (repeat().any) give_up();
    } else if (const std::size_t named = kNamed.find(c); named != std::string_view::npos) {
      literal(kMeant[named], out);
    } else if (c == 'x' && hex(peek()) >= 0 && hex(peek(1)) >= 0) {
      const int value = hex(peek()) * 16 + hex(peek(1));
      at_ += 2;
      literal(static_cast<char>(value), out);
    } else if (is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80) {
      give_up();
    } else {
      literal(c, out);
    }
  }

  /// After its "(".
  // NOLINTNEXTLINE(misc-no-recursion): kDeepest bounds it
  Choices group(int depth) {
    if (peek() == '?') {
      ++at_;
      if (peek() == 'P' && peek(1) == '<') {
        const std::size_t end = in_.find('>', at_);
        if (end == std::string_view::npos) {
          give_up();
          return std::nullopt;
        }
        at_ = end + 1;
      } else {
        while (peek() != '\0' && std::string_view("imsU-").find(peek()) != std::string_view::npos) ++at_;
        if (peek() == ')') {
          ++at_;
          return std::nullopt;
        }
        if (peek() != ':') {
          give_up();
          return std::nullopt;
        }
        ++at_;
      }
    }
    Choices out = alternatives(depth + 1);
    if (peek() != ')') give_up();
    ++at_;
    return out;
  }

  /// After its "[".
  void skip_class() {
    if (peek() == '^') ++at_;
    if (peek() == ']') ++at_;
    while (more() && peek() != ']') {
      if (peek() == '[' && peek(1) == ':') {
        const std::size_t end = in_.find(":]", at_);
        if (end == std::string_view::npos) return give_up();
        at_ = end + 2;
      } else {
        at_ += peek() == '\\' ? 2 : 1;
      }
    }
    if (peek() != ']') give_up();
    ++at_;
  }

  /// The "*", "+?", "{2,5}" after something.
  Repeat repeat() {
    Repeat out;
    const char c = peek();
    if (c == '*' || c == '?' || c == '+') {
      out = {true, c != '+'};
      ++at_;
    } else if (c == '{' && is_digit(peek(1))) {
      std::size_t end = at_ + 1;
      bool zero = true;
      for (; end < in_.size() && is_digit(in_[end]); ++end) zero = zero && in_[end] == '0';
      while (end < in_.size() && (is_digit(in_[end]) || in_[end] == ',')) ++end;
      if (end >= in_.size() || in_[end] != '}') return out;
      out = {true, zero};
      at_ = end + 1;
    } else {
      return out;
    }
    if (peek() == '?') ++at_;
    if (peek() == '*' || peek() == '+' || peek() == '?') give_up();
    return out;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  bool understood_ = true;
};

}  // namespace

std::vector<std::string> required_literals(std::string_view pattern, std::size_t shortest) {
  Choices found = Parser(pattern).parse();
  if (!found || found->empty() || shortest_of(*found) < shortest) return {};
  for (std::string& literal : *found) literal = to_lower(literal);
  return std::move(*found);
}

std::string folded(std::string_view text) {
  // Unicode's long s and Kelvin sign are other cases of s and k.
  constexpr std::string_view kLongS = "\xc5\xbf", kKelvin = "\xe2\x84\xaa";
  std::string out = to_lower(text);
  for (const auto& [sign, letter] : {std::pair{kLongS, 's'}, std::pair{kKelvin, 'k'}}) {
    for (std::size_t at = out.find(sign); at != std::string::npos; at = out.find(sign, at + 1))
      out.replace(at, sign.size(), 1, letter);
  }
  return out;
}

}  // namespace bedrail
