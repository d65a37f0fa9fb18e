#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "dissect/heard.h"
#include "dissect/mqtt/packet.h"
#include "format/product.h"

namespace bedrail {
namespace {

using namespace mqtt;

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {1883};
constexpr std::string_view kClues[] = {"mqtt.client-id", "mqtt.publishes", "mqtt.subscribes", "mqtt.will"};

/// A hello is read as long; of other packets no more than their front.
constexpr std::uint32_t kMostConnect = 16 * 1024, kMostSubscribe = 2048, kMostPublish = 400;
constexpr std::size_t kMostClientId = 64;

/// MQTT 3.1 to 5.0: who connects as what, and whether the broker asked for a password.
class MqttDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    std::uint64_t at = 0;
    while (at < bytes.size()) {
      const Progress made = packet(direction, bytes.subspan(static_cast<std::size_t>(at)), out);
      if (made.status != Progress::Status::kContinue) return made;
      if (made.consumed == 0) return Progress::need(at, made.needed);
      at += made.consumed;
    }
    return Progress::need(at, 0);
  }

 private:
  Progress packet(Direction direction, Bytes bytes, Observer& out) {
    const Header header = read_header(bytes);
    if (header.status == Header::Status::kShort)
      return Progress::need(0, static_cast<std::uint32_t>(bytes.size() + 1));
    if (header.status == Header::Status::kBroken) return broken("bad-packet", out);
    const bool client = direction == Direction::kToServer;
    const std::uint32_t read = most_read(header.type, client);
    if (header.type == kConnect && header.length > kMostConnect) return broken("connect-too-long", out);
    const std::uint32_t wanted = std::min(read, header.length);
    if (bytes.size() < header.size + wanted) return Progress::need(0, header.size + wanted);
    const Bytes body = bytes.subspan(header.size, wanted);
    if (client && header.type == kConnect) {
      if (!connect(body, out)) return broken("bad-connect", out);
    } else if (!client && header.type == kConnAck) {
      if (!answered(body, out)) return broken("bad-answer", out);
    } else if (header.type == kPublish) {
      published(client, header, body, out);
    } else if (client && header.type == kSubscribe) {
      subscribed(body, out);
    }
    return Progress::need(std::uint64_t{header.size} + header.length, 0);
  }

  static std::uint32_t most_read(std::uint8_t type, bool client) {
    switch (type) {
      case kConnect:
        return client ? kMostConnect : 0;
      case kConnAck:
        return client ? 0 : kMostConnect;
      case kPublish:
        return kMostPublish;
      case kSubscribe:
        return client ? kMostSubscribe : 0;
      default:
        return 0;
    }
  }

  static Progress broken(std::string_view name, Observer& out) {
    out.anomaly(name);
    return Progress::failed();
  }

  bool connect(Bytes body, Observer& out) {
    Connect hello;
    if (!read_connect(body, hello)) return false;
    connected_ = true;
    level_ = hello.level;
    identified(hello.client_id, out);
    if (hello.has_will) clue("mqtt.will", topic_family(hello.will_topic), out);
    login_.protocol = "mqtt";
    login_.mechanism = "plain";
    login_.cleartext = true;
    login_.account_and_secret = digest_secret(hello.user, hello.password);
    login_.secret_empty = hello.password.empty();
    login_.secret_is_account = !hello.user.empty() && hello.user == hello.password;
    has_login_ = hello.has_user || hello.has_password;
    other_method_ = hello.other_method;
    return true;
  }

  void identified(std::string_view id, Observer& out) {
    // An address of mail, or words, may be a person's.
    const bool plain = is_printable_ascii(id) && id.find_first_of("@ ") == std::string_view::npos;
    if (plain && id.size() <= kMostClientId) clue("mqtt.client-id", id, out);
  }

  bool answered(Bytes body, Observer& out) {
    if (!connected_) return true;
    ConnAck answer;
    if (!read_conn_ack(body, level_, answer)) return false;
    out.service("mqtt");
    const bool accepted = answer.reason == 0;
    if (accepted) out.used(out.server(), "mqtt", version_name(level_));
    identified(answer.assigned_id, out);
    // 4, 5: bad user name or password, not authorized; 134, 135 in version 5.
    const bool refused =
        answer.reason == 4 || answer.reason == 5 || answer.reason == 134 || answer.reason == 135;
    if (has_login_) {
      login_.outcome = accepted ? Outcome::kAccepted : refused ? Outcome::kRefused : Outcome::kUnknown;
      out.login(login_);
    }
    if (accepted) {
      using Authentication = SessionSeen::Authentication;
      const bool asked = has_login_ || other_method_;
      out.session({"mqtt", asked ? Authentication::kPresent : Authentication::kNone, false});
    }
    return true;
  }

  void published(bool client, const Header& header, Bytes body, Observer& out) {
    ByteReader reader(body);
    const std::string_view topic = reader.text(reader.be16());
    if (!reader.ok()) return;
    if (client) return clue("mqtt.publishes", topic_family(topic), out);
    if (topic != "$SYS/broker/version") return;
    const bool numbered = (header.flags & 6) != 0;
    if (numbered) reader.skip(2);
    if (level_ == 5) reader.skip(read_number(reader));
    const std::string_view text = as_text(reader.rest()).substr(0, 64);
    if (!reader.ok() || !is_printable_ascii(text) || !first("version", text)) return;
    // "mosquitto version 2.0.11"
    constexpr std::string_view kWord = " version ";
    const std::size_t at = text.find(kWord);
    if (at != std::string_view::npos) out.service("mqtt", text.substr(0, at), text.substr(at + kWord.size()));
  }

  void subscribed(Bytes body, Observer& out) {
    constexpr unsigned kMostTopics = 32;
    ByteReader reader(body);
    reader.skip(2);
    if (level_ == 5) reader.skip(read_number(reader));
    for (unsigned i = 0; i < kMostTopics && reader.ok() && !reader.empty(); ++i) {
      const std::string_view topic = reader.text(reader.be16());
      reader.skip(1);
      if (reader.ok()) clue("mqtt.subscribes", topic_family(topic), out);
    }
  }

  bool first(std::string_view key, std::string_view value) {
    return heard_.first(hash64(value, hash64(key)));
  }
  void clue(std::string_view key, std::string_view value, Observer& out) {
    if (!value.empty() && first(key, value)) out.clue(out.client(), key, value, Role::kClient);
  }

  bool connected_ = false, has_login_ = false, other_method_ = false;
  std::uint8_t level_ = 0;
  LoginSeen login_;
  Heard heard_;
};

Recognition recognise(const Probe& probe) {
  if (probe.direction == Direction::kToClient) return Recognition::kNo;
  const Header header = read_header(probe.bytes);
  if (header.status == Header::Status::kShort)
    return probe.bytes.size() < 5 ? Recognition::kMore : Recognition::kNo;
  if (header.status == Header::Status::kBroken || header.type != kConnect || header.flags != 0)
    return Recognition::kNo;
  // The protocol's name after its length.
  const std::string_view rest = as_text(probe.bytes.subspan(header.size));
  for (const std::string_view name : {std::string_view("\0\4MQTT", 6), std::string_view("\0\6MQIsdp", 8)}) {
    if (rest.starts_with(name)) return Recognition::kYes;
    if (name.starts_with(rest)) return Recognition::kMore;
  }
  return Recognition::kNo;
}

}  // namespace

const DissectorInfo& mqtt_dissector() {
  static constexpr DissectorInfo kInfo = with_state<MqttDissector>({.name = "mqtt",
                                                                    .title = "MQTT",
                                                                    .layers = kLayers,
                                                                    .ports = kPorts,
                                                                    .clues = kClues,
                                                                    .recognise = recognise,
                                                                    .first_bytes = FirstBytes::of("\x10"),
                                                                    .max_buffer = 20 * 1024});
  return kInfo;
}

}  // namespace bedrail
