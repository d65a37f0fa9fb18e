#include "dissect/dissector.h"

#include <string>

#include "base/byte_reader.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kIp};
constexpr std::uint16_t kProtocols[] = {2};
constexpr std::string_view kClues[] = {"igmp.group", "igmp.querier"};

/// Types of messages (RFC 1112, 2236, 3376).
constexpr std::uint8_t kQuery = 0x11, kReport1 = 0x12, kReport2 = 0x16, kLeave = 0x17, kReport3 = 0x22;
constexpr std::size_t kHeader = 8;
constexpr unsigned kMostRecords = 64;

/// The Internet Group Management Protocol: which groups a host listens to, which router asks for them.
class IgmpDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const Party sender = direction == Direction::kToServer ? out.client() : out.server();
    ByteReader reader(bytes);
    const std::uint8_t type = reader.u8(), delay = reader.u8();
    reader.skip(2);
    const Bytes group = reader.bytes(4);
    if (!reader.ok()) {
      out.anomaly("truncated");
      return Progress::done();
    }
    switch (type) {
      case kQuery: {
        // Version 1 has no delay, version 3 has more behind the group (RFC 3376, 7.1).
        const std::string_view version = bytes.size() > kHeader ? "3" : delay == 0 ? "1" : "2";
        // Snooping switches without an address ask, too.
        out.clue(sender, "igmp.querier", version);
        break;
      }
      case kReport1:
      case kReport2:
        listens(IpAddress::from(group), sender, out);
        break;
      case kReport3:
        reader.seek(6);
        records(reader, sender, out);
        break;
      default:
        if (type != kLeave && (type < 0x13 || type > 0x1f) && type != 0x30 && type != 0x31 && type != 0x32)
          out.anomaly("unknown-type");
        break;
    }
    return Progress::done();
  }

 private:
  static void listens(const IpAddress& group, const Party& sender, Observer& out) {
    if (!group.is_multicast()) return out.anomaly("bad-group");
    // Everybody listens to those of the link's own protocols, but they tell which of them.
    out.clue(sender, "igmp.group", to_string(group));
  }

  /// RFC 3376, 4.2: type, words of auxiliary data, sources, group.
  static void records(ByteReader reader, const Party& sender, Observer& out) {
    constexpr std::uint8_t kToInclude = 3, kBlockOld = 6;
    const std::uint16_t count = reader.be16();
    for (unsigned i = 0; i < count && i < kMostRecords; ++i) {
      const std::uint8_t type = reader.u8(), auxiliary = reader.u8();
      const std::uint16_t sources = reader.be16();
      const Bytes group = reader.bytes(4);
      reader.skip(4U * (sources + auxiliary));
      if (!reader.ok()) return out.anomaly("truncated");
      // To include nobody is to leave.
      const bool leaves = type == kToInclude && sources == 0;
      if (!leaves && type != kBlockOld) listens(IpAddress::from(group), sender, out);
    }
  }
};

}  // namespace

const DissectorInfo& igmp_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<IgmpDissector>({.name = "igmp",
                                 .title = "Internet Group Management Protocol",
                                 .layers = kLayers,
                                 .ports = kProtocols,
                                 .clues = kClues});
  return kInfo;
}

}  // namespace bedrail
