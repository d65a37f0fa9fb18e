#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

/// The conference settings that both sides exchange in clear under RDP's own security: GCC (T.124) user data
/// within an MCS (T.125) connection.
namespace bedrail::rdp {

/// MS-RDPBCGR 2.2.1.3.2.
struct ClientCore {
  std::uint32_t version = 0, build = 0;
  std::string name;  ///< the client computer's name
};

/// MS-RDPBCGR 2.2.1.4.2 and 2.2.1.4.3.
struct ServerData {
  std::uint32_t version = 0;
  bool has_security = false;
  std::uint32_t method = 0;  ///< RDP's own encryption; 0: none
};

/// From an MCS Connect Initial; nothing where it is none, or lacks the client's core data.
std::optional<ClientCore> read_client_core(Bytes data);
/// From an MCS Connect Response; nothing where it is none, or lacks the server's core data.
std::optional<ServerData> read_server_data(Bytes data);

/// "5" for 0x00080004 (RDP 5.0 to 8.1 all say so), "10.0" and so on; else the number in hexadecimal.
std::string version_text(std::uint32_t version);
/// "none", "rc4-40", "rc4-56", "rc4-128", "fips".
std::string_view encryption_text(std::uint32_t method);

}  // namespace bedrail::rdp
