#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bedrail {

/// Where an HTTP address leads: "http://192.168.0.1:49152/description.xml".
struct HttpAddress {
  bool encrypted = false;
  std::string_view host;  ///< a name or an address without brackets and zone
  std::uint16_t port = 0;
};
/// Nothing where it is no http or https address, or its port is no number.
std::optional<HttpAddress> http_address(std::string_view url);

/// An address without what may be secret or a person's: "http://admin:secret@host/path?token=x" gives
/// "http://host/path". Empty where it has no scheme, and where a password may hold a '/', '?' or '#'.
std::string public_url(std::string_view url);

/// "%20" and the like resolved (RFC 3986, 2.1); what is no such escape stays as it is.
std::string percent_decoded(std::string_view text);

}  // namespace bedrail
