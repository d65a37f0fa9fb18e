#include "dissect/dissector.h"

#include "base/byte_reader.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kUdp};
constexpr std::uint16_t kPorts[] = {51820};
constexpr std::string_view kClues[] = {"wireguard.role"};

/// Messages and their sizes (WireGuard: Next Generation Kernel Network Tunnel, 5.4).
constexpr std::size_t kInitiation = 148, kResponse = 92, kCookie = 64, kLeastData = 32, kSecondCheck = 16;

/// 1 to 4 with three zeros, of the size that goes with it; else 0.
unsigned message_of(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint32_t type = reader.le32();
  if (!reader.ok()) return 0;
  if (type == 1 && bytes.size() == kInitiation) return 1;
  if (type == 2 && bytes.size() == kResponse) return 2;
  if (type == 3 && bytes.size() == kCookie) return 3;
  return type == 4 && bytes.size() >= kLeastData && bytes.size() % 16 == 0 ? 4 : 0;
}

/// WireGuard: a tunnel, seen as such; everything in it is encrypted.
class WireguardDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const unsigned message = message_of(bytes);
    if (message == 0) {
      if (!odd_) out.anomaly("bad-message");
      odd_ = true;
      return Progress::all(bytes);
    }
    const bool client = direction == Direction::kToServer;
    if (message == 1 && client && !asked_) {
      asked_ = true;
      out.clue(out.client(), "wireguard.role", "initiator", Role::kClient);
    }
    if (message == 2 && !client && !answered_) {
      answered_ = true;
      out.service("wireguard", {}, {}, true);
      out.used(out.server(), "wireguard", "1");
    }
    return Progress::all(bytes);
  }

 private:
  bool asked_ = false, answered_ = false, odd_ = false;
};

Recognition recognise(const Probe& probe) {
  const unsigned message = message_of(probe.bytes);
  if (message != 1 && message != 2)
    return message != 0 && probe.on_port ? Recognition::kMaybe : Recognition::kNo;
  // The second check is zero unless the other side is under load (5.4.7).
  bool zero = true;
  for (const std::byte octet : probe.bytes.last(kSecondCheck)) zero = zero && octet == std::byte{0};
  return zero || probe.on_port ? Recognition::kYes : Recognition::kMaybe;
}

}  // namespace

const DissectorInfo& wireguard_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<WireguardDissector>({.name = "wireguard",
                                      .title = "WireGuard",
                                      .layers = kLayers,
                                      .ports = kPorts,
                                      .clues = kClues,
                                      .recognise = recognise,
                                      .first_bytes = FirstBytes::of("\x01\x02\x03\x04")});
  return kInfo;
}

}  // namespace bedrail
