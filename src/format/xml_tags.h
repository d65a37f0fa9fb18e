#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace bedrail {

/// Walks the tags of XML front to back, without a tree: enough for messages whose fields have names of their
/// own. Declarations, comments and CDATA sections' marks are passed over; nothing is checked for being
/// well-formed; a tag cut short ends the walk. Views into the text.
class XmlTags {
 public:
  explicit XmlTags(std::string_view xml) : xml_(xml) {}
  /// Moves to the next start, empty or end tag; false at the end.
  bool next();
  /// The name without its prefix: "Model" of "tds:Model".
  [[nodiscard]] std::string_view name() const { return name_; }
  [[nodiscard]] std::string_view prefix() const { return prefix_; }
  /// "</x>".
  [[nodiscard]] bool is_end() const { return end_tag_; }
  /// "<x/>".
  [[nodiscard]] bool is_empty() const { return empty_; }
  /// The raw text from this tag to the next, or what a CDATA section there holds.
  [[nodiscard]] std::string_view text() const;
  /// The raw value of an attribute by its name without prefix; empty where it is not there.
  [[nodiscard]] std::string_view attribute(std::string_view name) const;
  /// Where the tag begins, and where its text begins.
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t end() const { return at_; }

 private:
  std::string_view xml_, name_, prefix_, attributes_;
  std::size_t begin_ = 0, at_ = 0;
  bool end_tag_ = false, empty_ = false;
};

/// Raw XML text for people: the five named entities and character references resolved (those beyond ASCII are
/// left out), white space at the ends removed.
std::string xml_text(std::string_view raw);

/// The text of the first element with this name, whatever its prefix and case; empty where there is none or
/// it holds no text.
std::string xml_element(std::string_view xml, std::string_view name);

/// What stands between the first start tag of this name and its end tag, elements and all; empty where either
/// is missing.
std::string_view xml_inside(std::string_view xml, std::string_view name);

/// The next word of a list separated by white space, taken off its front; empty at the end.
std::string_view xml_list_item(std::string_view& list);

}  // namespace bedrail
