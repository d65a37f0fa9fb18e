#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/recent_set.h"
#include "dissect/dissector.h"

namespace bedrail::astm {

/// A flow's statements so far: a message's header comes again every few minutes.
using Said = RecentSet<32>;

/// Where a record is spoken.
struct Speech {
  Observer& out;
  Direction direction;
  Said& said;
  [[nodiscard]] Party sender() const {
    return direction == Direction::kToServer ? out.client() : out.server();
  }
  [[nodiscard]] Party receiver() const {
    return direction == Direction::kToServer ? out.server() : out.client();
  }
};

/// One message as its records come by (LIS2-A2, 5): fixed size, holds what is told at its end.
class Message {
 public:
  /// A whole record without its end. False where it is none.
  bool record(std::string_view text, const Speech& speech);
  /// Says what was gathered; nothing where no message is open.
  void finish(const Speech& speech);
  [[nodiscard]] bool open() const { return open_; }

 private:
  bool header(std::string_view text, const Speech& speech);
  void patient(std::string_view text);

  char field_ = '|', component_ = '^';
  bool open_ = false;
  bool results_ = false, orders_ = false, query_ = false;
  std::uint8_t patient_ = 0;  ///< bits of kinds
  std::uint8_t sender_size_ = 0;
  std::array<char, 120> sender_{};  ///< H-5: told as the analyser's where results follow
};

/// "H|\^&|": a header record's letter and four different delimiters.
bool starts_header(std::string_view text);

}  // namespace bedrail::astm
