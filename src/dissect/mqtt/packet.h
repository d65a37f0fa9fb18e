#pragma once

#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

namespace bedrail::mqtt {

/// Types of control packets (MQTT 5.0, 2.1.2).
inline constexpr std::uint8_t kConnect = 1, kConnAck = 2, kPublish = 3, kSubscribe = 8;

/// The fixed header (MQTT 5.0, 2.1.1).
struct Header {
  enum class Status : std::uint8_t { kWhole, kShort, kBroken } status = Status::kShort;
  std::uint8_t type = 0, flags = 0;
  std::uint32_t size = 0;    ///< of the header itself
  std::uint32_t length = 0;  ///< of what follows it
};
Header read_header(Bytes bytes);

/// A number of one to four octets, seven bits each, lowest first (MQTT 5.0, 1.5.5).
std::uint32_t read_number(ByteReader& reader);

/// CONNECT (MQTT 5.0, 3.1; 3.1.1, 3.1); views into the packet.
struct Connect {
  std::uint8_t level = 0;  ///< 3: version 3.1; 4: 3.1.1; 5: 5.0
  std::string_view client_id, will_topic, user, password;
  bool has_will = false, has_user = false, has_password = false;
  bool other_method = false;  ///< an authentication of its own (MQTT 5.0, 4.12)
};
bool read_connect(Bytes body, Connect& out);
/// "3.1", "3.1.1", "5.0"; empty where not known.
std::string_view version_name(std::uint8_t level);

/// CONNACK: 0 is accepted; the identifier that the server assigned, empty where it did not.
struct ConnAck {
  std::uint8_t reason = 0;
  std::string_view assigned_id;
};
bool read_conn_ack(Bytes body, std::uint8_t level, ConnAck& out);

/// The family of a topic whose first levels are a maker's or a program's own; empty for all others: topics
/// may hold anything.
std::string_view topic_family(std::string_view topic);

}  // namespace bedrail::mqtt
