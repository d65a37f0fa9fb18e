#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "base/byte_reader.h"
#include "base/text.h"
#include "format/dns_message.h"
#include "format/product.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp, Layer::kTcp};
constexpr std::uint16_t kPorts[] = {53};
constexpr std::string_view kClues[] = {"dns.query", "dns.version", "dns.srv"};

/// Over TCP each message has its length before it (RFC 1035, 4.2.2); any length is possible.
constexpr std::uint32_t kMaxFramed = 2 + 0xffff;
constexpr std::uint16_t kHeaderSize = 12;
/// SRV answers of one message that are matched with the addresses beside them.
constexpr std::size_t kMaxLocations = 16;

bool is_address(dns::Type type) { return type == dns::Type::kA || type == dns::Type::kAaaa; }

bool is_reverse(const dns::Name& name) { return name.is_under("in-addr.arpa") || name.is_under("ip6.arpa"); }

/// An address that names a device of this network: public ones are others' business.
bool is_ours(const IpAddress& ip) { return ip.is_private() && ip.is_unicast() && !ip.is_loopback(); }

IpAddress address_of(const dns::MessageReader& reader, const dns::Record& record) {
  return IpAddress::from(reader.address(record));
}

/// The address that a PTR record's owner stands for.
IpAddress reverse_of(const dns::Name& name) {
  std::array<std::byte, 16> octets{};
  return IpAddress::from(Bytes(octets).first(dns::reverse_address(name, octets)));
}

/// Who asks whom for what, and which names the answers give to the devices here.
class DnsDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    if (out.flow().key.transport == Transport::kTcp) return stream(direction, bytes, out);
    return message(direction, bytes, out) ? Progress::all(bytes) : Progress::failed();
  }

 private:
  Progress stream(Direction direction, Bytes bytes, Observer& out) {
    ByteReader reader(bytes);
    const std::uint16_t length = reader.be16();
    if (!reader.ok()) return Progress::need(0, 2);
    if (length < kHeaderSize) {
      out.anomaly("bad-length");
      return Progress::failed();
    }
    if (reader.remaining() < length) return Progress::need(0, 2U + length);
    return message(direction, reader.bytes(length), out) ? Progress::need(2U + length, 0)
                                                         : Progress::failed();
  }

  /// False where it is no DNS at all.
  bool message(Direction direction, Bytes bytes, Observer& out) {
    dns::MessageReader reader(bytes);
    if (!reader.ok()) {
      out.anomaly("truncated");
      return false;
    }
    const dns::Header& header = reader.header();
    // Messages travel with the flow: a response goes to the client. Port 53 at both ends may leave that open.
    if (header.response() != (direction == Direction::kToClient)) {
      if (out.flow().key.client.port != kPorts[0]) out.anomaly("wrong-direction");
      return true;
    }
    if (header.response()) {
      answered(bytes, out);
    } else if (header.opcode() == dns::Opcode::kUpdate) {
      updated(bytes, out);
    } else if (header.opcode() == dns::Opcode::kQuery) {
      asked(reader, out);
      if (!reader.ok()) out.anomaly("malformed");
      asked_ids_[next_id_++ % asked_ids_.size()] = header.id;
    }
    return true;
  }

  static void asked(dns::MessageReader& reader, Observer& out) {
    for (dns::Question question; reader.next(question);) {
      // Reverse lookups tell what the asker saw, not what it is; NetBIOS names come from scanners.
      if (is_reverse(question.name) || dns::decode_netbios_label(question.name.label(0))) continue;
      out.clue(out.client(), "dns.query", to_lower(question.name.text()), Role::kClient);
    }
  }

  [[nodiscard]] bool was_asked(std::uint16_t id) const {
    const auto end = asked_ids_.begin() + std::min(next_id_, asked_ids_.size());
    return std::find(asked_ids_.begin(), end, id) != end;
  }

  void answered(Bytes bytes, Observer& out) {
    dns::MessageReader reader(bytes);
    const dns::Header& header = reader.header();
    if (!served_) {
      out.service("dns");
      served_ = true;
    }
    if (header.opcode() != dns::Opcode::kQuery) return;
    // The query itself was not captured: its answer repeats it.
    if (!was_asked(header.id)) {
      dns::MessageReader questions(bytes);
      asked(questions, out);
    }
    dns::Question question;
    const bool has_question = header.questions == 1 && reader.next(question);
    const dns::Name* queried = has_question && (is_address(question.type) || question.type == dns::Type::kAny)
                                   ? &question.name
                                   : nullptr;
    for (dns::Record record; reader.next(record);) answer(reader, record, queried, out);
    malformed(reader, out);
    locate(bytes, out);
  }

  /// One record of an answer.
  void answer(const dns::MessageReader& reader, const dns::Record& record, const dns::Name* queried,
              Observer& out) {
    const bool version = record.type == dns::Type::kTxt && record.record_class() == dns::Class::kChaos;
    if (version && record.section == dns::Section::kAnswer) return software(reader, record, out);
    if (record.record_class() != dns::Class::kInternet) return;
    if (is_address(record.type)) {
      const IpAddress ip = address_of(reader, record);
      // Behind aliases (CNAME) the address has the name that was asked for as well as its own.
      if (queried != nullptr && record.section == dns::Section::kAnswer && !(*queried == record.name))
        name(ip, *queried, out);
      name(ip, record.name, out);
    } else if (record.type == dns::Type::kPtr) {
      dns::Name target;
      if (reader.target(record, target)) name(reverse_of(record.name), target, out);
    }
  }

  /// The owner of "version.bind" or "version.server" in the class CHAOS says what the server runs.
  static void software(const dns::MessageReader& reader, const dns::Record& record, Observer& out) {
    if (!record.name.is_under("version.bind") && !record.name.is_under("version.server")) return;
    dns::TextReader texts(reader.data(record));
    std::string_view text;
    if (!texts.next(text)) return;
    out.clue(out.server(), "dns.version", text, Role::kServer);
    const Product product =
        text.find(' ') == std::string_view::npos ? product_of_word(text) : product_of_text(text);
    if (!product.name.empty() && !product.version.empty()) out.service("dns", product.name, product.version);
  }

  /// Services located by SRV answers (RFC 2782), told of the address that the same message gives their
  /// target.
  static void locate(Bytes bytes, Observer& out) {
    struct Location {
      std::uint64_t target;
      std::string service;
    };
    std::array<Location, kMaxLocations> locations;
    std::size_t count = 0;
    dns::MessageReader reader(bytes);
    dns::ServiceLocation location;
    for (dns::Record record; count < kMaxLocations && reader.next(record);) {
      if (record.section != dns::Section::kAnswer || !reader.service(record, location)) continue;
      locations[count++] = {location.target.hash(), to_lower(record.name.text())};
    }
    if (count == 0) return;
    dns::MessageReader addresses(bytes);
    for (dns::Record record; addresses.next(record);) {
      const IpAddress ip = address_of(addresses, record);
      if (!is_ours(ip)) continue;
      for (const Location& known : std::span(locations).first(count)) {
        if (known.target == record.name.hash())
          out.clue(party_of(ip, out), "dns.srv", known.service, Role::kServer);
      }
    }
  }

  /// A dynamic update (RFC 2136): who registers an address under a name. The update section stands third.
  static void updated(Bytes bytes, Observer& out) {
    dns::MessageReader reader(bytes);
    for (dns::Record record; reader.next(record);) {
      // The classes ANY and NONE delete.
      if (record.section != dns::Section::kAuthority || record.record_class() != dns::Class::kInternet)
        continue;
      if (is_address(record.type)) {
        name(address_of(reader, record), record.name, out);
      } else if (dns::Name target; reader.target(record, target) && record.type == dns::Type::kPtr) {
        name(reverse_of(record.name), target, out);
      }
    }
    malformed(reader, out);
  }

  static void malformed(const dns::MessageReader& reader, Observer& out) {
    // Messages cut short for lack of room end between records (RFC 2181, 9), but some servers cut anywhere.
    if (!reader.ok() && !reader.header().truncated()) out.anomaly("malformed");
  }

  static Party party_of(const IpAddress& ip, const Observer& out) {
    // An update of one's own address is heard from the frame that carries it.
    if (const Party client = out.client(); client.ip == ip) return client;
    return {ip, std::nullopt, out.flow().key.vlan, false};
  }

  static void name(const IpAddress& ip, const dns::Name& name, Observer& out) {
    if (is_ours(ip)) out.name(party_of(ip, out), "dns", name.text());
  }

  std::array<std::uint16_t, 16> asked_ids_{};  ///< of the last queries heard
  std::size_t next_id_ = 0;
  bool served_ = false;
};

/// A NetBIOS name's question has the same form (RFC 1002, 4.2.1); its name does not.
bool is_netbios(Bytes message) {
  dns::MessageReader reader(message);
  dns::Question question;
  return reader.next(question) &&
         (question.type == dns::Type::kNetbiosName || question.type == dns::Type::kSrv) &&
         dns::decode_netbios_label(question.name.label(0)).has_value();
}

Recognition recognise_message(const Probe& probe, Bytes message) {
  const dns::Shape shape = dns::shape_of(message);
  if (shape == dns::Shape::kNone || is_netbios(message)) return Recognition::kNo;
  // Over UDP either end may have the port; a response comes from it.
  const bool response = dns::MessageReader(message).header().response();
  if (response != (probe.direction == Direction::kToClient)) return Recognition::kNo;
  if (shape == dns::Shape::kWhole) return probe.on_port ? Recognition::kYes : Recognition::kMaybe;
  return probe.on_port ? Recognition::kMaybe : Recognition::kNo;
}

Recognition recognise(const Probe& probe) {
  if (const Recognition said = recognise_message(probe, probe.bytes); said != Recognition::kNo) return said;
  ByteReader reader(probe.bytes);
  const std::uint16_t length = reader.be16();
  if (!reader.ok()) return Recognition::kMore;
  if (length < kHeaderSize + 5U) return Recognition::kNo;
  if (reader.remaining() >= length) return recognise_message(probe, reader.bytes(length));
  // The rest of a stream's first message is on its way, if the header is one.
  dns::MessageReader message(reader.rest());
  const dns::Header& header = message.header();
  if (!message.ok()) return Recognition::kMore;
  if (header.questions != 1 || (header.flags & 0x7840) != 0) return Recognition::kNo;
  return probe.bytes.size() < 512 ? Recognition::kMore : recognise_message(probe, reader.rest());
}

}  // namespace

const DissectorInfo& dns_dissector() {
  static constexpr DissectorInfo kInfo = with_state<DnsDissector>({.name = "dns",
                                                                   .title = "Domain Name System",
                                                                   .layers = kLayers,
                                                                   .ports = kPorts,
                                                                   .clues = kClues,
                                                                   .recognise = recognise,
                                                                   .max_buffer = kMaxFramed});
  return kInfo;
}

}  // namespace bedrail
