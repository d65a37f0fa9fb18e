#include "dissect/dissector.h"

#include <array>
#include <string>

#include "base/byte_reader.h"
#include "base/hash.h"
#include "base/recent_set.h"
#include "dissect/phd/attributes.h"

namespace bedrail {
namespace phd {
namespace {

constexpr Layer kLayers[] = {Layer::kTcp};
/// 6464 is IANA's (ieee11073-20701); the others are those of the open implementations.
constexpr std::uint16_t kPorts[] = {6464, 24601, 6024};
constexpr std::string_view kClues[] = {"phd.system-id", "phd.specialization", "phd.manufacturer",
                                       "phd.model",     "phd.serial",         "phd.part-number",
                                       "phd.hardware",  "phd.software",       "phd.firmware"};

/// APDU choices (IEEE 11073-20601, annex A).
constexpr std::uint16_t kAssociationRequest = 0xe200, kAssociationResponse = 0xe300, kAbort = 0xe600,
                        kPresentation = 0xe700;
constexpr std::uint32_t kAssociationVersion = 0x80000000;
constexpr std::uint16_t kDataProtocol = 0x5079;
constexpr std::uint32_t kManager = 0x80000000, kAgent = 0x00800000;
/// The answer to a GET: of the device itself, where the object is 0 (annex A.10).
constexpr std::uint16_t kGetResult = 0x0203;
constexpr std::size_t kHeader = 4;
/// What is read of an APDU; attribute lists are a few hundred bytes, measurements are passed over.
constexpr std::uint32_t kReadLimit = 8 * 1024;

bool is_choice(std::uint16_t choice) { return choice >= 0xe200 && choice <= 0xe700 && (choice & 0xff) == 0; }

std::string hex(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const std::byte b : bytes) {
    out.push_back(kDigits[static_cast<std::size_t>(b) >> 4]);
    out.push_back(kDigits[static_cast<std::size_t>(b) & 15]);
  }
  return out;
}

/// Personal health devices: associations and what a device says of itself (IEEE 11073-20601).
class PhdDissector final : public Dissector {
 public:
  Progress consume(Direction direction, Bytes bytes, Observer& out) override {
    ByteReader reader(bytes);
    const std::uint16_t choice = reader.be16();
    const std::uint16_t length = reader.be16();
    if (!reader.ok()) return Progress::need(0, kHeader);
    if (!is_choice(choice)) {
      out.anomaly("bad-choice");
      return Progress::failed();
    }
    const std::uint32_t size = std::uint32_t{length} + kHeader;
    const bool read = choice <= kAssociationResponse || choice == kPresentation;
    if (!read || length > kReadLimit) return Progress::need(size, 0);
    if (bytes.size() < size) return Progress::need(0, size);
    ByteReader body = reader.slice(length);
    if (choice == kPresentation) {
      presentation(direction, body, out);
    } else {
      association(direction, choice, body, out);
    }
    return Progress::need(size, 0);
  }

 private:
  void association(Direction direction, std::uint16_t choice, ByteReader body, Observer& out) {
    std::uint16_t result = 0, count = 1;
    if (choice == kAssociationRequest) {
      if (body.be32() != kAssociationVersion) return out.anomaly("bad-association");
      count = body.be16();
      body.skip(2);
    } else {
      result = body.be16();
    }
    if (!served_) {
      served_ = true;
      out.service("phd");
      out.session({"phd", SessionSeen::Authentication::kNone, false});
    }
    const Party sender = direction == Direction::kToServer ? out.client() : out.server();
    const Party receiver = direction == Direction::kToServer ? out.server() : out.client();
    out.message(sender, receiver, choice == kAssociationRequest ? "AARQ" : "AARE",
                choice == kAssociationRequest ? "" : std::to_string(result));
    // The protocols offered, best first; a refusal may name none.
    for (unsigned i = 0; i < count && i < 8 && body.remaining() >= 4; ++i) {
      const std::uint16_t id = body.be16();
      ByteReader information = body.slice(body.be16());
      if (!body.ok()) return out.anomaly("bad-association");
      if (id == kDataProtocol) return system(direction, information, out);
    }
  }

  /// Who speaks: PhdAssociationInformation (annex A.8).
  void system(Direction direction, ByteReader reader, Observer& out) {
    reader.skip(4 + 2 + 4 + 4);
    const std::uint32_t type = reader.be32();
    const Bytes id = reader.bytes(reader.be16());
    const std::uint16_t configuration = reader.be16();
    if (!reader.ok() || id.size() != 8 || (type != kManager && type != kAgent))
      return out.anomaly("bad-association");
    const Party who = direction == Direction::kToServer ? out.client() : out.server();
    clue(direction, "phd.system-id", hex(id), who, out);
    if (type == kAgent)
      clue(direction, "phd.specialization", standard_configuration(configuration), who, out);
  }

  void presentation(Direction direction, ByteReader body, Observer& out) {
    ByteReader apdu = body.slice(body.be16());
    apdu.skip(2);
    const std::uint16_t choice = apdu.be16();
    ByteReader argument = apdu.slice(apdu.be16());
    if (!apdu.ok()) return out.anomaly("bad-presentation");
    if (choice != kGetResult || argument.be16() != 0) return;
    const Party who = direction == Direction::kToServer ? out.client() : out.server();
    const Attributes attributes = read_attributes(argument);
    for (std::size_t i = 0; i < attributes.count; ++i)
      clue(direction, attributes.list[i].key, attributes.list[i].text, who, out);
    if (!attributes.whole) out.anomaly("bad-attributes");
  }

  void clue(Direction direction, std::string_view key, std::string_view value, const Party& who,
            Observer& out) {
    if (value.empty() ||
        !said_.insert(mix(hash64(key, static_cast<std::uint64_t>(direction)), hash64(value))))
      return;
    out.clue(who, key, value, direction == Direction::kToServer ? Role::kClient : Role::kServer);
  }

  RecentSet<32> said_;
  bool served_ = false;
};

Recognition recognise(const Probe& probe) {
  ByteReader reader(probe.bytes);
  const std::uint16_t choice = reader.be16();
  const std::uint16_t length = reader.be16();
  const std::uint32_t version = reader.be32();
  reader.skip(4);
  const std::uint16_t protocol = reader.be16();
  if (!reader.ok()) {
    const std::uint8_t first = ByteReader(probe.bytes).u8();
    return first == 0xe2 || (probe.on_port && first >= 0xe3 && first <= 0xe7) ? Recognition::kMore
                                                                              : Recognition::kNo;
  }
  if (choice == kAssociationRequest && version == kAssociationVersion && length >= 10 &&
      (protocol == kDataProtocol || protocol == 0xffff))
    return Recognition::kYes;
  // In the middle of a connection: an APDU whose own length lies in it as it has to.
  const bool inner = choice == kPresentation && (version >> 16) + 2 == length;
  return probe.midstream && inner && probe.on_port ? Recognition::kYes : Recognition::kNo;
}

}  // namespace
}  // namespace phd

const DissectorInfo& phd_dissector() {
  static constexpr DissectorInfo kInfo =
      with_state<phd::PhdDissector>({.name = "phd",
                                     .title = "IEEE 11073-20601 personal health device",
                                     .layers = phd::kLayers,
                                     .ports = phd::kPorts,
                                     .clues = phd::kClues,
                                     .recognise = phd::recognise,
                                     .first_bytes = FirstBytes::of("\xe2\xe3\xe4\xe5\xe6\xe7"),
                                     .max_buffer = 16 * 1024});
  return kInfo;
}

}  // namespace bedrail
