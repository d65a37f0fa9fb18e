#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_reader.h"

/// DCE/RPC, connection-oriented (C706, 12.6; MS-RPCE): units as they travel over TCP and named pipes.
namespace bedrail::dcerpc {

enum class Type : std::uint8_t {
  kRequest = 0,
  kResponse = 2,
  kFault = 3,
  kBind = 11,
  kBindAck = 12,
  kBindNak = 13,
  kAlterContext = 14,
  kAlterContextAck = 15,
  kAuth3 = 16,
  kShutdown = 17,
  kCancel = 18,
  kOrphaned = 19
};

inline constexpr std::uint32_t kHeader = 16;

/// The part that all units have in common.
struct Header {
  Type type = Type::kRequest;
  std::uint8_t flags = 0;
  bool little = true;  ///< the order of numbers' octets
  std::uint16_t length = 0, auth_length = 0;
  std::uint32_t call = 0;

  [[nodiscard]] bool first_fragment() const { return (flags & 1) != 0; }
  [[nodiscard]] bool has_object() const { return (flags & 0x80) != 0; }
};

/// The header at the front of `bytes` (at least `kHeader`); nothing where it is none of version 5.
std::optional<Header> read_header(Bytes bytes);

using Uuid = std::array<std::uint8_t, 16>;  ///< in the order of its text

/// "e1af8308-5d1f-11c9-91a4-08002b14a0fa".
std::string to_text(const Uuid& uuid);

/// What is known of an interface by its UUID.
struct Interface {
  std::string_view uuid, name;
  /// Administration: who may call it without proof may do harm, or learn what helps to.
  bool sensitive = false;
};
/// Null where it is not in the table.
const Interface* find_interface(const Uuid& uuid);

/// The name of an operation worth telling: "CreateServiceW"; empty for the everyday ones.
std::string_view operation_name(std::string_view interface_name, std::uint16_t number);

inline constexpr std::size_t kMostContexts = 16;

/// A bind or a change of contexts: number and interface of each context offered.
struct Offers {
  struct Offer {
    std::uint16_t context = 0;
    Uuid interface {};
  };
  std::array<Offer, kMostContexts> offers{};
  std::size_t count = 0;
};
std::optional<Offers> read_bind(const Header& header, Bytes unit);

/// The answer: for each offer in order, whether it was taken.
struct Results {
  std::array<bool, kMostContexts> accepted{};
  std::size_t count = 0;
};
std::optional<Results> read_bind_ack(const Header& header, Bytes unit);

/// Context and operation of a request; context of a response.
struct Call {
  std::uint16_t context = 0, operation = 0;
  std::size_t stub = 0;  ///< where the arguments or results begin within the unit
};
std::optional<Call> read_request(const Header& header, Bytes front);
std::optional<Call> read_response(const Header& header, Bytes front);

/// The security trailer (C706, 13.2.6.1).
struct Security {
  std::uint8_t type = 0;   ///< 9 SPNEGO, 10 NTLM, 16 Kerberos, 68 Netlogon's channel
  std::uint8_t level = 0;  ///< 1 none ... 5 signed, 6 sealed
  Bytes token;
};
std::optional<Security> read_security(const Header& header, Bytes unit);

/// One way to an interface as an endpoint mapper tells it (C706, appendix L).
struct Tower {
  Uuid interface {};
  std::uint16_t tcp_port = 0;
  std::string_view pipe;     ///< "\pipe\svcctl"
  std::string_view netbios;  ///< the host's name, "\\" before it cut
};
/// The next tower in a mapper's results from `at` on; moves `at` behind it. Nothing at the end.
std::optional<Tower> next_tower(const Header& header, Bytes stub, std::size_t& at);

/// The next text among the bindings that a host lists as its own (MS-DCOM 2.2.19, in the results of
/// ServerAlive2): a host's name or address, perhaps with a port in brackets. Nothing at the end.
std::optional<std::string> next_binding(Bytes stub, std::size_t& at);

}  // namespace bedrail::dcerpc
