#include "format/json_items.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "format/json_reader.h"

namespace bedrail {
namespace {

/// The first byte from `at` on that changes something, inside a text and outside.
std::size_t next_in_text(std::string_view piece, std::size_t at) {
  while (at < piece.size() && piece[at] != '"' && piece[at] != '\\') ++at;
  return at;
}

bool structural(char c) {
  switch (c) {
    case '"':
    case '{':
    case '}':
    case '[':
    case ']':
    case ',':
    case ':':
      return true;
    default:
      return false;
  }
}

std::size_t next_outside(std::string_view piece, std::size_t at) {
  while (at < piece.size() && !structural(piece[at])) ++at;
  return at;
}

}  // namespace

tl::unexpected<Error> JsonItems::fail(std::string_view what) const {
  return failure(fmt::format("{}: {}", line_, what));
}

void JsonItems::count_lines(std::string_view piece, std::size_t to) {
  line_ += static_cast<std::size_t>(std::count(piece.begin() + static_cast<std::ptrdiff_t>(counted_),
                                               piece.begin() + static_cast<std::ptrdiff_t>(to), '\n'));
  counted_ = to;
}

Result<void> JsonItems::feed(std::string_view piece, const Use& use) {
  counted_ = 0;
  for (std::size_t at = 0; at < piece.size();) {
    const std::size_t start = at;
    std::string& into = place_ == Place::kList ? item_ : rest_;
    if (escaped_) {
      escaped_ = false;
      into += piece[at++];
      continue;
    }
    at = in_text_ ? next_in_text(piece, at) : next_outside(piece, at);
    // An element begins with its first visible byte.
    std::string_view plain = piece.substr(start, at - start);
    if (place_ == Place::kList && item_.empty()) {
      plain.remove_prefix(std::min(plain.find_first_not_of(" \t\r\n"), plain.size()));
      count_lines(piece, at - plain.size());
      item_line_ = line_;
    }
    into += plain;
    if (into.size() > limit_) {
      count_lines(piece, at);
      return fail(fmt::format("one {} is longer than {} MiB; is this the right kind of file?",
                              place_ == Place::kList ? "element" : "part of it", limit_ >> 20));
    }
    if (at == piece.size()) break;
    const char c = piece[at++];
    if (in_text_) {
      into += c;
      escaped_ = c == '\\';
      in_text_ = escaped_;
      if (!in_text_ && place_ == Place::kRest && depth_ == 1)
        last_name_ = rest_.substr(text_start_ + 1, rest_.size() - text_start_ - 2);
      continue;
    }
    if (c == '{' || c == '[' || place_ == Place::kList) count_lines(piece, at - 1);
    if (place_ == Place::kRest) {
      rest(c);
    } else if (auto done = list(c, use); !done) {
      return done;
    }
    if (depth_ >= kJsonDepth) return fail(fmt::format("is nested more than {} deep", kJsonDepth - 1));
  }
  count_lines(piece, piece.size());
  return {};
}

void JsonItems::rest(char c) {
  if (c == '"') {
    in_text_ = true;
    text_start_ = rest_.size();
  }
  if (depth_ == 1) {
    if (c == ':') wanted_ = !found_ && last_name_ == name_;
    if (c == ',') wanted_ = false;
  }
  const bool whole = c == '[' && depth_ == 0 && trim(rest_).empty();
  rest_ += c;
  if (c == '[' && (whole || (depth_ == 1 && wanted_))) {
    place_ = Place::kList;
    found_ = true;
    comma_ = false;
    list_depth_ = depth_;
    depth_ = 0;
    return;
  }
  if (c == '{' || c == '[') ++depth_;
  if ((c == '}' || c == ']') && depth_ > 0) --depth_;
}

Result<void> JsonItems::list(char c, const Use& use) {
  if (item_.empty()) item_line_ = line_;
  if (depth_ == 0 && (c == ',' || c == ']')) {
    if (!item_.empty()) {
      if (auto done = end_item(use); !done) return done;
    } else if (c == ',' || comma_) {
      return fail("has a comma without an element");
    }
    comma_ = c == ',';
    if (c == ']') {
      place_ = Place::kRest;
      depth_ = list_depth_;
      rest_ += c;
    }
    return {};
  }
  item_ += c;
  in_text_ = c == '"';
  if (c == '{' || c == '[') ++depth_;
  if (c == '}' || c == ']') {
    if (depth_ == 0) return fail("closes what it did not open");
    --depth_;
  }
  return {};
}

Result<void> JsonItems::end_item(const Use& use) {
  ++count_;
  auto done = use(item_, item_line_);
  item_.clear();
  return done;
}

Result<std::string> JsonItems::finish() const {
  if (place_ == Place::kList) return fail("ends in the middle of a list");
  if (in_text_) return fail("ends in the middle of a text");
  return rest_;
}

}  // namespace bedrail
