#include "net/flow_key.h"

#include <fmt/format.h>

namespace bedrail {

std::string_view to_string(Transport transport) {
  switch (transport) {
    case Transport::kTcp:
      return "tcp";
    case Transport::kUdp:
      return "udp";
    case Transport::kIcmp:
      return "icmp";
    case Transport::kOther:
      return "other";
    case Transport::kNone:
      break;
  }
  return "";
}

std::string to_string(const Endpoint& endpoint) {
  return endpoint.ip.is_v4() ? fmt::format("{}:{}", to_string(endpoint.ip), endpoint.port)
                             : fmt::format("[{}]:{}", to_string(endpoint.ip), endpoint.port);
}

}  // namespace bedrail
