#include "dissect/hl7/message.h"

#include <string>

#include "base/text.h"
#include "format/hl7_patient.h"

namespace bedrail {
namespace {

/// Statements about equipment that one message may cause: rows of a real one name a handful of devices and
/// parts.
constexpr std::uint16_t kDeviceClueLimit = 96;

/// "n.0.0.0": the row of a device itself, not of its parts and measurements (IHE PCD TF-2, appendix B.8).
bool is_device_row(std::string_view containment) {
  return containment.find_first_not_of("0123456789.") == std::string_view::npos &&
         containment.ends_with(".0.0.0");
}

}  // namespace

void Hl7Speech::clue(bool of_sender, std::string_view key, std::string_view value) const {
  if (value.empty() ||
      !said.insert(mix(hash64(key, of_sender == (direction == Direction::kToServer)), hash64(value))))
    return;
  const bool client = of_sender == (direction == Direction::kToServer);
  out.clue(of_sender ? sender() : receiver(), key, value, client ? Role::kClient : Role::kServer);
}

void Hl7Speech::application(bool of_sender, std::string_view name) const {
  if (name.empty() ||
      !said.insert(mix(hash64("name", of_sender == (direction == Direction::kToServer)), hash64(name))))
    return;
  out.name(of_sender ? sender() : receiver(), "hl7-application", name);
}

void Hl7Speech::accepted() const {
  if (said.insert(hash64("accepted"))) out.session({"hl7", SessionSeen::Authentication::kNone, false});
}

void Hl7Speech::version(std::string_view version) const {
  if (!version.empty() && said.insert(mix(hash64("version"), hash64(version))))
    out.used(out.server(), "hl7", version);
}

bool Hl7Message::header(std::string_view text, const Hl7Speech& speech) {
  const auto separators = Hl7Separators::of(text);
  if (!separators) return false;
  separators_ = *separators;
  if (text.starts_with("MSH")) patient_ = 0;
  const Hl7Segment segment(sound(text, speech), separators_);
  const std::string application = segment.text(segment.field(3));
  speech.application(true, segment.text(segment.component(segment.field(3), 1)));
  speech.sender_clue("hl7.sending-application", application);
  speech.sender_clue("hl7.sending-facility", segment.text(segment.field(4)));
  if (const auto eui = hl7_eui64(segment, segment.field(3))) speech.sender_clue("hl7.sending-eui64", *eui);
  speech.application(false, segment.text(segment.component(segment.field(5), 1)));
  speech.receiver_clue("hl7.receiving-application", segment.text(segment.field(5)));
  speech.receiver_clue("hl7.receiving-facility", segment.text(segment.field(6)));
  if (segment.id() != "MSH") return true;
  open_ = true;
  device_ = false;
  clues_ = 0;
  equipment_ = 0;
  device_ip_ = {};
  declared_.clear();
  patient_ids_.clear();
  status_ = std::string_view();
  location_ = std::string_view();
  message_type(segment, speech);
  const std::string version = segment.text(segment.component(segment.field(12), 1));
  if (is_hl7_version(version))
    speech.version(version);
  else if (!version.empty())
    speech.out.anomaly("bad-header-field");
  // GE monitors number their messages with the MAC of their network card.
  if (application.starts_with("VSP^")) {
    if (const auto mac = parse_mac(segment.field(10)); mac && !mac->is_zero() && !mac->is_multicast()) {
      speech.sender_clue("hl7.sending-mac", to_string(*mac));
      declared_.network_mac(*mac);
    }
  }
  // Philips Efficia monitors put their serial number before their kind.
  if (segment.component(segment.field(3), 2) == "EfficiaCM") {
    device_ = true;
    declared_.take("hl7.equipment-serial", segment.text(segment.component(segment.field(3), 1)));
    declared_.take("hl7.equipment-model", "Efficia CM");
    declared_.take("hl7.equipment-maker", "Philips");
  }
  profiles(segment, speech);
  return true;
}

/// What of the segment `text` is surely its own; what hides behind is looked through for the kinds of data
/// only.
std::string_view Hl7Message::sound(std::string_view text, const Hl7Speech& speech) {
  const Hl7Sound sound = hl7_sound(text, separators_);
  patient_ = static_cast<std::uint16_t>(patient_ | sound.patient);
  if (!sound.whole) speech.out.anomaly("bad-segment-end");
  return sound.text;
}

void Hl7Message::message_type(const Hl7Segment& header, const Hl7Speech& speech) {
  const std::string code = header.text(trim(header.component(header.field(9), 1)));
  const std::string event = header.text(trim(header.component(header.field(9), 2)));
  const bool sound = is_hl7_message_code(code) && (event.empty() || is_hl7_trigger_event(event));
  type_ = sound ? code + (event.empty() ? "" : "^" + event) : std::string();
  if (!sound && !code.empty()) speech.out.anomaly("bad-header-field");
}

void Hl7Message::profiles(const Hl7Segment& header, const Hl7Speech& speech) {
  const std::string_view profiles = header.field(21);
  for (std::size_t i = 1; i <= 8; ++i) {
    const std::string profile = header.text(header.repetition(profiles, i));
    if (profile.empty()) break;
    if (!is_hl7_profile(profile)) {
      speech.out.anomaly("bad-header-field");
      continue;
    }
    speech.sender_clue("hl7.profile", profile);
    device_ = device_ || is_hl7_device_profile(profile);
  }
}

bool Hl7Message::is_read(std::string_view id) {
  for (const std::string_view read :
       {"OBX", "OBR", "PID", "PV1", "NK1", "MSA", "SFT", "PRT", "EQU", "MSH", "BHS", "FHS"}) {
    if (id == read) return true;
  }
  return false;
}

bool Hl7Message::segment(std::string_view text, const Hl7Speech& speech) {
  const std::string_view id = Hl7Segment(text, separators_).id();
  if (id.empty()) return false;
  if (is_read(id)) dispatch(Hl7Segment(sound(text, speech), separators_), speech);
  return true;
}

void Hl7Message::dispatch(const Hl7Segment& segment, const Hl7Speech& speech) {
  const std::string_view id = segment.id();
  if (id == "OBX")
    observation(segment, speech);
  else if (id == "OBR")
    order(segment, speech);
  else if (id == "PID" || id == "NK1")
    patient(segment);
  else if (id == "PV1")
    visit(segment);
  else if (id == "MSA")
    acknowledged(segment, speech);
  else if (id == "SFT")
    software(segment, speech);
  else if (id == "PRT")
    participation(segment, speech);
  else if (id == "EQU")
    equipment(segment, segment.field(1), false, speech);
}

/// MSA-1: a code of two letters (table 0008).
void Hl7Message::acknowledged(const Hl7Segment& segment, const Hl7Speech& speech) {
  const std::string status = segment.text(segment.component(segment.field(1), 1));
  const auto upper = [](char c) { return c >= 'A' && c <= 'Z'; };
  const bool sound = status.size() == 2 && upper(status[0]) && upper(status[1]);
  if (sound)
    status_ = status;
  else if (!status.empty())
    speech.out.anomaly("bad-segment");
}

void Hl7Message::software(const Hl7Segment& segment, const Hl7Speech& speech) {
  speech.sender_clue("hl7.software-vendor", segment.text(segment.component(segment.field(1), 1)));
  // The product is SFT-3; some gateways leave it out and write it as the binary's id.
  const std::string product = segment.text(segment.field(segment.says_something(3) ? 3 : 4));
  speech.sender_clue("hl7.software-product", product);
  speech.sender_clue("hl7.software-version", segment.text(segment.field(2)));
}

void Hl7Message::patient(const Hl7Segment& segment) {
  patient_ = static_cast<std::uint16_t>(patient_ | hl7_patient_bits(segment));
  patient_ids_.take(segment);
}

void Hl7Message::visit(const Hl7Segment& segment) {
  patient(segment);
  const Hl7Place place = hl7_place(segment, segment.field(3));
  location_ = place.location;
  if (place.device) device_ip_ = *place.device;
}

/// Some central stations number their orders with the EUI-64 of the monitor (OBR-3), in which its MAC stands.
void Hl7Message::order(const Hl7Segment& segment, const Hl7Speech& speech) {
  const auto eui = hl7_eui64(segment, segment.field(3));
  const auto mac = eui ? hl7_mac_of(*eui) : std::nullopt;
  if (!mac) return;
  another({}, *eui, speech);
  device_clue("hl7.equipment-eui64", *eui, speech);
  device_clue("hl7.equipment-mac", to_string(*mac), speech);
}

bool Hl7Message::device_clue(std::string_view key, std::string_view value, const Hl7Speech& speech) {
  if (value.empty() || clues_ >= kDeviceClueLimit) return false;
  if (patient_ids_.contains(value)) {
    speech.out.anomaly("patient-id-as-device");
    return false;
  }
  ++clues_;
  device_ = true;
  speech.sender_clue(key, value);
  declared_.take(key, value);
  return true;
}

/// Where a row tells of another device than those before, what was gathered is said.
void Hl7Message::another(std::string_view containment, std::string_view eui64, const Hl7Speech& speech) {
  if (declared_.is_another(containment, eui64)) {
    declare(speech);
    declared_.clear();
  }
  declared_.row(containment);
}

void Hl7Message::declare(const Hl7Speech& speech) {
  const bool places = device_ || !device_ip_.is_unspecified();
  if (!device_ip_.is_unspecified() && speech.sender().ip != device_ip_) declared_.address(device_ip_);
  const std::string text = declared_.text(places ? location_.view() : std::string_view(), device_);
  speech.sender_clue("hl7.declared", text);
}

void Hl7Message::equipment(const Hl7Segment& segment, std::string_view field, bool of_part,
                           const Hl7Speech& speech) {
  for (std::size_t i = 1; i <= 4; ++i) {
    const std::string_view identifier = segment.repetition(field, i);
    const std::string text = segment.text(identifier);
    if (text.empty()) continue;
    const auto eui = hl7_eui64(segment, identifier);
    if (eui && !of_part) another({}, *eui, speech);
    if (!device_clue("hl7.equipment", text, speech)) continue;
    equipment_ = hash64(text);
    if (!eui) continue;
    device_clue("hl7.equipment-eui64", *eui, speech);
    if (const auto mac = hl7_mac_of(*eui)) device_clue("hl7.equipment-mac", to_string(*mac), speech);
  }
}

void Hl7Message::observation(const Hl7Segment& segment, const Hl7Speech& speech) {
  const std::string_view identifier = segment.field(3);
  if (segment.component(identifier, 3) == "MDC") {
    another(segment.field(4), {}, speech);
    const std::string_view name = segment.component(identifier, 2);
    const bool device_row = is_device_row(segment.field(4));
    if (device_row || (name.starts_with("MDC_DEV_") && name.ends_with("_MDS"))) {
      // Attributes of the whole device share its row number's form, so the name decides first.
      if (name.starts_with("MDC_DEV_"))
        device_clue("hl7.equipment-type", segment.text(name), speech);
      else if (name.empty())
        device_clue("hl7.equipment-type", segment.text(segment.component(identifier, 1)), speech);
    } else if (name.starts_with("MDC_DEV_") && name.ends_with("_VMD")) {
      device_clue("hl7.equipment-module", segment.text(name), speech);
    }
    if (const std::string_view key = hl7_device_attribute(name); !key.empty())
      device_clue(key, segment.text(segment.field(5)), speech);
  }
  if (!segment.says_something(18)) return;
  // A module may have a number of its own; it is no other device.
  const bool of_part = segment.component(identifier, 3) == "MDC" && !is_device_row(segment.field(4));
  equipment(segment, segment.field(18), of_part, speech);
}

void Hl7Message::participation(const Hl7Segment& segment, const Hl7Speech& speech) {
  if (segment.says_something(10)) equipment(segment, segment.field(10), false, speech);
  device_clue("hl7.udi", segment.text(segment.field(16)), speech);
  device_clue("hl7.equipment-serial", segment.text(segment.field(20)), speech);
}

void Hl7Message::finish(const Hl7Speech& speech) {
  if (!open_) return;
  open_ = false;
  const Party sender = speech.sender();
  declare(speech);
  // Where the message tells of a bedside device with an address of its own, the place is that device's.
  const bool elsewhere = !device_ip_.is_unspecified() && sender.ip != device_ip_;
  if (!location_.empty() && !elsewhere && (device_ || !device_ip_.is_unspecified())) {
    if (speech.said.insert(mix(hash64("place", equipment_), hash64(location_.view())))) {
      speech.out.clue(sender, "hl7.location", location_.view(),
                      speech.direction == Direction::kToServer ? Role::kClient : Role::kServer);
    }
  }
  if (patient_ != 0)
    speech.out.patient_data(sender, speech.receiver(), type_.view(), hl7_patient_kinds(patient_));
  if (!type_.empty()) speech.out.message(sender, speech.receiver(), type_.view(), status_.view());
  if (status_.view() == "AA" || status_.view() == "CA") speech.accepted();
}

}  // namespace bedrail
