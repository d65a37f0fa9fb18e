#include "dissect/dissector.h"

#include "dissect/netbios/speaker.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {137, 138};
constexpr std::string_view kClues[] = {"netbios.group", "netbios.role", "netbios.os", "netbios.comment"};

constexpr std::uint16_t kDatagramPort = 138;

/// NetBIOS over UDP: the name service and the datagram service.
class NetbiosDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const bool up = direction == Direction::kToServer;
    const FlowKey& key = out.flow().key;
    netbios::Teller teller(heard_, up ? out.client() : out.server(), out);
    if (key.server.port == kDatagramPort || key.client.port == kDatagramPort || netbios::is_datagram(bytes)) {
      netbios::read_datagram(bytes, teller);
    } else {
      netbios::read_name_service(bytes, up ? key.client.port : key.server.port, teller);
    }
    return Progress::all(bytes);
  }

 private:
  Heard heard_;
};

/// The first name of a message, of a question or of a record.
bool has_netbios_name(Bytes message) {
  dns::MessageReader reader(message);
  dns::Question question;
  dns::Record record;
  const bool asked = reader.next(question);
  if (!asked && !reader.next(record)) return false;
  const dns::Type type = asked ? question.type : record.type;
  const bool known = type == dns::Type::kNetbiosName || type == dns::Type::kSrv;
  return known && dns::decode_netbios_label((asked ? question.name : record.name).label(0)).has_value();
}

Recognition recognise(const Probe& probe) {
  if (netbios::is_datagram(probe.bytes)) return Recognition::kYes;
  const dns::Shape shape = dns::shape_of(probe.bytes, dns::Family::kNetbios);
  if (shape == dns::Shape::kNone || !has_netbios_name(probe.bytes)) return Recognition::kNo;
  if (shape == dns::Shape::kWhole) return Recognition::kYes;
  return probe.on_port ? Recognition::kMaybe : Recognition::kNo;
}

}  // namespace

const DissectorInfo& netbios_dissector() {
  static constexpr DissectorInfo kInfo = with_state<NetbiosDissector>({.name = "netbios",
                                                                       .title = "NetBIOS names and datagrams",
                                                                       .layers = kLayers,
                                                                       .ports = kPorts,
                                                                       .clues = kClues,
                                                                       .recognise = recognise});
  return kInfo;
}

}  // namespace bedrail
