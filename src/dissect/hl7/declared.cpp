#include "dissect/hl7/declared.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"
#include "model/declared_text.h"

namespace bedrail {
namespace {

constexpr std::string_view kNames[] = {
    "equipment-eui64",    "equipment-mac",      "equipment-serial",  "equipment",
    "equipment-type",     "equipment-model",    "equipment-maker",   "udi",
    "equipment-software", "equipment-firmware", "equipment-hardware"};

/// "2" of "2.1.0.0"; empty where it is no containment.
std::string_view device_of(std::string_view containment) {
  if (containment.find('.') == std::string_view::npos ||
      containment.find_first_not_of("0123456789.") != std::string_view::npos)
    return {};
  return containment.substr(0, containment.find('.'));
}

}  // namespace

std::string_view Hl7Declared::name_of(Part part) { return kNames[part]; }

bool Hl7Declared::is_another(std::string_view containment, std::string_view eui64) const {
  const std::string_view row = device_of(containment);
  if (!row.empty() && !row_.empty()) return row != row_.view();
  return !eui64.empty() && !parts_[kEui64].empty() && parts_[kEui64].view() != eui64;
}

void Hl7Declared::row(std::string_view containment) {
  if (const std::string_view row = device_of(containment); !row.empty()) row_.assign(row);
}

void Hl7Declared::take(std::string_view key, std::string_view value) {
  key.remove_prefix(std::min(key.find('.') + 1, key.size()));
  for (std::uint8_t part = 0; part < kParts; ++part) {
    if (kNames[part] != key || !parts_[part].empty()) continue;
    // A number that does not fit would be another's.
    if (value.size() <= 64) parts_[part].assign(value);
  }
}

std::string Hl7Declared::text(std::string_view location, bool device_message) const {
  const bool numbered = !parts_[kEui64].empty() || !parts_[kSerial].empty();
  const bool named = device_message && !parts_[kEquipment].empty();
  if (!numbered && !named && address_.is_unspecified()) return {};
  DeclaredText out;
  for (std::uint8_t part = 0; part < kParts; ++part)
    out.add(name_of(static_cast<Part>(part)), parts_[part].view());
  if (!network_mac_.is_zero()) out.add("network-mac", to_string(network_mac_));
  if (!address_.is_unspecified()) out.add("address", to_string(address_));
  out.add("location", location);
  return out.text();
}

void Hl7PatientIds::take(const Hl7Segment& segment) {
  const auto field = [&](std::size_t number, std::size_t components) {
    constexpr std::size_t kRepetitions = 4;
    for (std::size_t r = 1; r <= kRepetitions; ++r) {
      const std::string_view one = segment.repetition(segment.field(number), r);
      for (std::size_t c = 1; c <= components; ++c)
        add(segment.text(hl7_part(one, segment.separators().component, c)));
    }
  };
  if (segment.id() == "PID") {
    for (const std::size_t number : {2, 3, 4, 18, 19}) field(number, 1);
    field(5, 2);
  } else if (segment.id() == "PV1") {
    field(19, 1);
  }
}

void Hl7PatientIds::add(std::string_view text) {
  text = trim(text);
  if (text.empty() || count_ == hashes_.size() || holds(text)) return;
  hashes_[count_++] = hash64(to_lower(text));
}

bool Hl7PatientIds::holds(std::string_view text) const {
  const std::uint64_t hash = hash64(to_lower(trim(text)));
  return std::find(hashes_.begin(), hashes_.begin() + count_, hash) != hashes_.begin() + count_;
}

bool Hl7PatientIds::contains(std::string_view text) const {
  if (count_ == 0) return false;
  if (holds(text)) return true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("^&~"), text.size());
    if (end > 0 && holds(text.substr(0, end))) return true;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

}  // namespace bedrail
