#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/hash.h"
#include "base/text.h"
#include "dissect/heard.h"
#include "dissect/mdns/service_type.h"
#include "format/dns_message.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {5353};
constexpr std::string_view kClues[] = {"mdns.service", "mdns.model", "mdns.txt", "mdns.query"};

/// Hosts' addresses and instances of one message that are told apart; further ones stay without an owner.
constexpr std::size_t kMaxHosts = 48, kMaxInstances = 48;
/// Types that announce a port which nobody listens at.
constexpr std::string_view kNoPort[] = {"_workstation._tcp", "_device-info._tcp", "_adisk._tcp"};

/// What the dissector keeps of one speaker.
struct Speaker {
  std::uint64_t host = 0;  ///< hash of the host name that has the speaker's own address
  bool served = false;
  bool repeats = false;  ///< it told another's address as such, as reflectors do
};

/// One response: whose records these are, then what they say.
class Announcement {
 public:
  Announcement(Bytes message, const Party& sender, Speaker& speaker, Heard& heard, Observer& out)
      : message_(message), sender_(sender), speaker_(speaker), heard_(heard), out_(out) {}

  /// False where it is malformed.
  bool tell() {
    collect();
    dns::MessageReader reader(message_);
    for (dns::Record record; reader.next(record);) {
      // A lifetime of 0 takes a record back (RFC 6762, 10.1).
      if (record.ttl == 0 || record.record_class() != dns::Class::kInternet) continue;
      switch (record.type) {
        case dns::Type::kA:
        case dns::Type::kAaaa:
          address(reader, record);
          break;
        case dns::Type::kPtr:
          pointer(reader, record);
          break;
        case dns::Type::kSrv:
          service(reader, record);
          break;
        case dns::Type::kTxt:
          text(reader.data(record), record.name);
          break;
        default:
          break;
      }
    }
    return reader.ok();
  }

 private:
  struct Host {
    std::uint64_t name;
    IpAddress ip;
  };
  struct Instance {
    std::uint64_t name, host;
  };

  /// Finds the addresses of hosts and the hosts of services.
  void collect() {
    dns::MessageReader reader(message_);
    dns::ServiceLocation location;
    for (dns::Record record; reader.next(record);) {
      if (record.ttl == 0 || record.record_class() != dns::Class::kInternet) continue;
      if (const Bytes octets = reader.address(record); !octets.empty()) {
        const Host host{record.name.hash(), IpAddress::from(octets)};
        const bool own = host.ip == sender_.ip;
        if (own) speaker_.host = host.name;
        own_address_ |= own;
        foreign_address_ |= !own && is_comparable(host.ip);
        if (host_count_ < kMaxHosts) hosts_[host_count_++] = host;
      } else if (instance_count_ < kMaxInstances && reader.service(record, location)) {
        instances_[instance_count_++] = {record.name.hash(), location.target.hash()};
      }
    }
    whole_ = reader.ok();
    speaker_.repeats |= foreign_address_ && !own_address_;
  }

  /// Would be the sender's own address if the host were the sender: it is of its family, and of its scope,
  /// since a host has addresses of several scopes in IPv6.
  [[nodiscard]] bool is_comparable(const IpAddress& ip) const {
    if (!sender_.ip || sender_.ip->is_v4() != ip.is_v4()) return false;
    return ip.is_v4() || sender_.ip->is_link_local() == ip.is_link_local();
  }

  [[nodiscard]] Party party_at(const IpAddress& ip) const {
    return ip == sender_.ip ? sender_ : Party{ip, std::nullopt, sender_.vlan, false};
  }

  /// The sender answers for its own host; proxies and reflectors repeat others' records, with others'
  /// addresses.
  [[nodiscard]] std::optional<Party> party_of_host(std::uint64_t host) const {
    const IpAddress* other = nullptr;
    bool listed = false;
    for (std::size_t i = 0; i < host_count_; ++i) {
      if (hosts_[i].name != host) continue;
      listed = true;
      if (hosts_[i].ip == sender_.ip) return sender_;
      if (other == nullptr && is_comparable(hosts_[i].ip) && hosts_[i].ip.is_unicast()) other = &hosts_[i].ip;
    }
    if (other != nullptr) return party_at(*other);
    if (listed || speaker_.host == host) return sender_;
    // Whose it is was not read. A reflector tells others' records as they come; nobody else leaves it out.
    const bool hidden = speaker_.host != 0 || speaker_.repeats || !whole_;
    return hidden ? std::nullopt : std::optional(sender_);
  }

  [[nodiscard]] std::optional<Party> party_of_instance(const dns::Name& instance) const {
    const std::uint64_t hash = instance.hash();
    for (std::size_t i = 0; i < instance_count_; ++i) {
      if (instances_[i].name == hash) return party_of_host(instances_[i].host);
    }
    // Its host is not said here: the sender's, unless it plainly speaks of others.
    const bool others = foreign_address_ && !own_address_;
    const bool hidden = others || !whole_ || (speaker_.repeats && speaker_.host == 0);
    return hidden ? std::nullopt : std::optional(sender_);
  }

  [[nodiscard]] bool has_location(const dns::Name& instance) const {
    const std::uint64_t hash = instance.hash();
    return std::any_of(instances_.begin(), instances_.begin() + instance_count_,
                       [hash](const Instance& i) { return i.name == hash; });
  }

  void address(const dns::MessageReader& reader, const dns::Record& record) {
    const IpAddress ip = IpAddress::from(reader.address(record));
    if (ip.is_unicast() && !ip.is_loopback()) host_name(party_at(ip), record.name);
  }

  void pointer(const dns::MessageReader& reader, const dns::Record& record) {
    dns::Name target;
    if (!reader.target(record, target)) return;
    std::array<std::byte, 16> octets{};
    if (const std::size_t size = dns::reverse_address(record.name, octets); size > 0) {
      const IpAddress ip = IpAddress::from(Bytes(octets).first(size));
      if (ip.is_unicast() && !ip.is_loopback()) host_name(party_at(ip), target);
      return;
    }
    // "_ipp._tcp.local" to an instance, or "_services._dns-sd._udp.local" to a type.
    const mdns::ServiceName offered = mdns::service_name(target);
    if (offered.type.empty() || has_location(target)) return;
    if (const auto who = party_of_instance(target)) {
      offer(*who, offered.type);
      instance_name(*who, offered);
    }
  }

  void service(const dns::MessageReader& reader, const dns::Record& record) {
    dns::ServiceLocation location;
    const mdns::ServiceName offered = mdns::service_name(record.name);
    if (offered.type.empty() || !reader.service(record, location)) return;
    const auto who = party_of_host(location.target.hash());
    if (!who) return;
    offer(*who, offered.type);
    instance_name(*who, offered);
    const mdns::ServiceProtocol spoken = mdns::protocol_of(offered.type);
    const bool listening = location.port != 0 && std::find(std::begin(kNoPort), std::end(kNoPort),
                                                           offered.type) == std::end(kNoPort);
    if (spoken.protocol.empty() || !listening || !first(*who, "service", spoken.protocol, location.port))
      return;
    const Transport transport = offered.type.ends_with("_udp") ? Transport::kUdp : Transport::kTcp;
    out_.service_at(*who, {transport, location.port, spoken.protocol, {}, {}, spoken.encrypted});
  }

  /// Properties of a service (RFC 6763, 6): "key=value" strings.
  void text(Bytes texts, const dns::Name& owner) {
    const mdns::ServiceName offered = mdns::service_name(owner);
    if (offered.type.empty() || offered.instance.empty() || mdns::is_shared_queue(offered.instance, texts))
      return;
    const auto who = party_of_instance(owner);
    if (!who) return;
    if (equals_ignoring_case(offered.type, "_device-info._tcp")) instance_name(*who, offered);
    dns::TextReader reader(texts);
    for (std::string_view text; reader.next(text);) {
      const std::size_t equals = text.find('=');
      if (equals == std::string_view::npos) continue;
      const std::string_view key = text.substr(0, equals);
      std::string_view value = trim(text.substr(equals + 1));
      // PostScript's product name stands in brackets.
      if (value.starts_with('(') && value.ends_with(')')) value = trim(value.substr(1, value.size() - 2));
      if (value.empty()) continue;
      if (mdns::is_model_key(key) && first(*who, "model", value)) out_.clue(*who, "mdns.model", value);
      if (mdns::is_identity_key(key)) property(*who, offered.type, key, value);
    }
  }

  void property(const Party& who, std::string_view type, std::string_view key, std::string_view value) {
    std::string line(type);
    line.append(1, '/').append(key).append(1, '=').append(value);
    if (first(who, "txt", line)) out_.clue(who, "mdns.txt", line);
  }

  void offer(const Party& who, std::string_view type) {
    if (first(who, "type", type)) out_.clue(who, "mdns.service", to_lower(type), Role::kServer);
  }

  void instance_name(Party who, const mdns::ServiceName& offered) {
    const mdns::InstanceName named = mdns::instance_name(offered);
    if (!named.mac.is_zero()) {
      who.mac = named.mac;
      who.mac_declared = true;
    }
    if (!named.name.empty() && first(who, "name", named.name)) out_.name(who, "mdns", named.name);
  }

  void host_name(const Party& who, const dns::Name& host) {
    std::string_view text = host.text();
    if (host.is_under("local")) text.remove_suffix(std::min(text.size(), std::string_view(".local").size()));
    if (!text.empty() && first(who, "name", text)) out_.name(who, "mdns", text);
  }

  bool first(const Party& who, std::string_view what, std::string_view value, std::uint64_t seed = 0) {
    const std::uint64_t subject =
        mix(who.ip ? hash_of(*who.ip) : 0, who.mac ? hash_of(*who.mac) : who.mac_declared);
    return heard_.first(hash64(value, hash64(what, mix(subject, seed))));
  }

  Bytes message_;
  Party sender_;
  Speaker& speaker_;
  Heard& heard_;
  Observer& out_;
  std::array<Host, kMaxHosts> hosts_;
  std::array<Instance, kMaxInstances> instances_;
  std::size_t host_count_ = 0, instance_count_ = 0;
  bool own_address_ = false, foreign_address_ = false, whole_ = false;
};

/// What devices say of themselves, and what they look for.
class MdnsDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    dns::MessageReader reader(bytes);
    if (!reader.ok()) {
      out.anomaly("truncated");
      return Progress::failed();
    }
    const bool up = direction == Direction::kToServer;
    const Party sender = up ? out.client() : out.server();
    // RFC 6762, 18.3 and 18.11: other operations and errors are to be ignored.
    if (reader.header().opcode() != dns::Opcode::kQuery || reader.header().rcode() != 0)
      return Progress::all(bytes);
    bool sound = true;
    if (reader.header().response()) {
      Speaker& speaker = speakers_[static_cast<std::size_t>(direction)];
      const std::uint16_t port = up ? out.flow().key.client.port : out.flow().key.server.port;
      if (!speaker.served && port == kPorts[0])
        out.service_at(sender, {Transport::kUdp, port, "mdns", {}, {}, false});
      speaker.served = true;
      sound = Announcement(bytes, sender, speaker, heard_, out).tell();
    } else if (reader.header().authorities == 0) {
      // With proposed records beside it (RFC 6762, 8.1) a question only asks whether a name is free.
      sound = asked(reader, sender, out);
    }
    if (!sound && !reader.header().truncated()) out.anomaly("malformed");
    return Progress::all(bytes);
  }

 private:
  bool asked(dns::MessageReader& reader, const Party& sender, Observer& out) {
    for (dns::Question question; reader.next(question);) {
      if (question.name.is_under("arpa")) continue;
      // A service's instance may have a person's name; its type tells what is looked for.
      const mdns::ServiceName service = mdns::service_name(question.name);
      const std::string_view text = service.instance.empty() ? question.name.text() : question.name.from(1);
      if (heard_.first(hash64(text, hash64("query", sender.ip ? hash_of(*sender.ip) : 0))))
        out.clue(sender, "mdns.query", to_lower(text), Role::kClient);
    }
    return reader.ok();
  }

  Heard heard_;
  std::array<Speaker, 2> speakers_;
};

Recognition recognise(const Probe& probe) {
  if (!probe.on_port) return Recognition::kNo;
  switch (dns::shape_of(probe.bytes)) {
    case dns::Shape::kWhole:
      return Recognition::kYes;
    case dns::Shape::kFront:
      return Recognition::kMaybe;
    case dns::Shape::kNone:
      break;
  }
  return Recognition::kNo;
}

}  // namespace

const DissectorInfo& mdns_dissector() {
  static constexpr DissectorInfo kInfo = with_state<MdnsDissector>({.name = "mdns",
                                                                    .title = "Multicast DNS",
                                                                    .layers = kLayers,
                                                                    .ports = kPorts,
                                                                    .clues = kClues,
                                                                    .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
