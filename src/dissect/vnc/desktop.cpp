#include "dissect/vnc/desktop.h"

#include <algorithm>

#include "base/text.h"
#include "net/address.h"

namespace bedrail::vnc {
namespace {

bool is_host(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  };
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), fits) &&
         !equals_ignoring_case(text, "localhost") && !parse_ip(text);
}

/// "ct01:1" without the display's number; the text itself where there is none.
std::string_view before_display(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return {};
  for (const char c : text.substr(colon + 1)) {
    if (c < '0' || c > '9') return {};
  }
  return text.substr(0, colon);
}

}  // namespace

Desktop read_desktop(std::string_view name) {
  Desktop out;
  // "WHO's X desktop (HOST:N)", "WHO's desktop", "WHO’s remote desktop on HOST"
  for (const std::string_view mark : {"'s ", "\xe2\x80\x99s "}) {
    const std::size_t at = name.find(mark);
    if (at != std::string_view::npos) name.remove_prefix(at + mark.size());
  }
  const std::size_t open = name.find('(');
  const std::size_t close = open == std::string_view::npos ? open : name.find(')', open);
  const std::string_view front = trim(name.substr(0, open));
  const std::string_view inside =
      close == std::string_view::npos ? std::string_view() : trim(name.substr(open + 1, close - open - 1));
  const std::string_view front_host = before_display(front), inside_host = before_display(inside);
  if (is_host(inside_host)) {
    out.host = inside_host;
    out.title = name;
  } else if (is_host(front_host)) {
    out.host = front_host;
    // In parentheses behind a display stands who is logged in.
    out.title = front;
  } else if (const std::size_t on = front.rfind(" on ");
             on != std::string_view::npos && is_host(front.substr(on + 4))) {
    out.host = front.substr(on + 4);
    out.title = front;
  } else if (is_host(front) &&
             (inside.empty() || parse_ip(inside) || inside.find(',') != std::string_view::npos)) {
    out.host = front;
    out.title = name;
  } else {
    out.title = front;
  }
  return out;
}

}  // namespace bedrail::vnc
