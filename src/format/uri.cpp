#include "format/uri.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace bedrail {
namespace {

/// Letters, digits and "+-." (RFC 3986, 3.1).
bool is_scheme(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '+' || c == '-' ||
           c == '.';
  });
}

}  // namespace

std::optional<HttpAddress> http_address(std::string_view url) {
  HttpAddress out;
  if (starts_with_ignoring_case(url, "https://")) {
    out.encrypted = true;
  } else if (!starts_with_ignoring_case(url, "http://")) {
    return std::nullopt;
  }
  out.port = out.encrypted ? 443 : 80;
  url.remove_prefix(out.encrypted ? 8 : 7);
  url = url.substr(0, url.find_first_of("/?#"));
  std::string_view port;
  if (url.starts_with('[')) {
    const std::size_t end = url.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    out.host = url.substr(1, end - 1);
    port = url.substr(end + 1);
  } else {
    out.host = url.substr(0, url.find(':'));
    port = url.substr(out.host.size());
  }
  // A link-local address may carry its zone.
  out.host = out.host.substr(0, out.host.find('%'));
  if (port.empty() || port == ":") return out;
  const char* const end = port.data() + port.size();
  const auto [stop, error] = std::from_chars(port.data() + 1, end, out.port);
  if (port.front() != ':' || error != std::errc() || stop != end || out.port == 0) return std::nullopt;
  return out;
}

std::string public_url(std::string_view url) {
  const std::size_t scheme = url.find("://");
  const std::size_t query = std::min(url.find_first_of("?#"), url.size());
  if (scheme >= query || !is_scheme(url.substr(0, scheme))) return {};
  const std::size_t front = scheme + 3;
  const std::size_t path = url.find('/', front);
  if (path > query && url.find('@', query) != std::string_view::npos) return {};
  const std::size_t account = url.substr(0, std::min(path, query)).rfind('@');
  const std::size_t host = account == std::string_view::npos ? front : account + 1;
  const std::string_view rest = url.substr(0, query).substr(host);
  if (rest.find('@') != std::string_view::npos) return {};
  return std::string(url.substr(0, front)).append(rest);
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned value = 0;
    const char* const digits = text.data() + at + 1;
    if (text[at] == '%' && at + 2 < text.size() &&
        std::from_chars(digits, digits + 2, value, 16).ptr == digits + 2) {
      out.push_back(static_cast<char>(value));
      at += 2;
    } else {
      out.push_back(text[at]);
    }
  }
  return out;
}

}  // namespace bedrail
