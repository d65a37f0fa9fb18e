#include "correction_bond.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace bedrail::app {
namespace {

/// Calls `use(attribute)` for what tells a device from others of another kind.
template <typename Use>
void each_attribute(const AssessedDevice& device, Use use) {
  for (const auto* attribute :
       {&device.type, &device.vendor, &device.model, &device.firmware, &device.hardware, &device.category}) {
    if (*attribute) use(**attribute);
  }
  if (device.os) use(*device.os);
}

template <typename T>
bool shows(const AttributeOf<T>& attribute, const Bond& bond) {
  const auto is_clue = [&](const Evidence& e) { return e.field == bond.key && trim(e.value) == bond.is; };
  if (bond.on == Correction::On::kRule)
    return std::any_of(attribute.rules.begin(), attribute.rules.end(),
                       [&](const RuleVote& vote) { return vote.rule == bond.is; });
  return std::any_of(attribute.evidence.begin(), attribute.evidence.end(), is_clue) ||
         std::any_of(attribute.conflicts.begin(), attribute.conflicts.end(), [&](const auto& conflict) {
           return std::any_of(conflict.evidence.begin(), conflict.evidence.end(), is_clue);
         });
}

bool is_value(const std::optional<Attribute>& attribute, const std::string& value) {
  return attribute && equals_ignoring_case(attribute->value, value);
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

/// Whether `word` stands in `text`, both in small letters, not as a part of another word.
bool holds_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

void add(std::vector<Bond>& to, Bond bond) {
  const bool known =
      std::any_of(to.begin(), to.end(), [&](const Bond& b) { return b.text() == bond.text(); });
  if (!known) to.push_back(std::move(bond));
}

}  // namespace

std::string Bond::text() const {
  const std::string_view kind = to_string(on);
  if (on == Correction::On::kClue) return fmt::format("clue {}={}", key, is);
  return key.empty() ? fmt::format("{} {}", kind, is) : fmt::format("{} {} {}", kind, key, is);
}

bool Bond::answers_to(const std::string& word) const {
  if (on == Correction::On::kModel) return word == "model" || word == text();
  if (on == Correction::On::kClue) return word == key || word == key + "=" + is || word == text();
  return word == is || word == text();
}

bool Bond::fits(const AssessedDevice& device) const {
  switch (on) {
    case Correction::On::kMac:
      return std::find(device.mac.begin(), device.mac.end(), is) != device.mac.end();
    case Correction::On::kSerial:
      return is_value(device.serial, is);
    case Correction::On::kDevice:
      return device.id == is;
    case Correction::On::kModel:
      return is_value(device.vendor, key) && is_value(device.model, is);
    default:
      break;
  }
  bool out = false;
  each_attribute(device, [&](const auto& attribute) { out = out || shows(attribute, *this); });
  return out;
}

Bond own_bond(const AssessedDevice& device) {
  if (!device.mac.empty()) return {Correction::On::kMac, "", device.mac.front()};
  if (device.serial) return {Correction::On::kSerial, "", device.serial->value};
  return {Correction::On::kDevice, "", device.id};
}

std::vector<Bond> sibling_bonds(const AssessedDevice& device, const Assessment& assessment,
                                const Knowledge& knowledge) {
  std::vector<Bond> out;
  if (device.vendor && device.model)
    out.push_back({Correction::On::kModel, device.vendor->value, device.model->value});
  const auto rules = knowledge.rules().all();
  each_attribute(device, [&](const auto& attribute) {
    const auto clue = [&](const Evidence& e) {
      const std::string value(trim(e.value));
      // A clue's key has its protocol in front; a MAC, a name or a certificate is one device's.
      if (e.redacted || value.empty() || e.field.find('.') == std::string::npos) return;
      if (!tells_of_site(value, assessment)) add(out, {Correction::On::kClue, e.field, value});
    };
    std::for_each(attribute.evidence.begin(), attribute.evidence.end(), clue);
    for (const auto& conflict : attribute.conflicts)
      std::for_each(conflict.evidence.begin(), conflict.evidence.end(), clue);
    for (const RuleVote& vote : attribute.rules) {
      if (std::any_of(rules.begin(), rules.end(), [&](const auto& r) { return r.second->id == vote.rule; }))
        add(out, {Correction::On::kRule, "", vote.rule});
    }
  });
  return out;
}

bool tells_of_site(std::string_view text, const Assessment& assessment) {
  if (holds_address(text)) return true;
  constexpr std::size_t kShortest = 3;  // shorter names are words' parts
  const std::string lower = to_lower(text);
  for (const AssessedDevice& device : assessment.devices) {
    for (const DeviceName& name : device.names) {
      if (name.name.size() >= kShortest && holds_word(lower, to_lower(name.name))) return true;
    }
    // A serial number stands in longer texts, too: "SN0317341".
    if (device.serial && device.serial->value.size() > kShortest &&
        lower.find(to_lower(device.serial->value)) != std::string::npos)
      return true;
  }
  return false;
}

}  // namespace bedrail::app
