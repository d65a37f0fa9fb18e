#include "dissect/dissector.h"

#include <array>

#include "base/text.h"
#include "format/dns_message.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {5355};
constexpr std::string_view kClues[] = {"llmnr.query", "llmnr.claim"};

/// Names on the link without a server (RFC 4795).
class LlmnrDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    dns::MessageReader reader(bytes);
    if (!reader.ok()) {
      out.anomaly("truncated");
      return Progress::failed();
    }
    const Party sender = direction == Direction::kToServer ? out.client() : out.server();
    if (reader.header().opcode() != dns::Opcode::kQuery) return Progress::all(bytes);
    if (reader.header().response()) {
      if (reader.header().rcode() == 0) answered(reader, sender, out);
    } else {
      asked(reader, sender, out);
    }
    if (!reader.ok() && !reader.header().truncated()) out.anomaly("malformed");
    return Progress::all(bytes);
  }

 private:
  static void asked(dns::MessageReader& reader, const Party& sender, Observer& out) {
    for (dns::Question question; reader.next(question);) {
      if (question.name.is_under("arpa")) continue;
      // Before a host uses a name it asks with the type ANY whether others do (RFC 4795, 4).
      const bool claim = question.type == dns::Type::kAny;
      out.clue(sender, claim ? "llmnr.claim" : "llmnr.query", to_lower(question.name.text()), Role::kClient);
    }
  }

  static void answered(dns::MessageReader& reader, const Party& sender, Observer& out) {
    for (dns::Record record; reader.next(record);) {
      if (record.record_class() != dns::Class::kInternet) continue;
      dns::Name target;
      if (const Bytes octets = reader.address(record); !octets.empty()) {
        name(IpAddress::from(octets), record.name, sender, out);
      } else if (record.type == dns::Type::kPtr && reader.target(record, target)) {
        std::array<std::byte, 16> reversed{};
        name(IpAddress::from(Bytes(reversed).first(dns::reverse_address(record.name, reversed))), target,
             sender, out);
      }
    }
  }

  static void name(const IpAddress& ip, const dns::Name& name, const Party& sender, Observer& out) {
    if (!ip.is_unicast() || ip.is_loopback()) return;
    out.name(ip == sender.ip ? sender : Party{ip, std::nullopt, sender.vlan, false}, "llmnr", name.text());
  }
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

const DissectorInfo& llmnr_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<LlmnrDissector>({.name = "llmnr",
                                  .title = "Link-Local Multicast Name Resolution",
                                  .layers = kLayers,
                                  .ports = kPorts,
                                  .clues = kClues,
                                  .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
