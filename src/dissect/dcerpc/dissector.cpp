#include "dissect/dissector.h"

#include "dissect/dcerpc_speaker.h"
#include "format/dcerpc.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
constexpr std::uint16_t kPorts[] = {135, 1025, 1026, 49152, 49153, 49154, 49155, 49156, 49157};
constexpr std::string_view kClues[] = {"dcerpc.binding", "dcerpc.interface",     "ntlm.dns-domain",
                                       "ntlm.domain",    "ntlm.machine-account", "ntlm.version"};

/// Calls between Windows systems: which interfaces, which operations, who proves what. Arguments stay unread.
class DcerpcDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    if (bytes.size() < dcerpc::kHeader) return Progress::need(0, dcerpc::kHeader);
    const auto header = dcerpc::read_header(bytes);
    if (!header) {
      out.anomaly("bad-header");
      return Progress::failed();
    }
    const std::uint32_t wanted = speaker_.wanted(*header);
    if (bytes.size() < wanted) return Progress::need(0, wanted);
    if (!speaker_.say(direction, *header, bytes.first(wanted), out)) out.anomaly("malformed");
    return Progress::need(header->length, 0);
  }

 private:
  DcerpcSpeaker speaker_{false};
};

Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  constexpr std::uint8_t kVersion = 5;
  if (reader.u8() != kVersion) return Recognition::kNo;
  if (probe.bytes.size() < dcerpc::kHeader) {
    const bool fits = reader.peek() <= 1 && (probe.bytes.size() < 3 || reader.peek(1) <= 19) &&
                      (probe.bytes.size() < 5 || reader.peek(3) == 0x10 || reader.peek(3) == 0) &&
                      (probe.bytes.size() < 6 || reader.peek(4) <= 3);
    return fits ? Recognition::kMore : Recognition::kNo;
  }
  const auto header = dcerpc::read_header(probe.bytes);
  if (!header || header->length < dcerpc::kHeader + 8U) return Recognition::kNo;
  const bool client = probe.direction == Direction::kToServer;
  switch (header->type) {
    case dcerpc::Type::kBind:
    case dcerpc::Type::kAlterContext:
    case dcerpc::Type::kRequest:
      return client ? Recognition::kYes : Recognition::kNo;
    case dcerpc::Type::kBindAck:
    case dcerpc::Type::kAlterContextAck:
    case dcerpc::Type::kResponse:
    case dcerpc::Type::kFault:
      return client ? Recognition::kNo : Recognition::kYes;
    default:
      return Recognition::kNo;
  }
}

}  // namespace

const DissectorInfo& dcerpc_dissector() {
  static constexpr DissectorInfo kInfo = with_state<DcerpcDissector>({.name = "dcerpc",
                                                                      .title = "DCE/RPC",
                                                                      .layers = kLayers,
                                                                      .ports = kPorts,
                                                                      .clues = kClues,
                                                                      .recognise = recognise,
                                                                      .first_bytes = FirstBytes::of("\x05"),
                                                                      .max_buffer = 20 * 1024});
  return kInfo;
}

}  // namespace bedrail
