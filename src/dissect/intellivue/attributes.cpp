#include "dissect/intellivue/attributes.h"

#include <optional>
#include <string>

#include "base/text.h"

namespace bedrail {
namespace {

enum Attribute : std::uint16_t {
  kArea = 0x090d,
  kBedLabel = 0x091e,
  kModel = 0x0928,
  kProductionSpecification = 0x092d,
  kMode = 0x0946,
  kBirthDate = 0x0958,
  kPatientId = 0x095a,
  kFamilyName = 0x095c,
  kGivenName = 0x095d,
  kSex = 0x0961,
  kSystemId = 0x0984,
  kSystemType = 0x0986,
  kInternalId = 0xf001,
  kAddress = 0xf100,
  kProtocolSupport = 0xf101,
  kConnectBedLabel = 0xf135,  ///< the bed label as connect indications carry it
};

enum : IntellivuePatient { kIdKind = 1, kNameKind = 2, kBirthDateKind = 4, kSexKind = 8 };
constexpr std::string_view kKinds[] = {"id", "name", "birth-date", "sex"};

/// A list of more is no list: monitors send some twenty.
constexpr unsigned kAttributeLimit = 128;
constexpr unsigned kSpecificationLimit = 64;
constexpr std::uint16_t kWireless = 0x8000;
/// Where connect indications are sent to: nobody is served there.
constexpr std::uint16_t kIndicationPort = 24005;

/// A variable label: its size, then characters, padded with NUL.
std::string_view label(ByteReader& reader) { return reader.text(reader.be16()); }

std::string_view system_type(std::uint16_t code) {
  switch (code) {
    case 0x114d:
      return "monitor";
    case 0x1161:
      return "infusion";
    case 0x1171:
      return "ventilator";
    default:
      return {};
  }
}

std::string_view area(std::uint16_t code) {
  constexpr std::string_view kAreas[] = {"", "operating room", "intensive care", "neonatal intensive care",
                                         "cardiology"};
  return code < std::size(kAreas) ? kAreas[code] : std::string_view();
}

std::string_view mode(std::uint16_t bits) {
  if ((bits & 0x4000) != 0) return "monitoring";
  if ((bits & 0x2000) != 0) return "demonstration";
  if ((bits & 0x1000) != 0) return "service";
  if ((bits & 0x0002) != 0) return "standby";
  if ((bits & 0x0001) != 0) return "configuration";
  return {};
}

/// Serial numbers and revisions, each of a component: of the product (0008) and its software (0058) they are
/// the device's own, of boards and boot loaders they are not.
bool production_specification(ByteReader reader, const IntellivueSpeech& speech) {
  const std::uint16_t count = reader.be16();
  reader.skip(2);
  for (unsigned i = 0; i < count && i < kSpecificationLimit; ++i) {
    const std::uint16_t kind = reader.be16();
    const std::uint16_t component = reader.be16();
    const std::string_view text = trim(label(reader));
    if (!reader.ok()) return false;
    if (kind == 1 && component == 0x0008) speech.clue("intellivue.serial", text);
    if (kind == 2 && component == 0x0008) speech.clue("intellivue.part", text);
    if (kind == 3 && (component == 0x0008 || component == 0x0050)) speech.clue("intellivue.hardware", text);
    if (kind == 4 && (component == 0x0008 || component == 0x0058)) speech.clue("intellivue.software", text);
    if (kind == 5 && (component == 0x0008 || component == 0x0058)) speech.clue("intellivue.firmware", text);
  }
  return reader.ok();
}

/// Where its data can be had: application (1 association, 5 data), transport (1 UDP), port, options.
bool protocol_support(ByteReader reader, const IntellivueSpeech& speech) {
  const std::uint16_t count = reader.be16();
  reader.skip(2);
  for (unsigned i = 0; i < count && i < kSpecificationLimit; ++i) {
    const std::uint16_t application = reader.be16();
    const std::uint16_t transport = reader.be16();
    const std::uint16_t port = reader.be16();
    const std::uint16_t options = reader.be16();
    if (!reader.ok()) return false;
    if ((options & kWireless) != 0) speech.clue("intellivue.link", "wireless");
    if (application == 1 && transport == 1 && port != 0 && port != kIndicationPort &&
        speech.said.insert(mix(hash64("port"), port)))
      speech.out.service_at(speech.sender, {Transport::kUdp, port, "intellivue", "IntelliVue", {}, false});
  }
  return true;
}

bool model(ByteReader reader, const IntellivueSpeech& speech) {
  const std::string_view maker = trim(label(reader));
  const std::string_view number = trim(label(reader));
  if (!reader.ok()) return false;
  speech.clue("intellivue.manufacturer", maker);
  speech.clue("intellivue.model", number);
  return true;
}

/// A UTF-16 label; empty where it is padding only.
std::string wide_label(ByteReader reader) {
  const std::uint16_t size = reader.be16();
  return std::string(trim(utf16be_to_utf8(reader.bytes(size))));
}

void patient_attribute(std::uint16_t id, std::uint16_t object_class, ByteReader reader,
                       IntellivuePatient& patient) {
  const auto add = [&](IntellivuePatient kind) { patient = static_cast<IntellivuePatient>(patient | kind); };
  const Bytes value = reader.rest();
  const bool filled =
      as_text(value).find_first_not_of(std::string_view("\0\xff", 2)) != std::string_view::npos;
  if (id == kPatientId && !wide_label(reader).empty()) add(kIdKind);
  if ((id == kFamilyName || id == kGivenName) && !wide_label(reader).empty()) add(kNameKind);
  if (id == kBirthDate && filled) add(kBirthDateKind);
  if (id == kSex && filled) add(kSexKind);
  if (id == kInternalId && object_class == kIntellivuePatient && filled) add(kIdKind);
}

bool attribute(std::uint16_t id, std::uint16_t object_class, ByteReader value, const IntellivueSpeech& speech,
               IntellivuePatient& patient) {
  switch (id) {
    case kArea:
      speech.clue("intellivue.area", area(value.be16()));
      return value.ok();
    case kMode:
      speech.clue("intellivue.mode", mode(value.be16()));
      return value.ok();
    case kSystemType:
      value.skip(2);
      speech.clue("intellivue.system-type", system_type(value.be16()));
      return value.ok();
    case kBedLabel:
    case kConnectBedLabel:
      speech.clue("intellivue.bed-label", wide_label(value));
      speech.name(wide_label(value));
      return true;
    case kModel:
      return model(value, speech);
    case kProductionSpecification:
      return production_specification(value, speech);
    case kProtocolSupport:
      return protocol_support(value, speech);
    case kSystemId: {
      const Bytes id_bytes = value.bytes(value.be16());
      if (const MacAddress mac = MacAddress::from(id_bytes); id_bytes.size() == 6 && !mac.is_zero())
        speech.clue("intellivue.system-id", to_string(mac));
      return value.ok();
    }
    default:
      patient_attribute(id, object_class, value, patient);
      return true;
  }
}

}  // namespace

bool read_intellivue_attributes(ByteReader& reader, std::uint16_t object_class,
                                const IntellivueSpeech& speech, IntellivuePatient& patient) {
  const std::uint16_t count = reader.be16();
  ByteReader list = reader.slice(reader.be16());
  if (!reader.ok() || count > kAttributeLimit) return false;
  for (unsigned i = 0; i < count; ++i) {
    const std::uint16_t id = list.be16();
    const ByteReader value = list.slice(list.be16());
    if (!list.ok() || !attribute(id, object_class, value, speech, patient)) return false;
  }
  return true;
}

std::string intellivue_patient_kinds(IntellivuePatient patient) {
  std::string out;
  for (std::size_t i = 0; i < std::size(kKinds); ++i) {
    if ((patient >> i & 1) != 0) out.append(out.empty() ? "" : ",").append(kKinds[i]);
  }
  return out;
}

std::optional<IntellivueAddress> intellivue_address(ByteReader reader) {
  const std::uint16_t count = reader.be16();
  ByteReader list = reader.slice(reader.be16());
  for (unsigned i = 0; i < count && i < kAttributeLimit && list.ok(); ++i) {
    const std::uint16_t id = list.be16();
    ByteReader value = list.slice(list.be16());
    if (id != kAddress) continue;
    IntellivueAddress out;
    out.mac = MacAddress::from(value.bytes(6));
    out.ip = IpAddress::from(value.bytes(4));
    if (value.ok() && !out.mac.is_zero() && !out.mac.is_multicast()) return out;
  }
  return std::nullopt;
}

}  // namespace bedrail
