#include "dissect/dissector.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <optional>
#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "dissect/heard.h"

namespace bedrail {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp, Layer::kUdp};
constexpr std::uint16_t kPorts[] = {44818};
constexpr std::string_view kClues[] = {"enip.vendor-id", "enip.device-type", "enip.product-code",
                                       "enip.product",   "enip.revision",    "enip.serial"};

/// Encapsulation header (CIP Networks Library, volume 2, 2-3): command, length, session, status, context,
/// options.
constexpr std::size_t kHeader = 24;
/// Longer messages carry data only: they are passed over.
constexpr std::uint32_t kReadLimit = 4096;
/// What RSLinx asks older controllers first, before the rest; the standard keeps 1 for it.
constexpr std::uint16_t kLegacy = 0x01;
constexpr std::uint16_t kListServices = 0x04, kListIdentity = 0x63, kListInterfaces = 0x64, kRegister = 0x65,
                        kUnregister = 0x66, kSendData = 0x6f, kSendUnitData = 0x70;
/// Items of the common packet format (2-6).
constexpr std::uint16_t kNullAddress = 0, kIdentityItem = 0x0c, kConnectedAddress = 0xa1,
                        kConnectedData = 0xb1, kUnconnectedData = 0xb2;
constexpr unsigned kItemLimit = 16;
constexpr std::uint8_t kReply = 0x80, kGetAttributesAll = 1;
constexpr std::uint8_t kIdentityClass = 1;

struct Header {
  std::uint16_t command = 0, length = 0;
  std::uint32_t status = 0;
  std::uint64_t context = 0;
};

/// Nothing where the bytes are too few or begin no encapsulated message.
std::optional<Header> read_header(Bytes bytes) {
  ByteReader reader(bytes);
  Header out;
  out.command = reader.le16();
  out.length = reader.le16();
  reader.skip(4);
  out.status = reader.le32();
  out.context = reader.le64();
  const std::uint32_t options = reader.le32();
  constexpr std::uint16_t kCommands[] = {
      0,         kLegacy,       kListServices, kListIdentity, kListInterfaces, kRegister, kUnregister,
      kSendData, kSendUnitData, 0x72,          0x73};
  if (!reader.ok() || options != 0 || out.status > 0x69 ||
      std::find(std::begin(kCommands), std::end(kCommands), out.command) == std::end(kCommands))
    return std::nullopt;
  return out;
}

/// The class that a request's path begins with; 0 where it is none of the short forms (volume 1, C-1.4).
std::uint8_t path_class(ByteReader path) {
  if (path.u8() != 0x20) return 0;
  return path.u8();
}

/// The services that change a device (CIP Networks Library, volume 1, appendix A; Rockwell's 1756-PM020 for
/// tags). From 0x4b on each class has its own: those of tags are told by a path that begins with a tag's name
/// or the class of symbols.
std::string_view changing_service(std::uint8_t service, ByteReader path) {
  constexpr std::uint8_t kSymbolicSegment = 0x91, kSymbolClass = 0x6b;
  if (service >= 0x4b && path.peek() != kSymbolicSegment && path_class(path) != kSymbolClass) return {};
  switch (service) {
    case 0x02:
      return "Set_Attributes_All";
    case 0x04:
      return "Set_Attribute_List";
    case 0x05:
      return "Reset";
    case 0x06:
      return "Start";
    case 0x07:
      return "Stop";
    case 0x08:
      return "Create";
    case 0x09:
      return "Delete";
    case 0x10:
      return "Set_Attribute_Single";
    case 0x15:
      return "Restore";
    case 0x4d:
      return "Write_Tag";
    case 0x53:
      return "Write_Tag_Fragmented";
    default:
      return {};
  }
}

/// EtherNet/IP: which controllers, drives and adapters there are, and who operates them.
class EnipDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    const bool stream = out.flow().key.transport == Transport::kTcp;
    if (bytes.size() < kHeader) {
      if (stream) return Progress::need(0, kHeader);
      out.anomaly("truncated");
      return Progress::all(bytes);
    }
    const auto header = read_header(bytes);
    if (!header) {
      out.anomaly("bad-header");
      return stream ? Progress::failed() : Progress::all(bytes);
    }
    const std::uint32_t whole = std::uint32_t{header->length} + kHeader;
    if (stream && whole > kReadLimit) return Progress::need(whole, 0);
    if (bytes.size() < whole) {
      if (stream) return Progress::need(0, whole);
      out.anomaly("truncated");
      return Progress::all(bytes);
    }
    message(direction, *header, bytes.subspan(kHeader, header->length), out);
    return Progress::need(whole, 0);
  }

 private:
  void message(Direction direction, const Header& header, Bytes body, Observer& out) {
    const bool request = direction == Direction::kToServer;
    ByteReader reader(body);
    switch (header.command) {
      case kListIdentity:
        if (!body.empty()) identities(direction, reader, out);
        break;
      case kListServices:
        if (!body.empty()) serves(direction, out);
        break;
      case kRegister:
        if (request || header.status != 0) break;
        serves(direction, out);
        if (heard_.first(hash64("session"))) out.session({"enip", SessionSeen::Authentication::kNone, false});
        break;
      case kSendData:
      case kSendUnitData:
        if (request || header.status == 0) data(request, header, reader, out);
        break;
      default:
        break;
    }
  }

  static Party sender(Direction direction, Observer& out) {
    return direction == Direction::kToServer ? out.client() : out.server();
  }

  /// Who answers, whichever end of a datagram's flow it is.
  void serves(Direction direction, Observer& out) {
    const FlowKey& key = out.flow().key;
    const bool client = direction == Direction::kToServer;
    // Who answers from a port of the moment listens at none that is known.
    if (client && key.client.port != kPorts[0]) return;
    if (!heard_.first(hash64("service", static_cast<std::uint64_t>(direction)))) return;
    const std::uint16_t port = client ? key.client.port : key.server.port;
    out.service_at(sender(direction, out), {key.transport, port, "enip", {}, {}, false});
  }

  void tell(Direction direction, std::string_view key, std::string_view text, Observer& out) {
    if (heard_.first(mix(hash64(key, static_cast<std::uint64_t>(direction)), hash64(text))))
      out.clue(sender(direction, out), key, text, Role::kServer);
  }

  void identities(Direction direction, ByteReader& reader, Observer& out) {
    const unsigned count = std::min<unsigned>(reader.le16(), kItemLimit);
    for (unsigned i = 0; i < count && reader.ok(); ++i) {
      const std::uint16_t type = reader.le16();
      ByteReader item = reader.slice(reader.le16());
      if (type != kIdentityItem || !reader.ok()) continue;
      item.skip(2 + 16);  // protocol version, socket address
      identity(direction, item, out);
      if (!item.ok()) reader.fail();
    }
    if (!reader.ok()) out.anomaly("malformed-item");
  }

  /// The attributes of the identity object, in order (volume 1, 5-2.2).
  void identity(Direction direction, ByteReader& reader, Observer& out) {
    const std::uint16_t vendor = reader.le16(), type = reader.le16(), code = reader.le16();
    const std::uint8_t major = reader.u8(), minor = reader.u8();
    reader.skip(2);  // status
    const std::uint32_t serial = reader.le32();
    const std::string_view product = reader.text(reader.u8());
    if (!reader.ok()) return;
    serves(direction, out);
    tell(direction, "enip.vendor-id", std::to_string(vendor), out);
    tell(direction, "enip.device-type", std::to_string(type), out);
    tell(direction, "enip.product-code", std::to_string(vendor) + "/" + std::to_string(code), out);
    tell(direction, "enip.product", product, out);
    tell(direction, "enip.revision", std::to_string(major) + "." + std::to_string(minor), out);
    // Makers without serial numbers give none.
    if (serial != 0) tell(direction, "enip.serial", hexadecimal(serial), out);
  }

  static std::string hexadecimal(std::uint32_t number) {
    const std::array<std::byte, 4> octets = {
        static_cast<std::byte>(number >> 24), static_cast<std::byte>(number >> 16),
        static_cast<std::byte>(number >> 8), static_cast<std::byte>(number)};
    return to_hex(octets);
  }

  void data(bool request, const Header& header, ByteReader& reader, Observer& out) {
    reader.skip(4 + 2);  // interface, timeout
    const unsigned count = std::min<unsigned>(reader.le16(), kItemLimit);
    for (unsigned i = 0; i < count && reader.ok(); ++i) {
      const std::uint16_t type = reader.le16();
      ByteReader item = reader.slice(reader.le16());
      if (type == kConnectedData) item.skip(2);  // sequence
      if ((type == kConnectedData || type == kUnconnectedData) && reader.ok())
        cip(request, header, item, out);
    }
    if (!reader.ok()) out.anomaly("malformed-item");
  }

  /// A message router request or response (volume 1, 2-4).
  void cip(bool request, const Header& header, ByteReader reader, Observer& out) {
    const std::uint8_t service = reader.u8();
    if (!reader.ok()) return out.anomaly("malformed-item");
    if (((service & kReply) != 0) == request) return;
    if (request) {
      ByteReader path = reader.slice(std::size_t{reader.u8()} * 2);
      if (!reader.ok()) return out.anomaly("malformed-item");
      asked_identity_ = service == kGetAttributesAll && path_class(path) == kIdentityClass;
      asked_context_ = header.context;
      if (const std::string_view name = changing_service(service, path);
          !name.empty() && heard_.first(hash64(name)))
        out.message(out.client(), out.server(), name);
      return;
    }
    serves(Direction::kToClient, out);
    reader.skip(1);
    const std::uint8_t status = reader.u8();
    reader.skip(std::size_t{reader.u8()} * 2);
    const bool identity_answer = service == (kReply | kGetAttributesAll) && status == 0 && asked_identity_ &&
                                 asked_context_ == header.context;
    if (!identity_answer) return;
    asked_identity_ = false;
    identity(Direction::kToClient, reader, out);
    if (!reader.ok()) out.anomaly("malformed-item");
  }

  Heard heard_;
  std::uint64_t asked_context_ = 0;
  bool asked_identity_ = false;
};

/// Whether the body fits the command; more may be missing at its end.
bool body_fits(const Header& header, ByteReader body) {
  switch (header.command) {
    case kRegister:
      return header.length == 4 && body.le16() == 1 && body.le16() == 0 && body.ok();
    case kListIdentity: {
      const std::uint16_t count = body.le16(), type = body.le16();
      return header.length > 6 && count >= 1 && type == kIdentityItem && body.ok();
    }
    case kSendData:
    case kSendUnitData: {
      const std::uint32_t interface = body.le32();
      body.skip(2);
      const std::uint16_t count = body.le16(), type = body.le16();
      return interface == 0 && count >= 1 && count <= kItemLimit && body.ok() &&
             (type == kNullAddress || type == kConnectedAddress);
    }
    default:
      return false;
  }
}

Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  // The low octet of each command; the high one is 0, as are most octets of a header.
  if (probe.bytes.size() >= 2 && (reader.le16() & 0xff00) != 0) return Recognition::kNo;
  if (probe.bytes.size() < kHeader) return Recognition::kMore;
  const auto header = read_header(probe.bytes);
  if (!header) return Recognition::kNo;
  ByteReader body(probe.bytes);
  body.skip(kHeader);
  if (body_fits(*header, body)) return Recognition::kYes;
  const bool bare = header->length == 0 && header->status == 0 &&
                    (header->command == kListIdentity || header->command == kListServices ||
                     header->command == kListInterfaces || header->command == kUnregister);
  // Little but zeros: without its port it is not claimed.
  if (header->command == kLegacy) return probe.on_port ? Recognition::kYes : Recognition::kNo;
  if (bare && probe.bytes.size() == kHeader) return probe.on_port ? Recognition::kYes : Recognition::kMaybe;
  if (body.remaining() < std::min<std::size_t>(header->length, 12)) return Recognition::kMore;
  return probe.on_port ? Recognition::kYes : Recognition::kNo;
}

}  // namespace

const DissectorInfo& enip_dissector() {
  static constexpr DissectorInfo kInfo = with_state<EnipDissector>(
      {.name = "enip",
       .title = "EtherNet/IP",
       .layers = kLayers,
       .ports = kPorts,
       .clues = kClues,
       .recognise = recognise,
       .first_bytes = FirstBytes::of({"\x00\x01\x04\x63\x64\x65\x66\x6f\x70\x72\x73", 11})});
  return kInfo;
}

}  // namespace bedrail
