#include "dissect/dissector.h"

#include <algorithm>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/heard.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {5683};
constexpr std::string_view kClues[] = {"coap.interface", "coap.path", "coap.resource-type"};

/// Numbers of options (RFC 7252, 12.2) and of a format (RFC 6690, 7.3).
constexpr std::uint32_t kUriPath = 11, kContentFormat = 12, kLinkFormat = 40;
constexpr unsigned kMostOptions = 64, kMostLinks = 64;
constexpr std::size_t kMostText = 100;

/// A message (RFC 7252, 3); views into the datagram.
struct Message {
  unsigned type = 0, code = 0;
  std::string path;  ///< of a request: the first two segments
  std::uint32_t format = 0;
  Bytes payload;
};

/// Four bits that say it, or how much follows that does (RFC 7252, 3.1).
std::uint32_t extended(unsigned nibble, ByteReader& reader) {
  if (nibble == 13) return reader.u8() + 13U;
  if (nibble == 14) return reader.be16() + 269U;
  if (nibble == 15) reader.fail();
  return nibble;
}

bool read_message(Bytes bytes, Message& out) {
  ByteReader reader(bytes);
  const std::uint8_t head = reader.u8();
  out.type = head >> 4 & 3;
  out.code = reader.u8();
  reader.skip(2);
  const unsigned token = head & 15;
  reader.skip(token);
  if (!reader.ok() || head >> 6 != 1 || token > 8) return false;
  // An empty message is its header alone.
  if (out.code == 0) return token == 0 && reader.empty();
  std::uint32_t option = 0;
  unsigned segments = 0;
  for (unsigned i = 0; i < kMostOptions && !reader.empty(); ++i) {
    const std::uint8_t next = reader.u8();
    if (next == 0xff) {
      out.payload = reader.rest();
      return !out.payload.empty();
    }
    option += extended(next >> 4, reader);
    const std::uint32_t length = extended(next & 15, reader);
    ByteReader value = reader.slice(length);
    if (!reader.ok()) return false;
    // Devices' own numbers may stand further down.
    if (option == kUriPath && segments++ < 2) out.path.append(1, '/').append(as_text(value.rest()));
    if (option == kContentFormat) out.format = length == 1 ? value.u8() : value.be16();
  }
  return reader.ok() && reader.empty();
}

/// 0.01 to 0.07 ask; 2, 4 and 5 answer (RFC 7252, 12.1).
bool is_request(unsigned code) { return code >= 1 && code <= 7; }
bool is_response(unsigned code) {
  const unsigned kind = code >> 5;
  return kind == 2 || kind == 4 || kind == 5;
}

/// The Constrained Application Protocol: what sensors offer when they are asked what they are.
class CoapDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    Message message;
    if (!read_message(bytes, message)) {
      out.anomaly("malformed");
      return Progress::all(bytes);
    }
    const bool from_client = direction == Direction::kToServer;
    const Party sender = from_client ? out.client() : out.server();
    if (is_request(message.code)) {
      if (is_printable_ascii(message.path)) clue(sender, "coap.path", message.path, Role::kClient, out);
    } else if (is_response(message.code)) {
      answered(message, from_client, sender, out);
    } else if (message.code != 0) {
      out.anomaly("unknown-code");
    }
    return Progress::all(bytes);
  }

 private:
  void answered(const Message& message, bool from_client, const Party& sender, Observer& out) {
    if (!from_client && heard_.first(hash64("service"))) out.service("coap");
    if (message.format == kLinkFormat) links(as_text(message.payload), sender, out);
  }

  /// </sensors/temp>;rt="temperature-c";if="sensor",... (RFC 6690, 2)
  void links(std::string_view text, const Party& sender, Observer& out) {
    for (unsigned i = 0; i < kMostLinks && !text.empty(); ++i) {
      const std::size_t end = link_end(text);
      const std::string_view link = text.substr(0, end);
      attribute(link, ";rt=", "coap.resource-type", sender, out);
      attribute(link, ";if=", "coap.interface", sender, out);
      text.remove_prefix(std::min(text.size(), end + 1));
    }
  }

  /// Where the link ends: at a comma outside of quotes and of the address.
  static std::size_t link_end(std::string_view text) {
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '"') quoted = !quoted;
      if (text[i] == ',' && !quoted) return i;
    }
    return text.size();
  }

  void attribute(std::string_view link, std::string_view key, std::string_view clue_key, const Party& sender,
                 Observer& out) {
    const std::size_t at = link.find(key);
    if (at == std::string_view::npos) return;
    std::string_view value = link.substr(at + key.size());
    const bool quoted = value.starts_with('"');
    if (quoted) value.remove_prefix(1);
    value = value.substr(0, std::min(value.find_first_of(quoted ? "\"" : ";"), kMostText));
    if (is_printable_ascii(value)) clue(sender, clue_key, value, Role::kServer, out);
  }

  void clue(const Party& who, std::string_view key, std::string_view value, Role role, Observer& out) {
    if (heard_.first(hash64(value, hash64(key)))) out.clue(who, key, value, role);
  }

  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  Message message;
  // Four octets and any token: nothing that is CoAP's alone.
  if (!probe.on_port || !read_message(probe.bytes, message)) return Recognition::kNo;
  const bool known =
      message.code == 0 ? message.type != 1 : is_request(message.code) || is_response(message.code);
  return known ? Recognition::kYes : Recognition::kNo;
}

/// Version 1.
constexpr FirstBytes kVersion1{{0, ~0ULL, 0, 0}};

}  // namespace

const DissectorInfo& coap_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<CoapDissector>({.name = "coap",
                                 .title = "Constrained Application Protocol",
                                 .layers = kLayers,
                                 .ports = kPorts,
                                 .clues = kClues,
                                 .recognise = recognise,
                                 .first_bytes = kVersion1});
  return kInfo;
}

}  // namespace bedrail
