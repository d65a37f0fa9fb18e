#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace bedrail {

/// The first line of an HTTP/1.x message (RFC 9112, sections 3 and 4), or of SSDP's. Views into the message.
struct HttpStartLine {
  enum class Kind : std::uint8_t { kNone, kRequest, kResponse } kind = Kind::kNone;
  std::string_view method, target;  ///< request
  std::uint16_t status = 0;         ///< response: 100..599
  std::uint8_t minor = 1;           ///< of the version 1.x
};

/// Reads "METHOD SP target SP HTTP/1.x" or "HTTP/1.x SP status ..."; kind kNone for anything else.
HttpStartLine http_start_line(std::string_view line);

/// What a message's first bytes may still become.
enum class HttpPrefix : std::uint8_t { kNo, kMore, kRequest, kResponse };

/// Tells by the first bytes of a message whether it is HTTP/1.x: cheap, and sure where it says kRequest or
/// kResponse (a whole request line, or a status line up to its code). kMore: cut before that.
HttpPrefix http_prefix(std::string_view text);

/// Size of a head with the empty line that ends it ("\r\n\r\n" or bare "\n\n"); 0 where the end is not there
/// yet.
std::size_t http_head_size(std::string_view text);

/// Header fields of a head, front to back.
class HttpFields {
 public:
  /// `head`: a whole head; the start line is passed over.
  explicit HttpFields(std::string_view head);
  /// Moves to the next field; false at the end. Lines without a colon are passed over and remembered in
  /// `malformed()`.
  bool next();
  [[nodiscard]] std::string_view name() const { return name_; }
  /// Without white space at its ends. A folded one (RFC 9112, 5.2) goes on over its lines: their ends in it
  /// are white space.
  [[nodiscard]] std::string_view value() const { return value_; }
  /// True where `name()` is this one; case does not count.
  [[nodiscard]] bool is(std::string_view name) const;
  [[nodiscard]] bool malformed() const { return malformed_; }

 private:
  std::string_view rest_, name_, value_;
  bool malformed_ = false;
};

}  // namespace bedrail
