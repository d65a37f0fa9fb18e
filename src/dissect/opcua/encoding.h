#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_reader.h"

/// The binary encoding of OPC UA (OPC 10000-6, 5.2), as far as messages before and around a session need it.
namespace bedrail::opcua {

/// Arrays of structures are read to this many elements.
inline constexpr std::uint32_t kElementLimit = 32;

/// A string; empty where it is null. The reader fails where its length does not fit.
std::string_view read_string(ByteReader& reader);
Bytes read_byte_string(ByteReader& reader);
/// An array's length; 0 where it is null. The reader fails above 65,536.
std::uint32_t read_count(ByteReader& reader);
/// The text of a localized text.
std::string_view read_localized_text(ByteReader& reader);
/// A node's number in the standard's own namespace; 0 for other nodes.
std::uint32_t read_node(ByteReader& reader);
/// An extension object's type and body; type 0 where it has no binary body.
struct Extension {
  std::uint32_t type = 0;
  Bytes body;
};
Extension read_extension(ByteReader& reader);

/// Skips a request's header (OPC 10000-4, 7.33).
void skip_request_header(ByteReader& reader);
/// A response's status (OPC 10000-4, 7.34); skips the rest of its header.
std::uint32_t read_response_status(ByteReader& reader);

/// What an application says it is (OPC 10000-4, 7.2).
struct Application {
  std::string_view uri, product_uri, name;
  std::uint32_t type = 0;  ///< 0 server, 1 client, 2 both, 3 discovery server
};
Application read_application(ByteReader& reader);

/// One of a server's endpoints (OPC 10000-4, 7.14).
struct Endpoint {
  std::string_view url, policy;
  Application server;
  Bytes certificate;
  std::uint32_t mode = 0;  ///< 1 none, 2 sign, 3 sign and encrypt
  bool anonymous = false, user_name = false;
};
Endpoint read_endpoint(ByteReader& reader);

/// The last part of a security policy's address: "None", "Basic256Sha256".
std::string_view policy_name(std::string_view uri);

/// What a server says of its build (OPC 10000-5, 12.4).
struct BuildInfo {
  std::string_view product_uri, manufacturer, product, version, build;
};
/// A build's description in one value of a read response; nothing where the value is none.
std::optional<BuildInfo> read_build(Bytes body);

/// One value with its marks (OPC 10000-6, 5.2.2.17): its extension object where it is one; skips it. False
/// where the value is of a kind that is not read: nothing behind it can be found.
bool read_value(ByteReader& reader, Extension& out);

}  // namespace bedrail::opcua
