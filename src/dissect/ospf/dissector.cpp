#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kIp};
constexpr std::uint16_t kProtocols[] = {89};
constexpr std::string_view kClues[] = {"ospf.area", "ospf.authentication", "ospf.router-id", "ospf.version"};

/// Open Shortest Path First (RFC 2328; version 3: RFC 5340): routers, and whether they check each other.
class OspfDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const Party sender = direction == Direction::kToServer ? out.client() : out.server();
    ByteReader reader(bytes);
    const std::uint8_t version = reader.u8(), type = reader.u8();
    const std::uint16_t length = reader.be16();
    const Bytes router = reader.bytes(4), area = reader.bytes(4);
    reader.skip(2);
    const std::uint16_t proof = reader.be16();
    if (!reader.ok()) {
      out.anomaly("truncated");
      return Progress::done();
    }
    if (version < 2 || version > 3 || type == 0 || type > 5 || length < (version == 2 ? 24 : 16)) {
      out.anomaly("bad-header");
      return Progress::done();
    }
    // Its greeting says all that is told here.
    constexpr std::uint8_t kHello = 1;
    if (type != kHello) return Progress::done();
    out.clue(sender, "ospf.version", std::to_string(version));
    out.clue(sender, "ospf.router-id", to_string(IpAddress::from(router)));
    out.clue(sender, "ospf.area", to_string(IpAddress::from(area)));
    // Version 3 leaves it to IPsec. The password of "plain" is not read.
    if (version == 2)
      out.clue(sender, "ospf.authentication", proof == 0 ? "none" : proof == 1 ? "plain" : "md5");
    return Progress::done();
  }
};

}  // namespace

const DissectorInfo& ospf_dissector() {
  static constexpr DissectorInfo kInfo = with_state<OspfDissector>({.name = "ospf",
                                                                    .title = "Open Shortest Path First",
                                                                    .layers = kLayers,
                                                                    .ports = kProtocols,
                                                                    .clues = kClues});
  return kInfo;
}

}  // namespace bedrail
