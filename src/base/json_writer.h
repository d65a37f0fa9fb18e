#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bedrail {

/// Writes one JSON document (RFC 8259) to the end of a string, front to back; nothing is kept but the
/// nesting. The caller keeps the grammar: a key before each value of an object, as many ends as begins. The
/// output is valid UTF-8 whatever it is given: bytes that are not UTF-8 become U+FFFD, controls and invisible
/// characters are escaped, so that the text can be shown on a terminal. Numbers look the same on every
/// machine.
class JsonWriter {
 public:
  explicit JsonWriter(std::string& out) : out_(out) {}

  JsonWriter& begin_object() { return open('{'); }
  JsonWriter& end_object() { return close('}'); }
  JsonWriter& begin_array() { return open('['); }
  JsonWriter& end_array() { return close(']'); }
  JsonWriter& key(std::string_view name);

  JsonWriter& text(std::string_view value);
  JsonWriter& number(std::uint64_t value);
  /// Rounded to `decimals` places (at most 9), without trailing zeros; what is not finite is null.
  JsonWriter& number(double value, int decimals);
  JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
  JsonWriter& null() { return raw("null"); }

  // A key with its value.
  JsonWriter& text(std::string_view name, std::string_view value) { return key(name).text(value); }
  JsonWriter& number(std::string_view name, std::uint64_t value) { return key(name).number(value); }
  JsonWriter& number(std::string_view name, double value, int decimals) {
    return key(name).number(value, decimals);
  }
  JsonWriter& boolean(std::string_view name, bool value) { return key(name).boolean(value); }

  /// The next key or value starts on a line of its own: long documents stay fit for line tools and
  /// comparisons.
  JsonWriter& new_line() {
    new_line_ = true;
    return *this;
  }

 private:
  JsonWriter& open(char bracket);
  JsonWriter& close(char bracket);
  JsonWriter& raw(std::string_view value);
  void separate();
  void append_quoted(std::string_view value);

  std::string& out_;
  bool comma_ = false;  ///< something stands before, on this level
  bool new_line_ = false;
};

}  // namespace bedrail
