#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace bedrail {

/// Cuts one long list out of a document that comes in pieces and need not fit into memory: the list that is
/// the document, or the one of a given name in the object that it is. It looks at brackets and quotation
/// marks alone; what each element and the rest hold is for a parser.
class JsonItems {
 public:
  /// `limit`: the longest element, and the longest rest, in bytes.
  JsonItems(std::string name, std::size_t limit) : name_(std::move(name)), limit_(limit) {}

  /// An element's text and the line that it begins in, counted from 1. A failure ends the reading.
  using Use = std::function<Result<void>(std::string_view item, std::size_t line)>;

  /// Errors begin with their line: "12: WHAT".
  [[nodiscard]] Result<void> feed(std::string_view piece, const Use& use);
  /// After the last piece: the rest of the document, in which the list is empty.
  [[nodiscard]] Result<std::string> finish() const;
  /// Elements so far.
  [[nodiscard]] std::size_t count() const { return count_; }
  /// True where the list was found.
  [[nodiscard]] bool found() const { return found_; }

 private:
  enum class Place { kRest, kList };

  void rest(char c);
  Result<void> list(char c, const Use& use);
  Result<void> end_item(const Use& use);
  void count_lines(std::string_view piece, std::size_t to);
  [[nodiscard]] tl::unexpected<Error> fail(std::string_view what) const;

  std::string name_;
  std::size_t limit_;
  Place place_ = Place::kRest;
  bool in_text_ = false, escaped_ = false;
  bool found_ = false, wanted_ = false, comma_ = false;
  std::size_t depth_ = 0;       ///< of the rest, or inside an element
  std::size_t list_depth_ = 0;  ///< of what holds the list
  std::size_t text_start_ = 0;  ///< of the last text in the rest
  std::string rest_, item_;
  std::string last_name_;
  std::size_t count_ = 0, line_ = 1, item_line_ = 1, counted_ = 0;
};

}  // namespace bedrail
