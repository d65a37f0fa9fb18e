#include "dissect/dissector.h"

#include <array>
#include <string>

#include "base/hash.h"
#include "dissect/heard.h"
#include "message.h"
#include "tags.h"

namespace bedrail {
namespace {

using bacnet::Apdu;
using bacnet::Bvlc;
using bacnet::Message;
using bacnet::Pdu;
using bacnet::read_tag;
using bacnet::skip_to_closing;
using bacnet::Tag;
using bacnet::Type;

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {47808, 47809, 47810, 47811, 47812, 47813, 47814, 47815};
constexpr std::string_view kClues[] = {"bacnet.device",      "bacnet.vendor-id",   "bacnet.vendor",
                                       "bacnet.model",       "bacnet.firmware",    "bacnet.software",
                                       "bacnet.location",    "bacnet.description", "bacnet.serial",
                                       "bacnet.object-type", "bacnet.routed",      "bacnet.networks"};

/// Where BACnet/IP networks listen: X'BAC0' to X'BACF' (annex J.1.2).
constexpr std::uint16_t kFirstPort = 47808, kLastPort = 47823;
/// Services (21, BACnetConfirmedServiceChoice and BACnetUnconfirmedServiceChoice).
constexpr std::uint8_t kCovNotification = 1, kReadProperty = 12, kReadPropertyMultiple = 14,
                       kWriteProperty = 15, kDeviceCommunicationControl = 17, kReinitializeDevice = 20;
constexpr std::uint8_t kIAm = 0, kIHave = 1, kUnconfirmedCov = 2;
/// A router's message (6.4.2).
constexpr std::uint8_t kIAmRouterToNetwork = 1;
/// How many networks a router is said to reach at most.
constexpr unsigned kNetworkLimit = 32;

/// Properties of the device object (21, BACnetPropertyIdentifier) that say what it is.
struct Property {
  std::uint32_t id;
  std::string_view clue;
};
constexpr Property kProperties[] = {
    {12, "bacnet.software"}, {28, "bacnet.description"}, {44, "bacnet.firmware"}, {58, "bacnet.location"},
    {70, "bacnet.model"},    {120, "bacnet.vendor-id"},  {121, "bacnet.vendor"},  {372, "bacnet.serial"}};
constexpr std::uint32_t kObjectName = 77, kProtocolRevision = 139;

/// Objects (21, BACnetObjectType) that only some kinds of device have.
std::string_view telling_object(std::uint16_t type) {
  switch (type) {
    case 21:
      return "life-safety-point";
    case 22:
      return "life-safety-zone";
    case 30:
      return "access-door";
    case 33:
      return "access-point";
    case 37:
      return "credential-data-input";
    case 54:
      return "lighting-output";
    case 57:
      return "elevator-group";
    case 58:
      return "escalator";
    case 59:
      return "lift";
    default:
      return {};
  }
}

/// Operations that change the device; empty for those that only read.
std::string_view changing_service(std::uint8_t service) {
  switch (service) {
    case 7:
      return "AtomicWriteFile";
    case 8:
      return "AddListElement";
    case 9:
      return "RemoveListElement";
    case 10:
      return "CreateObject";
    case 11:
      return "DeleteObject";
    case kWriteProperty:
      return "WriteProperty";
    case 16:
      return "WritePropertyMultiple";
    case kDeviceCommunicationControl:
      return "DeviceCommunicationControl";
    case kReinitializeDevice:
      return "ReinitializeDevice";
    default:
      return {};
  }
}

/// Building automation over IP (ANSI/ASHRAE 135, annex J): who controllers say they are, and who operates
/// them.
class BacnetDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const auto message = bacnet::read_message(bytes);
    if (!message) {
      out.anomaly("malformed-message");
      return Progress::all(bytes);
    }
    if (!message->exact) out.anomaly("wrong-length");
    const Sender sender = sender_of(direction, *message, out);
    if (!bacnet::carries_network_message(message->function)) {
      link_control(message->function, sender, out);
    } else if (message->network_message) {
      router(*message, sender, out);
    } else if (const auto apdu = bacnet::read_apdu(message->body)) {
      application(direction, *message, *apdu, sender, out);
    } else {
      out.anomaly("malformed-apdu");
    }
    return Progress::all(bytes);
  }

 private:
  /// Whose words a datagram holds, and the port it speaks from.
  struct Sender {
    Party party;
    std::uint16_t port = 0;
  };
  /// A request with a password that waits for its answer.
  struct Pending {
    SecretDigest secret;
    std::uint8_t invoke = 0;
    bool used = false, empty = false;
  };

  static Sender sender_of(Direction direction, const Message& message, Observer& out) {
    const bool client = direction == Direction::kToServer;
    Sender sender{client ? out.client() : out.server(),
                  client ? out.flow().key.client.port : out.flow().key.server.port};
    if (message.original && message.original->is_unicast() && message.original != sender.party.ip)
      sender = {{message.original, std::nullopt, sender.party.vlan, false}, message.original_port};
    return sender;
  }

  void serves(const Sender& sender, Observer& out) {
    // Who speaks from a port of the moment listens at none that is known.
    const bool listens =
        sender.port == out.flow().key.server.port || (sender.port >= kFirstPort && sender.port <= kLastPort);
    if (listens && heard_.first(hash64("service", sender.party.ip ? hash64(as_octets(*sender.party.ip)) : 0)))
      out.service_at(sender.party, {Transport::kUdp, sender.port, "bacnet", {}, {}, false});
  }

  static Bytes as_octets(const IpAddress& ip) { return std::as_bytes(std::span(ip.octets)); }

  void tell(const Sender& sender, std::string_view key, std::string_view text, Observer& out) {
    const std::uint64_t who = sender.party.ip ? hash64(as_octets(*sender.party.ip)) : 0;
    if (heard_.first(mix(hash64(key, who), hash64(text)))) out.clue(sender.party, key, text, Role::kServer);
  }

  void link_control(Bvlc function, const Sender& sender, Observer& out) {
    if (function == Bvlc::kRegisterForeign && heard_.first(hash64("foreign")))
      out.message(sender.party, out.server(), "Register-Foreign-Device");
  }

  void router(const Message& message, const Sender& sender, Observer& out) {
    ByteReader reader(message.body);
    if (reader.u8() != kIAmRouterToNetwork) return;
    std::string networks;
    for (unsigned i = 0; i < kNetworkLimit && reader.remaining() >= 2; ++i)
      networks.append(networks.empty() ? "" : ",").append(std::to_string(reader.be16()));
    serves(sender, out);
    tell(sender, "bacnet.networks", networks, out);
  }

  void application(Direction direction, const Message& message, const Apdu& apdu, const Sender& sender,
                   Observer& out) {
    switch (apdu.pdu) {
      case Pdu::kUnconfirmedRequest:
        return announced(message, apdu, sender, out);
      case Pdu::kConfirmedRequest:
        return asked(direction, apdu, sender, out);
      case Pdu::kComplexAck:
        answered(direction, apdu, true, sender, out);
        // Later segments begin anywhere in a value.
        if (!apdu.segmented || apdu.sequence == 0) read_values(message, apdu, sender, out);
        return;
      case Pdu::kSimpleAck:
        return answered(direction, apdu, true, sender, out);
      case Pdu::kError:
        return answered(direction, apdu, false, sender, out);
      default:
        return;
    }
  }

  void announced(const Message& message, const Apdu& apdu, const Sender& sender, Observer& out) {
    ByteReader reader(apdu.data);
    if (apdu.service == kIAm) {
      const Tag object = read_tag(reader);
      read_tag(reader);  // longest APDU
      read_tag(reader);  // segmentation
      const Tag vendor = read_tag(reader);
      const bacnet::ObjectId id = bacnet::object_id(object.number_value());
      if (!reader.ok() || !object.is(Type::kObjectIdentifier) || !vendor.is(Type::kUnsigned) ||
          id.type != bacnet::kDeviceObject) {
        out.anomaly("malformed-apdu");
        return;
      }
      introduces(message, id.instance, vendor.number_value(), sender, out);
    } else if (apdu.service == kIHave) {
      read_tag(reader);  // the device; then the object and its name
      const Tag object = read_tag(reader), name = read_tag(reader);
      if (!reader.ok() || !name.is(Type::kCharacterString)) return out.anomaly("malformed-apdu");
      if (message.from_behind) return;
      serves(sender, out);
      if (bacnet::object_id(object.number_value()).type == bacnet::kDeviceObject)
        out.name(sender.party, "bacnet", name.text_value());
    } else if (apdu.service == kUnconfirmedCov) {
      notified(message, reader, sender, out);
    }
  }

  void introduces(const Message& message, std::uint32_t instance, std::uint32_t vendor, const Sender& sender,
                  Observer& out) {
    const std::string device = std::to_string(instance), maker = std::to_string(vendor);
    serves(sender, out);
    if (message.from_behind) {
      // Its own address is one of another network: what is known is that this router reaches it.
      tell(sender, "bacnet.routed",
           "device=" + device + " vendor-id=" + maker + " network=" + std::to_string(message.source_network) +
               " address=" + to_hex(message.source_address),
           out);
      return;
    }
    tell(sender, "bacnet.device", device, out);
    tell(sender, "bacnet.vendor-id", maker, out);
  }

  /// A value changed: the object that sent it is of a kind.
  void notified(const Message& message, ByteReader reader, const Sender& sender, Observer& out) {
    read_tag(reader);  // process
    read_tag(reader);  // device
    const Tag object = read_tag(reader);
    if (!reader.ok() || !object.is_context(2)) return out.anomaly("malformed-apdu");
    object_of(message, bacnet::object_id(object.number_value()), sender, out);
  }

  void object_of(const Message& message, bacnet::ObjectId id, const Sender& sender, Observer& out) {
    if (message.from_behind) return;
    serves(sender, out);
    if (const std::string_view kind = telling_object(id.type); !kind.empty())
      tell(sender, "bacnet.object-type", kind, out);
  }

  void asked(Direction direction, const Apdu& apdu, const Sender& sender, Observer& out) {
    if (apdu.segmented && apdu.sequence != 0) return;
    if (apdu.service == kCovNotification) return notified({}, ByteReader(apdu.data), sender, out);
    const std::string_view change = changing_service(apdu.service);
    if (!change.empty() && heard_.first(hash64(change, static_cast<std::uint64_t>(direction))))
      out.message(sender.party, direction == Direction::kToServer ? out.server() : out.client(), change);
    if (apdu.service != kDeviceCommunicationControl && apdu.service != kReinitializeDevice) return;
    const std::uint8_t place = apdu.service == kDeviceCommunicationControl ? 2 : 1;
    ByteReader reader(apdu.data);
    while (!reader.empty()) {
      const Tag tag = read_tag(reader);
      if (!reader.ok()) return out.anomaly("malformed-apdu");
      if (!tag.is_context(place) || direction != Direction::kToServer) continue;
      const std::string password = tag.text_value();
      pending_[next_pending_++ % pending_.size()] = {digest_secret({}, password), apdu.invoke, true,
                                                     password.empty()};
    }
  }

  /// The answer to a request: whether a password was right, and that none was asked for elsewhere.
  void answered(Direction direction, const Apdu& apdu, bool accepted, const Sender& sender, Observer& out) {
    serves(sender, out);
    // Observations of sessions and logins are about the flow's server: not where the two roles have swapped.
    if (direction != Direction::kToClient) return;
    if (apdu.service == kDeviceCommunicationControl || apdu.service == kReinitializeDevice) {
      for (Pending& pending : pending_) {
        if (!pending.used || pending.invoke != apdu.invoke) continue;
        pending.used = false;
        out.login({.protocol = "bacnet",
                   .mechanism = "plain",
                   .cleartext = true,
                   .outcome = accepted ? Outcome::kAccepted : Outcome::kRefused,
                   .account_and_secret = pending.secret,
                   .secret_empty = pending.empty});
      }
    } else if (accepted && heard_.first(hash64("session"))) {
      out.session({"bacnet", SessionSeen::Authentication::kNone, false});
    }
  }

  void read_values(const Message& message, const Apdu& apdu, const Sender& sender, Observer& out) {
    ByteReader reader(apdu.data);
    if (apdu.service == kReadProperty) {
      const Tag object = read_tag(reader), property = read_tag(reader);
      Tag value = read_tag(reader);
      if (value.is_context(2)) return;  // an element of a list
      if (value.opens(3) && object.is_context(0) && property.is_context(1))
        said(message, bacnet::object_id(object.number_value()), property.number_value(), read_tag(reader),
             sender, out);
    } else if (apdu.service == kReadPropertyMultiple) {
      while (!reader.empty() && read_object(message, reader, sender, out)) {
      }
    }
    if (!reader.ok() && !apdu.segmented) out.anomaly("malformed-apdu");
  }

  /// One object's list of properties in an answer to ReadPropertyMultiple (15.7.3.1).
  bool read_object(const Message& message, ByteReader& reader, const Sender& sender, Observer& out) {
    const Tag object = read_tag(reader);
    if (!object.is_context(0) || !read_tag(reader).opens(1)) {
      reader.fail();
      return false;
    }
    const bacnet::ObjectId id = bacnet::object_id(object.number_value());
    for (Tag tag = read_tag(reader); reader.ok() && !tag.closes(1); tag = read_tag(reader)) {
      const std::uint32_t property = tag.number_value();
      Tag next = read_tag(reader);
      const bool element = next.is_context(3);
      if (element) next = read_tag(reader);
      if (!next.opening) {
        reader.fail();
        return false;
      }
      if (next.opens(4) && !element) {
        ByteReader ahead = reader;
        const Tag value = read_tag(ahead);
        if (ahead.ok() && !value.closing) said(message, id, property, value, sender, out);
      }
      skip_to_closing(reader);
    }
    return reader.ok();
  }

  void said(const Message& message, bacnet::ObjectId id, std::uint32_t property, const Tag& value,
            const Sender& sender, Observer& out) {
    object_of(message, id, sender, out);
    if (id.type != bacnet::kDeviceObject || message.from_behind) return;
    const std::string text = value.is(Type::kCharacterString) ? value.text_value()
                             : value.is(Type::kUnsigned)      ? std::to_string(value.number_value())
                                                              : std::string();
    if (text.empty()) return;
    if (property == kObjectName) {
      if (heard_.first(hash64(text, kObjectName))) out.name(sender.party, "bacnet", text);
    } else if (property == kProtocolRevision) {
      if (heard_.first(hash64(text, kProtocolRevision))) out.used(sender.party, "bacnet", "1." + text);
    } else {
      for (const Property& wanted : kProperties)
        if (wanted.id == property) tell(sender, wanted.clue, text, out);
    }
  }

  Heard heard_;
  std::array<Pending, 4> pending_{};
  std::uint8_t next_pending_ = 0;
};

Recognition recognise(const Probe& probe) {
  const auto message = bacnet::read_message(probe.bytes);
  if (!message || (!message->exact && !probe.on_port)) return Recognition::kNo;
  if (!bacnet::carries_network_message(message->function))
    return probe.on_port ? Recognition::kYes : Recognition::kMaybe;
  if (!message->network_message && !bacnet::read_apdu(message->body)) return Recognition::kNo;
  return Recognition::kYes;
}

}  // namespace

const DissectorInfo& bacnet_dissector() {
  static constexpr DissectorInfo kInfo = with_state<BacnetDissector>({.name = "bacnet",
                                                                      .title = "BACnet/IP",
                                                                      .layers = kLayers,
                                                                      .ports = kPorts,
                                                                      .clues = kClues,
                                                                      .recognise = recognise,
                                                                      .first_bytes = FirstBytes::of("\x81")});
  return kInfo;
}

}  // namespace bedrail
