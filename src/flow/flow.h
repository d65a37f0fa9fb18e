#pragma once

#include <cstdint>

#include "flow/conversation_key.h"
#include "flow/front.h"
#include "flow/tcp_stream.h"
#include "model/observation.h"

namespace bedrail {

/// How long a flow may stay silent, and which are given up first when the table is full (in this order).
enum class FlowClass : std::uint8_t { kClosed, kAttempted, kDatagram, kEstablished };
inline constexpr std::size_t kFlowClasses = 4;

struct Dissection;

/// One conversation's account and state. Owned by the FlowTable of one shard; 1:1 with its key there.
struct Flow {
  ConversationKey key;
  std::uint64_t hash = 0;
  PacketRef first, last;
  std::uint64_t packets[2] = {0, 0};  ///< by Direction: to server, to client
  std::uint64_t bytes[2] = {0, 0};
  TcpStream stream[2];  ///< by Direction
  MacAddress mac[2];    ///< client's, server's, as first seen on a frame
  bool has_mac[2] = {false, false};
  std::uint8_t ttl[2] = {0, 0};  ///< of the first packet that each end sent; 0: it sent none
  TcpStart start[2];             ///< from their SYNs
  Front front[2];                ///< of what each end sent first
  PacketRef reply;               ///< the first packet of the end that did not send `first`
  bool first_from_high = false;  ///< who sent `first`
  bool client_is_high = false;
  bool directed = false;   ///< who is the client was seen, not guessed from the ports
  bool midstream = false;  ///< the start was not captured: who is the client was guessed
  bool had_payload = false;
  bool syn[2] = {false, false};
  std::uint32_t isn = 0;  ///< the client's initial sequence number
  std::uint8_t datagrams_asked = 0;
  FlowClass flow_class = FlowClass::kDatagram;  ///< as it is now; the table follows at the next touch
  FlowClass listed = FlowClass::kDatagram;      ///< the table's: whose list it stands in
  ConnectionSeen::State state = ConnectionSeen::State::kUnknown;
  /// What recognised or is about to recognise the payload; null where none is wanted (any more). Owned by the
  /// shard.
  Dissection* dissection = nullptr;
  std::uint8_t protocol = 0;  ///< 1 + index into all_dissectors(); 0: not recognised
  bool undissected = false;   ///< a limit kept its payload from being read
  std::uint64_t gap_bytes = 0;
  Flow* newer = nullptr;  ///< in the class's list, by last packet
  Flow* older = nullptr;

  /// 0: from client to server; 1: from server to client.
  [[nodiscard]] std::size_t direction(bool source_is_high) const {
    return source_is_high == client_is_high ? 0 : 1;
  }
  [[nodiscard]] Endpoint client() const { return endpoint(client_is_high); }
  [[nodiscard]] Endpoint server() const { return endpoint(!client_is_high); }

 private:
  [[nodiscard]] Endpoint endpoint(bool high) const {
    Endpoint out;
    const std::uint64_t words[2] = {high ? key.high_high : key.low_high, high ? key.high_low : key.low_low};
    std::memcpy(out.ip.octets.data(), words, sizeof words);
    out.port = high ? key.high_port : key.low_port;
    return out;
  }
};

}  // namespace bedrail
