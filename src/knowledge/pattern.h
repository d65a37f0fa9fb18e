#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "base/result.h"

namespace re2 {
class RE2;
}

namespace bedrail {

/// When the patterns of knowledge are compiled. Thousands are read at each start, and a capture needs few.
enum class Patterns : std::uint8_t {
  kAtOnce,      ///< while they are read: each fault is an error of reading
  kOnFirstUse,  ///< a fault is told by `Knowledge::fault` once the pattern was needed
};

/// The first pattern that was needed and turned out to be none; shared by the patterns of one knowledge.
class PatternFaults {
 public:
  void add(std::string message);
  /// Empty where there is none.
  [[nodiscard]] std::string first() const;

 private:
  mutable std::mutex mutex_;
  std::string first_;
};

/// What "." is: a character, or a byte of a text that need not be UTF-8.
enum class Encoding : std::uint8_t { kUtf8, kBytes };

/// An RE2 expression, case-insensitive, compiled when it is first used. Safe to use from many threads.
class Pattern {
 public:
  /// `where`: "rules/ssh.tsv:12".
  Pattern(std::string_view text, std::string where, std::shared_ptr<PatternFaults> faults,
          Encoding encoding = Encoding::kUtf8);
  ~Pattern();
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] const std::string& where() const { return where_; }
  /// Null where the text is no RE2 expression; the fault is noted then.
  [[nodiscard]] const re2::RE2* get() const;
  [[nodiscard]] bool found_in(std::string_view text) const;
  /// What is wrong with it, for those who read it: "FILE:LINE: ..."
  [[nodiscard]] Result<void> check() const;

 private:
  void compile() const;
  [[nodiscard]] std::string complaint() const;

  std::string text_, where_;
  std::shared_ptr<PatternFaults> faults_;
  Encoding encoding_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<const re2::RE2> compiled_;
};

}  // namespace bedrail
