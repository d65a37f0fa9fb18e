#include "dissect/dissector.h"

#include "base/byte_reader.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {1194};
constexpr std::string_view kClues[] = {"openvpn.protection"};

/// Operations, in the upper five bits (OpenVPN's protocol, "Packet Types").
constexpr unsigned kClientReset = 7, kServerReset = 8, kClientReset3 = 10;
constexpr std::size_t kBareReset = 14, kMostReset = 700;

unsigned operation_of(Bytes bytes) {
  return bytes.empty() ? 0 : std::to_integer<unsigned>(bytes.front()) >> 3;
}

/// OpenVPN over UDP: a tunnel, seen as such.
class OpenvpnDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const unsigned operation = operation_of(bytes);
    const bool client = direction == Direction::kToServer;
    if (client && (operation == kClientReset || operation == kClientReset3) && !asked_) {
      asked_ = true;
      // Without a key of its own a server answers anybody.
      const std::string_view protection = operation == kClientReset3   ? "tls-crypt-v2"
                                          : bytes.size() == kBareReset ? "none"
                                                                       : "key";
      out.clue(out.client(), "openvpn.protection", protection, Role::kClient);
    }
    if (!client && operation == kServerReset && !answered_) {
      answered_ = true;
      out.service("openvpn", {}, {}, true);
      out.used(out.server(), "openvpn", "2");
    }
    return asked_ && answered_ ? Progress::done() : Progress::all(bytes);
  }

 private:
  bool asked_ = false, answered_ = false;
};

Recognition recognise(const Probe& probe) {
  const unsigned operation = operation_of(probe.bytes);
  const unsigned wanted = probe.direction == Direction::kToServer ? kClientReset : kServerReset;
  const bool third = operation == kClientReset3 && probe.direction == Direction::kToServer;
  if ((operation != wanted && !third) || (std::to_integer<unsigned>(probe.bytes.front()) & 7) != 0)
    return Recognition::kNo;
  if (probe.bytes.size() < kBareReset || probe.bytes.size() > kMostReset) return Recognition::kNo;
  // A session's number, no acknowledgement, the message 0: without a key all of it stands open.
  ByteReader reader(probe.bytes);
  reader.skip(9);
  const bool bare =
      probe.bytes.size() == kBareReset && operation == kClientReset && reader.u8() == 0 && reader.be32() == 0;
  return bare || probe.on_port ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& openvpn_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<OpenvpnDissector>({.name = "openvpn",
                                    .title = "OpenVPN",
                                    .layers = kLayers,
                                    .ports = kPorts,
                                    .clues = kClues,
                                    .recognise = recognise,
                                    .first_bytes = FirstBytes::of("\x38\x40\x50")});
  return kInfo;
}

}  // namespace bedrail
