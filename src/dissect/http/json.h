#pragma once

#include <cstddef>
#include <string_view>

namespace bedrail::http {

/// Where the value of the next member of this name begins in JSON, from `from` on; npos where there is none.
/// Nesting does not count, and what is cut short is read as far as it goes.
inline std::size_t json_value(std::string_view json, std::string_view name, std::size_t from = 0) {
  constexpr std::size_t kNone = std::string_view::npos;
  for (std::size_t at = json.find(name, from); at != kNone; at = json.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if (at == 0 || json[at - 1] != '"' || end >= json.size() || json[end] != '"') continue;
    std::size_t colon = json.find_first_not_of(" \t\r\n", end + 1);
    if (colon == kNone || json[colon] != ':') continue;
    colon = json.find_first_not_of(" \t\r\n", colon + 1);
    if (colon != kNone) return colon;
  }
  return kNone;
}

/// The string at `at`, without its quotes, escapes as they are; empty where there is no whole one.
inline std::string_view json_string(std::string_view json, std::size_t at) {
  if (at >= json.size() || json[at] != '"') return {};
  for (std::size_t end = at + 1; end < json.size(); ++end) {
    if (json[end] == '\\') {
      ++end;
    } else if (json[end] == '"') {
      return json.substr(at + 1, end - at - 1);
    }
  }
  return {};
}

}  // namespace bedrail::http
