#include "identify/relays.h"

#include <algorithm>
#include <set>

namespace bedrail {
namespace {

constexpr std::string_view kEquipment[] = {
    "dicom.abstract-syntax", "dicom.stores",     "dicom.modality", "dicom.manufacturer", "dicom.institution",
    "dicom.station",         "dicom.department", "dicom.model",    "dicom.serial",       "dicom.udi",
    "dicom.device-uid",      "dicom.gantry-id",  "dicom.software", "hl7.location",       "hl7.udi",
};
/// With so many devices a sender is a gateway wherever they stand; fewer may be a monitor and its modules.
constexpr std::size_t kMany = 3;

/// The different values of a clue, and the last of them that was new.
struct Values {
  std::set<std::string_view> all;
  const ClueRecord* last = nullptr;

  Values(const DeviceFacts& facts, std::string_view key) {
    for (const ClueRecord& clue : facts.clues) {
      if (!clue.hearsay && clue.key == key && all.insert(clue.value).second) last = &clue;
    }
  }
  [[nodiscard]] std::size_t size() const { return all.size(); }
};

bool received(const DeviceFacts& facts, std::string_view protocol, std::string_view message) {
  return std::any_of(facts.messages.begin(), facts.messages.end(), [&](const MessageRecord& m) {
    return !m.sent && m.protocol == protocol && m.message.starts_with(message);
  });
}

/// An archive shows itself by what it receives, or by the serial numbers of several machines.
bool relays_images(const DeviceFacts& facts) {
  return facts.repeats_others || received(facts, "dicom", "C-STORE-RQ") ||
         received(facts, "dicom", "N-CREATE-RQ") || Values(facts, "dicom.serial").size() > 1 ||
         Values(facts, "dicom.device-uid").size() > 1;
}

/// The clue with the third application (MSH-3, first component) that sends from here.
const ClueRecord* third_application(const DeviceFacts& facts) {
  std::set<std::string_view> applications;
  for (const ClueRecord& clue : facts.clues) {
    if (clue.key != "hl7.sending-application" || clue.role != Role::kClient) continue;
    const std::string_view name = clue.value;
    applications.insert(name.substr(0, name.find('^')));
    if (applications.size() >= kMany) return &clue;
  }
  return nullptr;
}

}  // namespace

bool is_passed_on(const Relay& relay, const ClueRecord& clue) {
  return relay.engine != nullptr && clue.role == Role::kClient && clue.key.starts_with("hl7.");
}

bool is_passed_on(const Relay& relay, const NameRecord& name) {
  return relay.engine != nullptr && name.kind == "hl7-application";
}

bool describes_equipment(const ClueRecord& clue) {
  // A server's classes are those that it takes.
  if (clue.key == "dicom.abstract-syntax" && clue.role == Role::kServer) return false;
  const std::string_view key = clue.key;
  return key.starts_with("hl7.equipment") || key.starts_with("poct1a.") || key == "astm.analyser" ||
         std::find(std::begin(kEquipment), std::end(kEquipment), key) != std::end(kEquipment);
}

bool forwards_images(std::string_view type) {
  return type == "pacs" || type == "dicom-router" || type == "dicom-viewer";
}

Relay relay_of(const DeviceFacts& facts) {
  Relay out;
  out.images = relays_images(facts);
  out.others = facts.speaks_for_others;
  const Values euis(facts, "hl7.equipment-eui64"), serials(facts, "hl7.equipment-serial"),
      places(facts, "hl7.location");
  const std::size_t devices = std::max(euis.size(), serials.size());
  // A monitor that is wheeled to another bed tells both; only where it has no number of its own, several beds
  // are several devices.
  const bool several = devices > 1 || (devices == 0 && places.size() > 1);
  out.engine = third_application(facts);
  out.devices = several || facts.speaks_for_others || facts.repeats_others || out.engine != nullptr ||
                received(facts, "hl7", "ORU");
  if (several && (devices >= kMany || places.size() > 1))
    out.gateway = places.size() > 1 ? places.last : euis.size() > 1 ? euis.last : serials.last;
  return out;
}

}  // namespace bedrail
