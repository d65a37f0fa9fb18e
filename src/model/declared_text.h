#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bedrail {

/// What a gateway says in one message of one device behind it, as one text that goes through the observations
/// as a clue ("hl7.declared"): "equipment-eui64=0009fb...|equipment-model=MX500|location=ICU^^BED07". So what
/// belongs together stays together. Names are those of the protocol's other clues, without the protocol.
class DeclaredText {
 public:
  /// Empty values are left out, and so is what finds no place in a clue.
  void add(std::string_view name, std::string_view value);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// The parts of such a text, name and value, as views into it.
std::vector<std::pair<std::string_view, std::string_view>> declared_parts(std::string_view text);

/// The last word of such a clue's key.
inline constexpr std::string_view kDeclaredKey = ".declared";

}  // namespace bedrail
