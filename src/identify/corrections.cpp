#include "identify/corrections.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "identify/operating_system.h"

namespace bedrail {
namespace {

constexpr std::string_view kProtocol = "correction";
/// As sure as anything is stated: somebody stood before it.
constexpr double kCertain = 0.99;
constexpr std::size_t kConflicts = 4;

bool is_same(const std::string& a, const std::string& b) { return equals_ignoring_case(a, b); }
bool is_same(const OperatingSystem& a, const OperatingSystem& b) {
  return a.family == b.family && a.product == b.product;
}

std::string said(const Correction& correction) {
  if (correction.because.empty()) return fmt::format("corrected by the site ({})", correction.date);
  return fmt::format("corrected by the site: {} ({})", correction.because, correction.date);
}

std::optional<PacketRef> clue_seen(const DeviceFacts& facts, const Correction& correction) {
  for (const ClueRecord& clue : facts.clues) {
    if (clue.key == correction.key && trim(clue.value) == correction.is) return clue.first;
  }
  return std::nullopt;
}

std::optional<PacketRef> place(const std::optional<Attribute>& attribute, const std::string& value) {
  if (!attribute || attribute->evidence.empty() || !equals_ignoring_case(attribute->value, value))
    return std::nullopt;
  const Evidence& first = attribute->evidence.front();
  return PacketRef{0, first.time, first.frame, first.file};
}

std::optional<PacketRef> rule_fired(const Ballots& ballots, const std::string& rule) {
  std::optional<PacketRef> out;
  for (const Ballot& ballot : ballots.of) {
    for (const Vote& vote : ballot.votes()) {
      if (vote.rule == rule && (!out || vote.evidence.time < out->time))
        out = PacketRef{0, vote.evidence.time, vote.evidence.frame, vote.evidence.file};
    }
  }
  return out;
}

/// The packet by which the device is known to be meant; none where it is not.
std::optional<PacketRef> meant(const Correction& correction, const DeviceFacts& facts, const Ballots& ballots,
                               const AssessedDevice& device) {
  switch (correction.on) {
    case Correction::On::kMac: {
      const auto found = std::find(device.mac.begin(), device.mac.end(), correction.is);
      if (found == device.mac.end()) return std::nullopt;
      const auto place = static_cast<std::size_t>(found - device.mac.begin());  // both ascend
      return place < facts.macs_seen.size() ? facts.macs_seen[place] : facts.first;
    }
    case Correction::On::kSerial:
      return place(device.serial, correction.is);
    case Correction::On::kDevice:
      return device.id == correction.is ? facts.first : std::nullopt;
    case Correction::On::kModel:
      if (!place(device.vendor, correction.key)) return std::nullopt;
      return place(device.model, correction.is);
    case Correction::On::kClue:
      return clue_seen(facts, correction);
    case Correction::On::kRule:
      return rule_fired(ballots, correction.is);
  }
  return std::nullopt;
}

template <typename T>
void replace(std::optional<AttributeOf<T>>& to, T value, const std::string& rule, const std::string& source,
             const Evidence& evidence) {
  AttributeOf<T> out;
  out.confidence = kCertain;
  out.evidence = {evidence};
  out.rules = {{rule, source, kCertain}};
  if (to) {
    to->conflicts.insert(to->conflicts.begin(), {to->value, to->confidence, to->evidence});
    for (auto& conflict : to->conflicts) {
      if (!is_same(conflict.value, value) && out.conflicts.size() < kConflicts)
        out.conflicts.push_back(std::move(conflict));
    }
    if (is_same(to->value, value)) {
      for (RuleVote& vote : to->rules) out.rules.push_back(std::move(vote));
    }
  }
  out.value = std::move(value);
  to = std::move(out);
}

OperatingSystem system_of(const std::string& name, const Knowledge& knowledge, Timestamp as_of) {
  OperatingSystem out;
  const Lifecycle* known = knowledge.lifecycle(name);
  if (known == nullptr) {
    out.family = name;
    out.support = "unknown";
    return out;
  }
  out.family = known->family;
  out.product = known->product;
  out.version = known->version;
  out.support = support_of(known->product, knowledge, as_of, out.end_of_support);
  return out;
}

std::optional<Attribute>* attribute_of(const std::string& name, AssessedDevice& device) {
  const std::pair<std::string_view, std::optional<Attribute>*> all[] = {
      {"type", &device.type},         {"vendor", &device.vendor},         {"model", &device.model},
      {"firmware", &device.firmware}, {"department", &device.department}, {"location", &device.location}};
  for (const auto& [each, attribute] : all) {
    if (each == name) return attribute;
  }
  return nullptr;
}

}  // namespace

void apply_corrections(const DeviceFacts& facts, const Ballots& ballots, const Knowledge& knowledge,
                       Timestamp as_of, AssessedDevice& device) {
  // All are held against what was concluded, before the first is put in its place.
  struct Chosen {
    const Correction* correction = nullptr;
    PacketRef where;
  };
  std::map<std::string_view, Chosen> chosen;
  for (const Correction& correction : knowledge.corrections()) {
    const auto where = meant(correction, facts, ballots, device);
    if (!where) continue;
    Chosen& best = chosen[correction.attribute];
    if (best.correction != nullptr && correction.for_siblings() && !best.correction->for_siblings()) continue;
    best = {&correction, *where};
  }
  for (const auto& [name, best] : chosen) {
    const Correction& correction = *best.correction;
    const std::string source = said(correction);
    const Evidence evidence = evidence_of(best.where, kProtocol, to_string(correction.on), source);
    if (correction.attribute == "os") {
      replace(device.os, system_of(correction.value, knowledge, as_of), correction.id, source, evidence);
    } else if (auto* attribute = attribute_of(correction.attribute, device); attribute != nullptr) {
      replace(*attribute, correction.value, correction.id, source, evidence);
    }
  }
}

void apply_corrected_category(const Knowledge& knowledge, AssessedDevice& device) {
  if (!device.type || device.type->evidence.empty() || device.type->evidence.front().protocol != kProtocol)
    return;
  const DeviceType* type = knowledge.type(device.type->value);
  if (type == nullptr) return;
  const RuleVote& by = device.type->rules.front();
  replace(device.category, type->category, by.rule, by.source, device.type->evidence.front());
}

}  // namespace bedrail
